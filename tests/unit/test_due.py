"""When a table is due next, by the annexes' words and the contract's cadence."""

from __future__ import annotations

from datetime import date

import pytest

from warehouse.access.due import next_due


@pytest.mark.parametrize(
    ("deadlines", "cadence", "updated", "due"),
    [
        (["9月"], "daily", date(2026, 8, 31), (date(2026, 9, 30), "annex")),
        (["9月"], "daily", date(2026, 9, 1), (date(2027, 9, 30), "annex")),
        (["7月、8月、9月"], "yearly", date(2026, 8, 12), (date(2026, 9, 30), "annex")),
        (["2月"], None, date(2027, 12, 5), (date(2028, 2, 29), "annex")),
        (["12月"], None, date(2026, 11, 1), (date(2026, 12, 31), "annex")),
        (["9月30日"], None, date(2026, 8, 1), (date(2026, 9, 30), "annex")),
        (["每年年末"], "daily", date(2026, 11, 28), (date(2026, 12, 31), "annex")),
        (["10月", "9月"], "daily", date(2026, 8, 1), (date(2026, 9, 30), "annex")),
        (["学年末"], "yearly", date(2026, 1, 1), (date(2027, 2, 1), "cadence")),
        (["及时", None, ""], "daily", date(2026, 11, 28), (date(2026, 11, 30), "cadence")),
        (["文件出台 1周内"], "on_change", date(2026, 11, 28), None),
        ([], None, date(2026, 11, 28), None),
    ],
)
def test_the_next_day_is_the_annexes_else_the_cadences(deadlines, cadence, updated, due):
    assert next_due(deadlines, cadence, updated) == due
