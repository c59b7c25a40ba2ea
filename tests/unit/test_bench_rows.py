"""Whether two engines gave the same rows: bench/dashboard.py reports nothing where they did not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from measured import middle, nearly_all, same

ROWS = [
    ("03", 2025, Decimal("12.50"), date(2025, 9, 30), None),
    ("04", 2025, Decimal("7.25"), date(2025, 9, 30), 1),
]


def test_order_and_types_of_numbers_and_days_make_no_difference():
    other = [["04", 2025.0, 7.25, "2025-09-30", 1], ["03", 2025, 12.5, "2025-09-30", None]]
    assert same(ROWS, other)
    assert same([("03", 0.1 + 0.2)], [("03", 0.3)])
    assert same([], [])


@pytest.mark.parametrize(
    "other",
    [
        ROWS[:1],
        [*ROWS, ROWS[0]],
        [ROWS[0], ("04", 2025, Decimal("7.26"), date(2025, 9, 30), 1)],
        [ROWS[0], ("04", 2025, Decimal("7.25"), date(2025, 9, 29), 1)],
        [ROWS[0], ("04", 2025, Decimal("7.25"), date(2025, 9, 30), None)],
        [ROWS[0], ("05", 2025, Decimal("7.25"), date(2025, 9, 30), 1)],
        [ROWS[0], ROWS[1][:-1]],
        [],
    ],
)
def test_any_other_row_is_found(other):
    assert not same(ROWS, other)
    assert not same(other, ROWS)


def test_middle_and_nearly_all_of_the_waits():
    waits = [float(number) for number in range(1, 101)]
    assert (middle(waits), nearly_all(waits)) == (51.0, 96.0)
    assert nearly_all([3.0, 1.0, 2.0]) == 3.0
