"""Scanned forms: a signature on paper counts as one on screen, with its scan kept.

The file lies in the data home under the sha256 of its content and is never changed; the row in
`attachment` says what it is and who brought it.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.errors import NotFound, StateError, UsageError
from warehouse.governance.journal import Journal
from warehouse.home import Home
from warehouse.state.models import ApplicationEvent, Attachment, Undertaking

__all__ = [
    "MOST_BYTES",
    "find_attachment",
    "media_type_of",
    "read_attachment",
    "require_scan",
    "store_attachment",
    "used_in",
]

MOST_BYTES = 20 << 20
#: First bytes of a file → what it is. Nothing else is taken, whatever it is called.
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_DIGEST = re.compile(r"[0-9a-f]{64}")


def media_type_of(content: bytes) -> str | None:
    """application/pdf, image/png or image/jpeg by the first bytes; None for anything else."""
    return next((media for magic, media in _MAGIC if content.startswith(magic)), None)


def store_attachment(
    journal: Journal,
    home: Home,
    content: bytes,
    *,
    actor: str,
    media_type: str | None = None,
    now: datetime | None = None,
) -> str:
    """Keep a scan and return its sha256; the same scan again is the same one.

    `media_type` is what the sender says it is. Raises `UsageError` for a file that is empty, too
    large, none of PDF, PNG and JPEG, or not what the sender says.
    """
    found = media_type_of(content)
    if len(content) > MOST_BYTES:
        raise UsageError(
            f"The scan is larger than {MOST_BYTES >> 20} MB.",
            next_step="Scan it at 200 dpi in grey, or as several files.",
        )
    if found is None:
        raise UsageError(
            "The file is no scan: only PDF, PNG and JPEG are taken.",
            next_step="Scan the signed paper as a PDF.",
        )
    if media_type is not None and media_type != found:
        raise UsageError(f"The file is {found}, not what was declared.")
    digest = hashlib.sha256(content).hexdigest()
    # The file first: a row always has its file, and a file without a row is nothing.
    _write(home, digest, content)
    with journal.transaction() as entry:
        if entry.session.get(Attachment, digest) is None:
            entry.session.add(
                Attachment(
                    sha256=digest,
                    media_type=found,
                    bytes=len(content),
                    at=now or datetime.now(UTC),
                    by=actor,
                )
            )
            entry.session.flush()
            entry.record(
                actor,
                "attachment.store",
                detail={"attachment": digest, "media_type": found, "bytes": len(content)},
            )
    return digest


def find_attachment(session: Session, digest: str) -> Attachment:
    """The row of a scan; `NotFound` for anything that is none."""
    found = session.get(Attachment, digest) if _DIGEST.fullmatch(digest) else None
    if found is None:
        raise NotFound("There is no such attachment.")
    return found


def read_attachment(home: Home, digest: str) -> bytes:
    """The content of a scan that has a row. Raises `StateError` where the file is gone or is not
    what was stored."""
    try:
        content = _path(home, digest).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != digest:
        raise StateError(
            f"The scan {digest[:12]} is missing or was changed.",
            next_step="Take attachments/ back from a backup.",
        )
    return content


def require_scan(session: Session, channel: str, attachment: str | None) -> None:
    """A signature on paper comes with its scan, and a scan that is named is one we hold."""
    if channel == "paper" and attachment is None:
        raise UsageError(
            "A signature on paper needs its scan.", next_step="Upload the scan first, or --paper."
        )
    if attachment is not None:
        find_attachment(session, attachment)


def used_in(session: Session, digest: str) -> tuple[list[str], list[Undertaking]]:
    """Ids of the applications that a scan stands with, and the undertakings it shows."""
    steps = select(ApplicationEvent.application_id).where(ApplicationEvent.attachment == digest)
    shown = select(Undertaking).where(Undertaking.attachment == digest).order_by(Undertaking.id)
    return sorted(set(session.scalars(steps))), list(session.scalars(shown))


def _path(home: Home, digest: str) -> Path:
    return home.attachments / digest


def _write(home: Home, digest: str, content: bytes) -> None:
    target = _path(home, digest)
    if target.is_file() and target.stat().st_size == len(content):
        return
    home.attachments.mkdir(exist_ok=True, mode=0o700)
    # A name of its own: the same scan may be sent twice at once.
    handle, name = tempfile.mkstemp(dir=home.attachments, prefix=".", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o400)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(home.attachments, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
