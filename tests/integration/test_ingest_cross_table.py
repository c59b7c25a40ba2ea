"""Rules over a row and its parent, and references that a plain foreign key cannot say."""

from __future__ import annotations

import os
from typing import Any

import pytest
from ingest_contracts import ledger_of, put, quarantined

from warehouse.contracts import Column, Contracts, Reference, Rule, Source, Table
from warehouse.ingest import ingest
from warehouse.settings import Settings, load_settings

BILL = Table(
    "fees", "bill", "账单", "一单一行", ("bill_no",), "event", "finance_office", "L3",
    columns=(
        Column("bill_no", "string", "账单号", required=True),
        Column("student_no", "string", "学号"),
        Column("amount", "decimal(14,2)", "应缴"),
    ),
)  # fmt: skip
VOUCHER = Table(
    "fees", "voucher", "凭证", "一行一分录", ("year", "voucher_no", "line_no"), "event",
    "finance_office", "L2",
    columns=(
        Column("year", "int", "年度", required=True),
        Column("voucher_no", "string", "凭证号", required=True),
        Column("line_no", "int", "行号", required=True),
        Column("debit", "decimal(14,2)", "借方"),
    ),
)  # fmt: skip
PAYMENT = Table(
    "fees", "payment", "缴费", "一笔一行", ("payment_no",), "event", "finance_office", "L3",
    columns=(
        Column("payment_no", "string", "缴费单号", required=True),
        Column("bill_no", "string", "账单号", foreign_key="bill.bill_no"),
        Column("student_no", "string", "学号"),
        Column("paid", "decimal(14,2)", "金额"),
        Column("year", "int", "年度"),
        Column("voucher_no", "string", "凭证号"),
        Column("refunds", "string", "冲销的缴费单号", foreign_key="payment.payment_no"),
        Column("source_no", "string", "来源号"),
        Column("source_kind", "string", "来源类型", allowed=("账单", "其他")),
    ),
    rules=(
        Rule("same_student", "student_no = parent.student_no", "学号应与账单一致",
             "cross_table", "bill_no"),
        Rule("not_above_bill", "paid <= parent.amount", "不超过应缴", "cross_table", "bill_no"),
        Rule("booked", "paid = parent.debit", "金额应与一条分录一致", "cross_table", "voucher"),
        Rule("refund_of_same", "student_no = parent.student_no", "冲销的学号应一致",
             "cross_table", "refunds"),
    ),
    declared_references=(
        Reference("voucher", ("year", "voucher_no"), "voucher", ("year", "voucher_no")),
        Reference("source_bill", ("source_no",), "bill", ("bill_no",), "source_kind = '账单'"),
    ),
)  # fmt: skip
CONTRACTS = Contracts((Source("fees", "S08", "收费", "finance_office", (BILL, VOUCHER, PAYMENT)),))


@pytest.fixture
def settings(tmp_path) -> Settings:
    found = load_settings(tmp_path / "家 home", threads=2)
    found.paths.create()
    return found


def run(settings: Settings):
    return ingest(settings, contracts=CONTRACTS)


def bill(number: int, **changes: Any) -> dict[str, Any]:
    return {"bill_no": f"B{number}", "student_no": f"S{number}", "amount": "100.00"} | changes


def payment(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "payment_no": f"P{number}",
        "bill_no": f"B{number}",
        "student_no": f"S{number}",
        "paid": "50.00",
    } | changes


def reasons(settings: Settings) -> dict[int, list[str]]:
    return {row: found for table, row, found in quarantined(settings) if table == "payment"}


def put_many(settings: Settings, changes: dict[int, dict[str, Any]], count: int = 20) -> None:
    rows = [payment(place, **changes.get(place, {})) for place in range(1, count + 1)]
    put(settings, PAYMENT, "p.csv", rows)


def test_a_row_must_agree_with_the_parent_it_names(settings) -> None:
    put(settings, BILL, "b.csv", [bill(place) for place in range(1, 21)])
    put_many(settings, {3: {"student_no": "S4"}, 5: {"paid": "100.01"}, 6: {"paid": "100.00"}})
    run(settings)
    assert reasons(settings) == {3: ["cross_table"], 5: ["cross_table"]}


def test_null_on_either_side_is_good(settings) -> None:
    bills = [bill(place) for place in range(1, 21)]
    bills[0]["student_no"] = bills[1]["amount"] = ""
    put(settings, BILL, "b.csv", bills)
    put_many(settings, {1: {"student_no": "S9"}, 2: {"paid": "9999"}, 3: {"student_no": ""}})
    run(settings)
    assert reasons(settings) == {}


