"""Derived data that a consumer unit sends back (Article 8): read once, kept whole, registered.

Only that a file can be read and holds rows is checked here; what it must hold is agreed between the
working group and the unit.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars
from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.errors import NotFound, UsageError
from warehouse.governance.appointments import school_day
from warehouse.governance.grants import grants, state_of
from warehouse.governance.journal import Journal
from warehouse.governance.returns import due_days, overdue
from warehouse.home import Home
from warehouse.release.durable import force_folder
from warehouse.state.models import Grant, ReturnReceipt

__all__ = ["FORMATS", "list_returns", "receive_return"]

#: Ending of a file's name → how its rows are counted.
FORMATS = {
    "csv": lambda content: polars.read_csv(io.BytesIO(content), infer_schema=False),
    "parquet": lambda content: polars.read_parquet(io.BytesIO(content)),
    "jsonl": lambda content: polars.read_ndjson(io.BytesIO(content)),
}
#: Characters; each may take four bytes.
_LONGEST_FOLDER = 50
#: What is owed by a grant in one of these states is owed no more.
_ENDED = ("revoked", "unapproved")


def receive_return(
    journal: Journal,
    home: Home,
    grant_id: str,
    item: str,
    file: Path,
    *,
    actor: str,
    now: datetime,
) -> bool:
    """Keep a file as the return of one item. Returns False where the same content was received for
    it before: nothing is counted twice.

    Raises `NotFound` for an unknown grant, `UsageError` for an item that it does not owe, or a file
    that cannot be read or holds no row.
    """
    form = file.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        raise UsageError(f"A return is a file that ends in: {', '.join(FORMATS)}.")
    content = file.read_bytes()
    rows = _count(content, form)
    digest = hashlib.sha256(content).hexdigest()
    with journal.transaction() as entry:
        grant = entry.session.get(Grant, grant_id, with_for_update=True)
        if grant is None:
            raise NotFound("There is no such grant.", next_step="See: campus return list")
        known = [str(one["name"]) for one in grant.returns]
        if item not in known:
            raise UsageError(
                f"The grant {grant_id} owes no return of that name.",
                next_step=f"It owes: {', '.join(known) or 'nothing'}",
            )
        if _receipt(entry.session, grant_id, item, digest) is not None:
            return False
        path = home.returns / grant_id / _folder_name(item) / f"{digest}.{form}"
        _keep(path, content)
        entry.session.add(
            ReturnReceipt(
                grant_id=grant_id,
                item=item,
                received_at=now,
                content_sha256=digest,
                rows=rows,
                file=path.relative_to(home.root).as_posix(),
                by=actor,
            )
        )
        entry.record(
            actor, "return.receive", detail={"grant": grant_id, "item": item, "rows": rows}
        )
    return True


def list_returns(session: Session, now: datetime) -> list[dict[str, Any]]:
    """What every grant owes, newest grant first: `{"grant", "unit", "item", "every", "received",
    "due", "overdue"}`; `due` is the oldest day that no return answers for, None where all are
    answered that we can foresee within a year."""
    today, found = school_day(now), []
    for grant in grants(session):
        if not grant.returns or state_of(session, grant, now) in _ENDED:
            continue
        received = session.scalars(
            select(ReturnReceipt.item).where(ReturnReceipt.grant_id == grant.id)
        ).all()
        late = overdue(grant.returns, received, today)
        for item in grant.returns:
            came = received.count(item["name"])
            found.append(
                {
                    "grant": grant.id,
                    "unit": grant.unit_code,
                    "item": item["name"],
                    "every": item["every"],
                    "received": came,
                    "due": _next_due(item, came, today),
                    "overdue": item["name"] in late,
                }
            )
    return found


def _next_due(item: Any, came: int, today: date) -> date | None:
    days: Sequence[date] = due_days(item, today.replace(year=today.year + 1, day=1))
    return days[came] if came < len(days) else None


def _count(content: bytes, form: str) -> int:
    try:
        rows = FORMATS[form](content).height
    except (polars.exceptions.PolarsError, OSError, ValueError) as error:
        # The error's own words may quote a value.
        raise UsageError(
            f"The file cannot be read as {form} ({type(error).__name__}).",
            next_step="CSV and JSON Lines are UTF-8; the first line of a CSV names its columns.",
        ) from None
    if rows == 0:
        raise UsageError("The file holds no row, so it is no return.")
    return rows


def _receipt(session: Session, grant_id: str, item: str, digest: str) -> ReturnReceipt | None:
    return session.scalars(
        select(ReturnReceipt).where(
            ReturnReceipt.grant_id == grant_id,
            ReturnReceipt.item == item,
            ReturnReceipt.content_sha256 == digest,
        )
    ).first()


def _folder_name(item: str) -> str:
    """The item's name where it is one short word; what cannot be a folder is told apart by its hash
    (a file system takes 255 bytes, 85 Chinese characters, and a name may have 128)."""
    plain = re.sub(r"[^\w-]+", "_", item).strip("_")
    if plain == item and len(plain) <= _LONGEST_FOLDER:
        return item
    return f"{plain[:_LONGEST_FOLDER] or 'item'}-{hashlib.sha256(item.encode()).hexdigest()[:8]}"


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.tmp")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    force_folder(path.parent)
