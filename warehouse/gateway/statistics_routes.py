"""Statistics for leaders, receipts behind the figures, and the public file."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.reader import Cursor
from warehouse.access.statistics import LEVELS, read_receipt, read_statistics, release_note
from warehouse.audit import audited_read
from warehouse.errors import UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.guard import Services, allow, parameters, services, signed_in
from warehouse.gateway.kept_answers import KeptPart, Question, tagged

__all__ = ["ROUTES"]


def _listed(value: str | None, allowed: tuple[str, ...] | None = None) -> list[str]:
    found = [part.strip() for part in (value or "").split(",") if part.strip()]
    if len(found) > 200 or (allowed and set(found) - set(allowed)):
        raise UsageError(
            "The request asks for a level that does not exist, or for too much at once.",
            next_step=f"Levels: {', '.join(LEVELS)}.",
        )
    return found


def statistics(request: Request) -> Response:
    view = signed_in(request)
    allow(request, view, "statistics.read")
    asked = parameters(request, "indicator", "level", view=view)
    indicators = _listed(asked.get("indicator"))
    levels = _listed(asked.get("level"), LEVELS)
    found = services(request)

    def read() -> tuple[KeptPart, dict[str, Any]]:
        with found.reader.open("statistics") as (cursor, release):
            part = _figures(found, "statistics", cursor, release.id, indicators, levels)
            note = release_note(release)
        return part, {"sign_offs": found.signing.states(), "release": note}

    part, rest = audited_read(
        found.audit,
        view.actor,
        "statistics.read",
        read,
        detail={"page": "overview_statistics", "levels": levels},
        result=lambda d: {"release": d[1]["release"]["id"], "rows": d[0].rows},
    )
    return tagged(request, part, rest)


def _figures(
    found: Services,
    audience: str,
    cursor: Cursor,
    release: str,
    indicators: list[str],
    levels: list[str],
) -> KeptPart:
    """All who may read an audience's figures are shown the same of them."""
    asked = ("figures", frozenset(indicators), frozenset(levels))

    def make() -> KeptPart:
        document = read_statistics(cursor, indicators=indicators, levels=levels)
        return KeptPart.of(document, len(document["values"]))

    return found.kept.part(Question(audience, release, "all", asked), make)


def receipt(request: Request) -> Response:
    view = signed_in(request)
    allow(request, view, "statistics.read")
    asked = parameters(request, "indicator", view=view)
    if "indicator" not in asked:
        raise UsageError("A receipt needs the parameter indicator.")
    found = services(request)

    def read() -> dict[str, Any]:
        with found.reader.open("statistics") as (cursor, release):
            document = read_receipt(cursor, asked["indicator"], release.manifest)
            note = release_note(release)
        sign_offs = found.signing.described([document["indicator"]["row_code"]])
        return {**document, "sign_offs": sign_offs, "release": note}

    return answer(
        audited_read(
            found.audit,
            view.actor,
            "statistics.read",
            read,
            detail={"page": "receipt"},
            result=lambda d: {"release": d["release"]["id"], "indicator": d["indicator"]["id"]},
        )
    )


def public_statistics(request: Request) -> Response:
    asked = parameters(request, "indicator", "level")
    found = services(request)
    indicators = _listed(asked.get("indicator"))
    levels = _listed(asked.get("level"), LEVELS)
    with found.reader.open("public") as (cursor, release):
        part = _figures(found, "public", cursor, release.id, indicators, levels)
        note = release_note(release)
    try:
        sign_offs = found.signing.states()
    except SQLAlchemyError:  # public figures are served also while the registry is away
        sign_offs = {}
    return tagged(request, part, {"sign_offs": sign_offs, "release": note})


def public_release(request: Request) -> Response:
    parameters(request)
    with services(request).reader.open("public") as (_cursor, release):
        return answer(release_note(release))


ROUTES = [
    Route("/v1/statistics", statistics, methods=["GET"]),
    Route("/v1/statistics/receipt", receipt, methods=["GET"]),
    Route("/v1/public/statistics", public_statistics, methods=["GET"]),
    Route("/v1/public/release", public_release, methods=["GET"]),
]
