"""The definitions of the ministry's tables, read from `tables.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

__all__ = ["SURE", "Column", "Form", "Line", "Part", "forms"]

_FILE = Path(__file__).parent / "tables.yaml"
#: How a title, a line, a column or a rule is known.
SURE = ("read", "remembered", "ours")


@dataclass(frozen=True)
class Line:
    """A fixed line of a table; of majors and provinces the lines come with the data."""

    id: str
    title: str


@dataclass(frozen=True)
class Column:
    """A column: either `id`, which the models compute by `rule` from the landed `tables`
    ('system.table'), or `missing`, the reason why there is no number, with `why` in words and the
    unit that could supply one."""

    title: str
    sure: str
    id: str | None = None
    rule: str = ""
    rule_sure: str = "ours"
    tables: tuple[str, ...] = ()
    missing: str | None = None
    unit: str | None = None
    why: str = ""


@dataclass(frozen=True)
class Part:
    """One figure of an item of the report: an indicator's `show` (value or numerator) for one of
    the report's periods, by major too where `majors`; or what is `missing`."""

    item: int
    item_title: str
    label: str
    indicator: str | None = None
    show: str = "value"
    measure: str | None = None
    period: str = "census"
    majors: bool = False
    missing: str | None = None
    unit: str | None = None
    why: str = ""


@dataclass(frozen=True)
class Form:
    """A table of the ministry. `kind` is return (高基, whole cells, for the unit that files it) or
    report (supporting data, the figures that leaders see). `lines` is None where they are those of
    the data, `lines_by` says which. `unfilled` is the reason why nothing of it is filled.
    `counted_on` and `due` are month and day of the year it is filed for.
    """

    no: str
    kind: str
    title: str
    filed_by: str
    counted_on: tuple[int, int]
    due: tuple[int, int]
    due_sure: str
    sure: str
    source: str
    row: str | None = None
    measure: str = ""
    lines_by: str | None = None
    lines: tuple[Line, ...] | None = None
    lines_sure: str = "read"
    columns: tuple[Column, ...] = ()
    parts: tuple[Part, ...] = ()
    unfilled: str | None = None
    unit: str | None = None
    why: str = ""

    @property
    def number(self) -> str:
        """What the table is called: 高基312, or the report's short name."""
        return f"高基{self.no}" if self.kind == "return" else self.no

    def counted(self, year: int) -> date:
        return date(year, *self.counted_on)

    def due_on(self, year: int) -> date:
        return date(year, *self.due)


@lru_cache(maxsize=1)
def forms() -> Mapping[str, Form]:
    """Number → table, the report last."""
    written = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    found = [_return(entry, written["returns"]) for entry in written["tables"]]
    return {form.no: form for form in [*found, _report(written["report"])]}


def _return(entry: Mapping[str, Any], common: Mapping[str, Any]) -> Form:
    sure = entry["sure"]
    columns_sure = entry.get("columns_sure", sure)
    lines = entry.get("lines")
    fixed = isinstance(lines, list)
    return Form(
        no=entry["table"],
        kind="return",
        title=entry["title"],
        filed_by=common["filed_by"],
        counted_on=_day(common["counted_on"]),
        due=_day(common["due"]),
        due_sure=common["sure"],
        sure=sure,
        source="；".join(filter(None, (entry.get("source"), common["source"]))),
        row=entry.get("row"),
        measure=entry.get("measure", ""),
        lines_by=None if fixed else lines,
        lines=tuple(Line(line["id"], line["title"]) for line in lines) if fixed else None,
        lines_sure=entry.get("lines_sure", "ours" if lines else sure),
        columns=tuple(
            _column(column, columns_sure, entry.get("tables", ()))
            for column in entry.get("columns", ())
        ),
        unfilled=entry.get("unfilled"),
        unit=entry.get("unit"),
        why=entry.get("why", ""),
    )


def _column(entry: Mapping[str, Any], sure: str, tables: list[str]) -> Column:
    return Column(
        title=entry["title"],
        sure=entry.get("sure", sure),
        id=entry.get("id"),
        rule=entry.get("rule", ""),
        rule_sure=entry.get("rule_sure", "ours"),
        tables=(*tables, *entry.get("tables", ())) if "id" in entry else (),
        missing=entry.get("missing"),
        unit=entry.get("unit"),
        why=entry.get("why", ""),
    )


def _report(entry: Mapping[str, Any]) -> Form:
    return Form(
        no=entry["table"],
        kind="report",
        title=entry["title"],
        filed_by=entry["filed_by"],
        counted_on=_day(entry["counted_on"]),
        due=_day(entry["due"]),
        due_sure=entry["due_sure"],
        sure=entry["sure"],
        source=entry["source"],
        lines_sure=entry["items_sure"],
        parts=tuple(
            Part(item=number, item_title=item["title"], **part)
            for number, item in enumerate(entry["items"], start=1)
            for part in item["parts"]
        ),
    )


def _day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)
