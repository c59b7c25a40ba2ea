"""The form and one's drafts of it: what can be applied for, saving, looking through, submitting."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.application_desk import actor_of, check_content
from warehouse.access.colleagues import find_colleague
from warehouse.access.form_catalogue import form_catalogue
from warehouse.access.form_check import check_form, form_document
from warehouse.access.grant_view import GrantReader
from warehouse.access.own_units import office_of, own_units
from warehouse.access.sessions import SessionView
from warehouse.access.unit_heads import heads_by_unit
from warehouse.audit import audited_read, named
from warehouse.authority import load_authority
from warehouse.errors import Conflict, NotFound, UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.bodies import json_document
from warehouse.gateway.governance_guard import applications, form_desk
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.governance.applications import MAY_SUBMIT, application_state, submit
from warehouse.governance.content import Content
from warehouse.governance.drafts import drafts_of, drop_draft, own_draft, save_draft
from warehouse.governance.protection import hidden_from
from warehouse.state import session
from warehouse.state.models import Application, ApplicationDraft

__all__ = ["ROUTES"]


def form(request: Request) -> Response:
    """What can be applied for, and for which units this person may."""
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "applications.apply")
    found = services(request)
    authority = load_authority(home=found.settings.paths)
    held = {h.unit for h in view.standing.roles if h.role in MAY_SUBMIT}
    units = list(authority.units) if None in held else [u for u in authority.units if u in held]
    others = sorted(str(unit) for unit in held - {None} if unit not in authority.units)
    kinds = ["unit"] if held else []
    kinds.append("individual")
    if any(h.role == "working_group" for h in view.standing.roles):
        kinds.append("legal_case")
    return answer(
        {
            "datasets": form_catalogue(found.reader, found.settings.paths),
            "kinds": kinds,
            "units": [{"unit": u, "name": authority.units.get(u, u)} for u in [*units, *others]],
            "own_units": [
                {"unit": u, "name": name}
                for u, name in own_units(found.reader, view.person.person_key).items()
            ],
            "all_units": [{"unit": u, "name": name} for u, name in authority.units.items()],
            "number": form_document(
                found.reader, Content(unit="", users=[view.person.person_key]), hidden=()
            )["users"][:1],
        }
    )


def colleague(request: Request) -> Response:
    """Name and unit behind one exact number, for the list of users. Each look is in the log."""
    view = signed_in(request)
    allow(request, view, "applications.apply")
    asked = parameters(request, "number", view=view)
    if not asked.get("number", "").strip():
        raise UsageError("A colleague is found by their exact staff or student number.")
    found = services(request)
    person = audited_read(
        found.audit,
        view.actor,
        "colleague.find",
        lambda: find_colleague(found.reader, found.engine, asked["number"], found.clock()),
        detail={"page": "application_form", **office_of(found.reader, view.standing)},
        result=lambda one: {"found": f"person:{one.person_key}"},
        concern=lambda one: named([one.person_key] if one else ()),
    )
    return answer(person.shown)


async def check(request: Request) -> Response:
    """Problems, proposals, values to limit rows by and live counts of a form as it stands."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_document(request, content=dict)
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "applications.apply")
        shown, _people = audited_read(
            found.audit,
            view.actor,
            "application.check",
            lambda: check_form(form_desk(found, view), body["content"]),
            detail={"page": "application_form", **office_of(found.reader, view.standing)},
            concern=lambda answer: named(one.person_key for one in (answer[1] if answer else ())),
            result=lambda answer: {
                "tables": sorted(answer[0]["counts"]["tables"]) if answer[0]["counts"] else [],
                "found": sorted(f"person:{one.person_key}" for one in answer[1]),
            },
        )
        return shown

    return answer(await run_in_threadpool(work))


def _line(draft: ApplicationDraft) -> dict[str, Any]:
    return {
        "id": draft.id,
        "version": draft.version,
        "saved_at": draft.saved_at,
        "application": draft.application_id,
        "content": draft.content,
    }


def my_drafts(request: Request) -> Response:
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "applications.own")
    with session(services(request).engine, read_only=True) as opened:
        drafts = [_line(draft) for draft in drafts_of(opened, view.person.person_key)]
    return answer({"drafts": drafts})


def my_draft(request: Request) -> Response:
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "applications.own")
    with session(services(request).engine, read_only=True) as opened:
        draft = own_draft(opened, request.path_params["draft"], view.person.person_key)
        return answer(_line(draft))


