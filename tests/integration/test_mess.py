"""A messy delivery is judged exactly as `mess.json` foretells; mended it gives the clean one."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from warehouse.contracts import load_contracts
from warehouse.engine import Connection, open_work, quote, quote_text
from warehouse.home import Home
from warehouse.ingest import create_landed_views, ingest
from warehouse.settings import Settings, load_settings
from warehouse.simulate import simulate
from warehouse.simulate.mess import deliver_mended, make_mess
from warehouse.simulate.mess.dressing import RECIPES
from warehouse.simulate.mess.file_faults import WHOLE_FAULTS
from warehouse.simulate.mess.forms import Form, styled
from warehouse.simulate.mess.row_faults import FAULTS, UNKNOWN_WORDS
from warehouse.simulate.plan import Plan
from warehouse.state import open_state, session

SIZE = {"students": 200, "staff": 30, "years": 1, "seed": 7, "as_of": date(2026, 11, 20)}
REASONS = ("type", "required", "duplicate_key", "code", "orphan", "range", "pattern",
           "check_digit", "cross_column")  # fmt: skip


@dataclass
class Messy:
    """A college delivered in a mess and ingested, then mended and ingested again."""

    settings: Settings
    record: dict[str, Any]
    first: dict[str, Any]
    quarantine: dict[str, dict[int, list[str]]]
    again: dict[str, Any]
    second: dict[str, Any]


#: Tables of every kind; those that they refer to come along.
TABLES = ("staff_position_record", "student_status_change", "course_selection", "course_grade",
          "fee_payment", "meal_account", "room")  # fmt: skip


def _family() -> set[str]:
    """The tables and all that they refer to."""
    contracts = load_contracts()
    found = {table.id: table for table in contracts if table.name in TABLES}
    while True:
        parents = {
            parent.id: parent
            for table in found.values()
            for reference in table.references
            if (parent := contracts.parent_table(table, reference.to))
        }
        if parents.keys() <= found.keys():
            return set(found)
        found |= parents


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The clean files of these tables, as the simulator writes them."""
    home = Home(tmp_path_factory.mktemp("staged"))
    family = _family()
    return [
        path
        for path in simulate(home, **SIZE)
        if f"{path.parent.parent.name}/{path.parent.name}" in family
    ]


