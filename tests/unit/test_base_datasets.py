"""Annex 2: each base dataset is published from exactly the tables that are traced to it, each table
with its owner, and sensitive columns stand only where one list allows them."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from warehouse.authority import Dataset, load_authority
from warehouse.authority.sensitive import never_granted, sensitive_columns
from warehouse.contracts import load_contracts
from warehouse.contracts.dbt_authority import (
    COUNTED_ONLY,
    HASHED,
    REGISTERS,
    missing_base_models,
    published_columns,
    write_missing_base_models,
)
from warehouse.contracts.dbt_staging import published_name
from warehouse.contracts.model import Table
from warehouse.release.audience import FORBIDDEN_COLUMNS

PROJECT = Path(__file__).parents[2] / "dbt_project"
MODELS = {path.stem: path for path in (PROJECT / "models").rglob("*.sql")}
PUBLISHED = {
    name: path for name, path in MODELS.items() if "published" in path.relative_to(PROJECT).parts
}
#: What the warehouse computes beside figures, from no landed table alone: findings that only the
#: owner unit is given, the use of rooms, which is the timetable seen from the rooms, and the cells
#: of the ministry's tables, for the unit that files them.
COMPUTED = {
    "student_enrollment_data__headcount_difference",
    "student_finance_data__payment_difference",
    "school_property_statistics__classroom_use",
    "school_people_statistics__ministry_cell",
    "school_property_statistics__ministry_cell",
    "school_asset_statistics__ministry_cell",
}
BASE = {
    name: path
    for name, path in PUBLISHED.items()
    if path.parents[1].name == "authority"
    and not name.endswith("__indicator_value")
    and name not in COMPUTED
}
#: Where the hub joins numbers to a person and a college: the two keys that grants are made of come
#: from here, and nothing else does (the columns of every table are held below).
HUB_KEYS = {"brg_number_scope", "int_people__number", "dim_student", "dim_staff"}
#: Stored once with the names of another table beside it, of which no column is published.
LOOKED_UP = {"student_life_data__meal_transaction": {"student_meal_card.meal_merchant"}}

AUTHORITY, CONTRACTS = load_authority(), load_contracts()
DATASETS = {dataset.id: dataset for dataset in AUTHORITY.datasets}
TABLES = {table.id.replace("/", "."): table for table in CONTRACTS}


@cache
def properties(name: str) -> dict[str, Any]:
    text = PUBLISHED[name].with_suffix(".yml").read_text(encoding="utf-8")
    (model,) = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["models"]
    return model


def columns_of(name: str) -> list[str]:
    return [column["name"] for column in properties(name)["columns"]]


def meta_of(name: str) -> dict[str, Any]:
    return properties(name)["config"]["meta"]


@cache
def reads(name: str) -> frozenset[str]:
    """The models it reads; those of a macro's making count for the macros that matter here."""
    text = MODELS[name].read_text(encoding="utf-8")
    found = set(re.findall(r"ref\('(\w+)'\)", text)) & set(MODELS)
    if "indicator_values_of(" in text:
        found.add("int_statistics__figure")
    return frozenset(found)


def landed_behind(name: str, *, stop: frozenset[str] = frozenset()) -> set[str]:
    """'system.table' of every landed table behind a model, without what lies behind `stop`."""
    seen: set[str] = set()
    waiting, landed = [name], set()
    while waiting:
        model = waiting.pop()
        if model in seen or model in stop:
            continue
        seen.add(model)
        landed |= {
            ".".join(pair)
            for pair in re.findall(
                r"source\('(\w+)', '(\w+)'\)", MODELS[model].read_text(encoding="utf-8")
            )
        }
        waiting += reads(model)
    return landed


def traced(code: str) -> dict[str, tuple[str, str]]:
    """'system.table' → (role, unit) as the contracts trace it to one row of annex 2."""
    found = {}
    for label, table in TABLES.items():
        for fed in table.feeds:
            row, _, rest = fed.partition(":")
            if row == code:
                role, _, unit = rest.partition(":")
                found[label] = (role, unit)
    return found


def published_of(dataset: Dataset) -> dict[str, str]:
    """'system.table' → model, of what a schema publishes beside its figures."""
    return {
        meta_of(name)["source"]: name
        for name, path in BASE.items()
        if path.parent.name == dataset.id
    }


PEOPLE = [dataset for dataset in AUTHORITY.datasets if not dataset.is_statistics]
STATISTICS = [dataset for dataset in AUTHORITY.datasets if dataset.is_statistics]


def test_computed_tables_are_findings_for_their_owner_or_name_nobody() -> None:
    assert set(PUBLISHED) >= COMPUTED
    for name in COMPUTED:
        named = FORBIDDEN_COLUMNS & set(columns_of(name))
        assert meta_of(name).get("owner_only") is True or not named


