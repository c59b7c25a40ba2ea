"""One governed query, for the page and for the command line alike.

Policy → grant alive for this person → intent in the log → confined process → outcome in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from warehouse.access.audit import Audit, audited_read, person
from warehouse.access.confined import QueryResult, QuerySlots, run_confined
from warehouse.access.grant_files import grant_file
from warehouse.access.policy import Standing, require
from warehouse.access.reader import Reader
from warehouse.access.sql_text import for_the_log
from warehouse.governance.grant_limits import check_limits
from warehouse.governance.grants import live_grant
from warehouse.settings import Settings
from warehouse.state import session
from warehouse.state.models import Grant

__all__ = ["GrantedQuery", "SqlRunner"]


@dataclass(frozen=True)
class GrantedQuery:
    """A result and the release it was read from."""

    result: QueryResult
    release: Any


class SqlRunner:
    """Runs governed queries. `clock` gives the time in UTC."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        reader: Reader,
        audit: Audit,
        *,
        clock: Callable[[], datetime],
        slots: QuerySlots | None = None,
    ) -> None:
        self._settings, self._engine, self._reader = settings, engine, reader
        self._audit, self._clock, self._slots = audit, clock, slots or QuerySlots()

    def run(
        self, standing: Standing, grant_id: str, sql: str, *, actor: str | None = None
    ) -> GrantedQuery:
        """Run one query as this person under this grant. `actor` is who the log names where it
        is not the person (a command run on somebody's behalf)."""
        require(standing, "sql.run")
        grant = self._live(grant_id, standing.person_key)
        detail: dict[str, Any] = {
            "grant": grant.id,
            "purpose": grant.purpose,
            "unit": grant.unit_code,
            **for_the_log(sql, _names(grant.columns)),
        }
        if actor is not None:
            detail["on_behalf_of"] = person(standing.person_key)
        return audited_read(
            self._audit,
            actor or person(standing.person_key),
            "sql.run",
            lambda: self._query(grant_id, standing.person_key, sql),
            detail=detail,
            result=lambda query: {
                "release": query.release.id,
                "rows": len(query.result.rows),
                "truncated": query.result.truncated,
            },
        )

    def _query(self, grant_id: str, person_key: int, sql: str) -> GrantedQuery:
        with self._slots.take():
            grant = self._live(grant_id, person_key)  # it may have ended while waiting
            path, release = grant_file(
                self._settings, self._engine, self._reader, grant, now=self._clock()
            )
            result = run_confined(path, sql, grant.columns, self._settings)
        self._live(grant_id, person_key, rows=len(result.rows))  # … or while the query ran
        return GrantedQuery(result, release)

    def _live(self, grant_id: str, person_key: int, *, rows: int = 0) -> Grant:
        now = self._clock()
        with session(self._engine, read_only=True) as opened:
            grant = live_grant(opened, grant_id, person_key, now, channel="sql")
            check_limits(opened, grant, person_key, now, rows=rows)
        return grant


def _names(columns: Mapping[str, list[str]]) -> list[str]:
    return [*columns, *(name for names in columns.values() for name in names)]