def test_a_row_is_judged_when_its_parent_comes(settings) -> None:
    put_many(settings, {3: {"student_no": "S4"}, 20: {"bill_no": "B99"}})
    run(settings)
    assert set(map(tuple, reasons(settings).values())) == {("orphan",)}
    put(settings, BILL, "b.csv", [bill(place) for place in range(1, 21)])
    assert run(settings).landed_late == 18
    assert reasons(settings) == {3: ["cross_table"], 20: ["orphan"]}
    batch = next(entry for entry in ledger_of(settings) if entry["table_name"] == "payment")
    assert batch["reasons"] == {"orphan": 1, "cross_table": 1}
    assert (batch["accepted_rows"], batch["refused_rows"], batch["waiting_rows"]) == (18, 2, 1)


def test_a_row_alone_that_disagrees_waits_no_longer(settings) -> None:
    put(settings, PAYMENT, "p.csv", [payment(1, student_no="S4")])
    run(settings)
    put(settings, BILL, "b.csv", [bill(1)])
    run(settings)
    assert run(settings).landed_late == 0
    assert reasons(settings) == {1: ["cross_table"]}
    batch = next(entry for entry in ledger_of(settings) if entry["table_name"] == "payment")
    assert (batch["refused_rows"], batch["waiting_rows"]) == (1, 0)


def test_the_parent_is_its_current_version_not_the_one_that_arrived_last(settings) -> None:
    newer = put(settings, BILL, "1.csv", [bill(place, amount="60") for place in range(1, 21)])
    os.utime(newer, (1_700_000_000, 1_700_000_000))
    run(settings)
    older = put(settings, BILL, "2.csv", [bill(place, amount="10") for place in range(1, 21)])
    os.utime(older, (1_600_000_000, 1_600_000_000))
    run(settings)
    put_many(settings, {})
    run(settings)
    assert reasons(settings) == {}


def test_of_several_parent_rows_one_that_agrees_is_enough(settings) -> None:
    put(settings, BILL, "b.csv", [bill(place) for place in range(1, 21)])
    lines = [
        {"year": 2025, "voucher_no": "V1", "line_no": line, "debit": amount}
        for line, amount in ((1, "50"), (2, "70"))
    ]
    put(settings, VOUCHER, "v.csv", lines)
    named = {"year": 2025, "voucher_no": "V1"}
    put_many(settings, {1: named, 2: named | {"paid": "70"}, 3: named | {"paid": "60"}})
    run(settings)
    assert reasons(settings) == {3: ["cross_table"]}


def test_a_composite_reference_needs_the_whole_key(settings) -> None:
    put(settings, BILL, "b.csv", [bill(place) for place in range(1, 21)])
    line = {"year": 2025, "voucher_no": "V1", "line_no": 1, "debit": "50"}
    put(settings, VOUCHER, "v.csv", [line])
    put_many(
        settings,
        {
            1: {"year": 2025, "voucher_no": "V1"},
            2: {"year": 2024, "voucher_no": "V1"},
            3: {"voucher_no": "V9"},
        },
    )
    run(settings)
    assert reasons(settings) == {2: ["orphan"]}


def test_a_conditional_reference_binds_only_its_rows(settings) -> None:
    put(settings, BILL, "b.csv", [bill(place) for place in range(1, 21)])
    put_many(
        settings,
        {
            1: {"source_no": "B2", "source_kind": "账单"},
            2: {"source_no": "X2", "source_kind": "账单"},
            3: {"source_no": "X3", "source_kind": "其他"},
            4: {"source_no": "X4"},
        },
    )
    run(settings)
    assert reasons(settings) == {2: ["orphan"]}


def test_a_parent_in_the_same_file_is_compared_and_takes_its_children_along(settings) -> None:
    put(settings, BILL, "b.csv", [bill(place) for place in range(1, 21)])
    put_many(
        settings,
        {
            2: {"refunds": "P1"},
            4: {"refunds": "P4"},
            5: {"refunds": "P6", "student_no": "S6", "bill_no": "B6"},
            7: {"student_no": "S8", "refunds": "P8"},
            9: {"refunds": "P7"},
        },
    )
    run(settings)
    # 2 disagrees with 1; 7 with its bill, so 9, which refunds 7, refers to nothing that landed.
    assert reasons(settings) == {2: ["cross_table"], 7: ["cross_table"], 9: ["orphan"]}
