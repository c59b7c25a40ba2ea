"""Which column of a file is which column of the contract."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

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
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_BLANKS = re.compile(r"\s+")
_NOTE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
_LONG_NUMBER = re.compile(r"\d{4,}")


@dataclass(frozen=True)
class HeadingMap:
    """`columns` names, for each position of the file, the contract's or technical column, or None
    where the heading is unknown. `chinese` counts headings given by title, `tidied` those that
    fit only without white space inside or a note in brackets, `passed_over` the columns at the
    right end that are there on purpose and hold no data (`RETURN_HEADINGS`); they are not among
    `columns`."""

    columns: tuple[str | None, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    duplicate: tuple[str, ...]
    chinese: int
    tidied: int = 0
    passed_over: int = 0

    @property
    def readings(self) -> dict[str, int]:
        """For the batch's report."""
        return {"chinese_headings": self.chinese, "tidied_headings": self.tidied}

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
    """Text with full-width forms narrowed, outer white space and invisible characters removed."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()


def _bare(text: str) -> str:
    """A folded heading without white space, line breaks, notes in brackets and a mark for
    'required'."""
    return _NOTE.sub("", _BLANKS.sub("", text)).strip("*:")


def map_headings(headings: Sequence[str], table: Table) -> HeadingMap:
    """Match headings with the contract's names (in any case) and titles.

    Every contract column must be there once; the technical columns may be there once. A title
    that two columns bear stands for neither. A heading that fits nothing as it stands is tried
    without white space inside and without notes in brackets: 姓　名（必填） is 姓名.
    """
    names, titles, bare = _known(table)
    kept = list(headings)
    while kept and fold(kept[-1]) in RETURN_HEADINGS:
        kept.pop()
    columns: list[str | None] = []
    unknown: list[str] = []
    duplicate: list[str] = []
    chinese = tidied = 0
    for heading in kept:
        folded = fold(heading)
        column = names.get(folded.lower())
        if column is None and (column := titles.get(folded)) is not None:
            chinese += 1
        if column is None and (found := bare.get(_bare(folded).lower())) is not None:
            column = found
            tidied += 1
            chinese += not _bare(folded).isascii()
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
        tidied,
        len(headings) - len(kept),
    )


@lru_cache(maxsize=256)
def _known(table: Table) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Columns by lower-case name, by title, and by either in its bare form; a title or a bare form
    that two columns share stands for neither."""
    titled = [(fold(column.title), column.name) for column in table.columns]
    titled += [(fold(title), name) for name, title in TECHNICAL_TITLES.items()]
    names = {name.lower(): name for name in (*table.column_names, *TECHNICAL_COLUMNS)}
    titles = _only_one(titled)
    bare = _only_one(
        [(_bare(title).lower(), name) for title, name in titled]
        + [(_bare(name), column) for name, column in names.items()]
    )
    bare.pop("", None)
    return names, titles, bare


def _only_one(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for text, name in pairs:
        found.setdefault(text, set()).add(name)
    return {text: next(iter(names)) for text, names in found.items() if len(names) == 1}
