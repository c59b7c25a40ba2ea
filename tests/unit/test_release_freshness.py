"""When a table counts as late."""

from datetime import UTC, datetime, timedelta

import pytest

from warehouse.release.freshness import grace, state_of

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cadence", "age", "state"),
    [
        ("daily", timedelta(hours=48), "fresh"),
        ("daily", timedelta(hours=48, seconds=1), "late"),
        ("weekly", timedelta(days=15), "late"),
        ("monthly", timedelta(days=45), "fresh"),
        ("monthly", timedelta(days=46), "late"),
        ("term", timedelta(days=216), "late"),
        ("yearly", timedelta(days=396), "fresh"),
        ("yearly", timedelta(days=397), "late"),
        ("on_change", timedelta(days=5000), "fresh"),
        ("daily", timedelta(days=-3), "fresh"),
    ],
)
def test_table_is_late_when_its_period_and_grace_are_over(cadence, age, state):
    assert state_of(cadence, NOW - age, NOW) == state


def test_table_never_delivered_is_never_even_without_a_promise():
    assert state_of("daily", None, NOW) == "never"
    assert state_of("on_change", None, NOW) == "never"


def test_every_cadence_a_contract_may_bear_is_judged_but_on_change():
    from warehouse.contracts.lint_tables import CADENCES

    assert [cadence for cadence in CADENCES if grace(cadence) is None] == ["on_change"]
