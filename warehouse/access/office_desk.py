"""What the office system may do here: submit, sign, undertake, and ask how it stands.

It speaks for persons by their staff or student numbers, and the rules for persons hold: it can do
nothing that the person named could not do on the site. An approval in the office system that was
not sent here is nothing (`access.office_reconciliation` finds it).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warehouse.access import application_desk
from warehouse.access.application_form import form_from
from warehouse.access.desk import Desk
from warehouse.access.policy import require
from warehouse.access.sessions import standing_of
from warehouse.access.undertaking_desk import sign_at_desk, words
from warehouse.access.unit_heads import heads_by_unit
from warehouse.errors import Conflict, NotFound, UsageError
from warehouse.governance import applications
from warehouse.governance.application import Actor, State
from warehouse.governance.notices import stage_holders
from warehouse.governance.signed import events_of
from warehouse.governance.undertaking_text import text_sha256
from warehouse.governance.undertakings import signed_parties
from warehouse.state import session
from warehouse.state.models import Application, Grant

__all__ = ["describe", "read_document", "sign", "submit", "undertake"]

_PROCESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


def read_document(body: bytes, fields: Mapping[str, type], optional: Mapping[str, type]) -> dict:
    """The JSON object of a message: `fields` all there, of `optional` any, nothing else.

    Raises `UsageError` that says what is expected, never what was found.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("a name stands twice")
        return dict(pairs)

    try:
        document = json.loads(body.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError):
        document = None
    known = {**fields, **optional}
    if (
        not isinstance(document, dict)
        or not set(fields) <= set(document) <= set(known)
        or not all(type(value) is known[name] for name, value in document.items())
    ):
        wanted = [f"{name} ({kind.__name__})" for name, kind in fields.items()]
        wanted += [f"{name} ({kind.__name__}, may be left out)" for name, kind in optional.items()]
        raise UsageError(
            "The body must be one JSON object in UTF-8, each name once.",
            next_step=f"Its names: {', '.join(wanted)}.",
        )
    return document


def submit(desk: Desk, body: bytes) -> dict[str, Any]:
    """Submit an application; with `again` one that was returned. The same process once more is
    the same application."""
    said = read_document(body, {"process": str, "applicant": str, "form": dict}, {"again": bool})
    reference = _reference(said["process"])
    applicant = _may(desk, said["applicant"], "applications.apply")
    content = form_from(desk, said["form"])
    application_desk.check_content(desk.reader, content, applicant.person_key)
    with session(desk.engine, read_only=True) as opened:
        known = _find(opened, reference)
    if said.get("again") and known is None:
        raise NotFound("No application was submitted for this process.")
    if known is not None and not said.get("again"):
        with session(desk.engine, read_only=True) as opened:
            first = events_of(opened, known.id)[0]
        if first.content_sha256 != content.sha256:
            raise Conflict(
                "This process has submitted another form before.",
                next_step="Where it was returned, send it with again = true.",
            )
    applications.submit(
        desk.audit,
        content,
        applicant,
        recorded_by=desk.actor,
        heads=heads_by_unit(desk.reader),
        application_id=known.id if known is not None and said.get("again") else None,
        channel="oa",
        reference=reference,
        now=desk.now,
    )
    return describe(desk, said["process"])


def sign(desk: Desk, process: str, body: bytes) -> dict[str, Any]:
    """Approve, return or reject at the stage that the signer saw, on the content they saw."""
    said = read_document(
        body,
        {"signer": str, "stage": str, "decision": str, "content_sha256": str},
        {"reason": str},
    )
    made = applications.decide(
        desk.audit,
        _known(desk, process).id,
        _may(desk, said["signer"], "applications.decide"),
        said["decision"],
        stage=said["stage"],
        content_sha256=said["content_sha256"],
        recorded_by=desk.actor,
        reason=said.get("reason", ""),
        heads=heads_by_unit(desk.reader),
        channel="oa",
        now=desk.now,
    )
    return describe(desk, process) | {"recorded": made.recorded}


