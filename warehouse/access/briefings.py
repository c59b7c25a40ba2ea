"""Monthly briefings for those who run the college: made of one release, kept, listed, fetched.

A briefing's month is the one that the release's data reach at the college. What was mailed is
never made anew: whoever opens it later reads what was sent.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import and_, case, func, select

from warehouse.access.briefing_paper import set_briefing
from warehouse.access.desk import Desk
from warehouse.access.lateness import judged_at, late_deliveries
from warehouse.access.reader import Reader
from warehouse.access.signing import Signing
from warehouse.access.statistics import read_statistics, release_note
from warehouse.authority import load_authority
from warehouse.errors import NotFound, UsageError
from warehouse.governance.appointments import school_day
from warehouse.home import Home
from warehouse.release import pointer
from warehouse.release.durable import replace_bytes
from warehouse.release.reader import PastReader
from warehouse.state import session
from warehouse.state.briefings import Briefing, BriefingMail

__all__ = ["briefing_content", "briefing_list", "make_briefing", "month_of", "name_of"]

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
#: Claimed, and nobody said what became of it.
_UNKNOWN = and_(BriefingMail.sent_at.is_(None), BriefingMail.problem == "")
_NAME = re.compile(r"(20\d\d-\d\d)_([A-Za-z0-9-]{1,40})")


def month_of(as_of: str) -> str:
    """`2026-11`: the month at the college of a moment of a manifest."""
    return f"{school_day(datetime.fromisoformat(as_of)):%Y-%m}"


def name_of(month: str, release: str) -> str:
    """How a briefing is called in addresses and as a file."""
    return f"{month}_{release}"


def make_briefing(desk: Desk, month: str | None = None) -> tuple[Briefing, bytes]:
    """The briefing of the current release, or of the last one kept whose data reach `month`; its
    row and the PDF. One that was mailed is handed back as it is.

    Raises `UsageError` for a month of which no release is kept, `PaperError` where the paper cannot
    be set.
    """
    reader, release = _release_of(desk, month)
    found_month = month_of(release.manifest["as_of"])
    with session(desk.engine, read_only=True) as opened:
        kept = opened.get(Briefing, (found_month, release.id))
        mailed = opened.scalar(
            select(func.count())
            .select_from(BriefingMail)
            .where(BriefingMail.month == found_month, BriefingMail.release == release.id)
        )
    if kept is not None and mailed:
        return kept, _read(desk.settings.paths, kept)
    content = set_briefing(_document(desk, reader, found_month))
    made = Briefing(
        month=found_month,
        release=release.id,
        as_of=datetime.fromisoformat(release.manifest["as_of"]),
        made_at=desk.now,
        made_by=desk.actor,
        bytes=len(content),
        content_sha256=hashlib.sha256(content).hexdigest(),
    )
    desk.audit.event(
        desk.actor,
        "briefing.make",
        detail={"month": found_month, "release": release.id, "bytes": len(content)},
    )
    file = _file(desk.settings.paths, made)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    with session(desk.engine) as opened:
        made = opened.merge(made)
        opened.flush()
        # While the row is held: of two who make it at once, row and file are one's.
        replace_bytes(file, content)
    return made, content


def _release_of(desk: Desk, month: str | None) -> tuple[Reader, Any]:
    if month is not None and not _MONTH.fullmatch(month):
        raise UsageError("A month is written as 2026-10.")
    with desk.reader.open("statistics") as (_cursor, release):
        if month is None or month_of(release.manifest["as_of"]) == month:
            return desk.reader, release
    for older in pointer.releases(desk.settings):
        if month_of(older.manifest["as_of"]) == month and "statistics" in older.audiences_kept:
            return PastReader(desk.settings, older.id), older
    raise UsageError(
        f"No release is kept whose data reach {month}.",
        next_step="See what is kept with: campus releases",
    )


def _document(desk: Desk, reader: Reader, month: str) -> dict[str, Any]:
    """What the paper is made of: figures of the school and its colleges, and what waits."""
    with reader.open("statistics") as (cursor, release):
        figures = read_statistics(cursor, levels=["school", "college"])
        note = release_note(release)
    sign_offs = Signing(desk.engine, reader, desk.settings.paths).states()
    with session(desk.engine, read_only=True) as opened:
        late = late_deliveries(opened, figures["indicators"], judged_at(note["as_of"], desk.now))
    authority = load_authority(home=desk.settings.paths)
    rows = {row["row_code"] for row in figures["indicators"]}
    return {
        **figures,
        "college": desk.settings.school_name,
        "month": month,
        "release": note,
        "made_at": desk.now,
        "sign_offs": sign_offs,
        "late": late,
        "datasets": {row: authority.dataset(row).title for row in sorted(rows)},
    }


def briefing_list(desk: Desk) -> list[dict[str, Any]]:
    """Those that are kept, the newest first: id, month, release, as_of, made_at, bytes, mailed_at
    (the first), mailed (to how many addresses), unknown (handed over by a sender that did not say
    how it went)."""
    with session(desk.engine, read_only=True) as opened:
        rows = opened.execute(
            select(
                Briefing,
                func.min(BriefingMail.sent_at),
                func.count(BriefingMail.sent_at),
                func.count(case((_UNKNOWN, 1))),
            )
            .outerjoin(
                BriefingMail,
                (BriefingMail.month == Briefing.month) & (BriefingMail.release == Briefing.release),
            )
            .group_by(Briefing.month, Briefing.release)
            .order_by(Briefing.month.desc(), Briefing.release.desc())
        ).all()
    return [
        {
            "id": name_of(one.month, one.release),
            "month": one.month,
            "release": one.release,
            "as_of": one.as_of,
            "made_at": one.made_at,
            "bytes": one.bytes,
            "mailed_at": mailed_at,
            "mailed": mailed,
            "unknown": unknown,
        }
        for one, mailed_at, mailed, unknown in rows
        if _file(desk.settings.paths, one).is_file()
    ]


def briefing_content(desk: Desk, name: str) -> bytes:
    """The PDF by its id; `NotFound` where there is none, or where the file is another's by now."""
    found = _NAME.fullmatch(name)
    kept = None
    if found is not None:
        with session(desk.engine, read_only=True) as opened:
            kept = opened.get(Briefing, (found[1], found[2]))
    if kept is None:
        raise NotFound("There is no such briefing.")
    return _read(desk.settings.paths, kept)


def _file(home: Home, of: Briefing) -> Path:
    return home.briefings / f"{name_of(of.month, of.release)}.pdf"


def _read(home: Home, of: Briefing) -> bytes:
    try:
        content = _file(home, of).read_bytes()
    except FileNotFoundError:
        content = b""
    if hashlib.sha256(content).hexdigest() != of.content_sha256:
        raise NotFound(
            f"The file of the briefing {of.month} is gone or was changed.",
            next_step="Take briefings/ of the data home from the backup.",
        )
    return content
