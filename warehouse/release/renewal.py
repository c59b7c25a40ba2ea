"""What of a released file must be written: a file of the release before is copied, and only what
differs is put in place of what it was.

A large table whose model names a day (`meta.parts`) is compared month by month. Months that are
written anew stand behind the others, sorted among themselves; when they hold too many of the
table's rows, it is written as a whole and is sorted throughout again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Renewal", "renewals", "worth_copying"]

#: A reader looks into each month that stands behind: of four years these are ten months.
_LARGEST_TAIL = 0.2
#: With more to write than this, the copy saves nothing and leaves holes.
_LARGEST_SHARE = 0.6


@dataclass(frozen=True)
class Renewal:
    """How one table gets into the new file.

    `whole` writes it anew. Otherwise `months` ('YYYY-MM', empty for rows without a day) are
    replaced; none means that it stays as it is. `tail` are the months that then stand behind.
    `rows` is what is written.
    """

    whole: bool
    months: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    rows: int = 0


def renewals(
    wanted: Mapping[str, Mapping[str, Any]], held: Mapping[str, Mapping[str, Any]]
) -> dict[str, Renewal]:
    """Table → how it is renewed. Both are the `tables` of a file's entry in a manifest: `rows`,
    `content_hash`, `shape`, `sort` and, of a table in months, `months` → [rows, sum, sum]."""
    return {label: _renewal(table, held.get(label, {})) for label, table in wanted.items()}


def worth_copying(renewed: Mapping[str, Renewal], wanted: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether enough of the file before stays."""
    rows = sum(table["rows"] for table in wanted.values())
    return sum(renewal.rows for renewal in renewed.values()) <= rows * _LARGEST_SHARE


def _renewal(wanted: Mapping[str, Any], held: Mapping[str, Any]) -> Renewal:
    whole = Renewal(whole=True, rows=wanted["rows"])
    if any(wanted[name] != held.get(name) for name in ("shape", "sort")):
        return whole
    before = held.get("tail", ())
    if wanted["content_hash"] == held["content_hash"]:
        return Renewal(whole=False, tail=tuple(before))
    months, known = wanted.get("months"), held.get("months")
    if not months or not known:
        return whole
    changed = tuple(sorted(m for m in {*months, *known} if months.get(m) != known.get(m)))
    tail = tuple(sorted({*before, *changed} & set(months)))
    if _rows_of(tail, months) > wanted["rows"] * _LARGEST_TAIL:
        return whole
    return Renewal(whole=False, months=changed, tail=tail, rows=_rows_of(changed, months))


def _rows_of(chosen: Iterable[str], months: Mapping[str, Sequence[Any]]) -> int:
    return sum(months[month][0] for month in chosen if month in months)
