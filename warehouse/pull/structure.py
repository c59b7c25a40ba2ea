"""Whether a source holds what the contract wants (Article 7), judged before anything is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from warehouse.contracts.model import TECHNICAL_COLUMNS, Column
from warehouse.errors import PullError
from warehouse.pull.dialects import Described
from warehouse.pull.sources import TableSource

__all__ = ["Chosen", "Plan", "plan_columns"]

_NUMBERS = ("int", "decimal", "number", "bool")
#: Contract type → families that may hold it. A float never holds an exact number or a code.
_FITS = {
    "string": ("text", "int", "decimal", "number", "bool", "date", "timestamp", "zoned", "time"),
    "int": ("text", *_NUMBERS),
    "decimal": ("text", *_NUMBERS),
    "date": ("date", "timestamp", "text", "int", "decimal", "number"),
    "month": ("text", "date", "timestamp", "int", "decimal", "number"),
    "timestamp": ("timestamp", "zoned", "date", "text"),
    "bool": ("bool", "bit", "int", "decimal", "number", "text"),
}
_FITS["text"] = _FITS["string"]
_TECHNICAL_TYPES = {"VARCHAR": "string", "TIMESTAMP": "timestamp", "BOOLEAN": "bool"}


@dataclass(frozen=True)
class Chosen:
    """`target` of the file is filled from `source`."""

    source: Described
    target: str
    type: str


@dataclass(frozen=True)
class Plan:
    """What is selected: `columns` in the file's order; `watermark` is a column of the source."""

    columns: tuple[Chosen, ...]
    watermark: Described | None


def plan_columns(declared: TableSource, described: Sequence[Described]) -> Plan:
    """Match the source's columns with the contract's.

    Raises `PullError` (structure) that names every column that is missing, ambiguous or of a type
    that cannot fit. Columns that nothing asks for are left alone.
    """
    table = declared.table
    problems: list[str] = []
    by_name: dict[str, list[Described]] = {}
    for column in described:
        by_name.setdefault(column.name.lower(), []).append(column)

    def find(name: str, purpose: str) -> Described | None:
        found = by_name.get(name.lower(), [])
        exact = [column for column in found if column.name == name]
        if len(exact) == 1:
            found = exact
        if len(found) == 1:
            return found[0]
        what = "stands there twice" if found else "is missing"
        problems.append(f"{name}{purpose} {what}")
        return None

    sources = {target: name for name, target in declared.columns.items()}
    if declared.deleted_flag:
        sources["is_deleted"] = declared.deleted_flag
    chosen = []
    for column in (*table.columns, *_technical(sources, table.column_names)):
        name = sources.get(column.name, column.name)
        purpose = "" if name == column.name else f" (for {column.name})"
        if (source := find(name, purpose)) is None:
            continue
        kind = column.type.partition("(")[0]
        flag = column.name == "is_deleted" and declared.deleted_values
        if source.family not in _FITS["string" if flag else kind]:
            problems.append(
                f"{name}{purpose} is {source.type_name}, which cannot hold {column.type} exactly"
            )
        chosen.append(Chosen(source, column.name, "deleted" if flag else kind))
    watermark = find(declared.watermark, " (watermark)") if declared.watermark else None
    if watermark is not None:
        problems += _watermark_problems(declared, watermark)
    if problems:
        raise PullError(
            "structure",
            f"{table.id}: the source does not hold what the contract wants: "
            + "; ".join(problems)
            + ".",
            next_step="Mend columns or query in sources.toml (a CAST makes a type fit). If the "
            "source has changed, it is a change of structure: apply for it (Article 7).",
        )
    return Plan(tuple(chosen), watermark)


def _technical(sources: dict[str, str], declared: tuple[str, ...]) -> list[Column]:
    return [
        Column(name, _TECHNICAL_TYPES[sql_type], name)
        for name, sql_type in TECHNICAL_COLUMNS.items()
        if name in sources and name not in declared
    ]


def _watermark_problems(declared: TableSource, watermark: Described) -> list[str]:
    moment = watermark.family in ("timestamp", "zoned", "date")
    if not moment and watermark.family not in ("int", "decimal", "number"):
        return [f"{watermark.name} (watermark) is {watermark.type_name}, no time and no number"]
    if moment != isinstance(declared.overlap, timedelta):
        wanted = 'a span such as "2h"' if moment else "a whole number"
        return [
            f"{watermark.name} (watermark) is {watermark.type_name}, so overlap must be {wanted}"
        ]
    return []