def test_rows_1_to_15_are_about_people_and_rows_16_to_23_are_statistics() -> None:
    assert [dataset.code for dataset in PEOPLE] == [f"A2-{row:02}" for row in range(1, 16)]
    assert [dataset.code for dataset in STATISTICS] == [f"A2-{row}" for row in range(16, 24)]


@pytest.mark.parametrize("dataset", AUTHORITY.datasets, ids=lambda dataset: dataset.code)
def test_a_row_has_one_lead_and_its_parts_belong_to_its_units(dataset: Dataset) -> None:
    feeds = traced(dataset.code)
    [lead] = [label for label, (role, _) in feeds.items() if role == "lead"]
    assert TABLES[lead].owner_unit in dataset.owner_ids
    for label, (role, unit) in feeds.items():
        owner = TABLES[label].owner_unit
        if role == "part":
            assert unit == owner and owner in dataset.owner_ids, label
        elif role == "support":
            assert owner not in dataset.owner_ids, label


@pytest.mark.parametrize("dataset", PEOPLE, ids=lambda dataset: dataset.code)
def test_a_schema_about_people_publishes_exactly_what_is_traced_to_it(
    dataset: Dataset,
) -> None:
    assert set(published_of(dataset)) == set(traced(dataset.code))
    models = [path for path in BASE.values() if path.parent.name == dataset.id]
    assert len(models) == len(published_of(dataset)), "two tables of one source"


@pytest.mark.parametrize("dataset", STATISTICS, ids=lambda dataset: dataset.code)
def test_a_schema_of_statistics_publishes_figures_and_registers_that_name_nobody(
    dataset: Dataset,
) -> None:
    assert f"{dataset.id}__indicator_value" in PUBLISHED
    registers = {
        label
        for label, (role, _) in traced(dataset.code).items()
        if role in ("lead", "part")
        and TABLES[label].name in REGISTERS
        and (dataset.code, TABLES[label].name) not in COUNTED_ONLY
    }
    assert set(published_of(dataset)) == registers
    for label, model in published_of(dataset).items():
        assert TABLES[label].subject_key is None and TABLES[label].level == "L1", label
        personal = {
            published_name(TABLES[label], column)
            for column in TABLES[label].columns
            if column.privacy != "none"
        }
        assert personal.isdisjoint(columns_of(model)), label


def test_what_no_register_of_a_statistic_publishes_is_an_exception_that_is_still_true() -> None:
    for code, name in COUNTED_ONLY:
        assert name in {TABLES[label].name for label in traced(code)}, (code, name)
    assert set(REGISTERS) <= {table.name for table in CONTRACTS}


@pytest.mark.parametrize("name", sorted(BASE))
def test_a_table_reads_its_own_landed_table_and_none_that_its_row_does_not_have(name: str) -> None:
    dataset = DATASETS[BASE[name].parent.name]
    behind = landed_behind(name, stop=frozenset(HUB_KEYS)) - {"hub.identity_key"}
    looked_up = LOOKED_UP.get(name, set())
    assert meta_of(name)["source"] in behind
    assert behind - looked_up <= set(traced(dataset.code))
    assert looked_up <= behind


@pytest.mark.parametrize("name", sorted(BASE))
def test_a_table_holds_its_source_whole_but_for_what_people_are_owed(name: str) -> None:
    dataset = DATASETS[BASE[name].parent.name]
    table = TABLES[meta_of(name)["source"]]
    wanted = set(published_columns(dataset, table)) | {"updated_at"}
    if name in WITHHELD:
        wanted -= WITHHELD[name]
    keys = {"person_key", "college_code"} if meta_of(name).get("subject") else set()
    assert name == f"{dataset.id}__{table.name}"
    assert set(columns_of(name)) == wanted | keys


#: A class belongs to its teacher, although the contract's row is about no one person.
SUBJECTS = {"staff_teaching_data__teaching_class": "lead_staff_no"}
#: Columns that a row of annex 2 does not need of a table that another row publishes whole, and
#: those that name who signed: figures of the school carry no person's number.
WITHHELD = {
    "student_management_data__student_status": {
        "birth_date",
        "cultivation_level",
        "entry_date",
        "entry_mode",
        "ethnicity",
        "expected_graduation",
        "household_type",
        "id_card_hash",
        "id_document_type",
        "native_place",
        "origin_place",
        "overseas_status",
        "school_years",
        "student_category",
    },
    **{
        name: {"signed_by"}
        for name in sorted(BASE)
        if name.startswith("school_") and name.endswith(("_return",))
    },
}


@pytest.mark.parametrize("name", sorted(BASE))
def test_a_table_says_who_answers_for_it_whose_data_it_is_and_how_often_it_comes(name: str) -> None:
    meta = meta_of(name)
    table = TABLES[meta["source"]]
    role, _unit = traced(DATASETS[BASE[name].parent.name].code)[meta["source"]]
    assert (meta["owner"], meta["level"]) == (table.owner_unit, table.level)
    assert (meta["role"], meta["cadence"]) == (role, table.cadence)
    assert meta.get("subject") == SUBJECTS.get(name, table.subject_key)
    if subject := meta.get("subject"):
        assert {"person_key", "college_code", subject} <= set(columns_of(name))


