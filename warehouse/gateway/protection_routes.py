"""What protects the reader, whom they answer for, and what follows from being under eighteen."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.colleagues import colleagues
from warehouse.access.minors import ADULT_AT, CHILD_UNDER, minors
from warehouse.access.sessions import SessionView
from warehouse.audit import person
from warehouse.authority import load_authority
from warehouse.gateway.answers import answer
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.gateway.own_reads import own_read
from warehouse.governance.appointments import school_day
from warehouse.governance.protection import protections
from warehouse.state import session
from warehouse.state.models import Protection

__all__ = ["ROUTES"]


def my_protection(request: Request) -> Response:
    view = signed_in(request)
    parameters(request, view=view)
    allow(request, view, "my.protection")
    found = services(request)
    document, others = own_read(
        found,
        view,
        "my_protection",
        lambda: _read(found, view),
        lambda told: {"rows": len(told[1])},
    )
    with found.audit.transaction() as entry:
        for key in others:
            entry.record(
                view.actor,
                "person.protected",
                subject=person(key),
                detail={"page": "my_protection", "purpose": "management"},
            )
    return answer(document)


def _read(found: Services, view: SessionView) -> tuple[dict[str, Any], list[int]]:
    me, now = view.person.person_key, found.clock()
    with session(found.engine, read_only=True) as opened:
        rows = protections(opened, now)
    own = next((row for row in rows if row.person_key == me), None)
    mine = [row for row in rows if row.owner_key == me]
    keys = {row.person_key for row in mine}
    owner = own.owner_key if own is not None else None
    # The answerable person is named to the protected: they need somebody to turn to.
    people = colleagues(found.reader, keys | ({owner} if owner else set()), hidden=())
    units = load_authority(home=found.settings.paths).units

    def span(row: Protection) -> dict[str, Any]:
        return {
            "unit": units.get(row.owner_unit, row.owner_unit),
            "since": row.valid_from,
            "until": row.valid_to,
        }

    document = {
        "protected": own and {**span(own), "owner": people[owner].name if owner else None},
        "answers_for": [{**span(row), **people[row.person_key].shown} for row in mine],
        "minor": _minor(minors(found.reader).get(me), school_day(now)),
    }
    return document, sorted(keys)


def _minor(born: date | None, today: date) -> dict[str, Any] | None:
    """The day of coming of age, and whether the person is a child by PIPL Article 31."""
    if born is None or today >= birthday(born, ADULT_AT):
        return None
    return {
        "adult_on": birthday(born, ADULT_AT),
        "is_child": today < birthday(born, CHILD_UNDER),
    }


def birthday(born: date, age: int) -> date:
    """Who is born on 29 February comes of age on 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


ROUTES = [Route("/v1/my/protection", my_protection, methods=["GET"])]
