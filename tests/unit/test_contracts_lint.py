"""Each fault a contract can have is found, said in one line, and found together with the others."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from warehouse.contracts.lint import find_problems, lint_contracts
from warehouse.contracts.loader import CONTRACT_FOLDER, load_contracts, read_yaml
from warehouse.errors import ContractError

Document = dict[str, Any]
FILE = "tuition_collection.odcs.yaml"


def parents() -> Document:
    """The student table, cut to what foreign keys of the tuition system point at."""
    document = read_yaml(CONTRACT_FOLDER / "student_affairs.odcs.yaml")
    document["schema"] = [table(document, "student_status")]
    kept = [column(document, name, "student_status") for name in ("student_no", "name")]
    document["schema"][0].update(properties=kept, quality=[])
    return document


@pytest.fixture(scope="module")
def originals() -> dict[str, Document]:
    return {FILE: read_yaml(CONTRACT_FOLDER / FILE), "student_affairs.odcs.yaml": parents()}


@pytest.fixture
def lint_with(
    tmp_path: Path, originals: dict[str, Document]
) -> Callable[[Callable[[Document], object]], list[str]]:
    """Lints the tuition contract, changed, beside the tables it points at."""

    def run(change: Callable[[Document], object]) -> list[str]:
        for name, document in originals.items():
            written = copy.deepcopy(document)
            if name == FILE:
                change(written)
            text = yaml.safe_dump(written, allow_unicode=True, sort_keys=False)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return lint_contracts(tmp_path)

    return run


def table(document: Document, name: str = "fee_bill") -> Document:
    return next(item for item in document["schema"] if item["name"] == name)


def column(document: Document, name: str, of: str = "fee_bill") -> Document:
    return next(item for item in table(document, of)["properties"] if item["name"] == name)


def set_custom(holder: Document, name: str, value: object) -> None:
    entries = holder.setdefault("customProperties", [])
    entries[:] = [entry for entry in entries if entry["property"] != name]
    if value is not None:
        entries.append({"property": name, "value": value})


def add_rule(document: Document, expression: str) -> None:
    table(document)["quality"].append(
        {
            "name": "added",
            "description": "为测试而加",
            "type": "custom",
            "engine": "duckdb",
            "implementation": expression,
        }
    )


def test_the_unchanged_tuition_contract_has_no_fault(
    lint_with: Callable[[Callable[[Document], object]], list[str]],
) -> None:
    assert lint_with(lambda document: None) == []


def test_the_contracts_in_force_have_no_fault() -> None:
    assert lint_contracts() == []


def test_datasets_without_a_declared_lead_are_notes_not_faults(tmp_path: Path) -> None:
    for source in ("library_management", "tuition_collection"):
        shutil.copy(CONTRACT_FOLDER / f"{source}.odcs.yaml", tmp_path)
    notes = [finding for finding in find_problems(tmp_path) if finding.is_note]
    assert "A2-06" in {finding.place for finding in notes}
    assert "A2-05" not in {finding.place for finding in notes}


FAULTS: list[tuple[Callable[[Document], object], str, str]] = [
    (lambda d: d.update(kind="Contract"), "", "is not DataContract"),
    (lambda d: d.update(unheard=1), "", "unheard"),
    (
        lambda d: set_custom(column(d, "fee_status"), "codeTable", "no_such"),
        "fee_bill.fee_status",
        "code table no_such is unknown",
    ),
    (
        lambda d: set_custom(column(d, "fee_status"), "codetable", "fee_status"),
        "fee_bill.fee_status",
        "unknown custom property codetable",
    ),
    (
        lambda d: column(d, "student_no")["relationships"][0].update(to="student_status.no_such"),
        "fee_bill.student_no",
        "which is no column",
    ),
    (
        lambda d: column(d, "student_no")["relationships"][0].update(to="student_status.name"),
        "fee_bill.student_no",
        "which is no key",
    ),
    (lambda d: column(d, "bill_no").update(required=False), "fee_bill.bill_no", "not required"),
    (
        lambda d: column(d, "bill_no").update(primaryKey=False),
        "fee_bill",
        "has no key",
    ),
    (lambda d: set_custom(table(d), "subjectKey", None), "fee_bill", "names no subject"),
    (lambda d: set_custom(table(d), "subjectKey", "nobody"), "fee_bill", "is no column"),
    (lambda d: set_custom(table(d), "level", "L6"), "fee_bill", "level is L6"),
    (lambda d: set_custom(table(d), "level", "机密"), "fee_bill", "Article 11"),
    (
        lambda d: column(d, "due_amount").update(classification="top secret"),
        "fee_bill.due_amount",
        "Article 11",
    ),
    (
        lambda d: d["schema"].append(copy.deepcopy(table(d))),
        "",
        "table fee_bill appears 2 times",
    ),
    (
        lambda d: table(d)["properties"].append(copy.deepcopy(column(d, "due_amount"))),
        "fee_bill",
        "column due_amount appears 2 times",
    ),
    (
        lambda d: column(d, "due_amount").update(businessName="已缴（元）"),
        "fee_bill",
        "Chinese heading 已缴（元） appears 2 times",
    ),
    (
        lambda d: column(d, "bill_no").update(logicalTypeOptions={"pattern": "["}),
        "fee_bill.bill_no",
        "pattern:",
    ),
    (
        lambda d: column(d, "due_amount").update(physicalType="money"),
        "fee_bill.due_amount",
        "type money is unknown",
    ),
    (
        lambda d: column(d, "due_amount").update(logicalTypeOptions={"minimum": 2, "maximum": 1}),
        "fee_bill.due_amount",
        "minimum is above maximum",
    ),
    (
        lambda d: column(d, "fee_item")["enum"].append({"value": 1}),
        "fee_bill.fee_item",
        "not text",
    ),
    (lambda d: add_rule(d, "no_such_column > 0"), "fee_bill rule added", "no_such_column"),
    (lambda d: add_rule(d, "due_amount + 1"), "fee_bill rule added", "gives DECIMAL"),
    (lambda d: add_rule(d, "sum(due_amount) > 0"), "fee_bill rule added", "aggregate"),
    (
        lambda d: add_rule(d, "deferred_until < current_date"),
        "fee_bill rule added",
        "beyond its own row",
    ),
    (lambda d: set_custom(table(d), "feeds", ["A9-01"]), "fee_bill", "no such row"),
    (lambda d: set_custom(table(d), "feeds", ["A2-05:boss"]), "fee_bill", "role boss is unknown"),
    (
        lambda d: set_custom(table(d), "feeds", ["A2-05:part:library"]),
        "fee_bill",
        "names no owner of that row",
    ),
    (
        lambda d: set_custom(table(d), "feeds", ["A2-01:lead"]),
        "fee_bill",
        "finance_office is no owner of that row",
    ),
    (
        lambda d: set_custom(table(d, "fee_payment"), "feeds", ["A2-05:lead"]),
        "fee_payment",
        "A2-05 has 2 leads",
    ),
    (
        lambda d: set_custom(table(d), "feeds", ["A4-25"]),
        "fee_bill",
        "A4-25: that item comes from S19, and from one source only (Article 10)",
    ),
    (lambda d: set_custom(d, "ownerUnit", "nowhere"), "ownerUnit", "unit nowhere is unknown"),
    (lambda d: set_custom(d, "ownerUnit", "library"), "ownerUnit", "annex 1 gives S08"),
    (lambda d: set_custom(table(d), "refuseAbove", 0), "fee_bill", "refuseAbove is 0"),
    (lambda d: set_custom(table(d), "refuseAbove", 1.5), "fee_bill", "refuseAbove is 1.5"),
    (lambda d: set_custom(table(d), "legalBasis", None), "fee_bill", "no legal basis"),
    (lambda d: d.update(slaProperties=[]), "fee_bill", "cadence is missing"),
    (
        lambda d: column(d, "bill_no").update(name="batch_id"),
        "fee_bill",
        "declares batch_id",
    ),
]


@pytest.mark.parametrize(("change", "place", "what"), FAULTS)
def test_fault_is_found_at_its_place(
    lint_with: Callable[[Callable[[Document], object]], list[str]],
    change: Callable[[Document], object],
    place: str,
    what: str,
) -> None:
    problems = lint_with(change)
    expected_start = f"{FILE}: {place}: " if place else f"{FILE}: "
    assert any(line.startswith(expected_start) and what in line for line in problems), problems
    assert all(" → " in line and "\n" not in line for line in problems)


def test_sensitive_data_below_l3_is_refused(
    lint_with: Callable[[Callable[[Document], object]], list[str]],
) -> None:
    def change(document: Document) -> None:
        set_custom(table(document), "level", "L2")
        set_custom(column(document, "student_no"), "privacy", "sensitive")

    assert any("is sensitive in a table of level L2" in line for line in lint_with(change))


def test_all_faults_are_reported_at_once(
    lint_with: Callable[[Callable[[Document], object]], list[str]],
) -> None:
    def change(document: Document) -> None:
        set_custom(table(document), "level", "L6")
        set_custom(column(document, "fee_status"), "codeTable", "no_such")
        column(document, "bill_no", of="fee_bill")["required"] = False
        set_custom(table(document, "fee_payment"), "endAbove", 2)

    assert len(lint_with(change)) == 4


def test_a_foreign_key_to_an_undeclared_table_is_only_a_note(
    lint_with: Callable[[Callable[[Document], object]], list[str]], tmp_path: Path
) -> None:
    def change(document: Document) -> None:
        column(document, "student_no")["relationships"][0]["to"] = "admission_record.exam_no"

    assert lint_with(change) == []
    assert any(
        finding.is_note and finding.place == "fee_bill.student_no"
        for finding in find_problems(tmp_path)
    )


def test_an_unreadable_file_does_not_hide_the_faults_of_others(
    lint_with: Callable[[Callable[[Document], object]], list[str]], tmp_path: Path
) -> None:
    lint_with(lambda document: set_custom(table(document), "level", "L6"))
    (tmp_path / "library_management.odcs.yaml").write_text("schema: [", encoding="utf-8")
    problems = lint_contracts(tmp_path)
    assert any(line.startswith("library_management.odcs.yaml: cannot be read") for line in problems)
    assert any("level is L6" in line for line in problems)


def test_loading_a_broken_folder_names_the_file_and_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "x.odcs.yaml").write_text("kind: [", encoding="utf-8")
    with pytest.raises(ContractError, match=r"x\.odcs\.yaml: cannot be read") as caught:
        load_contracts(tmp_path)
    assert "campus contract lint" in str(caught.value.next_step)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(schema=True),
        lambda d: d.update(team=1),
        lambda d: table(d).update(properties="x"),
        lambda d: column(d, "due_amount").update(logicalTypeOptions={"minimum": "x"}),
        lambda d: column(d, "fee_item").update(enum=[1, "x"]),
        lambda d: set_custom(table(d), "feeds", 1),
        lambda d: set_custom(table(d), "refuseAbove", "many"),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_fault_and_no_crash(
    lint_with: Callable[[Callable[[Document], object]], list[str]],
    change: Callable[[Document], object],
) -> None:
    assert any(line.startswith(FILE) for line in lint_with(change))
