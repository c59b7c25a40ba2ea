"""Papers: scans in and out, applications and undertakings as PDF.

A file leaves with `no-store` and as an attachment, so that no browser shows it as a page of ours
or keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.application_access import (
    acts_on_application,
    may_read_application,
    may_read_undertaking,
    named_in,
)
from warehouse.access.application_paper import application_pdf
from warehouse.access.correction_desk import correction_of_scan
from warehouse.access.own_units import office_of
from warehouse.access.sessions import SessionView
from warehouse.access.undertaking_paper import own_id_card, undertaking_pdf
from warehouse.audit import audited_read, named, person
from warehouse.errors import NotFound, UsageError
from warehouse.gateway.answers import answer, attachment
from warehouse.gateway.bodies import raw_body
from warehouse.gateway.governance_guard import correction_desk
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.governance.applications import application_state
from warehouse.governance.attachments import (
    MOST_BYTES,
    find_attachment,
    read_attachment,
    store_attachment,
    used_in,
)
from warehouse.state import session
from warehouse.state.corrections import Correction
from warehouse.state.models import Attachment, Undertaking

__all__ = ["ROUTES", "scan_of"]

_RAW = "Send the scan alone, with its media type, as the body of the request."
_ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


async def upload(request: Request) -> Response:
    """Take a scan in: the raw body, declared as what it is. Answers with its sha256."""
    view = await run_in_threadpool(signed_in, request)
    parameters(request, view=view)
    await run_in_threadpool(allow, request, view, "attachments.add")
    content, declared = await scan_of(request)
    found = services(request)
    digest = await run_in_threadpool(
        lambda: store_attachment(
            found.audit,
            found.settings.paths,
            content,
            actor=view.actor,
            media_type=declared,
            now=found.clock(),
        )
    )
    return answer({"attachment": digest, "media_type": declared, "bytes": len(content)})


def download(request: Request) -> Response:
    """A scan, for those who act on what it stands with."""
    view = signed_in(request)
    parameters(request, view=view)
    found, digest = services(request), request.path_params["digest"]
    with session(found.engine, read_only=True) as opened:
        try:
            row = find_attachment(opened, digest)
            shown = _corrections_of(found, opened, view, digest)
            if not (shown or _may_read_scan(opened, view, row)):
                raise NotFound("There is no such attachment.")
        except NotFound:
            _note_refusal(found, view, "attachment.read")
            raise
        people = _shown_in(opened, digest)
    return _file(
        found,
        view,
        "attachment.read",
        lambda: read_attachment(found.settings.paths, digest),
        # Evidence is about the person who brought it.
        subject=person(shown[0].person_key) if shown else None,
        detail={
            "attachment": digest,
            **({"correction": shown[0].id} if shown else {}),
            **office_of(found.reader, view.standing),
        },
        people=people,
        name=f"{digest[:16]}.{_ENDINGS[row.media_type]}",
        media_type=row.media_type,
    )


def application_paper(request: Request) -> Response:
    """The form of annex 5 of one application, as it stands."""
    view = signed_in(request)
    parameters(request, view=view)
    found, application_id = services(request), request.path_params["application"]
    with session(found.engine, read_only=True) as opened:
        try:
            state = application_state(opened, application_id)
            if not may_read_application(view.standing, state):
                raise NotFound("There is no such application.")
        except NotFound:
            _note_refusal(found, view, "application.print")
            raise NotFound("There is no such application.") from None
    return _file(
        found,
        view,
        "application.print",
        lambda: application_pdf(
            found.settings, found.engine, found.reader, application_id, now=found.clock()
        ),
        detail={"application": application_id, **office_of(found.reader, view.standing)},
        people=named_in(state),
        name=f"{application_id}.pdf",
    )


def undertaking_paper(request: Request) -> Response:
    """The form of annex 6 of one undertaking. Whoever prints their own finds their identity
    number filled in from their own record; on anybody else's print the line stays empty."""
    view = signed_in(request)
    parameters(request, view=view)
    found, number = services(request), request.path_params["undertaking"]
    with session(found.engine, read_only=True) as opened:
        row = opened.get(Undertaking, number)
        if row is None or not may_read_undertaking(view.standing, row):
            _note_refusal(found, view, "undertaking.print")
            raise NotFound("There is no such undertaking.")
        own = row.party == "person" and row.person_key == view.person.person_key

    def read() -> bytes:
        id_card = ""
        if own:
            with found.reader.open("personal") as (cursor, _release):
                id_card = own_id_card(cursor, view.person.person_key)
        return undertaking_pdf(
            found.settings, found.engine, found.reader, number, now=found.clock(), id_card=id_card
        )

    return _file(
        found,
        view,
        "undertaking.print",
        read,
        subject=person(row.person_key) if row.person_key is not None else None,
        detail={"undertaking": number, **office_of(found.reader, view.standing)},
        name=f"undertaking-{number}.pdf",
    )


def _may_read_scan(opened: Session, view: SessionView, row: Attachment) -> bool:
    """Whoever brought it may look at it before it stands anywhere; after that, who acts."""
    applications, undertakings = used_in(opened, row.sha256)
    if row.by == view.actor or any(
        held.role in ("working_group", "auditor") for held in view.standing.roles
    ):
        return True
    return any(
        acts_on_application(view.standing, application_state(opened, one)) for one in applications
    ) or any(may_read_undertaking(view.standing, one) for one in undertakings)


def _shown_in(opened: Session, digest: str) -> set[int]:
    """Whom a scan shows: those of the applications it stands with, and who is bound by it."""
    applications, undertakings = used_in(opened, digest)
    found = {one.person_key for one in undertakings if one.person_key is not None}
    return found.union(*(named_in(application_state(opened, one)) for one in applications))


def _corrections_of(
    found: Services, opened: Session, view: SessionView, digest: str
) -> list[Correction]:
    """The corrections with this scan as evidence that this person may open."""
    desk = correction_desk(found, view, opened)
    return [row for row in correction_of_scan(opened, digest) if desk.may_see(row)]


def _note_refusal(found: Services, view: SessionView, action: str) -> None:
    found.audit.event(view.actor, "access.refuse", detail={"action": action})


def _file(
    found: Services,
    view: SessionView,
    action: str,
    read: Callable[[], bytes],
    *,
    detail: dict[str, object],
    name: str,
    media_type: str = "application/pdf",
    subject: str | None = None,
    people: Iterable[int] = (),
) -> Response:
    content = audited_read(
        found.audit,
        view.actor,
        action,
        read,
        subject=subject,
        detail=detail,
        result=lambda body: {"bytes": len(body)},
        concern=lambda body: named(people) if body else None,
    )
    return attachment(content, name, media_type)


async def scan_of(request: Request) -> tuple[bytes, str]:
    """The scan that is the body of a request, and what its sender says it is."""
    declared = request.headers.getlist("content-type")
    if len(declared) != 1 or declared[0] not in _ENDINGS:
        raise UsageError(
            "The media type must be application/pdf, image/png or image/jpeg.",
            next_step=_RAW,
        )
    return await raw_body(request, MOST_BYTES), declared[0]


ROUTES = [
    Route("/v1/attachments", upload, methods=["POST"]),
    Route("/v1/attachments/{digest}", download, methods=["GET"]),
    Route("/v1/applications/{application}/paper.pdf", application_paper, methods=["GET"]),
    Route("/v1/undertakings/{undertaking:int}/paper.pdf", undertaking_paper, methods=["GET"]),
]
