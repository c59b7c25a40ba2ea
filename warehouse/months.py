"""The content of large tables by the months of a day, read again only where a growth touched them.

A published view of which each row is one row of a growing table (`meta.rows_of`) changes in those
months only in which rows went or came, so the sums of all others are kept in the working file
(`built.month`) from one build to the next.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from warehouse.engine import Connection, quote, quote_text
from warehouse.marks import Sums

__all__ = ["ViewOfGrowing", "contents_by_month", "in_months", "kept_by_month", "month_of"]

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class ViewOfGrowing:
    """A view over a growing table: `node`, `growing` and what else it reads are dbt's unique ids,
    `table` is the growing table's name, `day` the column of the day in both."""

    node: str
    growing: str
    table: str
    reads: tuple[str, ...]
    day: str


def month_of(day: str) -> str:
    """SQL for the month of a column of days or moments, 'YYYY-MM'; empty where it is null."""
    return f"coalesce(strftime({quote(day)}, '%Y-%m'), '')"


def in_months(day: str, months: Collection[str]) -> str:
    """SQL for whether a day lies in one of the months, as spans that let DuckDB skip what lies
    elsewhere."""
    if not all(month == "" or _MONTH.fullmatch(month) for month in months):
        return f"{month_of(day)} in ({', '.join(quote_text(month) for month in sorted(months))})"
    spans = [f"{quote(day)} is null"] if "" in months else []
    for month in sorted(set(months) - {""}):
        first, after = f"{month}-01", f"{_month_after(month)}-01"
        spans.append(
            f"({quote(day)} >= {quote_text(first)} and {quote(day)} < {quote_text(after)})"
        )
    return f"({' or '.join(spans) or 'false'})"


def _month_after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def contents_by_month(
    connection: Connection, relation: str, day: str, months: Collection[str] | None = None
) -> dict[str, Sums]:
    """As `marks.content_of`, for each month of the column `day` (`month_of`), or for some."""
    chosen = "" if months is None else f"where {in_months(day, months)}"
    # Months are written out once they are few: writing takes longer than counting.
    found = connection.execute(
        f"""
        select {month_of("first_day")} as month, sum(row_count)::bigint, sum(first_sum)::varchar,
               sum(second_sum)::varchar
        from (
            select date_trunc('month', {quote(day)}) as first_day, count(*) as row_count,
                   sum(row_hash::hugeint) as first_sum, sum(hash(row_hash)::hugeint) as second_sum
            from (
                select {quote(day)}, hash(whole_row) as row_hash
                from (select * from {relation} {chosen}) as whole_row
            )
            group by first_day
        )
        group by month order by month
        """
    ).fetchall()
    return {month: Sums(*sums) for month, *sums in found}


def kept_by_month(connection: Connection, relation: str, view: ViewOfGrowing) -> dict[str, Sums]:
    """As `contents_by_month`; what was counted before and cannot have changed is not read again.

    `connection` may write the working file, attached as `warehouse`, which keeps the sums for the
    next build.
    """
    rest, made_of = _made_of(connection, view)
    known = _known(connection, view, rest)
    sums: dict[str, Sums] | None = None
    if made_of is not None and made_of in known:
        sums = known[made_of]
    elif (before := _before_growth(connection, view, made_of)) in known:
        changed = _changed_months(connection, view)
        sums = {month: kept for month, kept in known[before].items() if month not in changed}
        sums |= contents_by_month(connection, relation, view.day, changed)
    if sums is None:
        sums = contents_by_month(connection, relation, view.day)
    connection.execute("delete from warehouse.built.month where node = ?", [view.node])
    if sums and rest is not None and made_of is not None:
        connection.executemany(
            "insert into warehouse.built.month values (?, ?, ?, ?, ?, ?, ?)",
            [
                (view.node, rest, made_of, month, part.rows, part.first, part.second)
                for month, part in sums.items()
            ],
        )
    return dict(sorted(sums.items()))


def _made_of(connection: Connection, view: ViewOfGrowing) -> tuple[str | None, str | None]:
    """A hash over the view's text and all else that it reads, and the growing table's content;
    None where something is unknown."""
    marks = {
        node: (own, content)
        for node, own, content in connection.execute(
            "select node, own, content from warehouse.built.node"
        ).fetchall()
    }
    own, _ = marks.get(view.node, (None, None))
    others = [marks.get(node, (None, None))[1] for node in sorted(view.reads)]
    if own is None or None in others:
        return None, None
    rest = hashlib.sha256(json.dumps([own, view.day, *others]).encode()).hexdigest()
    return rest, marks.get(view.growing, (None, None))[1]


def _known(
    connection: Connection, view: ViewOfGrowing, rest: str | None
) -> Mapping[str | None, dict[str, Sums]]:
    """Content of the growing table → the sums that were counted of the view over it."""
    known: dict[str | None, dict[str, Sums]] = {}
    for made_of, month, *sums in connection.execute(
        "select made_of, month, row_count, first_sum, second_sum from warehouse.built.month "
        "where node = ? and rest = ?",
        [view.node, rest],
    ).fetchall():
        known.setdefault(made_of, {})[month] = Sums(*sums)
    return known


def _before_growth(connection: Connection, view: ViewOfGrowing, made_of: str | None) -> str | None:
    """The content from which the growing table has grown in this build to what it is now."""
    found = connection.execute(
        "select before from warehouse.built.growth where node = ? and after = ?",
        [view.growing, made_of],
    ).fetchone()
    return found[0] if found else None


def _changed_months(connection: Connection, view: ViewOfGrowing) -> set[str]:
    changed = " union all ".join(
        f"select {quote(view.day)} from warehouse.built.{quote(view.table + what)}"
        for what in ("__taken", "__grown")
    )
    return {
        month
        for (month,) in connection.execute(
            f"select distinct {month_of(view.day)} from ({changed})"
        ).fetchall()
    }
