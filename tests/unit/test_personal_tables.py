"""The personal file: every table belongs to an item or a base dataset, every item names columns."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from tests.item_lists import item_holders, personal_sources
from warehouse.access.former import ROW_DAYS
from warehouse.authority import load_authority
from warehouse.contracts import load_contracts
from warehouse.contracts.retention import read_retention

REF = re.compile(r"ref\('(\w+)'\)")
PERSONAL = Path(__file__).parents[2] / "dbt_project" / "models" / "published" / "personal"


def _columns() -> dict[str, set[str]]:
    """Personal table → its columns; only tables with rows of persons."""
    models = [
        yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]
        for path in sorted(PERSONAL.glob("personal__*.yml"))
    ]
    columns = {
        model["name"].removeprefix("personal__"): {column["name"] for column in model["columns"]}
        for model in models
    }
    return {table: names for table, names in columns.items() if "person_key" in names}


def _items_of(entry: dict[str, Any]) -> list[str]:
    held = [
        holder["item"]
        for holder in item_holders()
        if entry["table"] in {table["table"] for table in holder["tables"]}
    ]
    return entry.get("items", held)


def test_every_personal_table_says_once_where_it_comes_from() -> None:
    tables = [entry["table"] for entry in personal_sources()]
    assert sorted(tables) == sorted(_columns().keys() - _summaries())


def _summaries() -> set[str]:
    """Personal tables that sum up others, by their own word."""
    return {
        path.stem.removeprefix("personal__")
        for path in PERSONAL.glob("personal__*.yml")
        if _meta(path).get("summary")
    }


def _meta(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]["config"]["meta"]


def test_a_summary_holds_nothing_but_what_personal_tables_hold() -> None:
    """So each of its values belongs to an item or a base dataset, and none is of mental health."""
    apart = {e["table"] for e in personal_sources() if e["source"] == "student_mental_health"}
    named = {e["table"] for e in personal_sources()} | {"person"}
    assert _summaries() != set()
    for table in sorted(_summaries()):
        read = set(REF.findall((PERSONAL / f"personal__{table}.sql").read_text(encoding="utf-8")))
        of_persons = {name.removeprefix("personal__") for name in read - {"dim_term"}}
        assert of_persons <= named - apart, table


def test_a_summary_of_sensitive_values_says_so() -> None:
    for table in sorted(_summaries()):
        text = (PERSONAL / f"personal__{table}.sql").read_text(encoding="utf-8")
        sensitive = {
            name
            for name in REF.findall(text)
            if name.startswith("personal__")
            and _meta(PERSONAL / f"{name}.yml").get("privacy") == "sensitive"
        }
        assert not sensitive or _meta(PERSONAL / f"personal__{table}.yml")["privacy"] == "sensitive"


def test_nothing_is_held_on_a_person_that_belongs_to_no_item_or_base_dataset() -> None:
    assert [
        entry["table"]
        for entry in personal_sources()
        if not _items_of(entry) and not entry.get("datasets")
    ] == []


def test_a_personal_table_names_only_what_its_landed_table_feeds() -> None:
    contracts, authority = load_contracts(), load_authority()
    wrong = {}
    for entry in personal_sources():
        feeds = {
            feed.split(":")[0] for feed in contracts.table(entry["source"], entry["landed"]).feeds
        }
        named = {*_items_of(entry), *entry.get("datasets", ())}
        if not named <= feeds & authority.row_codes:
            wrong[entry["table"]] = named - feeds
    assert wrong == {}


def test_a_holder_is_a_column_of_a_personal_table() -> None:
    columns = _columns()
    assert [
        (holder["item"], table["table"], column)
        for holder in item_holders()
        for table in holder["tables"]
        for column in table["columns"]
        if column not in columns[table["table"]]
    ] == []


def test_every_item_has_a_holder_and_no_item_has_two_entries() -> None:
    codes = [holder["item"] for holder in item_holders()]
    assert len(set(codes)) == len(codes)
    assert {item.code for item in load_authority().items} == set(codes)


def test_an_item_is_held_where_its_own_landed_tables_arrive() -> None:
    landed = {entry["table"]: entry["landed"] for entry in personal_sources()}
    authority = load_authority()
    wrong = {
        holder["item"]: table["table"]
        for holder in item_holders()
        for table in holder["tables"]
        if landed[table["table"]] not in authority.item(holder["item"]).tables
    }
    assert wrong == {}


def test_mental_health_data_stand_apart_and_say_who_may_read_them() -> None:
    reading = {
        path.stem.removeprefix("personal__")
        for path in PERSONAL.glob("*.sql")
        if "student_mental_health" in path.read_text(encoding="utf-8")
    }
    apart = {e["table"] for e in personal_sources() if e["source"] == "student_mental_health"}
    assert reading == apart != set()
    for table in sorted(apart):
        text = (PERSONAL / f"personal__{table}.yml").read_text(encoding="utf-8")
        meta = yaml.safe_load(text)["models"][0]["config"]["meta"]
        assert (meta["level"], meta["privacy"]) == ("L5", "sensitive")
        assert meta["readers"] == ["person", "counsellor"]


def test_a_table_with_sensitive_values_says_so() -> None:
    """PIPL article 28, as the contracts mark columns; identity numbers are marked by their name."""
    contracts = load_contracts()
    unmarked = []
    for entry in personal_sources():
        text = (PERSONAL / f"personal__{entry['table']}.yml").read_text(encoding="utf-8")
        model = yaml.safe_load(text)["models"][0]
        landed = contracts.table(entry["source"], entry["landed"])
        sensitive = {c.name for c in landed.columns if c.privacy == "sensitive"} - {"id_card_no"}
        if sensitive and model["config"]["meta"].get("privacy") != "sensitive":
            unmarked.append(entry["table"])
    assert unmarked == []


def test_the_day_on_which_a_rows_retention_begins_is_a_column_of_its_table() -> None:
    columns = _columns()
    wrong = [
        (table, column)
        for table, column in ROW_DAYS.items()
        if column is not None and column not in columns.get(table, ())
    ]
    assert wrong == []


def test_a_table_whose_retention_counts_from_its_rows_says_from_which_day_of_them() -> None:
    contracts = load_contracts()
    promised = {
        f"{table.source}/{table.name}": read_retention(table.retention)
        for source in contracts.sources
        for table in source.tables
    }
    for entry in personal_sources():
        retention = promised[f"{entry['source']}/{entry['landed']}"]
        assert retention is not None, entry["table"]
        if not retention.is_permanent and retention.since == "row":
            assert entry["table"] in ROW_DAYS, entry["table"]
