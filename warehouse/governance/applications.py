"""Applications from submission to authorisation: each step is an event, written once.

Whoever acts says what they saw (`stage`, `content_sha256`). What was decided meanwhile is a
`Conflict`; the same decision of the same person again (a double click) changes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.errors import Conflict, Forbidden, NotFound, UsageError
from warehouse.governance.application import (
    DECISIONS,
    STAGES,
    Actor,
    State,
    derive,
    principal_of,
    refusal,
)
from warehouse.governance.appointments import school_day
from warehouse.governance.attachments import require_scan
from warehouse.governance.content import Content
from warehouse.governance.grants import add_grant_event, expires_at, grant_events
from warehouse.governance.journal import Journal, JournalEntry
from warehouse.governance.notices import notify, notify_stage
from warehouse.governance.signed import events_of
from warehouse.governance.terms import begins_on, ends_after
from warehouse.governance.undertakings import missing_parties
from warehouse.state.models import Application, ApplicationEvent, Grant

__all__ = [
    "MAY_SUBMIT",
    "Decision",
    "application_state",
    "decide",
    "list_applications",
    "submit",
    "withdraw",
]

_KINDS = {"approve": "approved", "return": "returned", "reject": "rejected"}
_LONGEST_REASON = 2000
#: Roles for the applying unit that may submit its application.
MAY_SUBMIT = frozenset({"unit_officer", "analyst", "unit_head"})


@dataclass(frozen=True)
class Decision:
    """What came of an act: `recorded` is False for a second click; `grant` is the id of the grant
    where the act authorised one."""

    state: State
    recorded: bool
    grant: str | None = None


def submit(
    journal: Journal,
    content: Content,
    actor: Actor,
    *,
    recorded_by: str,
    heads: Mapping[str, int] | None = None,
    application_id: str | None = None,
    channel: str = "site",
    reference: str | None = None,
    attachment: str | None = None,
    now: datetime | None = None,
) -> str:
    """Submit a form, or a returned application anew with `application_id`. Returns its id.

    The caller has checked the columns against the release (`access.grant_scope`). `heads` maps a
    unit to its head by the HR extract, for the notice. `reference` is the draft or the process of
    the office system that it comes from: the same one twice (a double click) is one application.
    Raises `UsageError` naming every fault of the form, `Forbidden` where the person may not apply
    for this, `Conflict` where the application is not back with its applicant.
    """
    now = now or datetime.now(UTC)
    _refuse_submission(content, actor, now)
    with journal.transaction() as entry:
        require_scan(entry.session, channel, attachment)
        if application_id is None:
            if reference is not None and (known := _by_reference(entry.session, reference)):
                return known.id
            application_id = f"SQ{school_day(now):%Y%m%d}-{secrets.token_hex(4)}"
            entry.session.add(
                Application(
                    id=application_id,
                    applicant_key=actor.person_key,
                    channel=channel,
                    reference=reference,
                    created_at=now,
                )
            )
            entry.session.flush()
            seq = 1
        else:
            state = _locked(entry.session, application_id)
            if state.applicant_key != actor.person_key:
                raise NotFound("You have no such application.")
            if state.status == "open" and state.content_sha256 == content.sha256:
                return application_id
            if state.status != "returned":
                raise Conflict(
                    "Only an application that was returned to you can be submitted again.",
                    next_step="Withdraw it and make a new one.",
                )
            seq = state.seq + 1
        _check_extension(entry.session, content, now)
        _write(
            entry, application_id, seq, "submitted", actor.person_key, content.sha256,
            at=now, content=content.document, channel=channel, recorded_by=recorded_by,
            attachment=attachment,
        )  # fmt: skip
        _log(entry, recorded_by, "application.submit", application_id, actor.person_key)
        notify_stage(entry.session, application_id, application_state(
            entry.session, application_id), now, heads or {})  # fmt: skip
    return application_id


def decide(
    journal: Journal,
    application_id: str,
    actor: Actor,
    decision: str,
    *,
    stage: str,
    content_sha256: str,
    recorded_by: str,
    reason: str = "",
    heads: Mapping[str, int] | None = None,
    channel: str = "site",
    attachment: str | None = None,
    now: datetime | None = None,
) -> Decision:
    """Sign (`approve`), `return` to the applicant or `reject` at the stage the actor saw.

    The approval of the last stage authorises: the grant is made in the same transaction. Raises
    `Forbidden` where the person may not sign here, `UsageError` for an unknown decision or a
    refusal without a reason, `Conflict` where it was decided or changed meanwhile and, at the
    last stage, where the unit's or the vendor's undertaking is missing.
    """
    now, reason = now or datetime.now(UTC), reason.strip()
    if decision not in DECISIONS:
        raise UsageError(f"A decision is one of: {', '.join(DECISIONS)}.")
    if decision != "approve" and not reason:
        raise UsageError("Say why, so that the applicant knows what to do.")
    if len(reason) > _LONGEST_REASON:
        raise UsageError(f"A reason is at most {_LONGEST_REASON} characters long.")
    with journal.transaction() as entry:
        require_scan(entry.session, channel, attachment)
        state = _locked(entry.session, application_id)
        if _is_repeated(entry.session, application_id, actor, decision, stage, content_sha256):
            return Decision(state, False, _grant_of(entry.session, application_id))
        if state.stage != stage or state.content_sha256 != content_sha256:
            raise Conflict(
                "The application has been decided or changed since you opened it.",
                next_step="Open it again.",
            )
        if problem := refusal(state, actor, recorded_by=recorded_by):
            raise Forbidden(f"You cannot sign here: {problem}.")
        kind, grant_id = _KINDS[decision], None
        if decision == "approve" and state.is_last_stage:
            if missing := missing_parties(entry.session, application_id, state):
                raise Conflict(
                    f"The undertaking is missing of: {', '.join(missing)}.",
                    next_step="It must be signed before the grant is authorised (Article 8).",
                )
            kind = "authorised"
        _write(
            entry, application_id, state.seq + 1, kind, actor.person_key, state.content_sha256,
            at=now, stage=stage, principal=principal_of(state, actor), reason=reason,
            channel=channel, recorded_by=recorded_by, attachment=attachment,
        )  # fmt: skip
        _log(
            entry, recorded_by, f"application.{decision}" if kind != "authorised" else
            "application.authorise", application_id, actor.person_key, stage=stage,
        )  # fmt: skip
        if kind == "authorised":
            grant_id = _authorise(entry, application_id, state.content, recorded_by, now)
        after = application_state(entry.session, application_id)
        if after.status == "open":
            notify_stage(entry.session, application_id, after, now, heads or {})
        else:
            people = {after.applicant_key, *(after.content.users if grant_id else ())}
            notify(entry.session, people, f"application.{after.status}", now,
                   application=application_id, grant=grant_id)  # fmt: skip
    return Decision(after, True, grant_id)


def withdraw(
    journal: Journal,
    application_id: str,
    actor: Actor,
    *,
    recorded_by: str,
    reason: str = "",
    now: datetime | None = None,
) -> State:
    """The applicant takes it back, as long as it is not decided. Twice is once."""
    now = now or datetime.now(UTC)
    with journal.transaction() as entry:
        state = _locked(entry.session, application_id)
        if state.applicant_key != actor.person_key:
            raise NotFound("You have no such application.")
        if state.status == "withdrawn":
            return state
        if state.status not in ("open", "returned"):
            raise Conflict(f"The application is {state.status}; it cannot be withdrawn.")
        _write(
            entry, application_id, state.seq + 1, "withdrawn", actor.person_key,
            state.content_sha256, at=now, reason=reason.strip(), channel="site",
            recorded_by=recorded_by,
        )  # fmt: skip
        _log(entry, recorded_by, "application.withdraw", application_id, actor.person_key)
        return application_state(entry.session, application_id)


def application_state(session: Session, application_id: str) -> State:
    """Where it stands now; `NotFound` for an unknown one."""
    events = events_of(session, application_id)
    if not events:
        raise NotFound("There is no such application.", next_step="See: campus application list")
    return derive(events)


def list_applications(session: Session) -> list[tuple[Application, State]]:
    """All of them with their states, newest first."""
    events: dict[str, list[ApplicationEvent]] = {}
    for event in session.scalars(select(ApplicationEvent).order_by(ApplicationEvent.seq)):
        events.setdefault(event.application_id, []).append(event)
    rows = session.scalars(
        select(Application).order_by(Application.created_at.desc(), Application.id)
    )
    return [(row, derive(events[row.id])) for row in rows]


def _refuse_submission(content: Content, actor: Actor, now: datetime) -> None:
    if problems := content.problems(school_day(now)):
        raise UsageError("The application cannot be submitted: " + "; ".join(problems) + ".")
    roles = {(role, unit) for role, unit, _principal in actor.roles}
    if ("auditor", None) in roles:
        raise Forbidden("An auditor changes nothing and applies for nothing.")
    if content.kind == "unit":
        if not any(
            role in MAY_SUBMIT and unit in (content.unit, None) and (role, unit) in roles
            for role, unit in roles
        ):
            raise Forbidden(
                "An application of a unit is submitted by its data officer, analyst or head.",
                next_step="Ask the working group for an appointment, or apply as an individual.",
            )
    elif content.kind == "individual":
        if content.users != [actor.person_key]:
            raise Forbidden("Who applies as an individual is the only user of the data.")
    elif ("working_group", None) not in roles:
        raise Forbidden(
            "Requests of courts and the police are entered by the working group, from the letter."
        )


def _check_extension(session: Session, content: Content, now: datetime) -> None:
    """An extension repeats the application of its grant; only the term may differ, and it goes on
    without a gap: an extended grant holds from the last signature on."""
    if content.extends is None:
        return
    grant = session.get(Grant, content.extends)
    if grant is None or grant.application_id is None:
        raise NotFound("There is no such grant to extend.", next_step="See: campus grant list")
    first = application_state(session, grant.application_id).content
    term = {"first_day": None, "last_day": None, "extends": None}
    if first.model_copy(update=term) != content.model_copy(update=term):
        raise UsageError(
            "An extension may change the term and nothing else.",
            next_step="Apply anew where columns, rows, people or purpose are to change.",
        )
    ends = school_day(expires_at(grant, grant_events(session, grant.id)))
    if content.first_day is not None and content.first_day > max(ends, school_day(now)):
        raise UsageError(
            "An extension cannot begin later than the term that it lengthens ends.",
            next_step="Leave the first day out, or apply anew for a term that begins later.",
        )


def _authorise(
    entry: JournalEntry, application_id: str, content: Content, by: str, now: datetime
) -> str:
    """Make the grant, or lengthen the one that is extended. Returns its id."""
    assert content.last_day is not None
    until = ends_after(content.last_day)
    if content.extends is not None:
        add_grant_event(
            entry, content.extends, "extended", by=by, at=now, until=until,
            cause=f"application:{application_id}",
        )  # fmt: skip
        return content.extends
    begins = now
    if content.first_day is not None:
        begins = max(now, begins_on(content.first_day))
    document = content.document
    grant = Grant(
        id=f"g{school_day(now):%Y%m%d}-{secrets.token_hex(4)}",
        application_id=application_id,
        content_sha256=content.sha256,
        unit_code=content.unit,
        purpose=content.purpose,
        purpose_text=content.purpose_text,
        columns=document["columns"],
        rows=document["rows"],
        people=document["users"],
        channels=document["channels"],
        returns=document["returns"],
        limits=document["limits"],
        vendor=content.vendor.name if content.vendor else None,
        valid_from=begins,
        expires_at=until,
        created_by=by,
        created_at=now,
    )
    entry.session.add(grant)
    entry.session.flush()
    entry.record(
        by,
        "grant.create",
        detail={
            "grant": grant.id,
            "application": application_id,
            "unit": grant.unit_code,
            "purpose": grant.purpose,
            "columns": grant.columns,
            "people": len(grant.people),
            "until": until.astimezone(UTC).isoformat(),
        },
    )
    return grant.id


def _locked(session: Session, application_id: str) -> State:
    """The state, with the application's row held until the transaction ends: on PostgreSQL two
    actors decide one after the other; on SQLite they do so anyway."""
    session.get(Application, application_id, with_for_update=True, populate_existing=True)
    return application_state(session, application_id)


def _is_repeated(
    session: Session, application_id: str, actor: Actor, decision: str, stage: str, content: str
) -> bool:
    last = events_of(session, application_id)[-1]
    kinds = {_KINDS[decision], *(["authorised"] if decision == "approve" else [])}
    return (
        last.kind in kinds
        and last.stage == stage
        and last.person_key == actor.person_key
        and last.content_sha256 == content
    )


def _grant_of(session: Session, application_id: str) -> str | None:
    return session.scalar(select(Grant.id).where(Grant.application_id == application_id))


def _by_reference(session: Session, reference: str) -> Application | None:
    return session.scalars(select(Application).where(Application.reference == reference)).first()


def _write(
    entry: JournalEntry,
    application_id: str,
    seq: int,
    kind: str,
    person_key: int,
    content_sha256: str,
    *,
    at: datetime,
    channel: str,
    recorded_by: str,
    stage: str | None = None,
    principal: int | None = None,
    content: dict | None = None,
    reason: str = "",
    attachment: str | None = None,
) -> None:
    entry.session.add(
        ApplicationEvent(
            application_id=application_id,
            seq=seq,
            at=at,
            kind=kind,
            stage=stage,
            person_key=person_key,
            principal_key=principal,
            content=content,
            content_sha256=content_sha256,
            reason=reason,
            channel=channel,
            attachment=attachment,
            recorded_by=recorded_by,
        )
    )
    entry.session.flush()


def _log(
    entry: JournalEntry,
    actor: str,
    action: str,
    application_id: str,
    person_key: int,
    stage: str | None = None,
) -> None:
    detail: dict[str, object] = {"application": application_id}
    if stage is not None:
        detail["stage"] = STAGES[stage]
    if actor != f"person:{person_key}":
        detail["on_behalf_of"] = f"person:{person_key}"
    entry.record(actor, action, detail=detail)
