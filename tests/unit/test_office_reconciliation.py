"""The office system's list against ours: what differs, application by application."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from warehouse.access.office_reconciliation import (
    DIFFERENCES,
    HubApplication,
    OfficeApplication,
    compare,
)

TODAY = date(2026, 11, 29)
THERE = OfficeApplication("SJ202611001", date(2026, 11, 1), date(2027, 7, 31), True)
HERE = HubApplication("SJ202611001", "SQ1", "authorised", date(2027, 7, 31), True, "g1", "live")


@pytest.mark.parametrize(
    ("there", "here", "differences"),
    [
        (THERE, HERE, ()),
        (replace(THERE, approved=None, expires=None), None, ("only_there",)),
        (THERE, None, ("only_there", "approved_there_only")),
        (replace(THERE, expires=date(2026, 11, 28)), None, ()),
        (replace(THERE, expires=TODAY), None, ("only_there", "approved_there_only")),
        (None, HERE, ("only_here",)),
        (THERE, replace(HERE, status="open", grant=None, grant_state=None),
         ("approved_there_only",)),
        (THERE, replace(HERE, status="rejected", grant=None, grant_state=None),
         ("approved_there_only",)),
        (THERE, replace(HERE, last_day=date(2027, 8, 1)), ("term_differs",)),
        (THERE, replace(HERE, pledged=False), ("pledge_there_only",)),
        (replace(THERE, pledge_signed=False), HERE, ()),
        (replace(THERE, expires=date(2026, 11, 28)), HERE, ("term_differs", "expired_there")),
        (replace(THERE, expires=date(2026, 11, 28)), replace(HERE, grant_state="expired",
         last_day=date(2026, 11, 28)), ()),
        (replace(THERE, approved=None, expires=None), replace(HERE, status="open"), ()),
    ],
)  # fmt: skip
def test_each_difference_is_named(there, here, differences):
    (row,) = compare([there] if there else [], [here] if here else [], TODAY)
    assert row.differences == differences
    assert set(differences) <= set(DIFFERENCES)
    assert row.application == (here.application if here else None)


def test_rows_come_by_number_and_each_once():
    others = [replace(THERE, application_no=number) for number in ("SJ3", "SJ1")]
    rows = compare(others, [replace(HERE, application_no="SJ2")], TODAY)
    assert [row.application_no for row in rows] == ["SJ1", "SJ2", "SJ3"]
