"""Take it with me: one archive a person of everything held on them, prepared in the background.

The password exists in the answer to the request and in the memory of the process that prepares
the archive, and nowhere else: after a restart what was under way is interrupted and is asked for
anew. The file is encrypted from its first byte on the disk, and goes when it expires.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, func, select, update

from warehouse.access.archive_content import Record
from warehouse.access.archive_file import draw_password, write_archive
from warehouse.access.correction_desk import CorrectionDesk
from warehouse.access.own_items import read_own_items
from warehouse.access.own_rows import own_rows
from warehouse.access.personal import read_care, read_items, read_page
from warehouse.access.personal_fields import personal_fields
from warehouse.access.policy import MY_PAGES, may
from warehouse.access.reader import Cursor, Reader
from warehouse.access.sessions import SessionView
from warehouse.access.uses import all_uses
from warehouse.audit import Audit, audited_read
from warehouse.errors import Conflict, NotFound, StateError, TooOften, place_of
from warehouse.governance.appointments import school_day
from warehouse.governance.protection import hidden_from
from warehouse.home import Home
from warehouse.settings import Settings
from warehouse.state import session
from warehouse.state.archives import PersonalArchive

__all__ = ["Archives", "archive_path", "sweep_archives"]

_LOG = logging.getLogger("warehouse.gateway")
#: Steps beside the pages: uses, the readable form, the file.
_FURTHER_STEPS = 3
#: More than a life leaves in the log; it bounds what a damaged one could make us hold.
_MOST_USES = 100_000
#: Beside the pages of `MY_PAGES`, which never hold it.
_CARE = "care"


class Archives:
    """The archives of one data home. Threads may share it; one archive is prepared at a time."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        reader: Reader,
        audit: Audit,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings, self._engine = settings, engine
        self._reader, self._audit, self._clock = reader, audit, clock
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    def open(self) -> None:
        """As the process begins: nothing that was under way before still is."""
        self._interrupt()
        self.sweep()

    def close(self) -> None:
        """As the process ends. What has not begun is not begun; what runs is waited for."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)
        self._interrupt()

    def sweep(self) -> None:
        sweep_archives(self._engine, self._settings.paths, self._clock())

    def ask(self, view: SessionView, *, care: bool = False) -> dict[str, Any]:
        """Begin an archive of this person; its `id`, and the `password`, which is said only here.

        Mental-health records are in it where they ask for them (`care`). An earlier archive is
        gone with that. Raises `Conflict` while one is prepared, `TooOften` beyond
        the number of a day.
        """
        now, key = self._clock(), view.person.person_key
        self.sweep()
        pages = [page for page in MY_PAGES if may(view.standing, f"my.{page}")]
        if care and may(view.standing, "my.care"):
            pages.append(_CARE)
        with self._audit.transaction() as entry:
            mine = select(PersonalArchive).where(PersonalArchive.person_key == key)
            if entry.session.scalars(mine.where(PersonalArchive.state == "preparing")).first():
                raise Conflict("An archive of yours is being prepared.", next_step="Wait for it.")
            if self._asked(entry.session, key, now) >= self._settings.archives_per_day:
                raise TooOften(
                    f"{self._settings.archives_per_day} archives in 24 hours are enough.",
                    next_step="Ask again tomorrow.",
                )
            for row in entry.session.scalars(mine.where(PersonalArchive.state == "ready")):
                row.state = "replaced"
            made = PersonalArchive(
                id=uuid4().hex,
                person_key=key,
                asked_at=now,
                state="preparing",
                steps_done=0,
                steps=len(pages) + _FURTHER_STEPS,
            )
            entry.session.add(made)
            entry.session.flush()
            entry.record(view.actor, "archive.ask", subject=view.actor, detail={"archive": made.id})
        password = draw_password()
        self._workers().submit(self._prepare, made.id, view, pages, password)
        return {"id": made.id, "password": password}

    def mine(self, person_key: int) -> dict[str, Any]:
        """The person's last archive (None: none yet), how many may be asked for today."""
        now = self._clock()
        wanted = (
            select(PersonalArchive)
            .where(PersonalArchive.person_key == person_key)
            .order_by(PersonalArchive.asked_at.desc(), PersonalArchive.state == "replaced")
            .limit(1)
        )
        with session(self._engine, read_only=True) as opened:
            row = opened.scalars(wanted).first()
            asked = self._asked(opened, person_key, now)
        return {
            "archive": None if row is None else _shown(row, now),
            "left_today": max(self._settings.archives_per_day - asked, 0),
            "per_day": self._settings.archives_per_day,
            "hours": self._settings.archive_hours,
        }

    def take(self, view: SessionView, archive_id: str) -> bytes:
        """The file, for its person, until it expires; each time in the log.

        Raises `NotFound` for everybody and everything else.
        """
        with session(self._engine, read_only=True) as opened:
            row = opened.get(PersonalArchive, archive_id)
        now = self._clock()
        if (
            row is None
            or row.person_key != view.person.person_key
            or row.state != "ready"
            or row.expires_at is None
            or row.expires_at <= now
        ):
            raise NotFound(
                "There is no such archive.", next_step="It may have expired; ask for a new one."
            )
        content = audited_read(
            self._audit,
            view.actor,
            "archive.take",
            lambda: self._content(row),
            subject=view.actor,
            detail={"archive": row.id, "purpose": "own_data", "release": row.release},
            result=lambda read: {"bytes": len(read), "content": row.content_sha256},
        )
        with session(self._engine) as opened:
            opened.execute(
                update(PersonalArchive).where(PersonalArchive.id == row.id).values(taken_at=now)
            )
        return content

    def _content(self, row: PersonalArchive) -> bytes:
        try:
            content = archive_path(self._settings.paths, row.id).read_bytes()
        except OSError:
            content = b""
        if hashlib.sha256(content).hexdigest() != row.content_sha256:
            raise StateError(
                "The file of the archive is gone or was changed.", next_step="Ask for a new one."
            )
        return content

    def _workers(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")
            return self._pool

    def _interrupt(self) -> None:
        with session(self._engine) as opened:
            opened.execute(
                update(PersonalArchive)
                .where(PersonalArchive.state == "preparing")
                .values(state="interrupted")
            )

    def _asked(self, opened: Any, person_key: int, now: datetime) -> int:
        """Of the last 24 hours, without those that failed through no fault of the person."""
        return opened.scalar(
            select(func.count()).where(
                PersonalArchive.person_key == person_key,
                PersonalArchive.asked_at > now - timedelta(days=1),
                PersonalArchive.state.not_in(("failed", "interrupted")),
            )
        )

    def _prepare(
        self, archive_id: str, view: SessionView, pages: Sequence[str], password: str
    ) -> None:
        """In the background. What fails is in the log by kind and place and in the state."""
        try:
            audited_read(
                self._audit,
                view.actor,
                "archive.prepare",
                lambda: self._make(archive_id, view, pages, password),
                subject=view.actor,
                detail={
                    "archive": archive_id,
                    "pages": [f"my_{page}" for page in pages if page != _CARE],
                    "purpose": "own_data",
                },
                result=lambda rows: {"rows": rows},
            )
        except Exception as error:
            _LOG.error("an archive was not prepared: %s", place_of(error))
            self._end(archive_id, state="failed")
            archive_path(self._settings.paths, archive_id).unlink(missing_ok=True)

    def _make(
        self, archive_id: str, view: SessionView, pages: Sequence[str], password: str
    ) -> dict[str, int]:
        """Read, write, and declare ready; how many rows of each table are in it."""
        record, home = self._read(archive_id, view, pages), self._settings.paths
        home.personal_archives.mkdir(exist_ok=True, mode=0o700)
        final = archive_path(home, archive_id)
        part = final.with_name(f".{archive_id}.part")
        part.unlink(missing_ok=True)
        words = personal_fields(self._settings.project_folder)
        try:
            write_archive(part, record, words, password, step=lambda: self._step(archive_id))
            content = part.read_bytes()
            part.replace(final)
        finally:
            part.unlink(missing_ok=True)
        kept = self._end(
            archive_id,
            state="ready",
            release=record.release,
            bytes=len(content),
            content_sha256=hashlib.sha256(content).hexdigest(),
            expires_at=self._clock() + timedelta(hours=self._settings.archive_hours),
        )
        if not kept:
            final.unlink(missing_ok=True)
        # Of mental health there is an entry of its own: this one is read by more people.
        return {
            name: len(table["rows"])
            for name, table in record.tables.items()
            if record.pages[name] != _CARE
        }

    def _read(self, archive_id: str, view: SessionView, pages: Sequence[str]) -> Record:
        key, now = view.person.person_key, self._clock()
        kinds = sorted(view.person.annex_kinds)
        with self._reader.open("personal") as (cursor, release):
            record = Record(
                name=view.person.name or "",
                kinds=sorted(view.person.kinds),
                school=self._settings.school_name,
                release=release.id,
                as_of=str(release.manifest["as_of"]),
                made_at=now,
            )
            for page in pages:
                record.add(page, self._page(cursor, page, view, release, now))
                self._step(archive_id)
            record.items = read_items(cursor, kinds, key, release.manifest)
            if may(view.standing, "own.read"):
                batches = frozenset(b["id"] for b in release.manifest.get("batches", ()))
                own = read_own_items(
                    cursor, batches, self._engine, self._settings.paths, key, school_day(now)
                )
                record.edits = own.document()["history"]
        with session(self._engine, read_only=True) as opened:
            desk = CorrectionDesk(opened, self._reader, self._settings.paths, view.standing, now)
            record.corrections = desk.history()
        told = all_uses(self._engine, key, kinds, now=now, home=self._settings.paths)
        record.uses = list(islice(told, _MOST_USES))
        self._step(archive_id)
        return record

    def _page(
        self, cursor: Cursor, page: str, view: SessionView, release: Any, now: datetime
    ) -> dict[str, dict[str, Any]]:
        """The tables of a page, whole. Opening mental health is an entry, as it is on its page."""
        key, manifest = view.person.person_key, release.manifest
        # Asked for each page: preparing takes a while, and a protection may begin meanwhile.
        with session(self._engine, read_only=True) as opened:
            hidden = hidden_from(opened, key, self._clock())
        if page != _CARE:
            tables = read_page(cursor, page, key, manifest, whole=True)
            return own_rows(cursor, view.person, tables, now, hidden)
        return audited_read(
            self._audit,
            view.actor,
            "care.read",
            lambda: own_rows(cursor, view.person, read_care(cursor, key, manifest), now, hidden),
            subject=view.actor,
            detail={"page": "archive", "purpose": "own_data"},
            result=lambda tables: {
                "release": release.id,
                "rows": {name: len(table["rows"]) for name, table in tables.items()},
            },
        )

    def _step(self, archive_id: str) -> None:
        with session(self._engine) as opened:
            opened.execute(
                update(PersonalArchive)
                .where(PersonalArchive.id == archive_id)
                .values(steps_done=PersonalArchive.steps_done + 1)
            )

    def _end(self, archive_id: str, **values: Any) -> bool:
        """Whether it still was under way: a restart may have called it interrupted."""
        with session(self._engine) as opened:
            ended = opened.execute(
                update(PersonalArchive)
                .where(PersonalArchive.id == archive_id, PersonalArchive.state == "preparing")
                .values(**values)
            )
            return ended.rowcount == 1


def archive_path(home: Home, archive_id: str) -> Path:
    return home.personal_archives / f"{archive_id}.zip"


def sweep_archives(engine: Engine, home: Home, now: datetime) -> int:
    """Call expired what is, and remove every file that nobody may fetch any more; how many."""
    with session(engine) as opened:
        opened.execute(
            update(PersonalArchive)
            .where(PersonalArchive.state == "ready", PersonalArchive.expires_at <= now)
            .values(state="expired")
        )
        kept = set(
            opened.scalars(
                select(PersonalArchive.id).where(PersonalArchive.state.in_(("ready", "preparing")))
            )
        )
    removed = 0
    if home.personal_archives.is_dir():
        for path in home.personal_archives.iterdir():
            if path.name.strip(".").partition(".")[0] not in kept:
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _shown(row: PersonalArchive, now: datetime) -> dict[str, Any]:
    is_over = row.state == "ready" and row.expires_at is not None and row.expires_at <= now
    return {
        "id": row.id,
        "asked_at": row.asked_at,
        "state": "expired" if is_over else row.state,
        "steps_done": row.steps_done,
        "steps": row.steps,
        "bytes": row.bytes,
        "expires_at": row.expires_at,
        "taken_at": row.taken_at,
    }
