"""Signatures that came on paper, entered on the site by the working group with their scan.

Who enters them answers for the entry: no party to the application does, and nobody enters their
own. What may be signed, and by whom, is decided as for a signature on screen.
"""

from __future__ import annotations

from warehouse.access.application_desk import application_text
from warehouse.access.application_form import actor_by_number
from warehouse.access.desk import Desk
from warehouse.access.unit_heads import heads_by_unit
from warehouse.errors import Conflict, Forbidden, UsageError
from warehouse.governance.application import Actor, State
from warehouse.governance.applications import Decision, application_state, decide
from warehouse.governance.roles import holders
from warehouse.governance.undertakings import sign_for_application
from warehouse.state import session

__all__ = ["BINDING", "PARTIES", "may_record", "record_decision", "record_undertaking"]

#: Who is bound by an undertaking for an application.
PARTIES = ("person", "unit", "vendor")
#: An application that is over binds nobody any more.
BINDING = frozenset({"open", "authorised"})


def may_record(state: State, recorder_key: int) -> bool:
    """Whether a member of the working group may enter signatures on this application; pure."""
    return state.status in BINDING and recorder_key not in (
        state.applicant_key,
        *state.content.users,
    )


def record_decision(
    desk: Desk,
    recorder_key: int,
    application_id: str,
    number: str,
    decision: str,
    *,
    stage: str,
    content_sha256: str,
    reason: str,
    scan: str,
) -> Decision:
    """Enter what the person with that number decided on paper. `scan` is the sha256 of an
    attachment; stage and content are those that the recorder saw.

    Raises as `applications.decide`, `Forbidden` where the recorder has a part in it, and
    `UsageError` where the number is nobody's or the recorder's own.
    """
    _state_to_record(desk, recorder_key, application_id)
    signer = _signer(desk, number, recorder_key)
    return decide(
        desk.audit,
        application_id,
        signer,
        decision,
        stage=stage,
        content_sha256=content_sha256,
        reason=reason,
        recorded_by=desk.actor,
        heads=heads_by_unit(desk.reader),
        channel="paper",
        attachment=scan or None,
        now=desk.now,
    )


def record_undertaking(
    desk: Desk,
    recorder_key: int,
    application_id: str,
    party: str,
    number: str,
    *,
    content_sha256: str,
    scan: str,
) -> bool:
    """Enter an undertaking for an application that was signed on paper: by a user of the data, by
    the unit's head, or by the vendor, who has no number. False where it had been signed.

    Raises as `undertakings.sign_for_application`, `Conflict` where the application was changed or
    is over, `Forbidden` and `UsageError` as `record_decision`.
    """
    if party not in PARTIES:
        raise UsageError(f"A party is one of: {', '.join(PARTIES)}.")
    if bool(number) == (party == "vendor"):
        raise UsageError("Give the number of who signed, and none for a vendor.")
    state = _state_to_record(desk, recorder_key, application_id)
    content = state.content
    if state.status not in BINDING or state.content_sha256 != content_sha256:
        raise Conflict(
            "The application has been decided or changed since you opened it.",
            next_step="Open it again.",
        )
    if party == "unit" and content.kind != "unit":
        raise UsageError("An application that is no unit's binds no unit.")
    signer_key = _signer(desk, number, recorder_key).person_key if number else None
    with session(desk.engine, read_only=True) as opened:
        by_hr = heads_by_unit(desk.reader).get(content.unit)
        heads = holders(opened, "unit_head", content.unit, desk.now, head_by_hr=by_hr)
    return sign_for_application(
        desk.audit,
        application_id,
        state,
        party,
        signer_key=signer_key,
        text=application_text(desk.settings, state, party),
        actor=desk.actor,
        heads=[head.person_key for head in heads],
        channel="paper",
        attachment=scan or None,
        now=desk.now,
    )


def _state_to_record(desk: Desk, recorder_key: int, application_id: str) -> State:
    with session(desk.engine, read_only=True) as opened:
        state = application_state(opened, application_id)
    if recorder_key in (state.applicant_key, *state.content.users):
        raise Forbidden(
            "Who has a part in an application enters no signature on it.",
            next_step="Ask another member of the working group.",
        )
    return state


def _signer(desk: Desk, number: str, recorder_key: int) -> Actor:
    signer = actor_by_number(desk, number.strip())
    if signer.person_key == recorder_key:
        raise UsageError(
            "Nobody enters their own signature.", next_step="Sign on the application's page."
        )
    return signer
