"""What the hub gives to the models is what was in force as of the data."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from warehouse.engine import open_work
from warehouse.home import Home
from warehouse.hub_tables import create_hub_tables


def test_models_read_the_owners_and_names_of_the_day_of_the_data(tmp_path: Path) -> None:
    home = Home(tmp_path)
    entries = (
        "change: owner, row: A2-06, owners: [library]",
        "change: owner, row: A4-13, owners: [library]",
        "change: unit, unit: library, name: 图书中心",
    )
    home.authority_file.write_text(
        "changes:\n"
        + "".join(f"  - {{effective: 2027-01-01, document: 甲, {entry}}}\n" for entry in entries),
        encoding="utf-8",
    )
    told = {}
    for year in (2026, 2027):
        with open_work() as connection:
            connection.execute("attach ':memory:' as w; use w")
            create_hub_tables(connection, home, datetime(year, 6, 1, tzinfo=UTC))
            told[year] = [
                connection.execute(sql).fetchall()
                for sql in (
                    "select owner from hub.base_dataset where code = 'A2-06' order by owner_order",
                    "select owner_id, owner, person_kind, annex from hub.item where code = 'A4-13'",
                    "select unit_name from hub.unit where unit_id = 'library'",
                    "select count(distinct code) from hub.base_dataset",
                    "select count(*) from hub.item",
                )
            ]
    assert told[2026] == [
        [("学生处",), ("图书馆",), ("校园建设与管理处",), ("后勤服务中心",)],
        [("finance_office", "财务处", "student", 4)],
        [("图书馆",)],
        [(23,)],
        [(65,)],
    ]
    assert told[2027] == [
        [("图书中心",)],
        [("library", "图书中心", "student", 4)],
        [("图书中心",)],
        [(23,)],
        [(65,)],
    ]
