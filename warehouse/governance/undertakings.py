"""Signed confidentiality undertakings (Articles 8 and 18, annex 6): who is bound by which words.

For a role they are signed by its holder; for an application by each person who will use the data,
by the unit (its head signs) and by the vendor (on paper, with the scan kept). Each is bound to
the sha256 of the words, and for an application to what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.errors import Forbidden, NotFound, UsageError
from warehouse.governance.application import State
from warehouse.governance.attachments import require_scan
from warehouse.governance.journal import Journal, JournalEntry
from warehouse.governance.roles import WITH_UNDERTAKING
from warehouse.governance.undertaking_text import text_sha256
from warehouse.state.models import SignedText, Undertaking

__all__ = [
    "end_undertaking",
    "missing_parties",
    "sign_for_application",
    "sign_for_role",
    "signed_parties",
    "user_is_bound",
]


def sign_for_role(
    journal: Journal,
    person_key: int,
    role: str,
    *,
    unit: str | None,
    text: str,
    actor: str,
    channel: str = "site",
    attachment: str | None = None,
    now: datetime | None = None,
) -> bool:
    """Record that the holder of a role signed these words. False where they had (a second click).

    The caller has put `text` before the person. Raises `UsageError` for a role without one.
    """
    if role not in WITH_UNDERTAKING:
        raise UsageError(f"The role {role} begins without an undertaking.")
    with journal.transaction() as entry:
        require_scan(entry.session, channel, attachment)
        known = entry.session.scalars(
            _live().where(
                Undertaking.party == "person",
                Undertaking.person_key == person_key,
                Undertaking.role == role,
                Undertaking.unit_code == unit if unit else Undertaking.unit_code.is_(None),
            )
        ).first()
        if known is not None:
            return False
        made = Undertaking(
            party="person",
            person_key=person_key,
            unit_code=unit,
            role=role,
            text_sha256=_keep_text(entry.session, text),
            signer_key=person_key,
            signed_at=now or datetime.now(UTC),
            channel=channel,
            attachment=attachment,
            recorded_by=actor,
        )
        _add(entry, made, actor)
    return True


def sign_for_application(
    journal: Journal,
    application_id: str,
    state: State,
    party: str,
    *,
    signer_key: int | None,
    text: str,
    actor: str,
    heads: Iterable[int] = (),
    channel: str = "site",
    attachment: str | None = None,
    now: datetime | None = None,
) -> bool:
    """Record an undertaking for what an application asks now. False where it was signed already.

    A person signs for themself and must be one of the users; a unit's is signed by one of `heads`
    (who may sign as its head today); a vendor's needs the scan of its paper. Raises `Forbidden`
    or `UsageError` accordingly.
    """
    content = state.content
    if party == "person" and signer_key not in content.users:
        raise Forbidden("The application does not name you as a user of the data.")
    if party == "unit" and signer_key not in set(heads):
        raise Forbidden("The undertaking of a unit is signed by its head.")
    if party == "vendor":
        if content.vendor is None:
            raise UsageError("The application names no vendor.")
        if attachment is None:
            raise UsageError(
                "A vendor signs on paper.", next_step="Upload the scan of the signed undertaking."
            )
    with journal.transaction() as entry:
        require_scan(entry.session, channel, attachment)
        known = _of_application(entry.session, application_id, state.content_sha256)
        if any(
            one.party == party and (party != "person" or one.person_key == signer_key)
            for one in known
        ):
            return False
        made = Undertaking(
            party=party,
            person_key=signer_key if party == "person" else None,
            unit_code=content.unit if party != "vendor" else None,
            vendor=content.vendor.name if party == "vendor" and content.vendor else None,
            application_id=application_id,
            text_sha256=_keep_text(entry.session, text),
            content_sha256=state.content_sha256,
            signer_key=signer_key,
            signed_at=now or datetime.now(UTC),
            channel=channel,
            attachment=attachment,
            recorded_by=actor,
        )
        _add(entry, made, actor)
    return True


def end_undertaking(
    journal: Journal, undertaking_id: int, *, actor: str, reason: str, now: datetime | None = None
) -> None:
    """End one: what it stood for is no longer within reach. Doing it twice changes nothing."""
    if not reason.strip():
        raise UsageError("Ending an undertaking needs a reason.", next_step="Give --reason.")
    with journal.transaction() as entry:
        found = entry.session.get(Undertaking, undertaking_id)
        if found is None:
            raise NotFound("There is no such undertaking.")
        if found.ended_at is None:
            found.ended_at, found.end_reason = now or datetime.now(UTC), reason.strip()
            entry.record(actor, "undertaking.end", subject=_subject(found), detail=_about(found))


def missing_parties(session: Session, application_id: str, state: State) -> list[str]:
    """Which of unit and vendor has not signed for what is asked now: without them no grant is
    live. Users sign each for themself (`user_is_bound`). An individual binds no unit."""
    signed = {one.party for one in _of_application(session, application_id, state.content_sha256)}
    wanted = ["unit"] if state.content.kind == "unit" else []
    if state.content.vendor is not None:
        wanted.append("vendor")
    return [party for party in wanted if party not in signed]


def user_is_bound(
    session: Session, application_id: str, content_sha256: str, person_key: int
) -> bool:
    """Whether this user has signed for this content."""
    return any(
        one.party == "person" and one.person_key == person_key
        for one in _of_application(session, application_id, content_sha256)
    )


def signed_parties(session: Session, application_id: str, content_sha256: str) -> list[Undertaking]:
    """The undertakings in force for this content of an application, oldest first."""
    return _of_application(session, application_id, content_sha256)


def _of_application(session: Session, application_id: str, content: str) -> list[Undertaking]:
    return list(
        session.scalars(
            _live()
            .where(
                Undertaking.application_id == application_id,
                Undertaking.content_sha256 == content,
            )
            .order_by(Undertaking.id)
        )
    )


def _live():  # type: ignore[no-untyped-def]
    return select(Undertaking).where(Undertaking.ended_at.is_(None))


def _keep_text(session: Session, text: str) -> str:
    digest = text_sha256(text)
    if session.get(SignedText, digest) is None:
        session.add(SignedText(sha256=digest, text=text))
        session.flush()
    return digest


def _add(entry: JournalEntry, made: Undertaking, actor: str) -> None:
    entry.session.add(made)
    entry.session.flush()
    entry.record(actor, "undertaking.sign", subject=_subject(made), detail=_about(made))


def _subject(one: Undertaking) -> str | None:
    return f"person:{one.person_key}" if one.person_key is not None else None


def _about(one: Undertaking) -> dict[str, object]:
    return {
        "undertaking": one.id,
        "party": one.party,
        "role": one.role,
        "unit": one.unit_code,
        "application": one.application_id,
        "text_sha256": one.text_sha256,
        "channel": one.channel,
    }
