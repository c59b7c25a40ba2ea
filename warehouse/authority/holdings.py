"""What the current release holds of each item of annexes 3 and 4."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warehouse.authority.model import Authority
from warehouse.engine import open_release
from warehouse.home import Home

__all__ = ["Holding", "describe_items", "read_holdings"]


@dataclass(frozen=True)
class Holding:
    """`holders` are the released tables and their columns. `coverage` is the share (0–1) of the
    staff or students who have the item; `due` says whether each of them should. `oldest` and
    `newest` are UTC. None where nothing is held."""

    holders: tuple[Mapping[str, Any], ...]
    coverage: float | None
    oldest: datetime | None
    newest: datetime | None
    due: bool | None = None


def read_holdings(home: Home) -> dict[str, Holding]:
    """By item code; empty where nothing has been published yet."""
    if not home.current_release.is_file():
        return {}
    release = home.current_release.read_text(encoding="utf-8").strip()
    with open_release(home.releases / release / "personal.duckdb") as connection:
        found = connection.execute("FROM item")
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {
        row["code"]: Holding(
            tuple(json.loads(row["holders"] or "[]")),
            row["coverage"],
            row["oldest"],
            row["newest"],
            row.get("is_due"),  # a release from before it was told does not have it
        )
        for row in rows
    }


def describe_items(
    authority: Authority,
    sources: Mapping[str, Iterable[tuple[str, Iterable[str]]]],
    holdings: Mapping[str, Holding],
) -> list[dict[str, Any]]:
    """One entry for each of the 65 items, in the annexes' order.

    `sources` gives per item code the delivered tables and columns that hold it.
    """
    nothing = Holding((), None, None, None)
    described = []
    for item in authority.items:
        held = holdings.get(item.code, nothing)
        described.append(
            {
                "code": item.code,
                "name": item.title,
                "owner": authority.unit_title(item.owner_id),
                "deadline": item.deadline,
                "source": [
                    {"table": table, "columns": list(columns)}
                    for table, columns in sources.get(item.code, ())
                ],
                "personal": [dict(holder) for holder in held.holders],
                "coverage": held.coverage,
                "due": held.due,
                "oldest": held.oldest,
                "newest": held.newest,
                "planned_source": item.source_code,
                "note": item.note,
            }
        )
    return described
