"""Many card rows made of a small college's, the statements over them, and a release of what they
add up to.

Everybody of the small college is there several times over, under numbers of their own and with all
their card transactions, places in colleges, stays in dormitories and days of a head-count. So the
rows are as varied as the simulator's, and what a release shows of them is known.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.engine import Connection, open_work, quote, quote_text
from warehouse.release.durable import clone
from warehouse.settings import Settings, load_settings

__all__ = [
    "CARD",
    "Statement",
    "card_tables",
    "day_view",
    "make_cards",
    "published",
    "statements",
]

#: The table of card rows, and the one of days that is a view of it on both sides.
CARD, DAY = "intermediate.int_life__meal_transaction", "intermediate.int_life__meal_day"
#: Columns of a card row that statements read, and what tells rows apart.
_COLUMNS = (
    "transaction_no", "student_no", "person_key", "transaction_type", "amount", "merchant_no",
    "canteen", "merchant_kind", "meal_period", "traded_at", "trade_date",
)  # fmt: skip
#: Models whose SQL stands on the receipts of the figures that the card is behind.
_MODELS = ("int_statistics__meals", "int_statistics__canteen")
_RELATION = re.compile(r'"warehouse"\."(\w+)"\."(\w+)"')
_AT_CANTEENS = "transaction_type = '消费' and merchant_kind = '餐饮'"


@dataclass(frozen=True)
class Statement:
    """One statement, the same text for both engines. `figures` are the indicators it computes; a
    statement without any draws a chart that no release holds."""

    name: str
    sql: str
    figures: tuple[str, ...] = ()


def statements(manifest: dict[str, Any]) -> list[Statement]:
    """Those behind the figures of the card as the release's receipts show them, one an indicator,
    and three of a kind that charts of a canteen are drawn by."""
    found = []
    for model in _MODELS:
        sql = manifest["sql"][model]
        for indicator in sorted(set(re.findall(r"'(\w+)' as indicator", sql))):
            one = f"select * from ({sql}) as figure where indicator = '{indicator}'"
            found.append(Statement(indicator, one, (indicator,)))
    card = '"warehouse"."intermediate"."int_life__meal_transaction"'
    place = '"warehouse"."intermediate"."int_people__student_history"'
    return [
        *found,
        Statement(
            "college and month",
            "select college_code, extract(year from trade_date) as year, "
            "extract(month from trade_date) as month, count(*) as visits, "
            "count(distinct card.student_no) as students, sum(amount) as amount "
            f"from {card} as card join {place} as place on card.student_no = place.student_no "
            "and valid_from <= trade_date "
            "and coalesce(valid_to, date '9999-12-31') > trade_date "
            f"where {_AT_CANTEENS} group by 1, 2, 3",
        ),
        Statement(
            "canteen, meal, month",
            "select canteen, meal_period, extract(year from trade_date) as year, "
            "extract(month from trade_date) as month, count(*) as visits, sum(amount) as amount "
            f"from {card} where {_AT_CANTEENS} group by 1, 2, 3, 4",
        ),
        Statement(
            "weekday and hour",
            "select extract(isodow from traded_at) as weekday, extract(hour from traded_at) as "
            f"hour, count(*) as visits, avg(amount) as amount from {card} "
            f"where {_AT_CANTEENS} group by 1, 2",
        ),
    ]


def card_tables(manifest: dict[str, Any]) -> list[str]:
    """`schema.table` of all that the statements read, but for the view of days."""
    text = " ".join(statement.sql for statement in statements(manifest))
    named = {".".join(pair) for pair in _RELATION.findall(text)}
    return sorted((named | {CARD}) - {DAY})


def day_view() -> str:
    """The model of the days that statements read, as a view of the card rows."""
    model = load_settings().project_folder / "models/intermediate/life/int_life__meal_day.sql"
    text = re.sub(r"\{\{ config\(.*?\) \}\}", "", model.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r'"warehouse"."intermediate"."\1"', text)
    return f'create view "warehouse"."intermediate"."int_life__meal_day" as {text}'


def make_cards(source: Path, target: Path, manifest: dict[str, Any], rows: int) -> int:
    """Make `target` (named warehouse.duckdb, the name in the statements) of the working file
    `source`, in the order of students and time. Returns how many rows it has: everybody's, as often
    as comes nearest to `rows`."""
    connection = open_work(threads=2, memory_limit="4GB", temp_directory=target.parent)
    # Views of the working file name it so, and so do the statements.
    connection.execute(f"attach {quote_text(source)} as warehouse (read_only)")
    connection.execute(f"attach {quote_text(target)} as made")
    times = max(1, round(rows / _one(connection, f"select count(*) from warehouse.{CARD}")))
    for table in card_tables(manifest):
        schema, _ = table.split(".")
        connection.execute(f"create schema if not exists made.{quote(schema)}")
        described = connection.execute(f"describe warehouse.{table}").fetchall()
        columns = [row[0] for row in described if table != CARD or row[0] in _COLUMNS]
        if "student_no" not in columns:
            connection.execute(f"create table made.{table} as from warehouse.{table}")
            continue
        kept = [quote(column) for column in columns if column not in {"student_no", "person_key"}]
        if "person_key" in columns:
            kept.append("person_key + turn as person_key")
        order = "order by student_no, traded_at" if table == CARD else ""
        connection.execute(
            f"create table made.{table} as "
            f"select if(turn = 0, student_no, student_no || '-' || turn) as student_no, "
            f"{', '.join(kept)} from warehouse.{table}, range({times}) turns(turn) "
            f"where student_no is not null {order}"
        )
    connection.close()
    with open_work(target) as made:
        made.execute(day_view())
        made.execute("checkpoint")
        return _one(made, f"select count(*) from {CARD}")


def _one(connection: Connection, query: str) -> int:
    ((found,),) = connection.execute(query).fetchall()
    return found


def published(small: Path, cards: Path, settings: Settings) -> None:
    """Make `settings`' current release of that in the folder `small`, where the figures of the card
    are those of the file `cards`."""
    manifest = json.loads((small / "manifest.json").read_text(encoding="utf-8"))
    target = settings.paths.releases / manifest["id"]
    target.mkdir(parents=True)
    for audience in manifest["files"]:
        clone(small / f"{audience}.duckdb", target / f"{audience}.duckdb")
    shutil.copy(small / "manifest.json", target)
    with open_work(target / "statistics.duckdb", threads=2, memory_limit="4GB") as connection:
        connection.execute(f"attach {quote_text(cards)} as warehouse (read_only)")
        for statement in statements(manifest):
            for indicator in statement.figures:
                connection.execute("delete from indicator_value where indicator = ?", [indicator])
            if statement.figures:
                connection.execute(
                    "insert into indicator_value by name select indicator, period, level, unit, "
                    "(select max(unit_name) from indicator_value as named "
                    "where named.level = figure.level and named.unit = figure.unit) as unit_name, "
                    "parent_unit, numerator, denominator, value, as_of_date, "
                    "(select max(release) from indicator_value) as release, "
                    f"false as is_suppressed from ({statement.sql}) as figure"
                )
        connection.execute("detach warehouse")
    settings.paths.current_release.write_text(manifest["id"] + "\n", encoding="utf-8")