def sensitive_of(landed: set[str]) -> set[str]:
    """What staging calls the sensitive columns of these tables."""
    return {
        published_name(TABLES[label], column)
        for label in landed & set(TABLES)
        for column in TABLES[label].columns
        if column.privacy == "sensitive"
    }


def test_sensitive_columns_stand_only_where_the_list_allows_them() -> None:
    found: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for name, path in PUBLISHED.items():
        if path.parents[1].name == "authority":
            audience, table = "authority", name.replace("__", ".", 1)
            sensitive = sensitive_of({meta_of(name)["source"]}) if name in BASE else set()
        elif path.parent.name == "personal":
            audience, table = "personal", name.removeprefix("personal__")
            sensitive = sensitive_of(landed_behind(name))
        else:
            continue
        if carried := sensitive & set(columns_of(name)):
            found[audience][table] = carried
    assert found == {
        audience: {table: set(columns) for table, columns in tables.items()}
        for audience, tables in sensitive_columns().items()
    }


def test_an_id_number_of_each_kind_of_person_stands_in_one_table_and_elsewhere_as_a_hash() -> None:
    whole = [
        table for table, names in sensitive_columns()["authority"].items() if "id_card_no" in names
    ]
    assert sorted(whole) == [
        "staff_basic_data.staff_basic",
        "student_enrollment_data.student_status",
    ]
    hashed = {name for name in BASE if "id_card_hash" in columns_of(name)}
    assert hashed == {
        "staff_basic_data__staff_basic",
        "student_enrollment_data__student_status",
        "student_enrollment_data__admission_record",
    }
    for name in hashed:
        assert "keyed_hash('source.id_card_no')" in BASE[name].read_text(encoding="utf-8")


def test_statistics_and_public_name_nobody() -> None:
    named = {
        published_name(table, column)
        for table in CONTRACTS
        for column in table.columns
        if column.privacy == "sensitive" or column.name == table.subject_key
    }
    # Words that a figure needs for itself: the level of a figure is no level of an alert.
    assert named - {"level"} <= FORBIDDEN_COLUMNS
    assert {"person_key", *HASHED.values()} <= FORBIDDEN_COLUMNS
    for name, path in PUBLISHED.items():
        if path.parent.name in ("statistics", "public") or name.endswith("__indicator_value"):
            assert FORBIDDEN_COLUMNS.isdisjoint(columns_of(name)), name


def test_only_the_hash_reads_the_key_and_no_published_model_does_so_by_itself() -> None:
    readers = [name for name in MODELS if "stg_hub__identity_key" in reads(name)]
    assert readers == []
    text = MODELS["stg_hub__identity_key"].read_text(encoding="utf-8")
    assert "source('hub', 'identity_key')" in text


def test_drafts_are_written_once_and_left_to_whoever_edits_them(tmp_path: Path) -> None:
    assert missing_base_models(PROJECT, CONTRACTS, AUTHORITY) == {}, "run: campus contract sync"
    written = write_missing_base_models(tmp_path, CONTRACTS, AUTHORITY)
    folder = tmp_path / "models/published/authority"
    assert len(written) == 2 * len(BASE)
    record = folder / "student_enrollment_data/student_enrollment_data__admission_record.sql"
    draft = record.read_text(encoding="utf-8")
    assert "{{ keyed_hash('source.id_card_no') }} as id_card_hash" in draft
    assert "source.id_card_no," not in draft
    payroll = folder / "staff_finance_data/staff_finance_data__staff_payroll.sql"
    assert "bank_card_tail" not in payroll.read_text(encoding="utf-8")
    record.write_text("select 1", encoding="utf-8")
    assert write_missing_base_models(tmp_path, CONTRACTS, AUTHORITY) == []
    assert record.read_text(encoding="utf-8") == "select 1"


def test_a_draft_is_about_one_person_only_where_a_key_says_so() -> None:
    asset = TABLES["state_assets.asset_card"]
    assert _draft_of(asset, "staff_asset_data").count("scope.person_key") == 1
    return_ = TABLES["form_development_planning.statistics_return"]
    assert "person_key" not in _draft_of(return_, "school_people_statistics")


def _draft_of(table: Table, dataset: str) -> str:
    drafts = missing_base_models(Path("/nowhere"), CONTRACTS, AUTHORITY)
    return drafts[f"models/published/authority/{dataset}/{dataset}__{table.name}.sql"]


def test_mental_health_data_are_granted_to_nobody() -> None:
    held = {
        name.replace("__", ".", 1)
        for name in BASE
        if meta_of(name)["source"].startswith("student_mental_health.")
    }
    assert set(never_granted()) == held != set()
    assert all("个人信息保护法" in law for law in never_granted().values())
