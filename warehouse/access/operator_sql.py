"""A governed query from the command line, on behalf of a user of the grant."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from warehouse.access.desk import Desk
from warehouse.access.exports import export_result
from warehouse.access.granted_sql import GrantedQuery, SqlRunner
from warehouse.access.persons import Person, person_of
from warehouse.access.query_pool import QueryPool
from warehouse.access.running_queries import RunningQuery
from warehouse.access.sessions import standing_of
from warehouse.errors import Forbidden, NotFound, UsageError
from warehouse.governance.appointments import school_day
from warehouse.state import session
from warehouse.state.models import Grant

__all__ = ["export_as", "run_as"]


def run_as(
    desk: Desk,
    pool: QueryPool,
    grant_id: str,
    sql: str,
    number: str | None,
    *,
    tell: Callable[[RunningQuery], None] = lambda _: None,
) -> GrantedQuery:
    """Run as the user with that number, or as the grant's only user where none is named.

    The same policy, grant and confinement as on the site; the log names the operator and the
    user. `tell` hears twice a second how far it has come; Ctrl-C cancels it. Raises `UsageError`
    where a number is needed.
    """
    user = _user(desk, grant_id, number)
    standing = standing_of(desk.engine, desk.reader, user, desk.now)
    if "analyst" not in standing.names:
        raise Forbidden(
            "The grant's user is not an analyst at this moment.",
            next_step="Appoint them with: campus role appoint NUMBER analyst",
        )
    runner = SqlRunner(
        desk.settings,
        desk.engine,
        desk.reader,
        desk.audit,
        clock=lambda: datetime.now(UTC),
        pool=pool,
    )
    with _cancelled_by_interrupt(runner), _told(runner, user.person_key, tell):
        return runner.run(standing, grant_id, sql, actor=desk.actor)


@contextmanager
def _cancelled_by_interrupt(runner: SqlRunner) -> Iterator[None]:
    """Ctrl-C ends the query, not the command, which still notes in the log how it ended."""
    before = signal.signal(signal.SIGINT, lambda *_: runner.running.cancel_all())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _told(
    runner: SqlRunner, person_key: int, tell: Callable[[RunningQuery], None]
) -> Iterator[None]:
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            for query in runner.running.of(person_key):
                tell(query)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def export_as(
    desk: Desk, grant_id: str, query: GrantedQuery, form: str, number: str | None
) -> bytes:
    """The result of `run_as` as a file of the same user's, marked and registered."""
    return export_result(
        desk.audit,
        desk.settings.paths,
        query,
        form,
        grant_id=grant_id,
        person_key=_user(desk, grant_id, number).person_key,
        actor=desk.actor,
        now=desk.now,
    )


def _user(desk: Desk, grant_id: str, number: str | None) -> Person:
    return desk.person(number) if number is not None else _only_user(desk, grant_id)


def _only_user(desk: Desk, grant_id: str) -> Person:
    with session(desk.engine, read_only=True) as opened:
        grant = opened.get(Grant, grant_id)
    if grant is None:
        raise NotFound("There is no such grant.", next_step="See: campus grant list")
    if len(grant.people) != 1:
        raise UsageError(
            f"The grant {grant_id} has {len(grant.people)} users.",
            next_step="Say on whose behalf the query runs with --as NUMBER.",
        )
    with desk.reader.open("personal") as (cursor, _release):
        found = person_of(cursor, grant.people[0], school_day(desk.now))
    return found or Person(grant.people[0], None, frozenset())
