"""One governed query, for the page and for the command line alike.

Policy → grant alive for this person → intent in the log → confined process → outcome in the log.
While the query runs, all that allowed it is looked at again every half second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from warehouse.access.confined import QueryResult, run_confined
from warehouse.access.grant_files import grant_file
from warehouse.access.people_sets import build_version, set_of_grant
from warehouse.access.persons import Person
from warehouse.access.policy import Standing, require
from warehouse.access.query_pool import QueryPool
from warehouse.access.reader import Reader
from warehouse.access.running_queries import RunningQueries, RunningQuery, new_query_id
from warehouse.access.sessions import standing_of
from warehouse.access.sql_text import for_the_log
from warehouse.audit import Audit, audited_read, of_sets, person
from warehouse.errors import (
    AccessError,
    Forbidden,
    QueryBusy,
    QueryCancelled,
    QueryFailed,
    QueryLimit,
    QueryRefused,
    ReleaseError,
)
from warehouse.governance.grant_limits import check_limits
from warehouse.governance.grants import live_grant
from warehouse.settings import Settings
from warehouse.state import session
from warehouse.state.models import Grant

__all__ = ["GrantedQuery", "SqlRunner"]


@dataclass(frozen=True)
class GrantedQuery:
    """A result, the release it was read from, and whom the grant's file held then."""

    id: str
    result: QueryResult
    release: Any
    versions: tuple[int, ...] = ()


class SqlRunner:
    """Runs governed queries. `clock` gives the time in UTC.

    `open` starts the processes that wait for queries; without it each query starts its own.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        reader: Reader,
        audit: Audit,
        *,
        clock: Callable[[], datetime],
        pool: QueryPool | None = None,
    ) -> None:
        self._settings, self._engine, self._reader = settings, engine, reader
        self._audit, self._clock = audit, clock
        self._pool = pool or QueryPool(settings)
        self.running = RunningQueries(settings.sql_slots, settings.sql_slots_per_person)
        self._counting: set[tuple[str, int]] = set()
        self._turn = threading.Lock()

    def open(self) -> None:
        self._pool.open()

    def close(self) -> None:
        """Cancel what runs and end what waits."""
        self.running.cancel_all()
        self._pool.close()

    def run(
        self,
        standing: Standing,
        grant_id: str,
        sql: str,
        *,
        actor: str | None = None,
        query_id: str | None = None,
        still: Callable[[], None] = lambda: None,
    ) -> GrantedQuery:
        """Run one query as this person under this grant.

        `actor` is who the log names where it is not the person (a command run on somebody's
        behalf). `query_id` is how `running` knows it meanwhile. `still` raises where the session
        behind it has ended.
        """
        require(standing, "sql.run")
        grant = self._live(grant_id, standing.person_key)
        query = RunningQuery(
            id=query_id or new_query_id(), person_key=standing.person_key, grant_id=grant.id
        )
        detail: dict[str, Any] = {
            "grant": grant.id,
            "purpose": grant.purpose,
            "unit": grant.unit_code,
            **for_the_log(sql, _names(grant.columns)),
        }
        if actor is not None:
            detail["on_behalf_of"] = person(standing.person_key)
        with self._counted(grant, standing.person_key):
            return audited_read(
                self._audit,
                actor or person(standing.person_key),
                "sql.run",
                lambda: self._query(query, standing, sql, still),
                subject=set_of_grant(grant.id),
                detail=detail,
                result=lambda answer: {
                    "release": answer.release.id,
                    "rows": len(answer.result.rows),
                    "taken": answer.result.taken,
                    "truncated": answer.result.truncated,
                    "seconds": answer.result.seconds,
                },
                failure=lambda error: {
                    "result": _how_it_ended(error, query),
                    "seconds": round(query.seconds, 3),
                },
                concern=lambda _: of_sets(query.versions),
            )

    @contextmanager
    def _counted(self, grant: Grant, person_key: int) -> Iterator[None]:
        """Where rows of a day are limited, a user's queries run one after the other: each is
        counted from the log, where a query that still runs does not stand yet. Raises `QueryBusy`
        instead of waiting."""
        if (grant.limits or {}).get("rows_per_day") is None:
            yield
            return
        mine = (grant.id, person_key)
        with self._turn:
            if mine in self._counting:
                raise QueryBusy(
                    f"The grant {grant.id} limits the rows of a day, so one query of yours runs at "
                    "a time.",
                    next_step="Wait for the other, or cancel it.",
                )
            self._counting.add(mine)
        try:
            yield
        finally:
            with self._turn:
                self._counting.discard(mine)

    def _query(
        self, query: RunningQuery, standing: Standing, sql: str, still: Callable[[], None]
    ) -> GrantedQuery:
        with self.running.admit(query):
            grant = self._live(query.grant_id, query.person_key)  # it may have ended in the queue
            path, release = grant_file(
                self._settings, self._engine, self._reader, grant, now=self._clock()
            )

            self._note_people(query, release)

            def watch(taken: int = 0) -> None:
                still()
                user = Person(standing.person_key, None, standing.kinds)
                require(standing_of(self._engine, self._reader, user, self._clock()), "sql.run")
                self._live(query.grant_id, query.person_key, rows=taken)
                self._refuse_without_file(path, release)

            try:
                result = run_confined(
                    self._pool, path, sql, grant.columns, self._settings, query=query, watch=watch
                )
            except FileNotFoundError:
                raise ReleaseError(
                    "The grant's data were exchanged at this very moment.",
                    next_step="Run the query again.",
                ) from None
            finally:
                self._note_people(query, release)  # the file may have been exchanged meanwhile
            watch(result.taken)
            query.refuse_cancelled()
        return GrantedQuery(query.id, result, release, tuple(sorted(query.versions)))

    def _note_people(self, query: RunningQuery, release: Any) -> None:
        with session(self._engine, read_only=True) as opened:
            version = build_version(opened, query.grant_id, release.id)
        if version is not None:
            query.versions.add(version)

    def _live(self, grant_id: str, person_key: int, *, rows: int = 0) -> Grant:
        now = self._clock()
        with session(self._engine, read_only=True) as opened:
            grant = live_grant(opened, grant_id, person_key, now, channel="sql")
            check_limits(opened, grant, person_key, now, rows=rows)
        return grant

    def _refuse_without_file(self, path: Path, release: Any) -> None:
        """A file that somebody removed ends the query. One of a former release goes by itself
        after a publication, and who reads it reads to the end."""
        if path.is_file():
            return
        with self._reader.open("authority") as (_cursor, current):
            former = current.id != release.id
        if not (former and path.parent.is_dir()):
            raise Forbidden(
                "The grant's data were removed while the query ran.",
                next_step="Ask the working group whether the grant still holds.",
            )


def _how_it_ended(error: Exception, query: RunningQuery) -> str:
    """cancelled | stopped | refused | failed, for the log."""
    if isinstance(error, QueryCancelled):
        return "cancelled"
    if isinstance(error, QueryLimit):
        return "stopped"
    if isinstance(error, QueryFailed) or not isinstance(error, AccessError):
        return "failed"
    if isinstance(error, QueryRefused) or query.state == "waiting":
        return "refused"
    return "stopped"


def _names(columns: Mapping[str, list[str]]) -> list[str]:
    return [*columns, *(name for names in columns.values() for name in names)]
