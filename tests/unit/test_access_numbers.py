"""Whose number it is today: one person's, or nobody's."""

from __future__ import annotations

from datetime import date

import pytest

from warehouse.access.persons import PersonNumber, who_held, who_holds
from warehouse.errors import NotSignedIn

DAY = date(2026, 9, 10)


def span(person: int, start: str | None, end: str | None, kind: str = "student") -> PersonNumber:
    return PersonNumber(
        person,
        kind,
        date.fromisoformat(start) if start else None,
        date.fromisoformat(end) if end else None,
    )


@pytest.mark.parametrize(
    "spans",
    [
        [span(1, "2024-09-01", None)],
        [span(1, None, None)],
        [span(1, "2026-09-10", None)],
        [span(1, "2020-09-01", "2026-09-11")],
        [span(9, "2010-09-01", "2014-07-01"), span(1, "2024-09-01", None)],
        [span(9, "2010-09-01", "2026-09-10"), span(1, "2026-09-10", None)],
        [span(1, "2024-09-01", None), span(1, "2024-09-01", None, "staff")],
    ],
)
def test_number_that_is_one_persons_today_opens_theirs(spans):
    assert who_holds(spans, DAY) == 1


@pytest.mark.parametrize(
    "spans",
    [
        [],
        [span(1, "2026-09-11", None)],
        [span(1, "2010-09-01", "2026-09-10")],
        [span(1, "2024-09-01", None), span(2, "2025-09-01", None)],
        [span(1, None, None), span(2, None, None, "staff")],
    ],
)
def test_number_that_is_nobodys_or_several_peoples_opens_nothing(spans):
    with pytest.raises(NotSignedIn):
        who_holds(spans, DAY)


def test_number_that_is_over_remembers_its_only_holder():
    held = who_held([span(1, "2010-09-01", "2014-07-01"), span(1, "2015-09-01", "2018-07-01")], DAY)
    assert held is not None and held.valid_to == date(2018, 7, 1)


@pytest.mark.parametrize(
    "spans",
    [
        [],
        [span(1, "2024-09-01", None)],
        [span(1, "2024-09-01", "2026-09-11")],
        [span(1, "2010-09-01", "2014-07-01"), span(2, "2015-09-01", "2018-07-01")],
        [span(1, "2010-09-01", "2014-07-01"), span(2, "2027-09-01", None)],
    ],
)
def test_number_of_several_people_or_not_over_remembers_nobody(spans):
    assert who_held(spans, DAY) is None
