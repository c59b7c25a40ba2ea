"""Statistics for leaders, receipts behind the figures, and the public file."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.lateness import judged_at, late_deliveries
from warehouse.access.statistics import (
    LEVELS,
    read_receipt,
    read_statistics,
    read_units,
    release_note,
)
from warehouse.access.statistics_reach import reach_of
from warehouse.audit import audited_read
from warehouse.errors import UsageError
from warehouse.gateway.answers import answer
from warehouse.gateway.guard import allow, parameters, services, signed_in
from warehouse.gateway.kept_answers import KeptPart, Question, tagged
from warehouse.state import session

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
    """Figures that the reader may see, the units there are to choose from, and how far they see:
    all, or the school beside some units."""
    view = signed_in(request)
    allow(request, view, "statistics.read")
    asked = parameters(request, "indicator", "level", "row", "within", view=view)
    indicators = _listed(asked.get("indicator"))
    levels = _listed(asked.get("level"), LEVELS)
    found = services(request)

    rows, within = _listed(asked.get("row")), asked.get("within")

    def read() -> tuple[KeptPart, dict[str, Any]]:
        with found.reader.open("statistics") as (cursor, release):
            reach = reach_of(view.standing, cursor, release.manifest)

            def make() -> KeptPart:
                document = read_statistics(
                    cursor,
                    indicators=indicators,
                    levels=levels,
                    datasets=rows,
                    within=within,
                    reach=reach,
                )
                told = {
                    **document,
                    "units": read_units(cursor, reach),
                    "reach": {
                        "everything": reach.everything,
                        "units": reach.keys,
                        "datasets": None if reach.datasets is None else sorted(reach.datasets),
                    },
                }
                return KeptPart.of(told, len(document["values"]))

            asked_for = ("figures", *map(frozenset, (indicators, levels, rows)), within)
            part = found.kept.part(Question("statistics", release.id, reach, asked_for), make)
            note = release_note(release)
        return part, {"sign_offs": found.signing.states(), "release": note}

    part, rest = audited_read(
        found.audit,
        view.actor,
        "statistics.read",
        read,
        detail={"page": "overview_statistics", "levels": levels, "within": within or ""},
        result=lambda d: {"release": d[1]["release"]["id"], "rows": d[0].rows},
    )
    return tagged(request, part, rest)


def receipt(request: Request) -> Response:
    view = signed_in(request)
    allow(request, view, "statistics.read")
    asked = parameters(request, "indicator", view=view)
    if "indicator" not in asked:
        raise UsageError("A receipt needs the parameter indicator.")
    found = services(request)

    def read() -> dict[str, Any]:
        with found.reader.open("statistics") as (cursor, release):
            reach = reach_of(view.standing, cursor, release.manifest)
            document = read_receipt(cursor, asked["indicator"], release.manifest, reach=reach)
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


def late(request: Request) -> Response:
    """Deliveries that are late, and the indicators that rest on them."""
    view = signed_in(request)
    allow(request, view, "statistics.read")
    parameters(request, view=view)
    found = services(request)

    def read() -> dict[str, Any]:
        with found.reader.open("statistics") as (cursor, release):
            reach = reach_of(view.standing, cursor, release.manifest)
            indicators = read_statistics(cursor, levels=["school"], reach=reach)["indicators"]
            note = release_note(release)
        with session(found.engine, read_only=True) as opened:
            deliveries = late_deliveries(
                opened, indicators, judged_at(release.manifest["as_of"], found.clock())
            )
        return {"late": deliveries, "release": note}

    return answer(
        audited_read(
            found.audit,
            view.actor,
            "statistics.read",
            read,
            detail={"page": "late_deliveries"},
            result=lambda d: {"release": d["release"]["id"], "rows": len(d["late"])},
        )
    )


def public_statistics(request: Request) -> Response:
    asked = parameters(request, "indicator", "level")
    found = services(request)
    indicators = _listed(asked.get("indicator"))
    levels = _listed(asked.get("level"), LEVELS)
    with found.reader.open("public") as (cursor, release):

        def make() -> KeptPart:
            document = read_statistics(cursor, indicators=indicators, levels=levels)
            return KeptPart.of(document, len(document["values"]))

        asked_for = ("figures", frozenset(indicators), frozenset(levels))
        part = found.kept.part(Question("public", release.id, "anybody", asked_for), make)
        note, manifest = release_note(release), release.manifest
    try:  # the manifest tells what was signed: the statistics file stays shut
        sign_offs = found.signing.told_states(manifest)
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
    Route("/v1/statistics/late", late, methods=["GET"]),
    Route("/v1/public/statistics", public_statistics, methods=["GET"]),
    Route("/v1/public/release", public_release, methods=["GET"]),
]
