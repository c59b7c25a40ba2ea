"""Which column of a file is which column of the contract."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.contracts.model import TECHNICAL_COLUMNS, Table

__all__ = ["RETURN_HEADINGS", "TECHNICAL_TITLES", "HeadingMap", "fold", "map_headings"]

#: Chinese headings of the technical columns.
TECHNICAL_TITLES = {
    "source_system": "来源系统",
    "extracted_at": "抽取时间",
    "source_updated_at": "源更新时间",
    "is_deleted": "是否删除",
}
#: What a returned workbook says at its right end; passed over when it is handed in again.
RETURN_HEADINGS = ("退回原因", "修改建议")
_LONG_NUMBER = re.compile(r"\d{4,}")


@dataclass(frozen=True)
class HeadingMap:
    """`columns` names, for each position of the file, the contract's or technical column, or None
    where the heading is unknown. `chinese` counts headings given by title, `passed_over` the
    columns at the right end that are there on purpose and hold no data (`RETURN_HEADINGS`); they
    are not among `columns`."""

    columns: tuple[str | None, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    duplicate: tuple[str, ...]
    chinese: int
    passed_over: int = 0

    @property
    def matched(self) -> int:
        return sum(column is not None for column in self.columns)

    @property
    def fits(self) -> bool:
        return not (self.unknown or self.missing or self.duplicate)

    def describe_problem(self) -> str:
        """What is wrong with the headings, naming columns.

        A file without a heading row would show its first person here, so unknown headings are
        quoted only where the row surely is one: most of the contract's columns stand in it.
        """
        if self.matched == 0:
            return (
                "no heading of the first row belongs to the contract; "
                f"expected: {', '.join(self.missing)}"
            )
        parts = []
        if self.unknown:
            if self.matched * 2 > len(self.columns):
                shown = ", ".join(
                    _LONG_NUMBER.sub("…", name)[:40] or "(empty)" for name in self.unknown
                )
                parts.append(f"unknown: {shown}")
            else:
                parts.append(f"{len(self.unknown)} unknown headings")
        if self.missing:
            parts.append(f"missing: {', '.join(self.missing)}")
        if self.duplicate:
            parts.append(f"twice: {', '.join(self.duplicate)}")
        return "; ".join(parts)


def fold(text: str) -> str:
    """Text with full-width forms narrowed and outer white space and a byte-order mark removed."""
    return unicodedata.normalize("NFKC", text).replace("\ufeff", "").strip()


def map_headings(headings: Sequence[str], table: Table) -> HeadingMap:
    """Match headings with the contract's names (in any case) and titles.

    Every contract column must be there once; the technical columns may be there once. A title
    that two columns bear stands for neither.
    """
    known: dict[str, str] = {}
    titles: dict[str, list[str]] = {}
    for column in table.columns:
        titles.setdefault(fold(column.title), []).append(column.name)
    for name, title in TECHNICAL_TITLES.items():
        titles.setdefault(fold(title), []).append(name)
    known.update({title: names[0] for title, names in titles.items() if len(names) == 1})
    names = {name.lower(): name for name in (*table.column_names, *TECHNICAL_COLUMNS)}

    kept = list(headings)
    while kept and fold(kept[-1]) in RETURN_HEADINGS:
        kept.pop()
    columns: list[str | None] = []
    unknown: list[str] = []
    duplicate: list[str] = []
    chinese = 0
    for heading in kept:
        folded = fold(heading)
        column = names.get(folded.lower())
        if column is None and (column := known.get(folded)) is not None:
            chinese += 1
        if column is None:
            unknown.append(folded)
        elif column in columns and column not in duplicate:
            duplicate.append(column)
        columns.append(column)
    missing = tuple(name for name in table.column_names if name not in columns)
    return HeadingMap(
        tuple(columns),
        tuple(unknown),
        missing,
        tuple(duplicate),
        chinese,
        len(headings) - len(kept),
    )
