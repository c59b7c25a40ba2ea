"""Papers at the operator's desk: scans taken in, forms printed."""

from __future__ import annotations

import os
from pathlib import Path

from warehouse.access.application_access import named_in
from warehouse.access.application_paper import application_pdf, blank_application_pdf
from warehouse.access.desk import Desk
from warehouse.access.undertaking_paper import (
    blank_undertaking_pdf,
    undertaking_pdf,
    unsigned_undertaking_pdf,
)
from warehouse.audit import audited_read, named, person
from warehouse.errors import UsageError
from warehouse.governance.applications import application_state
from warehouse.governance.attachments import MOST_BYTES, store_attachment
from warehouse.papers import chinese_fonts
from warehouse.release.diagnosis import Finding
from warehouse.state import session
from warehouse.state.models import Undertaking

__all__ = [
    "keep_scan",
    "print_application",
    "print_undertaking",
    "printing_finding",
    "write_paper",
]


def keep_scan(desk: Desk, file: Path | None) -> tuple[str, str | None]:
    """(channel, sha256 of the attachment) of what is recorded: by command alone, or from paper."""
    if file is None:
        return "command", None
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    digest = store_attachment(
        desk.audit, desk.settings.paths, content, actor=desk.actor, now=desk.now
    )
    return "paper", digest


def print_application(desk: Desk, application_id: str | None, *, blank: bool) -> bytes:
    """The PDF of an application, noted in the log, or the empty form."""
    if blank == (application_id is not None):
        raise UsageError("Name an application, or ask for an empty form with --blank.")
    if application_id is None:
        return blank_application_pdf(desk.settings, now=desk.now)
    with session(desk.engine, read_only=True) as opened:
        people = named_in(application_state(opened, application_id))
    return audited_read(
        desk.audit,
        desk.actor,
        "application.print",
        lambda: application_pdf(
            desk.settings, desk.engine, desk.reader, application_id, now=desk.now
        ),
        detail={"application": application_id},
        concern=lambda body: named(people) if body else None,
    )


def print_undertaking(
    desk: Desk, undertaking_id: int | None, *, text: str | None, blank: bool
) -> bytes:
    """The PDF of a signed undertaking, noted in the log; of words to be signed; or the form."""
    if (undertaking_id is not None) + (text is not None) + blank != 1:
        raise UsageError(
            "Name one of: a signed undertaking, a role or an application to sign for, --blank."
        )
    if text is not None:
        return unsigned_undertaking_pdf(desk.settings, text, now=desk.now)
    if undertaking_id is None:
        return blank_undertaking_pdf(desk.settings, now=desk.now)
    with session(desk.engine, read_only=True) as opened:
        row = opened.get(Undertaking, undertaking_id)
        bound = row.person_key if row is not None else None
    return audited_read(
        desk.audit,
        desk.actor,
        "undertaking.print",
        lambda: undertaking_pdf(
            desk.settings, desk.engine, desk.reader, undertaking_id, now=desk.now
        ),
        subject=person(bound) if bound is not None else None,
        detail={"undertaking": undertaking_id},
    )


def write_paper(target: Path, content: bytes) -> None:
    """Write a PDF that its owner alone may read. Raises `UsageError` where the file is there."""
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError("The file is there already.", next_step="Name another with --out.") from (
            None
        )
    except OSError as error:
        raise UsageError(f"The file cannot be written ({error.strerror}).") from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def printing_finding() -> Finding:
    """Whether papers can be printed here, for `campus doctor`."""
    fonts = chinese_fonts()
    if not fonts:
        return Finding(
            "warn",
            "Chinese font",
            "none is installed: applications and undertakings cannot be printed",
            "Install one, on Debian: apt-get install fonts-noto-cjk",
        )
    return Finding("ok", "Chinese font", fonts[0])
