"""A release of many people made of a small one: everybody's rows again, and card rows as asked."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from warehouse.engine import Connection, open_work, quote, quote_text
from warehouse.settings import Settings

__all__ = ["FIRST_KEY", "enlarge"]

FIRST_KEY = 1_000_000
_MEALS_A_DAY = 3
#: The tables that sum the card up, by the day in Beijing.
_SUMS = {
    "meal_day": "select person_key, cast(traded_at + to_hours(8) as date), "
    "cast(count(*) as integer), sum(amount) from meal_transaction group by all",
    "meal_month": "select person_key, strftime(meal_date, '%Y-%m'), "
    "cast(sum(meal_count) as integer), cast(count(*) as integer), "
    "cast(sum(meal_count) as integer), sum(amount) from meal_day group by all",
}


def enlarge(small: Path, settings: Settings, *, people: int, card_rows: int) -> None:
    """Make `settings`' current release of that in the folder `small`.

    Person number n (from 0) has the key `FIRST_KEY + n` and the sign-in number `P<n>`, and all
    rows of one person of the small release who is there today, students with an even n and staff
    with an odd one; they take turns. Only the card is drawn anew: `card_rows` transactions over all
    people, three a day back from the latest one of the small release, and the days and months they
    add up to. Every table has the columns, types and order of the small release's manifest; the
    other audiences' files are copied.
    """
    manifest = json.loads((small / "manifest.json").read_text(encoding="utf-8"))
    target = settings.paths.releases / manifest["id"]
    target.mkdir(parents=True)
    for audience in manifest["files"]:
        if audience != "personal":
            shutil.copy(small / f"{audience}.duckdb", target)
    connection = open_work(
        target / "personal.duckdb",
        threads=2,
        memory_limit=settings.memory_limit,
        temp_directory=target / ".spill",
    )
    connection.execute(f"attach {quote_text(small / 'personal.duckdb')} as small (read_only)")
    connection.execute(
        f"""
        create temp table twin as
        with template as (
            select person_key as template_key, kind,
                row_number() over (partition by kind order by hash(person_key)) - 1 as turn,
                count(*) over (partition by kind) as turns
            from small.person_number
            group by person_key, kind
            having bool_or(valid_to is null)
        )
        select {FIRST_KEY} + n as person_key, template_key
        from range({people}) numbers(n)
        inner join template
            on kind = if(n % 2 = 0, 'student', 'staff') and turn = n // 2 % turns
        """
    )
    tables = manifest["files"]["personal"]["tables"]
    for table, entry in sorted(
        tables.items(), key=lambda pair: [*_SUMS].index(pair[0]) + 1 if pair[0] in _SUMS else 0
    ):
        _write(connection, table, entry["sort"], card_rows // people)
    connection.execute("checkpoint")
    connection.close()
    shutil.rmtree(target / ".spill", ignore_errors=True)
    (target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    settings.paths.current_release.write_text(manifest["id"] + "\n")


def _write(connection: Connection, table: str, sort: list[str], each: int) -> None:
    columns = _columns(connection, table)
    names = ", ".join(f"source.{quote(name)}" for name in columns if name != "person_key")
    order = ", ".join(f"{quote(name)} nulls first" for name in sort)
    if "person_key" not in columns:
        source = f"select * from small.{quote(table)}"
    elif table == "meal_transaction":
        source = _transactions(connection, each)
    elif table in _SUMS:
        source = _SUMS[table]
    elif table == "person_number":
        numbered = names.replace('source."number"', _NUMBER)
        source = (
            f"select twin.person_key, {numbered} "
            f"from small.{quote(table)} source inner join twin on source.person_key = template_key"
        )
    else:
        source = (
            f"select twin.person_key, {names} "
            f"from small.{quote(table)} source inner join twin on source.person_key = template_key"
        )
    connection.execute(f"create table {quote(table)} as from small.{quote(table)} limit 0")
    named = ", ".join(map(quote, columns))
    connection.execute(
        f"insert into {quote(table)} select * from ({source}) made({named}) order by {order}"
    )


_NUMBER = (
    "case when row_number() over (partition by twin.person_key order by valid_from desc) = 1 "
    f"then 'P' || (twin.person_key - {FIRST_KEY}) "
    "else source.number || '-' || twin.person_key end"
)


def _columns(connection: Connection, table: str) -> list[str]:
    rows: list[tuple[Any, ...]] = connection.execute(
        f"select column_name from (describe small.{quote(table)})"
    ).fetchall()
    return [name for (name,) in rows]


def _transactions(connection: Connection, each: int) -> str:
    """`each` transactions for everybody, as varied as the small release's in what they hold."""
    last: date = connection.execute(
        "select cast(max(traded_at) as date) from small.meal_transaction"
    ).fetchone()[0]
    connection.execute(
        "create temp table sample as select row_number() over () - 1 as seq, t.* "
        "from (select * exclude (person_key, traded_at) from small.meal_transaction "
        "limit 1000) t"
    )
    connection.execute(
        "create temp table meal as select i, sample.* exclude (seq) "
        f"from range({each}) t(i) inner join sample on seq = i % 1000"
    )
    at = (
        f"timestamp '{last}' - to_days(cast(i // {_MEALS_A_DAY} as integer)) "
        f"+ to_hours(5 * (i % {_MEALS_A_DAY}) - 1)"  # 7, 12 and 17 o'clock in Beijing
    )
    return f"select person_key, {at}, meal.* exclude (i) from twin cross join meal"
