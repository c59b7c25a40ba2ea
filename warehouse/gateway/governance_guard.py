"""What the routes of governance share: lists read under the log, forms of who fills them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from warehouse.access.application_desk import actor_of
from warehouse.access.application_view import ApplicationReader
from warehouse.access.correction_desk import CorrectionDesk
from warehouse.access.form_check import FormDesk
from warehouse.access.grant_view import GrantReader
from warehouse.access.sessions import SessionView
from warehouse.audit import audited_read
from warehouse.errors import UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.state import session

__all__ = ["applications", "correction_desk", "form_desk", "listed", "listing"]


@contextmanager
def applications(found: Services, view: SessionView) -> Iterator[ApplicationReader]:
    """The applications that this person may read."""
    with session(found.engine, read_only=True) as opened:
        yield ApplicationReader(
            opened, found.reader, found.settings.paths, view.standing, found.clock()
        )


def correction_desk(found: Services, view: SessionView, opened: Session) -> CorrectionDesk:
    """The corrections that this person may see."""
    return CorrectionDesk(opened, found.reader, found.settings.paths, view.standing, found.clock())


def listed(
    request: Request,
    scopes: Mapping[str, str],
    action: str,
    name: str,
    kind: type[ApplicationReader] | type[GrantReader] | type[CorrectionDesk],
) -> Response:
    """The list that `scope` names (default mine); `scopes` maps each to the action it needs."""
    view = signed_in(request)
    scope = parameters(request, "scope", view=view).get("scope", "mine")
    if scope not in scopes:
        raise UsageError(
            "There is no such list.", next_step=f"scope is one of: {', '.join(scopes)}."
        )
    allow(request, view, scopes[scope])
    found = services(request)

    def read(opened: Session) -> list[dict[str, Any]]:
        return kind(
            opened, found.reader, found.settings.paths, view.standing, found.clock()
        ).listed(scope)

    return answer(listing(found, view, action, name, read, scope=scope))


def form_desk(found: Services, view: SessionView) -> FormDesk:
    return FormDesk(actor_of(view.standing), found.reader, found.engine, found.clock())


def listing(
    found: Services,
    view: SessionView,
    action: str,
    name: str,
    read: Callable[[Session], list[dict[str, Any]]],
    **about: Any,
) -> dict[str, Any]:
    """`{name: rows}`, read between two records in the log that hold how many there were."""

    def reading() -> dict[str, Any]:
        with session(found.engine, read_only=True) as opened:
            return {name: read(opened)}

    return audited_read(
        found.audit,
        view.actor,
        action,
        reading,
        detail=about,
        result=lambda document: {"rows": len(document[name])},
    )