def _make_mess(home: Home, staged: list[Path]) -> dict[str, Any]:
    inbox = staged[0].parent.parent.parent
    home.create()
    pairs = [(path, home.inbox / path.relative_to(inbox)) for path in staged]
    for path, target in make_mess(home, Plan(**SIZE), load_contracts(), pairs, home.work / "mess"):
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    return json.loads((home.root / "mess" / "mess.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory, staged: list[Path]) -> Messy:
    settings = load_settings(tmp_path_factory.mktemp("messy") / "乱 home", threads=2)
    record = _make_mess(settings.paths, staged)
    first = ingest(settings).to_json()
    quarantine = {
        file["path"]: _quarantined(settings, file)
        for file in first["files"]
        if file["result"] == "accepted"
    }
    again = ingest(settings).to_json()
    deliver_mended(settings.paths)
    return Messy(settings, record, first, quarantine, again, ingest(settings).to_json())


@pytest.fixture(scope="module")
def tidy(tmp_path_factory: pytest.TempPathFactory, staged: list[Path]) -> Settings:
    settings = load_settings(tmp_path_factory.mktemp("tidy") / "home", threads=2)
    settings.paths.create()
    for path in staged:
        target = settings.paths.inbox / path.relative_to(path.parent.parent.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    report = ingest(settings)
    assert {file.result for file in report.files} == {"accepted"}
    assert sum(file.refused_rows for file in report.files) == 0
    return settings


def _quarantined(settings: Settings, file: dict[str, Any]) -> dict[int, list[str]]:
    folder = settings.paths.quarantine / file["source"] / file["table"]
    place = folder / f"batch={file['batch']}.parquet"
    if not place.exists():
        return {}
    with open_work() as connection:
        rows = connection.execute(
            f"SELECT batch_row, reasons FROM read_parquet({quote_text(place)})"
        ).fetchall()
    return dict(rows)


def test_every_file_is_judged_as_foretold(messy: Messy) -> None:
    told = {file["path"]: file for file in messy.record["files"]}
    found = {file["path"]: file for file in messy.first["files"]}
    assert found.keys() == told.keys()
    keys = ("source", "table", "result", "accepted_rows", "refused_rows", "reasons")
    for path, file in told.items():
        assert {key: found[path][key] for key in keys} == {key: file[key] for key in keys}, path
    assert messy.first["landed_late"] == messy.record["landed_late"]


def test_every_row_in_quarantine_is_foretold_with_its_reasons(messy: Messy) -> None:
    for file in messy.record["files"]:
        foretold = {row["row"]: row["reasons"] for row in file["quarantine"]}
        assert messy.quarantine.get(file["path"], {}) == foretold, file["path"]


def test_every_fault_every_reason_and_every_form_is_there(messy: Messy) -> None:
    files = messy.record["files"]
    rows = [row for file in files for row in file["quarantine"]]
    faults = Counter(fault for row in rows for fault in row["faults"])
    made = set(FAULTS) | {"contradiction", "twice", "broken_off"}
    reasons = set(REASONS)
    if any(table.parent_rules for table in load_contracts()):
        made, reasons = made | {"another_s_parent"}, reasons | {"cross_table"}
    assert made == set(faults)
    assert reasons <= {reason for row in rows for reason in row["reasons"]}
    assert sum(len(row["reasons"]) > 2 for row in rows) > 3, "several reasons in one row"
    assert sum(row["waits"] for row in rows) > 50
    whole = {file["fault"] for file in [*files, *messy.record["not_delivered"]]} - {None}
    assert whole == {fault.name for fault in WHOLE_FAULTS}
    assert {file["reason"] for file in files} - {None} == {
        "structure", "unreadable", "too_many_refused", "mass_deletion", "undeclared",
    }  # fmt: skip
    forms = {form for file in files for form in file["forms"]}
    wanted = {form for recipe in RECIPES for form in recipe.used()}
    # An old code can only stand where somebody has the code that took its place: few have.
    assert wanted - {"codes: old"} <= forms


def test_a_word_that_stands_for_no_code_stands_for_none_in_any_table() -> None:
    known = {
        word
        for codes in load_contracts().code_tables.values()
        for pair in codes.items()
        for word in pair
    }
    assert not known & set(UNKNOWN_WORDS)


def test_an_old_value_stands_for_the_code_that_took_its_place() -> None:
    contracts = load_contracts()
    table = contracts.table("student_affairs", "student_status")
    codes = pl.DataFrame({"ethnicity": ["36", "01", None], "sex": ["1", "2", "1"]})
    rows = styled(codes, table, contracts, Form(codes="old"))
    assert rows.rows() == [("毛难族", "1"), ("01", "2"), (None, "1")]


def test_a_second_ingest_of_the_mess_finds_nothing_to_do(messy: Messy) -> None:
    assert (messy.again["files"], messy.again["landed_late"]) == ([], 0)


def test_mended_files_are_refused_nothing_for_good(messy: Messy) -> None:
    assert {file["result"] for file in messy.second["files"]} == {"accepted"}
    assert sorted(file["path"] for file in messy.second["files"]) == [
        path.replace("mess/mended", "inbox") for path in messy.record["mended"]
    ]
    assert {reason for file in messy.second["files"] for reason in file["reasons"]} <= {"orphan"}
    waited = sum(row["waits"] for file in messy.record["files"] for row in file["quarantine"])
    assert messy.second["landed_late"] >= waited > 0


def test_the_mended_lake_holds_what_the_clean_one_holds(messy: Messy, tidy: Settings) -> None:
    """Every version of every row, with its times: so every state of every table is the same."""
    with _landed(messy.settings) as mended, _landed(tidy) as clean:
        for table in load_contracts():
            columns = [*table.column_names, "source_system", "extracted_at",
                       "source_updated_at", "is_deleted"]  # fmt: skip
            listed = ", ".join(map(quote, dict.fromkeys(columns)))
            query = (
                f"SELECT DISTINCT {listed} FROM {quote(table.source)}.{quote(table.name)} "
                "ORDER BY ALL"
            )
            assert mended.execute(query).fetchall() == clean.execute(query).fetchall(), table.id


def _landed(settings: Settings) -> Connection:
    connection = open_work()
    engine = open_state(settings)
    with session(engine, read_only=True) as opened:
        create_landed_views(connection, load_contracts(), opened, settings.paths)
    engine.dispose()
    return connection


def test_an_equal_delivery_gives_an_equal_mess(
    messy: Messy, staged: list[Path], tmp_path: Path
) -> None:
    assert _make_mess(Home(tmp_path), staged) == messy.record


@pytest.mark.slow
def test_the_whole_college_in_a_mess_is_foretold_file_by_file(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, threads=2)
    simulate(settings.paths, **SIZE, mess=True)
    record = json.loads((tmp_path / "mess" / "mess.json").read_text("utf-8"))
    report = ingest(settings).to_json()
    found = {file["path"]: file for file in report["files"]}
    keys = ("result", "accepted_rows", "refused_rows", "reasons")
    told = {file["path"]: {key: file[key] for key in keys} for file in record["files"]}
    assert {path: {key: file[key] for key in keys} for path, file in found.items()} == told
    for file in record["files"]:
        if file["result"] == "accepted":
            rows = {row["row"]: row["reasons"] for row in file["quarantine"]}
            assert _quarantined(settings, found[file["path"]]) == rows, file["path"]


@pytest.mark.slow
def test_the_mended_release_is_the_clean_one(messy: Messy, tidy: Settings) -> None:
    """Every table of every released file, row for row."""
    from warehouse.release import current, refresh

    # Hashes of ID numbers are keyed by the home: with one key the two can be compared.
    keys = [settings.paths.secrets / "identity.key" for settings in (messy.settings, tidy)]
    for key in keys:
        key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key.unlink(missing_ok=True)
        key.write_text("6b" * 32, encoding="ascii")
        key.chmod(0o600)
    published = []
    for settings in (messy.settings, tidy):
        assert refresh(settings).release is not None
        files = current(settings).manifest["files"]
        published.append(
            {
                (audience, label): table["content_hash"]
                for audience, entry in files.items()
                for label, table in entry["tables"].items()
            }
        )
    mended, clean = published
    assert len(clean) > 30
    assert {place for place in clean if mended.get(place) != clean[place]} == set()
    assert mended.keys() == clean.keys()
