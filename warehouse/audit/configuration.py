"""Changes of configuration: noted when a process starts with other settings than it did before.

The log holds a short digest of each effective setting, so that the next start can name those that
differ; never a value. Of a secret only whether it is set goes into its digest: a digest of a
password could be guessed.
"""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Mapping
from typing import Any

from sqlalchemy import make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from warehouse.audit.chain import canonical
from warehouse.audit.log import Audit, head_file
from warehouse.settings import Settings
from warehouse.state import open_state, session
from warehouse.state.models import AuditEntry

__all__ = ["ACTION", "effective_settings", "note_configuration", "note_start"]

ACTION = "configuration.change"


def effective_settings(settings: Settings) -> dict[str, str]:
    """Setting → digest of its effective value. The files of the data home that decide something
    count as settings of their own."""
    values = settings.model_dump(mode="json")  # secrets come masked, or as null where unset
    values["state_url"] = _without_password(settings.state_url)
    found = {name: _digest(value) for name, value in values.items()}
    for file in (settings.paths.authority_file, settings.paths.sources_file):
        content = file.read_bytes() if file.is_file() else b""
        found[file.name] = hashlib.sha256(content).hexdigest()[:16]
    return found


def note_configuration(audit: Audit, settings: Settings, process: str, actor: str) -> list[str]:
    """Add an entry where the settings of `process` on this machine differ from those it had when
    it last started; the names of what changed, in order. The first start names all."""
    about = f"settings:{process}@{socket.gethostname()}"[:64]
    now = effective_settings(settings)
    with session(audit.engine, read_only=True) as opened:
        if not _changed(opened, about, now):
            return []
    with audit.transaction() as entry:
        changed = _changed(entry.session, about, now)
        if changed:  # still: another process may have started at the same moment
            sha256 = hashlib.sha256(canonical(now).encode()).hexdigest()
            detail = {"changed": changed, "sha256": sha256, "settings": now}
            entry.record(actor, ACTION, subject=about, detail=detail)
    return changed


def note_start(settings: Settings, process: str, actor: str) -> None:
    """`note_configuration` for a process that holds no log open yet."""
    engine = open_state(settings)
    try:
        note_configuration(Audit(engine, head_file(settings.paths)), settings, process, actor)
    finally:
        engine.dispose()


def _changed(opened: Session, about: str, now: Mapping[str, str]) -> list[str]:
    last = opened.scalars(
        select(AuditEntry.detail)
        .where(AuditEntry.subject == about, AuditEntry.action == ACTION)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    before: Mapping[str, str] = json.loads(last)["settings"] if last else {}
    return sorted(name for name in {*now, *before} if now.get(name) != before.get(name))


def _digest(value: Any) -> str:
    return hashlib.sha256(canonical({"value": value}).encode()).hexdigest()[:16]


def _without_password(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "unreadable"