def undertake(desk: Desk, body: bytes) -> dict[str, Any]:
    """Record a signed undertaking: of a user (party person) or the unit for a process, or for a
    role. `text_sha256` is of the words that the office system showed: others are not signed."""
    said = read_document(
        body,
        {"signer": str, "text_sha256": str},
        {"process": str, "party": str, "role": str, "unit": str},
    )
    if ("process" in said) == ("role" in said):
        raise UsageError("Name a process or a role.")
    party = said.get("party", "person")
    if party not in ("person", "unit") or (party == "unit" and "role" in said):
        raise UsageError(
            "A party is person, or unit for a process.",
            next_step="A vendor signs on paper; upload the scan.",
        )
    _may(desk, said["signer"], "undertakings.sign_role" if "role" in said else "undertakings.sign")
    application = _known(desk, said["process"]).id if "process" in said else None
    asked = (said.get("role"), said.get("unit"), application, party)
    text = words(desk, *asked)
    if text_sha256(text) != said["text_sha256"]:
        raise Conflict(
            "The words that were shown are not the present ones.",
            next_step="Read them anew (the state of the process, or campus undertaking text), "
            "show them, and have them signed again.",
        )
    recorded = sign_at_desk(desk, said["signer"], *asked, channel="oa")
    return {"recorded": recorded, "text_sha256": said["text_sha256"]}


def describe(desk: Desk, process: str) -> dict[str, Any]:
    """Where a process stands: whom it waits for, and which undertakings are to be signed with
    which words. Persons by their numbers."""
    known = _known(desk, process)
    numbers = desk.numbers()
    with session(desk.engine, read_only=True) as opened:
        state = applications.application_state(opened, known.id)
        waiting = stage_holders(opened, state, desk.now, heads_by_unit(desk.reader))
        signed = signed_parties(opened, known.id, state.content_sha256)
        grant = opened.scalar(select(Grant.id).where(Grant.application_id == known.id))
    done = {(one.party, one.person_key) for one in signed}
    return {
        "process": process,
        "application": known.id,
        "status": state.status,
        "stage": state.stage,
        "signers": sorted(numbers[key] for key in waiting if key in numbers),
        "content_sha256": state.content_sha256,
        "grant": grant,
        "undertakings": [
            {
                "party": party,
                "signer": numbers.get(key) if key is not None else None,
                "signed": (party, key) in done,
                "text": (text := words(desk, None, None, known.id, party)),
                "text_sha256": text_sha256(text),
            }
            for party, key in _parties(state)
        ],
    }


def _may(desk: Desk, number: str, action: str) -> Actor:
    """The person with the roles of this moment; `Forbidden` where the site would refuse them the
    action: who is shut out, who left, and an auditor, whatever else they are."""
    standing = standing_of(desk.engine, desk.reader, desk.person(number), desk.now)
    require(standing, action)
    return application_desk.actor_of(standing)


def _parties(state: State) -> list[tuple[str, int | None]]:
    found: list[tuple[str, int | None]] = [("person", key) for key in sorted(state.content.users)]
    if state.content.kind == "unit":
        found.append(("unit", None))
    if state.content.vendor is not None:
        found.append(("vendor", None))
    return found


def _reference(process: str) -> str:
    if not _PROCESS.fullmatch(process):
        raise UsageError(
            "A process number is up to 60 letters, digits, dots, hyphens and underscores."
        )
    return f"oa:{process}"


def _find(opened: Session, reference: str) -> Application | None:
    return opened.scalars(select(Application).where(Application.reference == reference)).first()


def _known(desk: Desk, process: str) -> Application:
    with session(desk.engine, read_only=True) as opened:
        found = _find(opened, _reference(process))
    if found is None:
        raise NotFound("No application was submitted for this process.")
    return found
