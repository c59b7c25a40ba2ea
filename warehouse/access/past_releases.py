"""The releases that stand behind today's figures, by id or by the day on which they were current.

Statistics of every release are kept for good. Those count that lead to the current one; a release
that was rolled back is left out, for what made it wrong must not return through a comparison.
Nothing here reads more than the names of folders until a release is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Engine, select

from warehouse.access.reader import Cursor
from warehouse.engine import EngineError, open_release
from warehouse.errors import NotFound, ReleaseError, UsageError
from warehouse.governance.appointments import school_day
from warehouse.release import Release
from warehouse.release.census import head_of_line, line_of
from warehouse.release.pointer import current_id, load_release
from warehouse.settings import Settings
from warehouse.state import session
from warehouse.state.models import CensusRelease

__all__ = ["PastReleases", "Then", "on_the_line", "published_at", "read_then"]

_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Then:
    """What a reader asks for: one release, or what was current on a day (Beijing)."""

    release: str | None = None
    day: date | None = None


def read_then(text: str) -> Then:
    """A release's id or a day as `2025-10-31`; `UsageError` for anything else."""
    if _ID.fullmatch(text):
        return Then(release=text)
    if _DAY.fullmatch(text):
        try:
            return Then(day=date.fromisoformat(text))
        except ValueError:
            pass
    raise UsageError(
        "`then` is neither the id of a release nor a day.",
        next_step="Ask for a day as 2025-10-31, or one of /v1/statistics/releases.",
    )


def published_at(release_id: str) -> datetime:
    """When a release was published (UTC), which its id says."""
    return datetime.strptime(release_id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def on_the_line(names: Iterable[str], before: Mapping[str, str | None], pointed: str) -> list[str]:
    """Of the releases `names` those that lead to the current one, which is `pointed`, newest first.

    `before` is what the state recorded of each: the release it was built on. Releases of which it
    recorded nothing are older than the recording, and lead to it too.
    """
    line = {pointed, *line_of(before, head_of_line(before, pointed))}
    return sorted(
        (name for name in names if name <= pointed and (name in line or name not in before)),
        reverse=True,
    )


class PastReleases:
    """Opens the statistics of kept releases, for one request each."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings, self._engine = settings, engine

    def ids(self) -> list[str]:
        """The releases that can be looked at, newest first; the first is the current one.
        `ReleaseError` before the first publication."""
        home = self._settings.paths
        pointed = current_id(home)
        if pointed is None:
            raise ReleaseError("Nothing has been published yet.", next_step="Run: campus refresh")
        names = [
            folder.name
            for folder in home.releases.iterdir()
            if _ID.fullmatch(folder.name) and (folder / "statistics.duckdb").is_file()
        ]
        with session(self._engine, read_only=True) as opened:
            rows = opened.execute(select(CensusRelease.release, CensusRelease.before)).all()
        return on_the_line(names, {row.release: row.before for row in rows}, pointed)

    @staticmethod
    def find(then: Then, known: Sequence[str]) -> str | None:
        """Of the releases `known`, newest first, the one asked for; of a day the one that was
        current at its end, None where none had been published. `NotFound` for an unknown id."""
        if then.release is not None:
            if then.release not in known:
                raise NotFound(
                    "There is no such release to look at.",
                    next_step="See which there are at /v1/statistics/releases.",
                )
            return then.release
        return next((name for name in known if school_day(published_at(name)) <= then.day), None)

    @contextmanager
    def open(self, release_id: str) -> Iterator[tuple[Cursor, Release]]:
        """A cursor on a release's statistics, and the release; fetch within the block."""
        release = load_release(self._settings.paths, release_id)
        if self._settings.demo and not release.manifest.get("simulated"):
            raise ReleaseError(
                "The demo opens simulated data only, and that release is not.",
                next_step="End the demo. Real data are served by: campus serve",
            )
        try:
            connection = open_release(release.file("statistics"))
        except EngineError:
            raise ReleaseError(
                f"The statistics of release {release_id} cannot be read.",
                next_step="Compare the files with their hashes by: campus doctor",
            ) from None
        try:
            yield connection, release
        finally:
            connection.close()
