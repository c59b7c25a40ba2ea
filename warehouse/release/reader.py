"""How releases are read: a serving process always the current one, each to its end; a command
also an older one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from warehouse.engine import Connection, open_release
from warehouse.errors import ReleaseError
from warehouse.release import pointer
from warehouse.release.pointer import Release
from warehouse.settings import Settings

__all__ = ["PastReader", "ReleaseReader"]


class _Open:
    """One opened file and how many read it now."""

    def __init__(self, release: Release, connection: Connection) -> None:
        self.release = release
        self.connection = connection
        self.readers = 0
        self.retired = False

    def close_if_idle(self) -> None:
        if self.retired and self.readers == 0:
            self.connection.close()


class ReleaseReader:
    """Read-only access to the current release, for many threads at once.

    One connection per audience is kept open; each reader gets a cursor of it. When the pointer
    has moved, the next reader opens the new release, and the old file is closed when its last
    reader is done.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pointer = settings.paths.current_release
        self._pointed: tuple[tuple[int, int], str | None] | None = None
        self._lock = threading.Lock()
        self._opened: dict[str, _Open] = {}
        self._release: Release | None = None

    def release(self) -> Release:
        """The current release. `ReleaseError` before the first publication."""
        release_id = self._current_id()
        with self._lock:
            return self._current(release_id)

    @contextmanager
    def open(self, audience: str) -> Iterator[tuple[Connection, Release]]:
        """A cursor on the audience's file of the current release, and that release.

        The cursor is closed at the end of the block; fetch within it.
        """
        release_id = self._current_id()
        with self._lock:  # nobody waits in here for the disk while no release is new
            opened = self._take(audience, release_id)
            cursor = opened.connection.cursor()
            opened.readers += 1
        try:
            yield cursor, opened.release
        finally:
            cursor.close()
            with self._lock:
                opened.readers -= 1
                opened.close_if_idle()

    def close(self) -> None:
        """Close what is idle now and the rest when its readers are done."""
        with self._lock:
            for opened in self._opened.values():
                opened.retired = True
                opened.close_if_idle()
            self._opened.clear()

    def _current_id(self) -> str | None:
        """The id in the pointer, which is read when it has been replaced."""
        try:
            about = self._pointer.stat()
        except FileNotFoundError:
            return None
        mark, known = (about.st_ino, about.st_mtime_ns), self._pointed
        if known is None or known[0] != mark:
            known = self._pointed = mark, pointer.current_id(self._settings.paths)
        return known[1]

    def _current(self, release_id: str | None) -> Release:
        if release_id is None:
            raise ReleaseError("Nothing has been published yet.", next_step="Run: campus refresh")
        if self._release is None or self._release.id != release_id:
            self._release = pointer.load_release(self._settings.paths, release_id)
        if self._settings.demo and not self._release.manifest.get("simulated"):
            raise ReleaseError(
                "The demo opens simulated data only, and the current release is not.",
                next_step="End the demo. Real data are served by: campus serve",
            )
        return self._release

    def _take(self, audience: str, release_id: str | None) -> _Open:
        release = self._current(release_id)
        held = self._opened.get(audience)
        if held is not None and held.release.id == release.id:
            return held
        # Two publications may have pruned this release between the look and the opening.
        for last_try in (False, True):
            try:
                file = release.file(audience)
                opened = _Open(release, open_release(file, few_rows=audience == "personal"))
                break
            except ReleaseError:
                release = self._current(self._current_id())
                if last_try:
                    raise
        if held is not None:
            held.retired = True
            held.close_if_idle()
        self._opened[audience] = opened
        return opened


class PastReader:
    """Read-only access to one release by its id, for one command.

    Raises `ReleaseError` for an unknown id, or an audience whose file was pruned.
    """

    def __init__(self, settings: Settings, release_id: str) -> None:
        self._release = pointer.load_release(settings.paths, release_id)

    @contextmanager
    def open(self, audience: str) -> Iterator[tuple[Connection, Release]]:
        if audience not in self._release.audiences_kept:
            raise ReleaseError(
                f"Release {self._release.id} no longer holds {audience}.",
                next_step="See what is kept with: campus releases",
            )
        with open_release(self._release.file(audience)) as connection:
            yield connection, self._release

    def close(self) -> None:
        """Nothing stays open."""
