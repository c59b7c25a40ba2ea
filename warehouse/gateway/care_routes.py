"""Mental-health data: the person's own, and the counsellor's cases. Apart from all other pages.

Each opening is an entry about the student, before and after. The log holds the purpose as a word
out of a list; that a student is in somebody's care is in the log too, so its reader is told no
subject of these entries (`access.audit_view`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.care import CASE_DAYS, PURPOSES, Case, case_of, cases_of
from warehouse.access.care_openings import care_openings
from warehouse.access.name_masks import masks_of
from warehouse.access.own_rows import own_rows
from warehouse.access.personal import read_care
from warehouse.access.reader import Cursor
from warehouse.access.sessions import SessionView
from warehouse.access.statistics import release_note
from warehouse.audit import audited_read, person
from warehouse.errors import NotFound, UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_body
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.gateway.own_reads import rows_read
from warehouse.governance.appointments import school_day
from warehouse.governance.protection import hidden_from, protected_people
from warehouse.state import session

__all__ = ["ROUTES"]


def my_care(request: Request) -> Response:
    """The reader's own tables, and who else opened them when and for what."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "my.care")
    found = services(request)
    document = audited_read(
        found.audit,
        view.actor,
        "care.read",
        lambda: _own_tables(found, view),
        subject=view.actor,
        detail={"page": "my_care", "purpose": "own_data"},
        result=rows_read,
    )
    with found.reader.open("personal") as (cursor, _release):
        openings = care_openings(found.engine, cursor, view.person.person_key)
        document["openings"] = _masked(found, view, cursor, openings)
    return answer(document)


def cases(request: Request) -> Response:
    """The counsellor's open cases: who, since when, until when. Every student on it is told."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "care.read")
    found = services(request)
    listed = audited_read(
        found.audit,
        view.actor,
        "care.list",
        lambda: _listed(found, view),
        detail={"purpose": "care"},
        result=lambda rows: {"rows": len(rows)},
    )
    return answer({"cases": [case.shown for case in listed], "case_days": CASE_DAYS})


async def open_case(request: Request) -> Response:
    """One student's tables, for a purpose."""
    body = await json_body(request, "number", "purpose")

    def work() -> dict[str, Any]:
        view = signed_in(request)
        parameters(request, view=view)
        allow(request, view, "care.read")
        if body["purpose"] not in PURPOSES:
            raise UsageError(
                "Opening a case needs its purpose.", next_step=f"One of: {', '.join(PURPOSES)}."
            )
        return _opened(services(request), view, body["number"], body["purpose"], request)

    return answer(await run_in_threadpool(work))


def _opened(
    found: Services, view: SessionView, number: str, purpose: str, request: Request
) -> dict[str, Any]:
    case = case_of(
        found.reader,
        view.person.person_key,
        number,
        school_day(found.clock()),
        hidden=_hidden(found),
    )
    if case is None:
        found.audit.event(
            view.actor,
            "access.refuse",
            detail={"action": "care.read", "route": request.scope["route"].path},
        )
        raise NotFound(
            "There is no open case of yours under that number.",
            next_step="Cases are those of which your session is the latest on record.",
        )
    document = audited_read(
        found.audit,
        view.actor,
        "care.read",
        lambda: _tables(found, view, case.person_key),
        subject=person(case.person_key),
        detail={"page": "care", "purpose": "care", "reason": purpose},
        result=rows_read,
    )
    return {**document, "case": case.shown}


def _listed(found: Services, view: SessionView) -> Sequence[Case]:
    listed = cases_of(
        found.reader, view.person.person_key, school_day(found.clock()), hidden=_hidden(found)
    )
    with found.audit.transaction() as entry:
        for case in listed:
            entry.record(
                view.actor,
                "care.list",
                subject=person(case.person_key),
                detail={"page": "care", "purpose": "care"},
            )
    return listed


def _tables(found: Services, view: SessionView, person_key: int) -> dict[str, Any]:
    with found.reader.open("personal") as (cursor, release):
        tables = read_care(cursor, person_key, release.manifest)
        return {
            "release": release_note(release),
            "tables": _masked(found, view, cursor, tables),
        }


def _own_tables(found: Services, view: SessionView) -> dict[str, Any]:
    with found.reader.open("personal") as (cursor, release):
        tables = read_care(cursor, view.person.person_key, release.manifest)
        tables = own_rows(cursor, view.person, tables, found.clock(), view.hidden)
        return {"release": release_note(release), "tables": tables}


def _masked(found: Services, view: SessionView, cursor: Cursor, shown: Any) -> Any:
    """Counsellors who are protected are not named in the rows of others."""
    with session(found.engine, read_only=True) as opened:
        hidden = hidden_from(opened, view.person.person_key, found.clock())
    return masks_of(cursor, hidden).of(shown)


def _hidden(found: Services) -> frozenset[int]:
    with session(found.engine, read_only=True) as opened:
        return protected_people(opened, found.clock())


ROUTES = [
    Route("/v1/my/care", my_care, methods=["GET"]),
    Route("/v1/care", cases, methods=["GET"]),
    Route("/v1/care", open_case, methods=["POST"]),
]
