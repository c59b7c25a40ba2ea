"""For every person and every read served in a simulated month, the page shows it, and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from month_of_reads import STUDENTS, Month
from sqlalchemy import true

from warehouse.access import direct_uses, uses
from warehouse.access.uses import Wanted, uses_of

PEOPLE = (*STUDENTS, *range(2001, 2006), 3001)
#: Everything that somebody reads, and that runs by itself; each happens in the month.
ACTIONS = (
    "sql.run",
    "grant.export",
    "grant.build",
    "release.publish",
    "personal.read",
    "colleague.find",
    "application.read",
    "audit.read",
    "mart.read",
    "notice.send",
    "person.protect",
)


@pytest.fixture(scope="module", params=[20261129])
def month(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Month:
    return Month.lived(tmp_path_factory.mktemp("month"), request.param)


def shown(month: Month, person: int, limit: int = 200) -> Counter[tuple[date, str]]:
    """What all pages of a person's record say, one page after the other."""
    found: Counter[tuple[date, str]] = Counter()
    wanted = Wanted(limit=limit)
    for _ in range(200):
        page = uses_of(
            month.college.engine, person, {"student"}, wanted, now=month.college.clock.now
        )
        for use in page["uses"]:
            found[use["day"], use["action"]] += use["count"]
        if page["next"] is None:
            return found
        wanted = Wanted(before=page["next"], limit=limit)
    raise AssertionError("the pages do not end")


def differences(month: Month) -> Iterator[tuple[int, date, str, int, int]]:
    """(person, day, action, served, shown) wherever the two differ."""
    for person in PEOPLE:
        served = month.seen.get(person, Counter())
        told = shown(month, person)
        for day, action in {*served, *(key for key in told if key[1] in ACTIONS)}:
            if served[day, action] != told[day, action]:
                yield person, day, action, served[day, action], told[day, action]


def test_every_read_of_the_month_is_shown_to_everybody_it_included(month: Month):
    assert set(ACTIONS) <= set(month.served), "each way of reading happened"
    assert month.served["sql.run"] > 20 and month.releases > 8
    assert len({frozenset(seen) for seen in month.seen.values()}) > 20, "people differ"
    assert list(differences(month)) == []


@pytest.mark.parametrize("person", [1001, 1002, 1007, 2001])
def test_pages_neither_skip_nor_repeat(month: Month, person: int):
    assert shown(month, person, limit=7) == shown(month, person)


def test_the_gateway_says_the_same(month: Month):
    header = month.college.sign_in("S001")
    found: Counter[tuple[date, str]] = Counter()
    query = ""
    while True:
        page = month.college.client.get(f"/v1/my/uses?limit=5{query}", headers=header).json()
        for use in page["uses"]:
            found[date.fromisoformat(use["day"]), use["action"]] += use["count"]
        if page["next"] is None:
            break
        query = f"&before={page['next']}"
    today = max(day for day, _action in found)
    expected = month.seen[1001]
    assert {key: found[key] for key in expected if key[0] < today} == {
        key: expected[key] for key in expected if key[0] < today
    }


@pytest.mark.parametrize("kind", ["others", "self", "automatic"])
def test_each_kind_is_a_part_and_together_they_are_all(month: Month, kind: str):
    now = month.college.clock.now
    everything = uses_of(month.college.engine, 1001, {"student"}, Wanted(limit=200), now=now)
    since = min(use["day"] for use in everything["uses"])
    part = uses_of(
        month.college.engine, 1001, {"student"}, Wanted(since=since, kind=kind, limit=200), now=now
    )
    same = [use for use in everything["uses"] if use["kind"] == kind]
    assert [use for use in part["uses"] if use["day"] >= since] == same and same


def _no_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses._Reading, "_of_sets", lambda *_: iter(()))


def _only_the_present_members(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a set had no history: who left it would never have been in it."""
    monkeypatch.setattr(uses, "or_", lambda gone, _before: gone)


def _members_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses, "or_", lambda *_: true())


def _nobody_named(monkeypatch: pytest.MonkeyPatch) -> None:
    original = direct_uses._entries
    monkeypatch.setattr(
        direct_uses,
        "_entries",
        lambda opened, key, *more: (
            pair for pair in original(opened, key, *more)
            if pair[0].subject == f"person:{key}"
        ),
    )  # fmt: skip


def _without(*actions: str):
    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        original = uses._Reading.between
        monkeypatch.setattr(
            uses._Reading,
            "between",
            lambda self, *days: [u for u in original(self, *days) if u.action not in actions],
        )

    return patch


@pytest.mark.parametrize(
    "dropped",
    [
        _no_sets,
        _only_the_present_members,
        _members_for_ever,
        _nobody_named,
        *(_without(action) for action in ACTIONS),
    ],
)
def test_a_class_of_uses_that_is_dropped_is_noticed(
    month: Month, monkeypatch: pytest.MonkeyPatch, dropped
):
    dropped(monkeypatch)
    assert next(differences(month), None)


def test_nothing_is_told_of_days_to_come(month: Month):
    tomorrow = month.college.clock.now + timedelta(days=1)
    page = uses_of(month.college.engine, 1001, {"student"}, Wanted(), now=month.college.clock.now)
    assert all(use["day"] <= tomorrow.date() for use in page["uses"])
