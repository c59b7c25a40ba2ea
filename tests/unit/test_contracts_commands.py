"""`campus contract` and `campus authority` at the command line: output, exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from warehouse.cli import authority, contract
from warehouse.contracts.loader import CONTRACT_FOLDER, load_contracts
from warehouse.engine import open_work
from warehouse.errors import UsageError
from warehouse.home import Home


@pytest.fixture
def run(tmp_path: Path) -> object:
    app = typer.Typer()

    @app.callback()
    def root(context: typer.Context) -> None:
        context.ensure_object(dict)
        context.obj["home"] = tmp_path / "数据 家"

    contract.register(app)
    authority.register(app)
    runner = CliRunner()

    def invoke(*arguments: str) -> Result:
        return runner.invoke(app, list(arguments))

    return invoke


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTRACT_FOLDER, tmp_path / "合同 旧版"))


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_lint_ends_with_one_and_a_line_for_each_problem(run, copied: Path) -> None:
    file = copied / "library_management.odcs.yaml"
    replace_in(file, "value: book_status", "value: no_such")
    replace_in(file, "value: L3", "value: L9")
    result = run("contract", "lint", str(copied))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("library_management.odcs.yaml: library_") for line in lines)


def test_diff_asks_for_a_version_when_deliveries_break(run, copied: Path) -> None:
    file = copied / "library_management.odcs.yaml"
    replace_in(file, "physicalType: int", "physicalType: string")
    result = run("contract", "diff", str(copied))
    assert result.exit_code == 1
    assert "library_management/library_loan.renewals: type string → int" in result.stdout
    replace_in(file, "version: 1.1.0", "version: 0.9.0")
    load_contracts.cache_clear()
    assert run("contract", "diff", str(copied)).exit_code == 0


def test_contracts_are_listed_as_json(run) -> None:
    rows = json.loads(run("contract", "list", "--json").stdout)
    assert len(rows) == 101
    assert (rows[0]["unit"], rows[0]["owner"]) == ("hr_office", "人事处")


@pytest.mark.parametrize(
    ("place", "tables"),
    [
        ("体育学院", {"student_fitness_test"}),
        ("sports_college", {"student_fitness_test"}),
        ("体育学院报送表", {"student_fitness_test"}),
        ("form_sports_college", {"student_fitness_test"}),
    ],
)
def test_a_unit_or_source_is_named_by_id_or_in_chinese(run, place: str, tables: set[str]) -> None:
    rows = json.loads(run("contract", "list", place, "--json").stdout)
    assert {row["table"] for row in rows} == tables


def test_the_list_shows_what_other_commands_ask_for(run) -> None:
    printed = run("contract", "list", "体育学院").stdout
    assert "form_sports_college/student_fitness_test" in printed
    assert "sports_college" in printed.replace("form_sports_college", "")
    assert isinstance(run("contract", "list", "无此单位").exception, UsageError)


def test_only_a_whole_contract_is_printed(run) -> None:
    assert run("contract", "export", "form_sports_college").stdout.startswith("# 体育学院报送表")
    for place in ("sports_college", "form_sports_college/student_fitness_test"):
        error = run("contract", "export", place).exception
        assert isinstance(error, UsageError)
        assert f"campus contract export {place} --out DIR" in (error.next_step or "")


def test_items_are_listed_before_anything_is_published(run) -> None:
    rows = json.loads(run("authority", "list", "--items", "--json").stdout)
    assert len(rows) == 65
    named = {row["code"]: row for row in rows}
    assert named["A4-13"]["source"][0]["table"] == "fee_bill"
    assert named["A4-13"]["coverage"] is None
    assert named["A4-10"]["source"][0]["table"] == "student_work_study"


def test_items_are_read_from_the_current_release(run, tmp_path: Path) -> None:
    home = Home(tmp_path / "数据 家")
    folder = home.releases / "r1"
    folder.mkdir(parents=True)
    with open_work(folder / "personal.duckdb") as connection:
        connection.execute(
            "CREATE TABLE item AS SELECT 'A3-02' AS code,"
            """ '[{"table": "staff", "columns": ["name"]}]' AS holders, 0.75::DOUBLE AS coverage,"""
            " true AS is_due,"
            " TIMESTAMP '2025-01-01' AS oldest, TIMESTAMP '2025-09-01 08:00:00' AS newest"
        )
    home.current_release.write_text("r1\n", encoding="utf-8")
    rows = json.loads(run("authority", "list", "--items", "--json").stdout)
    row = next(row for row in rows if row["code"] == "A3-02")
    assert row["personal"] == [{"table": "staff", "columns": ["name"]}]
    assert (row["coverage"], row["due"], row["newest"]) == (0.75, True, "2025-09-01T08:00:00")


def test_conflicts_are_counted_from_the_annexes(run) -> None:
    found = json.loads(run("authority", "conflicts", "--json").stdout)
    assert {"several_owners", "owned_twice", "no_deadline"} <= {entry["kind"] for entry in found}
    lines = run("authority", "conflicts").stdout.splitlines()
    assert sum(" → " in line for line in lines) == len(found)


def test_pages_are_written_for_every_source(run, tmp_path: Path) -> None:
    out = tmp_path / "说明 页"
    assert run("contract", "docs", "--out", str(out)).exit_code == 0
    assert (out / "index.html").is_file()
    assert len(list(out.glob("[a-z]*[!0-9].html"))) > 30


def test_templates_are_written_for_a_unit_a_source_or_a_table(run, tmp_path: Path) -> None:
    out = tmp_path / "模板"
    for place, names in (
        ("finance_office", {"finance_management.xlsx", "tuition_collection.xlsx"}),
        ("财务处", {"finance_management.xlsx", "tuition_collection.xlsx"}),
        ("tuition_collection/fee_bill", {"tuition_collection-fee_bill.xlsx"}),
    ):
        result = run("contract", "export", place, "--out", str(out))
        assert result.exit_code == 0
        assert {Path(line).name for line in result.stdout.splitlines()} >= names
    assert isinstance(run("contract", "export", "no_such", "--out", str(out)).exception, UsageError)
