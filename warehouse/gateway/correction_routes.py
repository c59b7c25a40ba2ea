"""*This is wrong*: what can be reported, reporting it, evidence, lists, one correction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.correction_desk import SCOPES, CorrectionDesk
from warehouse.access.correction_places import choices, place_of
from warehouse.access.own_units import office_of
from warehouse.access.sessions import SessionView
from warehouse.access.unit_heads import heads_by_unit
from warehouse.audit import audited_read, person
from warehouse.errors import NotFound, UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_body
from warehouse.gateway.governance_guard import correction_desk, listed, listing
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.gateway.own_reads import own_read
from warehouse.gateway.paper_routes import scan_of
from warehouse.governance.attachments import store_attachment
from warehouse.governance.correction import Clock
from warehouse.governance.correction_record import correction_state
from warehouse.governance.corrections import Report, add_evidence, refuse_more_evidence, report
from warehouse.state import session

__all__ = ["ROUTES", "clock_of", "desk_of"]

_REFERENCE = re.compile(r"[0-9a-f]{32}")


@contextmanager
def desk_of(found: Services, view: SessionView) -> Iterator[CorrectionDesk]:
    """The corrections that this person may see."""
    with session(found.engine, read_only=True) as opened:
        yield correction_desk(found, view, opened)


def clock_of(found: Services) -> Clock:
    """How long each may take, by the settings of today."""
    settings = found.settings
    return Clock(settings.correction_acknowledge_days, settings.correction_decide_days)


def offered(request: Request) -> Response:
    """Items, rows and columns of one `table` of mine that can be wrong."""
    view = signed_in(request)
    table = parameters(request, "table", view=view).get("table", "")
    allow(request, view, "corrections.report")
    found = services(request)

    def read() -> dict[str, Any]:
        with found.reader.open("personal") as (cursor, release):
            offer = choices(
                cursor, found.settings.paths, release, table, view.person, view.hidden,
                found.clock(),
            )  # fmt: skip
        return {**offer, "clock": vars(clock_of(found))}

    return answer(
        own_read(
            found,
            view,
            "correction_form",
            read,
            lambda d: {"release": d["release"], "rows": {d["table"]: len(d["rows"])}},
        )
    )


async def reported(request: Request) -> Response:
    """Report a place of my own data. `row` is a key that `offered` gave, `reference` 32 hex digits
    drawn by the form: the same one again is the same report."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_body(
        request, "kind", "table", "item", "row", "column", "wanted", "reason", "reference"
    )
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "corrections.report")
        if not _REFERENCE.fullmatch(body["reference"]):
            raise UsageError("reference is 32 hexadecimal digits, drawn anew for each form.")
        words = Report(body["wanted"], body["reason"])
        words.refuse_faults()
        with found.reader.open("personal") as (cursor, release):
            place = place_of(
                cursor, found.settings.paths, release, view.person, view.hidden, found.clock(),
                wanted=body["wanted"],
                **{name: body[name] for name in ("kind", "table", "item", "row", "column")},
            )  # fmt: skip
        made = report(
            found.audit,
            found.settings.paths,
            view.person.person_key,
            place,
            words,
            clock=clock_of(found),
            reference=body["reference"],
            recorded_by=view.actor,
            head_by_hr=heads_by_unit(found.reader).get(place.unit),
            now=found.clock(),
        )
        return {"correction": made}

    return answer(await run_in_threadpool(work))


async def evidence(request: Request) -> Response:
    """Put a scan to my own correction: the raw body, declared as what it is. It is sent here and
    not named by its sha256, so that nobody gets at a scan by naming it."""
    view = await run_in_threadpool(signed_in, request)
    parameters(request, view=view)
    await run_in_threadpool(allow, request, view, "corrections.report")
    found, wanted = services(request), request.path_params["correction"]

    def known() -> str:
        with desk_of(found, view) as desk:
            row = desk.known(wanted)
            state = correction_state(desk.opened, row.id)
        if row.person_key != view.person.person_key:
            raise NotFound("You have no such correction.")
        refuse_more_evidence(state)
        return row.id

    correction = await run_in_threadpool(known)
    content, media_type = await scan_of(request)

    def work() -> dict[str, Any]:
        digest = store_attachment(
            found.audit,
            found.settings.paths,
            content,
            actor=view.actor,
            media_type=media_type,
            now=found.clock(),
        )
        added = add_evidence(
            found.audit,
            correction,
            view.person.person_key,
            digest,
            recorded_by=view.actor,
            now=found.clock(),
        )
        return {"attachment": digest, "recorded": added}

    return answer(await run_in_threadpool(work))


def corrections(request: Request) -> Response:
    """`scope` is mine (default), unit, or group: those contested or late."""
    return listed(request, SCOPES, "correction.list", "corrections", CorrectionDesk)


def told(request: Request) -> Response:
    """Values that changed under grants of my units."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "corrections.handle")
    found = services(request)

    def read(opened: Session) -> list[dict[str, Any]]:
        return correction_desk(found, view, opened).told_units()

    return answer(listing(found, view, "correction.list", "told", read, scope="told"))


def shown(request: Request) -> Response:
    """One correction. For anybody but its person this is a use of that person's data."""
    view = signed_in(request)
    parameters(request, view=view)
    found = services(request)
    with desk_of(found, view) as desk:
        row = desk.known(request.path_params["correction"])
        own = row.person_key == view.person.person_key
        allow(request, view, "corrections.own" if own else "corrections.read")
        about: dict[str, Any] = {"page": "my_tickets" if own else "issues", "correction": row.id}
        about |= {"purpose": "own_data"} if own else {"purpose": "correction"}
        if not own:
            about |= office_of(found.reader, view.standing)
            about |= {"items": [row.item_code]} if row.item_code else {}
        return answer(
            audited_read(
                found.audit,
                view.actor,
                "correction.read",
                lambda: desk.shown(row),
                subject=person(row.person_key),
                detail=about,
                result=lambda d: {"status": d["status"]},
            )
        )


ROUTES = [
    Route("/v1/corrections", corrections, methods=["GET"]),
    Route("/v1/corrections", reported, methods=["POST"]),
    Route("/v1/corrections/choices", offered, methods=["GET"]),
    Route("/v1/corrections/told", told, methods=["GET"]),
    Route("/v1/corrections/{correction}", shown, methods=["GET"]),
    Route("/v1/corrections/{correction}/evidence", evidence, methods=["POST"]),
]
