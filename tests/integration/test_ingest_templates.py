"""A template as an owner unit gets it: filled in it lands whole, untouched it delivers nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path

import fastexcel
import pytest

from warehouse.authority import load_authority
from warehouse.contracts import load_contracts
from warehouse.ingest import ingest
from warehouse.ingest.checks import code_meanings
from warehouse.ingest.examples import example_rows
from warehouse.ingest.headings import fold, map_headings
from warehouse.ingest.picklists import pick_list
from warehouse.ingest.templates import write_template
from warehouse.settings import Settings, load_settings

CONTRACTS, AUTHORITY = load_contracts(), load_authority()
HR = next(source for source in CONTRACTS.sources if source.id == "hr_management")


@pytest.fixture
def settings(tmp_path) -> Settings:
    found = load_settings(tmp_path / "家 home", threads=2)
    found.paths.create()
    return found


def template(path: Path, tables, filled=None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_template(path, tables, CONTRACTS, AUTHORITY, "测试", filled)
    return path


def inbox(settings: Settings, table) -> Path:
    return settings.paths.inbox / table.source / table.name / "模板.xlsx"


def test_every_table_has_two_example_rows_that_fill_what_is_required() -> None:
    rows = example_rows(CONTRACTS)
    assert all(len(rows[table.id]) == 2 for table in CONTRACTS)
    for table in CONTRACTS:
        for row in rows[table.id]:
            assert all(row[column.name] for column in table.columns if column.required), table.id
            assert not any(
                (row[column.name] or "9900009")[:6] != "990000"
                for column in table.columns
                if column.check_digit
            )


def test_examples_filled_in_are_accepted_whole(settings) -> None:
    """Tables with ID numbers, bounds, amounts that must agree, references in a circle."""
    chosen = ("hr_management", "tuition_collection", "library_management", "property_management")
    rows = example_rows(CONTRACTS)
    tables = [
        table
        for table in CONTRACTS
        if table.source in chosen or table.name in ("student_status", "major")
    ]
    for table in tables:
        template(inbox(settings, table), [table], rows)
    report = ingest(settings)
    refused = [
        (file.table, file.result, file.reasons, file.message)
        for file in report.files
        if file.result != "accepted" or set(file.reasons) - {"orphan"}
    ]
    assert refused == []
    assert sum(file.refused_rows for file in report.files) == report.landed_late
    accepted = sum(file.accepted_rows for file in report.files)
    assert accepted + report.landed_late == 2 * len(tables)


def test_the_right_sheet_of_a_unit_s_template_is_read_and_no_example(settings) -> None:
    place = next(source for source in CONTRACTS.sources if source.id == "property_management")
    building, room = place.tables[0], place.tables[1]
    filled = {building.id: example_rows(CONTRACTS)[building.id]}
    for table in (building, room):
        template(inbox(settings, table), place.tables, filled)
    report = ingest(settings)
    assert {file.table: (file.result, file.accepted_rows) for file in report.files} == {
        building.name: ("accepted", 2),
        room.name: ("accepted", 0),
    }


def test_every_entry_of_a_pick_list_is_read_as_one_value() -> None:
    for table in CONTRACTS:
        for column in table.columns:
            if not column.code_table and not column.allowed:
                continue
            meanings = code_meanings(CONTRACTS, column) or {}
            offered = pick_list(CONTRACTS, column) or []
            read = [meanings.get(fold(text)) for text in offered]
            assert None not in read, (table.id, column.name)
            wanted = column.allowed or list(CONTRACTS.code_tables[column.code_table or ""])
            assert read == list(map(str, wanted)), (table.id, column.name)


def test_sheets_carry_the_contract_s_titles_lists_and_comments(tmp_path) -> None:
    path = template(tmp_path / "a.xlsx", HR.tables)
    book = fastexcel.read_excel(path)
    assert book.sheet_names[0] == "说明"
    assert book.sheet_names[1 : 1 + len(HR.tables)] == [table.title for table in HR.tables]
    for place, table in enumerate(HR.tables, 1):
        sheet = book.load_sheet(place, header_row=None, dtypes="string").to_polars()
        assert sheet.height == 1
        assert map_headings([str(cell) for cell in sheet.row(0)], table).fits
    with zipfile.ZipFile(path) as parts:
        names = parts.namelist()
        assert sum(name.startswith("xl/comments") for name in names) == len(HR.tables)
        assert 'type="list"' in parts.read("xl/worksheets/sheet3.xml").decode()
        assert "<definedName" in parts.read("xl/workbook.xml").decode()


def test_the_same_contract_gives_the_same_bytes(tmp_path) -> None:
    one = template(tmp_path / "1.xlsx", HR.tables[:1])
    other = template(tmp_path / "2.xlsx", HR.tables[:1])
    assert one.read_bytes() == other.read_bytes()
