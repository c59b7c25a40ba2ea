"""A live grant, and one thing after another taken away: each shuts it at the next use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from access_college import ALICE, BOB, College, found_college
from sqlalchemy import select, update

from warehouse.errors import Forbidden, NotFound
from warehouse.governance.grants import (
    add_grant_event,
    freeze_grant,
    live_grant,
    release_grant,
    revoke_grant,
    state_of,
)
from warehouse.governance.undertakings import end_undertaking
from warehouse.state import session
from warehouse.state.models import Grant, ReturnReceipt, Undertaking


@pytest.fixture(scope="module")
def college(tmp_path_factory) -> College:
    return found_college(tmp_path_factory.mktemp("liveness"))


def use(college: College, grant: str, person: int = ALICE) -> Grant:
    with session(college.engine, read_only=True) as opened:
        return live_grant(opened, grant, person, college.clock.now, channel="sql")


def word(college: College, grant: str) -> str:
    with session(college.engine, read_only=True) as opened:
        return state_of(opened, opened.get_one(Grant, grant), college.clock.now)


def unsign(party: str) -> Callable[[College, str], None]:
    def act(college: College, grant: str) -> None:
        made = use(college, grant).application_id
        with session(college.engine, read_only=True) as opened:
            wanted = select(Undertaking.id).where(
                Undertaking.application_id == made, Undertaking.party == party
            )
            (signed,) = opened.scalars(wanted)
        end_undertaking(college.audit, signed, actor="t", reason="r", now=college.clock.now)

    return act


def change(**values) -> Callable[[College, str], None]:
    """Somebody with a hand in the database gives the grant what nobody signed."""

    def act(college: College, grant: str) -> None:
        with session(college.engine) as opened:
            opened.execute(update(Grant).where(Grant.id == grant).values(**values))

    return act


def lengthen(college: College, grant: str) -> None:
    """An event that nobody signed an application for."""
    with college.audit.transaction() as entry:
        add_grant_event(
            entry, grant, "extended", by="t", at=college.clock.now,
            until=datetime(2099, 1, 1, tzinfo=UTC), cause="application:SQ1",
        )  # fmt: skip


def freeze(college: College, grant: str) -> None:
    with college.audit.transaction() as entry:
        freeze_grant(entry, grant, actor="t", cause="incident:1", reason="r", now=college.clock.now)


def revoke(college: College, grant: str) -> None:
    revoke_grant(college.audit, grant, actor="t", reason="r", now=college.clock.now)


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (revoke, "revoked"),
        (freeze, "frozen"),
        (unsign("unit"), "waiting"),
        (change(people=[ALICE, BOB]), "unapproved"),
        (change(columns={"a.b": ["c"]}), "unapproved"),
        (change(rows={"students": {}, "staff": {}, "columns": {"x": ["1"]}}), "unapproved"),
        (change(channels=["file", "interface", "sql"]), "unapproved"),
        (change(purpose="research"), "unapproved"),
        (change(content_sha256="0" * 64), "unapproved"),
        (change(application_id=None), "unapproved"),
        (change(expires_at=datetime(2099, 1, 1, tzinfo=UTC)), "unapproved"),
        (lengthen, "unapproved"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_is_taken_away_shuts_it(college: College, act, state: str):
    grant = college.grant()
    use(college, grant)
    act(college, grant)
    assert word(college, grant) == state
    with pytest.raises(Forbidden):
        use(college, grant)


def test_a_user_without_undertaking_sees_nothing_and_the_others_still_do(college: College):
    grant = college.grant(users=[ALICE])
    unsign("person")(college, grant)
    with pytest.raises(Forbidden, match="undertaking"):
        use(college, grant)
    assert word(college, grant) == "live", "it is one person's door that is shut"
    with pytest.raises(NotFound):
        use(college, grant, BOB)


def test_the_term_is_looked_at_and_not_waited_for(college: College):
    now = college.clock.now
    later = str((now + timedelta(days=5)).date())
    grant = college.grant(first_day=later, last_day=str((now + timedelta(days=6)).date()))
    words = []
    for days in (0, 5, 6, 7):
        college.clock.now = now + timedelta(days=days)
        words.append(word(college, grant))
    college.clock.now = now
    assert words == ["not_yet", "live", "live", "expired"]


def test_an_overdue_return_shuts_it_until_it_comes(college: College):
    now = college.clock.now
    grant = college.grant(returns=[{"name": "结果", "first_due": str(now.date())}])
    assert word(college, grant) == "live"
    college.clock.advance(days=1)
    assert word(college, grant) == "return_overdue"
    with session(college.engine) as opened:
        opened.add(
            ReturnReceipt(
                grant_id=grant, item="结果", received_at=now, content_sha256="0" * 64, rows=1,
                file="x", by="t",
            )
        )  # fmt: skip
    assert word(college, grant) == "live"
    college.clock.now = now


def test_two_incidents_that_froze_it_must_both_release_it(college: College):
    grant, now = college.grant(), college.clock.now
    words = []
    for act, cause in (
        (freeze_grant, "incident:1"),
        (freeze_grant, "incident:2"),
        (release_grant, "incident:1"),
        (release_grant, "incident:2"),
    ):
        with college.audit.transaction() as entry:
            act(entry, grant, actor="t", cause=cause, reason="r", now=now)
        words.append(word(college, grant))
    assert words == ["frozen", "frozen", "frozen", "live"]
