"""A page of statistics as its export holds it: what was on the screen, and nothing else.

The page puts it together from what it shows at that moment, in the language and under the filters
of its reader. Whoever writes a workbook, a PDF or a picture of it reads this and asks nobody for
more, so that an export can never hold more than the page showed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Column", "ExportChart", "ExportPage", "ExportTable"]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `kind` says how a value is written. `text` stays as it is; `date` is an ISO day; `figure` is a
    number in `unit`, a unit of the indicators (`人`, `%`, `比值`, `元`), or, where `unit` is empty,
    in the unit that the row holds under `unit`. A text in the place of a figure or a date is
    what the page said instead of it (`少于设定人数，不显示`) and is written as that text; None is
    a value that is missing.
    """

    key: str
    heading: str
    kind: Literal["text", "figure", "date"] = "text"
    unit: str = ""


@dataclass(frozen=True)
class ExportTable:
    """Rows of a table in the order in which they were shown, by the keys of its columns."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class ExportChart:
    """A chart with its data. `alt` says in words what it shows; `spec` is the Vega-Lite
    specification that the page draws, of either theme: print takes the colours of paper."""

    title: str
    alt: str
    spec: Mapping[str, Any]


@dataclass(frozen=True)
class ExportPage:
    """All of it. `address` is the path with its filters (`/statistics?unit=college:01`),
    `release` the id and `as_of` the moment (ISO, UTC) or day up to which the data reach.

    `definitions` are the indicators shown, as the gateway gives them (`id`, `name`, `formula`,
    `source`, `owners`, `target_text`, `certainty`, `note`), each with `signed`: `signed`,
    `unsigned`, `changed`, `rejected`, `running` or `unknown`.
    """

    title: str
    subtitle: str
    address: str
    release: str
    as_of: str
    tables: Sequence[ExportTable] = ()
    charts: Sequence[ExportChart] = ()
    definitions: Sequence[Mapping[str, Any]] = ()