async def save(request: Request) -> Response:
    """Save a form as it stands: `draft` empty for a new one, `version` the one that was open."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_document(request, draft=str, version=int, content=dict)
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "applications.apply")
        if unknown := set(body["content"]) - set(Content.model_fields):
            raise UsageError(f"The form has no such field: {', '.join(sorted(unknown)[:5])}.")
        draft = save_draft(
            found.audit,
            view.person.person_key,
            body["content"],
            draft_id=body["draft"] or None,
            version=body["version"],
            now=found.clock(),
        )
        return _line(draft)

    return answer(await run_in_threadpool(work))


async def begin(request: Request) -> Response:
    """A draft filled in from an application of one's own that came back (`application`), or to
    lengthen a grant (`grant`); the other is empty."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_document(request, application=str, grant=str)
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "applications.apply")
        if bool(body["application"]) == bool(body["grant"]):
            raise UsageError("Name an application or a grant.")
        document, again = (
            _returned(found, view, body["application"])
            if body["application"]
            else (_extension(found, view, body["grant"]), None)
        )
        with session(found.engine, read_only=True) as opened:
            for draft in drafts_of(opened, view.person.person_key):
                extends = draft.content.get("extends")
                if (again and draft.application_id == again) or (
                    body["grant"] and extends == body["grant"]
                ):
                    return _line(draft)
        draft = save_draft(
            found.audit,
            view.person.person_key,
            document,
            application_id=again,
            now=found.clock(),
        )
        return _line(draft)

    return answer(await run_in_threadpool(work))


def _returned(found: Services, view: SessionView, wanted: str) -> tuple[dict[str, Any], str]:
    with applications(found, view) as reading:
        state, row = reading.known(wanted)
        if row.applicant_key != view.person.person_key or state.status != "returned":
            raise NotFound("No application of yours was returned under that number.")
        hidden = hidden_from(reading.opened, view.person.person_key, found.clock())
        return form_document(found.reader, state.content, hidden=hidden), row.id


def _extension(found: Services, view: SessionView, wanted: str) -> dict[str, Any]:
    with session(found.engine, read_only=True) as opened:
        grants = GrantReader(
            opened, found.reader, found.settings.paths, view.standing, found.clock()
        )
        grant = grants.to_extend(wanted)
        content = application_state(opened, str(grant.application_id)).content
        hidden = hidden_from(opened, view.person.person_key, found.clock())
    document = form_document(found.reader, content, hidden=hidden)
    return {**document, "extends": grant.id, "first_day": None, "last_day": None}


def discard(request: Request) -> Response:
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "applications.apply")
    found = services(request)
    drop_draft(found.audit, request.path_params["draft"], view.person.person_key)
    return answer({"discarded": True})


async def submit_draft(request: Request) -> Response:
    """Submit a draft as it was shown (`version`), anew for `application` where that came back,
    else empty. Twice is one application."""
    view = await run_in_threadpool(signed_in, request)
    body = await json_document(request, draft=str, version=int, application=str)
    found = services(request)

    def work() -> dict[str, Any]:
        parameters(request, view=view)
        allow(request, view, "applications.apply")
        me, reference = view.person.person_key, f"draft:{body['draft']}"
        with session(found.engine, read_only=True) as opened:
            if before := _submitted(opened, me, reference, body["application"]):
                return {"application": before}
            draft = own_draft(opened, body["draft"], me)
        if draft.version != body["version"]:
            raise Conflict(
                "The draft was changed in another window.", next_step="Look through it again."
            )
        content, people = form_desk(found, view).read(draft.content)
        if len(people) != len(draft.content.get("users") or []):
            raise UsageError("One of the users' numbers is nobody's.")
        check_content(found.reader, content, me)
        made = submit(
            found.audit,
            content,
            actor_of(view.standing),
            recorded_by=view.actor,
            heads=heads_by_unit(found.reader),
            application_id=draft.application_id,
            reference=reference,
            now=found.clock(),
        )
        drop_draft(found.audit, draft.id, me)
        return {"application": made}

    return answer(await run_in_threadpool(work))


def _submitted(opened: Session, me: int, reference: str, again: str) -> str | None:
    """The application that a first click has made already, or has submitted anew."""
    wanted = (Application.id == again) if again else (Application.reference == reference)
    row = opened.scalars(select(Application).where(wanted, Application.applicant_key == me)).first()
    if row is None or (again and application_state(opened, row.id).status != "open"):
        return None
    return row.id


ROUTES = [
    Route("/v1/form", form, methods=["GET"]),
    Route("/v1/form/check", check, methods=["POST"]),
    Route("/v1/colleagues", colleague, methods=["GET"]),
    Route("/v1/drafts", my_drafts, methods=["GET"]),
    Route("/v1/drafts", save, methods=["POST"]),
    Route("/v1/drafts/begin", begin, methods=["POST"]),
    Route("/v1/drafts/submit", submit_draft, methods=["POST"]),
    Route("/v1/drafts/{draft}", my_draft, methods=["GET"]),
    Route("/v1/drafts/{draft}", discard, methods=["DELETE"]),
]
