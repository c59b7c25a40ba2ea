"""What a working file would publish: tables, their shape, their rows and a hash of their content.

A table's content hash is a sum over its rows, so it does not depend on their order: two builds
with equal content have equal hashes, which is how what is unchanged is recognised. It is made of
DuckDB's own row hash and therefore compares builds of one DuckDB version only (the fingerprint
and the file's layout hold that version).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from warehouse.engine import Connection, quote, quote_text
from warehouse.marks import Sums, add_up, content_hash, content_of
from warehouse.months import contents_by_month
from warehouse.release.audience import Audience
from warehouse.release.stamping import STAMP

__all__ = ["CONTENTS", "SORTED", "PublishedTable", "published_tables", "table_contents"]

SORTED = Mapping[str, Sequence[str]]
#: 'schema.table' → (rows, content hash, months) of a working file that was read before.
CONTENTS = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class PublishedTable:
    """One table on its way out: `warehouse.<schema>.<name>` becomes `<target>.<name>`.

    `content_hash` covers columns, types and every row, not the rows' order, and of a `stamped`
    table not the column `release`, which follows from the release before. `months` are the sums of
    each month of the column `day`, of a table that is compared by months.
    """

    schema: str
    target: str
    name: str
    columns: tuple[tuple[str, str], ...]
    sort: tuple[str, ...]
    rows: int
    content_hash: str
    stamped: bool = False
    day: str | None = None
    months: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.name if self.target == "main" else f"{self.target}.{self.name}"


def published_tables(
    connection: Connection,
    audience: Audience,
    sorts: SORTED,
    known: CONTENTS | None = None,
    *,
    days: Mapping[str, str] | None = None,
    counted: Mapping[str, Sums] | None = None,
    by_month: Mapping[str, Mapping[str, Sums]] | None = None,
) -> list[PublishedTable]:
    """The tables of one audience in the attached working file (catalog `warehouse`).

    `sorts` maps 'schema.table' to the columns it is sorted by; a table about people that says
    nothing is sorted by person_key. `days` maps those kept by months to the column of the day.
    Tables in `known` are not read again, nor those that were `counted` as they were made
    ('schema.table' → their sums, of all columns); `by_month` has those of their months.
    """
    known, counted, days, by_month = known or {}, counted or {}, days or {}, by_month or {}
    wanted = ", ".join(quote_text(schema) for schema in audience.schemas)
    listed = connection.execute(
        f"""
        select table_schema, table_name, list(column_name order by ordinal_position),
               list(data_type order by ordinal_position)
        from information_schema.columns
        where table_catalog = 'warehouse' and table_schema in ({wanted})
        group by all order by all
        """
    ).fetchall()
    tables = []
    for schema, name, columns, types in listed:
        shape = tuple(zip(columns, types, strict=True))
        default = ("person_key",) if "person_key" in columns else ()
        stamped = name in audience.stamped and STAMP in columns
        label = f"{schema}.{name}"
        if label in known:
            rows, hashed, months = known[label]
        elif label in counted and not stamped and label not in days:
            rows, hashed, months = counted[label].rows, content_hash(shape, counted[label]), {}
        else:
            rows, hashed, months = table_contents(
                connection,
                schema,
                name,
                shape,
                leave_out=(STAMP,) if stamped else (),
                day=days.get(label),
                by_month=by_month.get(label),
            )
        tables.append(
            PublishedTable(
                schema=schema,
                target=audience.schemas[schema],
                name=name,
                columns=shape,
                sort=tuple(sorts.get(label) or default),
                rows=rows,
                content_hash=hashed,
                stamped=stamped,
                day=days.get(label),
                months=months,
            )
        )
    return tables


def table_contents(
    connection: Connection,
    schema: str,
    name: str,
    columns: Sequence[tuple[str, str]],
    *,
    leave_out: Sequence[str] = (),
    day: str | None = None,
    by_month: Mapping[str, Sums] | None = None,
) -> tuple[int, str, dict[str, list[Any]]]:
    """Row count and content hash of one table of the attached working file, and with `day` the
    sums of each of its months; `by_month` are these where they are known."""
    relation = f"warehouse.{quote(schema)}.{quote(name)}"
    if day is None:
        sums = content_of(connection, relation, leave_out)
        return sums.rows, content_hash(columns, sums), {}
    months = by_month or contents_by_month(connection, relation, day)
    return (
        sum(part.rows for part in months.values()),
        content_hash(columns, add_up(months.values())),
        {month: list(vars(part).values()) for month, part in months.items()},
    )
