"""Drafts of applications: saved at every change, so that a lost connection loses nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.errors import Conflict, NotFound, UsageError
from warehouse.governance.journal import Journal
from warehouse.state.models import ApplicationDraft

__all__ = ["drafts_of", "drop_draft", "own_draft", "save_draft"]

_MOST = 50


def save_draft(
    journal: Journal,
    person_key: int,
    content: Mapping[str, Any],
    *,
    draft_id: str | None = None,
    version: int = 0,
    application_id: str | None = None,
    now: datetime | None = None,
) -> ApplicationDraft:
    """Save a draft of one's own; `version` is the one that was open. Nothing is checked but that
    it is a form at all, and nothing goes to the log: a draft is nobody's business yet.

    Raises `Conflict` where another tab saved it meanwhile, `NotFound` for another's.
    """
    now = now or datetime.now(UTC)
    with journal.transaction() as entry:
        if draft_id is None:
            if len(drafts_of(entry.session, person_key)) >= _MOST:
                raise UsageError(
                    f"You have {_MOST} drafts.", next_step="Submit or discard some of them."
                )
            draft = ApplicationDraft(
                id=secrets.token_hex(8),
                person_key=person_key,
                content=dict(content),
                version=1,
                saved_at=now,
                application_id=application_id,
            )
            entry.session.add(draft)
        else:
            draft = own_draft(entry.session, draft_id, person_key, lock=True)
            if draft.content == dict(content):
                return draft
            if draft.version != version:
                raise Conflict(
                    "The draft was changed in another window.",
                    next_step="Open it again; what you see here is not lost until you leave.",
                )
            draft.content, draft.version, draft.saved_at = dict(content), version + 1, now
        entry.session.flush()
    return draft


def own_draft(
    session: Session, draft_id: str, person_key: int, *, lock: bool = False
) -> ApplicationDraft:
    found = session.get(ApplicationDraft, draft_id, with_for_update=lock or None)
    if found is None or found.person_key != person_key:
        raise NotFound("You have no such draft.")
    return found


def drafts_of(session: Session, person_key: int) -> list[ApplicationDraft]:
    """One's own, latest first."""
    return list(
        session.scalars(
            select(ApplicationDraft)
            .where(ApplicationDraft.person_key == person_key)
            .order_by(ApplicationDraft.saved_at.desc())
        )
    )


def drop_draft(journal: Journal, draft_id: str, person_key: int) -> None:
    """Discard a draft; one that is gone already is as good."""
    with journal.transaction() as entry:
        found = entry.session.get(ApplicationDraft, draft_id)
        if found is not None and found.person_key == person_key:
            entry.session.delete(found)
