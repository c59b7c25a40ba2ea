"""The daily seal: where the log ended on a day, in a file outside the data home.

The chain and its head file lie where the hub's own user can write both, so that user could
compute a changed log anew. A seal lies somewhere else, best where nothing can be overwritten
(docs/operations.md): one new file a day, `audit-seal-2026-11-29.json`, one line of canonical JSON
that names the last entry, its hash, and the hash of the seal before it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from warehouse.audit.chain import FIRST, canonical
from warehouse.audit.log import Audit
from warehouse.errors import SealError
from warehouse.home import Home
from warehouse.state import session
from warehouse.state.models import AuditEntry

__all__ = ["ACTION", "Seal", "read_seals", "seal_log", "seal_place", "seals_of"]

ACTION = "audit.seal"
#: Seals are looked up by this subject: the log has an index on it.
_SUBJECT = "audit:seal"
_NAME = re.compile(r"audit-seal-(\d{4}-\d{2}-\d{2})\.json")


@dataclass(frozen=True)
class Seal:
    """`date` is the UTC day it closes, at the moment `at`; `entries` of the log ended with `seq`,
    whose hash is `hash`. `previous` is the sha256 of the file of the seal before, or zeros."""

    date: str
    at: str
    entries: int
    seq: int
    hash: str
    previous: str

    @property
    def line(self) -> bytes:
        return canonical(asdict(self)).encode() + b"\n"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.line).hexdigest()


def seal_place(home: Home, folder: Path) -> Path:
    """The folder, made absolute. Raises `SealError` where it is none, or inside the data home."""
    place = folder.expanduser().resolve()
    if place.is_relative_to(home.root.resolve()):
        raise SealError(
            "Seals must not lie inside the data home: who can change the log could change them.",
            next_step="Set audit_seal_dir, or --to, to a folder on another disk or machine.",
        )
    if not place.is_dir():
        raise SealError(
            f"The folder for the seals of the audit log is not there: {place}.",
            next_step="Mount it, or make it once; it is never made by itself, so that a missing "
            "mount is noticed.",
        )
    return place


def read_seals(place: Path) -> list[Seal]:
    """The seals there, oldest first. Raises `SealError` naming the day of one that cannot be read
    or does not follow the one before it."""
    found: list[Seal] = []
    for path in sorted(place.iterdir()):
        named = _NAME.fullmatch(path.name)
        if named is None:
            continue
        before = found[-1].sha256 if found else None
        found.append(_read(path, named[1], before))
    return found


def seals_of(engine: Engine, home: Home, folder: Path) -> list[Seal]:
    """The seals of this log in that folder, oldest first; `SealError` also where one is missing
    that the log tells of."""
    place = seal_place(home, folder)
    seals = read_seals(place)
    with session(engine, read_only=True) as opened:
        _require_present(opened, place, seals)
    return seals


def _read(path: Path, day: str, before: str | None) -> Seal:
    try:
        line = path.read_bytes()
        seal = Seal(**json.loads(line))
    except (OSError, ValueError, TypeError):
        seal = None
    if seal is None or seal.line != line or seal.date != day:
        raise SealError(
            f"The seal of {day} is damaged.",
            next_step=f"Compare {path.name} with another copy of it.",
        )
    if before is not None and seal.previous != before:
        raise SealError(
            f"The seal of {day} does not follow the one before it: a seal was changed or removed.",
            next_step="Look for the missing file in another copy of the folder.",
        )
    return seal


def seal_log(
    audit: Audit,
    home: Home,
    folder: Path,
    actor: str,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[Seal, bool]:
    """Close the day: its seal, and whether it was written now. A day has one, never overwritten.

    The log notes it. Raises `SealError` where the seals there do not fit the log: one of the two
    was changed, and a new seal would only cover that.
    """
    place = seal_place(home, folder)
    now = clock().astimezone(UTC)
    seals = read_seals(place)
    with session(audit.engine, read_only=True) as opened:
        _require_present(opened, place, seals)
        _require_agreement(opened, seals)
        last = opened.execute(
            select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
        ).first()
    if seals and seals[-1].date >= now.date().isoformat():
        return seals[-1], False
    seq, digest = (last.seq, last.hash) if last else (0, FIRST)
    previous = seals[-1].sha256 if seals else FIRST
    made = Seal(
        now.date().isoformat(), now.isoformat(timespec="seconds"), seq, seq, digest, previous
    )
    if not _write(place, made):
        return seal_log(audit, home, folder, actor, clock=clock)  # another machine was quicker
    detail = {"date": made.date, "seq": seq, "seal": made.sha256, "place": str(place)}
    audit.event(actor, ACTION, subject=_SUBJECT, detail=detail)
    return made, True


def _last_sealing(opened: Session, place: Path) -> date | None:
    """The day that the log says was sealed there last."""
    for detail in _sealings(opened):
        if detail["place"] == str(place):
            return date.fromisoformat(detail["date"])
    return None


def _sealings(opened: Session) -> Iterator[dict[str, str]]:
    wanted = (
        select(AuditEntry.detail)
        .where(AuditEntry.subject == _SUBJECT, AuditEntry.action == ACTION)
        .order_by(AuditEntry.seq.desc())
    )
    for text in opened.scalars(wanted.execution_options(yield_per=50)):
        yield json.loads(text)


def _require_present(opened: Session, place: Path, seals: list[Seal]) -> None:
    noted = _last_sealing(opened, place)
    if noted is not None and (not seals or seals[-1].date < noted.isoformat()):
        raise SealError(
            f"The seal of {noted} is not in {place} any more.",
            next_step="Is it mounted? Otherwise fetch the seals from another copy.",
        )


def _require_agreement(opened: Session, seals: list[Seal]) -> None:
    if not seals or not seals[-1].seq:
        return
    last = seals[-1]
    found = opened.scalar(select(AuditEntry.hash).where(AuditEntry.seq == last.seq))
    if found != last.hash:
        raise SealError(
            f"The log differs from the seal of {last.date}.",
            next_step="Find the first damage with: campus audit verify",
        )


def _write(place: Path, made: Seal) -> bool:
    """Write the file of a seal and force it to the disk; False where the day has one."""
    path = place / f"audit-seal-{made.date}.json"
    try:
        # Straight under its name: a place that is write-once lets nothing be renamed or removed.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440)
    except FileExistsError:
        return False
    except OSError as error:
        raise SealError(
            f"The seal cannot be written to {place}: {error.strerror}.",
            next_step="Let the user of the hub make files there.",
        ) from None
    try:
        if os.write(handle, made.line) < len(made.line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise SealError(
            f"The seal cannot be written to {place}: {error.strerror}.",
            next_step=f"Make room there; remove {path.name} if it is empty.",
        ) from None
    finally:
        os.close(handle)
    folder = os.open(place, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True
