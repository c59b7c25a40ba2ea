"""Rules over a row and its parent, and declared references: how they are read, judged, compared."""

from __future__ import annotations

import dataclasses

import pytest
from open_data_contract_standard.model import OpenDataContractStandard

from warehouse.contracts import Column, Contracts, Reference, Rule, Source, Table
from warehouse.contracts.compare import compare
from warehouse.contracts.document import describe_source
from warehouse.contracts.lint_rules import check_expressions

BILL = Table(
    "fees", "bill", "账单", "一单一行", ("bill_no",), "event", "finance_office", "L3",
    columns=(
        Column("bill_no", "string", "账单号"),
        Column("student_no", "string", "学号"),
        Column("due_date", "date", "到期"),
    ),
)  # fmt: skip
PAYMENT = Table(
    "fees", "payment", "缴费", "一笔一行", ("payment_no",), "event", "finance_office", "L3",
    columns=(
        Column("payment_no", "string", "缴费单号"),
        Column("bill_no", "string", "账单号", foreign_key="bill.bill_no"),
        Column("student_no", "string", "学号"),
        Column("amount", "decimal(14,2)", "金额"),
    ),
)  # fmt: skip


def contracts_with(rule: Rule | None = None, reference: Reference | None = None) -> Contracts:
    table = dataclasses.replace(
        PAYMENT,
        rules=(rule,) if rule else (),
        declared_references=(reference,) if reference else (),
    )
    return Contracts((Source("fees", "S08", "收费", "finance_office", (BILL, table)),))


def faults(contracts: Contracts) -> list[str]:
    return [
        str(one) for one in check_expressions("fees.odcs.yaml", contracts.sources[0], contracts)
    ]


@pytest.mark.parametrize(
    ("expression", "through", "fault"),
    [
        ("student_no = parent.student_no", "bill_no", None),
        ("student_no = parent.no_such", "bill_no", "no_such"),
        ("student_no = parent.student_no", "amount", "refers to no table"),
        ("student_no = parent.student_no", None, "(nothing)"),
        ("student_no IS NOT NULL", "bill_no", "no column of the parent"),
        ("parent.bill_no", "bill_no", "gives VARCHAR"),
        ("parent.due_date < current_date", "bill_no", "beyond its own row"),
        ("student_no IN (SELECT '1') AND parent.bill_no = '1'", "bill_no", "beyond its own row"),
    ],
)
def test_a_rule_over_a_parent_is_bound_to_its_columns(
    expression: str, through: str | None, fault: str | None
) -> None:
    rule = Rule("same_student", expression, "学号应一致", "cross_table", through)
    found = faults(contracts_with(rule))
    assert len(found) == (fault is not None)
    assert fault is None or ("payment rule same_student" in found[0] and fault in found[0])


def test_only_a_rule_over_tables_goes_through_one() -> None:
    rule = Rule("positive", "amount > 0", "金额为正", "cross_column", "bill_no")
    assert len(faults(contracts_with(rule))) == 1


@pytest.mark.parametrize(
    ("reference", "fault"),
    [
        (Reference("extra", ("bill_no",), "bill", ("bill_no",)), None),
        (Reference("extra", ("bill_no",), "bill", ("bill_no",), "amount > 0"), None),
        (Reference("extra", ("payment_no",), "bill", ("payment_no",)), "which is no column"),
        (Reference("extra", ("no_such",), "bill", ("bill_no",)), "no such column"),
        (Reference("extra", ("bill_no",), "bill", ("bill_no",), "no_such"), "no_such"),
        (Reference("extra", (), "bill", ()), "differ in number"),
        (Reference("extra", ("amount",), "bill", ("bill_no",)), "is decimal(14,2)"),
        (Reference("amount", ("bill_no",), "bill", ("bill_no",)), "name of a column"),
        (Reference("extra", ("bill_no",), "nowhere", ("bill_no",)), "no contract declares yet"),
    ],
)
def test_a_reference_names_columns_that_fit(reference: Reference, fault: str | None) -> None:
    found = faults(contracts_with(reference=reference))
    assert len(found) == (fault is not None)
    assert fault is None or fault in found[0]


def test_parents_come_first_by_declared_references_too() -> None:
    pay = dataclasses.replace(
        PAYMENT,
        columns=tuple(dataclasses.replace(one, foreign_key=None) for one in PAYMENT.columns),
        declared_references=(Reference("extra", ("bill_no",), "bill", ("bill_no",)),),
    )
    contracts = Contracts((Source("fees", "S08", "收费", "finance_office", (pay, BILL)),))
    assert [table.name for table in contracts.parents_first()] == ["bill", "payment"]


def test_a_stricter_parent_is_a_breaking_change() -> None:
    rule = Rule("same", "student_no = parent.student_no", "一致", "cross_table", "bill_no")
    reference = Reference("extra", ("bill_no",), "bill", ("bill_no",))
    before, after = contracts_with(), contracts_with(rule, reference)
    assert [(change.place, change.breaking) for change in compare(before, after)] == [
        ("fees/payment reference extra", True),
        ("fees/payment rule same", True),
    ]
    assert not any(change.breaking for change in compare(after, before))
    other = contracts_with(dataclasses.replace(rule, through="extra"), reference)
    assert [change.what for change in compare(after, other)] == ["changed"]


def document(references: object) -> OpenDataContractStandard:
    return OpenDataContractStandard(
        id="fees",
        apiVersion="v3.1.0",
        kind="DataContract",
        status="active",
        version="1.0.0",
        schema=[
            {
                "name": "payment",
                "properties": [{"name": "bill_no", "physicalType": "string"}],
                "customProperties": [{"property": "references", "value": references}],
                "quality": [
                    {
                        "name": "same",
                        "type": "custom",
                        "implementation": "bill_no = parent.bill_no",
                        "customProperties": [
                            {"property": "reason", "value": "cross_table"},
                            {"property": "through", "value": "bill"},
                        ],
                    }
                ],
            }
        ],
    )


def test_both_are_read_from_a_contract_file() -> None:
    [table] = describe_source(
        document([{"name": "bill", "columns": ["bill_no"], "to": "b"}])
    ).tables
    assert table.references == (Reference("bill", ("bill_no",), "b", ("bill_no",)),)
    assert table.rules == (Rule("same", "bill_no = parent.bill_no", "same", "cross_table", "bill"),)


def test_a_slip_in_a_reference_is_told() -> None:
    with pytest.raises(ValueError, match="unknown wann"):
        describe_source(document([{"name": "x", "columns": ["bill_no"], "to": "b", "wann": "1"}]))
