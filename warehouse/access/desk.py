"""What a command on the server works with: registry, releases, log, and the name it acts under."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine

from warehouse.access.persons import Person, find_number, person_of
from warehouse.access.reader import Reader
from warehouse.audit import Audit, command, head_file
from warehouse.errors import UsageError
from warehouse.governance.appointments import school_day
from warehouse.governance.protection import hidden_from
from warehouse.release.reader import ReleaseReader
from warehouse.settings import Settings
from warehouse.state import open_state, session

__all__ = ["Desk", "open_desk"]


@dataclass(frozen=True)
class Desk:
    """`actor` is command:<operating-system user>, or oa where the office system speaks."""

    settings: Settings
    engine: Engine
    reader: Reader
    audit: Audit
    actor: str
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    @property
    def now(self) -> datetime:
        return self.clock()

    def person(self, number: str) -> Person:
        """The person with that number today, else the only one who ever had it.

        Raises `UsageError` where there is none, or more than one.
        """
        with self.reader.open("personal") as (cursor, _release):
            today = school_day(self.now)
            key = find_number(cursor, number, today)
            found = person_of(cursor, key, today) if key is not None else None
        if found is None:
            raise UsageError(
                "That number is not one person's in the current release.",
                next_step="Check the staff or student number; new people appear after the "
                "next campus refresh.",
            )
        return found

    def shown_numbers(self) -> dict[int, str]:
        """`numbers` for a list: without those of protected people."""
        with session(self.engine, read_only=True) as opened:
            hidden = hidden_from(opened, None, self.now)
        return {key: number for key, number in self.numbers().items() if key not in hidden}

    def numbers(self) -> dict[int, str]:
        """person_key → a number of theirs, the latest. For what has to reach the person."""
        with self.reader.open("personal") as (cursor, _release):
            return dict(
                cursor.execute(
                    "select person_key, arg_max(number, coalesce(valid_from, date '1900-01-01')) "
                    "from person_number group by person_key"
                ).fetchall()
            )


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """The desk of one data home, closed at the end of the block."""
    settings.paths.require()
    engine = open_state(settings)
    reader = ReleaseReader(settings)
    try:
        audit = Audit(engine, head_file(settings.paths))
        yield Desk(settings, engine, reader, audit, command())
    finally:
        reader.close()
        engine.dispose()
