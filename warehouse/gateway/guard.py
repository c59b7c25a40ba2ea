"""What stands before every route: the services, the session, the parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from starlette.requests import Request

from warehouse.access.granted_sql import SqlRunner
from warehouse.access.policy import may, require
from warehouse.access.reader import Reader
from warehouse.access.sessions import Sessions, SessionView
from warehouse.access.signing import Signing
from warehouse.audit import Audit
from warehouse.errors import NotSignedIn, UsageError
from warehouse.gateway.kept_answers import KeptAnswers
from warehouse.settings import Settings

__all__ = ["Services", "allow", "bearer", "parameters", "services", "signed_in"]

#: Names that try to say whose data is wanted. They are noted in the log by name, without value.
PERSON_PARAMETERS = frozenset(
    {"person", "person_key", "person_id", "number", "student_no", "staff_no", "student", "staff"}
    | {"subject", "user", "user_id", "uid", "sub", "id", "as", "name", "key"}
)


@dataclass(frozen=True)
class Services:
    """Everything a route may use; made once by `create_app`."""

    settings: Settings
    engine: Engine
    reader: Reader
    audit: Audit
    sessions: Sessions
    sql: SqlRunner
    signing: Signing
    kept: KeptAnswers
    clock: Callable[[], datetime]


def services(request: Request) -> Services:
    """The services of this application."""
    return request.app.state.services


def bearer(request: Request) -> str:
    """The ID token of the Authorization header, or `NotSignedIn`."""
    values = request.headers.getlist("authorization")
    scheme, _, token = (values[0] if len(values) == 1 else "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn("You are not signed in.", next_step="Sign in.")
    return token.strip()


def signed_in(request: Request) -> SessionView:
    """The session behind this request, checked now."""
    return services(request).sessions.check(bearer(request))


def allow(request: Request, view: SessionView, action: str) -> None:
    """Raise `Forbidden` unless policy allows the action; the try is noted in the log."""
    if may(view.standing, action):
        return
    services(request).audit.event(
        view.actor,
        "access.refuse",
        detail={"action": action, "route": request.scope["route"].path},
    )
    require(view.standing, action)


def parameters(request: Request, *allowed: str, view: SessionView | None = None) -> dict[str, str]:
    """The query parameters, each allowed and given once; `UsageError` (400) otherwise.

    One that names a person is a try at another's data: it is noted in the log first.
    """
    given: list[tuple[str, Any]] = request.query_params.multi_items()
    names = [name for name, _ in given]
    if forged := sorted(PERSON_PARAMETERS.intersection(n.lower() for n in names) - set(allowed)):
        services(request).audit.event(
            view.actor if view else "anonymous",
            "request.forged",
            detail={"route": request.scope["route"].path, "parameters": forged},
        )
        raise UsageError(
            "A page shows the person who is signed in and takes no other.",
            next_step="Ask again without parameters.",
        )
    if set(names) - set(allowed) or len(set(names)) != len(names):
        listed = ", ".join(allowed) or "none"
        raise UsageError(
            "The request has a parameter that this address does not take.",
            next_step=f"Parameters here, each once: {listed}.",
        )
    return dict(given)
