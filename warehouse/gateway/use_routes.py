"""Who used my data: a page of uses of the person who is signed in."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.use_kinds import KINDS
from warehouse.access.uses import MOST, PAGE, Wanted, uses_of
from warehouse.audit import audited_read
from warehouse.errors import UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.guard import allow, parameters, services, signed_in

__all__ = ["ROUTES"]


def my_uses(request: Request) -> Response:
    """`since` and `before` are days of the school, `kind` one of `KINDS`, `limit` how many lines at
    least; `next` of the answer is the `before` of the following page."""
    view = signed_in(request)
    asked = parameters(request, "since", "before", "kind", "limit", view=view)
    allow(request, view, "my.uses")
    wanted, found = _wanted(asked), services(request)
    return answer(
        audited_read(
            found.audit,
            view.actor,
            "personal.read",
            lambda: uses_of(
                found.engine,
                view.person.person_key,
                view.person.annex_kinds,
                wanted,
                now=found.clock(),
                home=found.settings.paths,
            ),
            subject=view.actor,
            detail={"page": "my_uses", "purpose": "own_data"},
            result=lambda page: {"rows": len(page["uses"])},
        )
    )


def _wanted(asked: dict[str, str]) -> Wanted:
    kind = asked.get("kind", "all")
    if kind not in KINDS:
        raise UsageError("There is no such kind of use.", next_step=f"One of: {', '.join(KINDS)}.")
    limit = asked.get("limit", str(PAGE))
    if not (limit.isascii() and limit.isdigit() and 0 < int(limit) <= MOST):
        raise UsageError(f"limit is a number from 1 to {MOST}.")
    return Wanted(_day(asked, "since"), _day(asked, "before"), kind, int(limit))


def _day(asked: dict[str, str], name: str) -> date | None:
    value = asked.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UsageError(f"{name} is a day such as 2026-11-20.") from None


ROUTES = [Route("/v1/my/uses", my_uses, methods=["GET"])]
