"""Small contracts and a data home for the tests of ingestion."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb

from warehouse.contracts import Column, Contracts, Rule, Source, Table
from warehouse.engine import open_work
from warehouse.ingest import create_landed_views, ingest, ledger
from warehouse.settings import Settings
from warehouse.state import open_state, session

UNIT = Table(
    "hr", "unit", "单位", "一个单位一行", ("unit_code",), "snapshot", "hr_office", "L1",
    columns=(
        Column("unit_code", "string", "单位号", required=True, unique=True),
        Column("unit_name", "string", "单位名称", required=True),
        Column("parent_code", "string", "上级单位号", foreign_key="unit.unit_code"),
    ),
)  # fmt: skip
STAFF = Table(
    "hr", "staff", "教职工", "一人一行", ("staff_no",), "snapshot", "hr_office", "L3",
    columns=(
        Column("staff_no", "string", "职工号", required=True, unique=True, pattern=r"^\d{6}$"),
        Column("name", "string", "姓名", required=True, privacy="personal"),
        Column("sex", "string", "性别", code_table="sex"),
        Column("birth_date", "date", "出生日期"),
        Column("id_doc_type", "string", "证件类型", code_table="doc"),
        Column("id_card_no", "string", "身份证号", check_digit="GB 11643",
               check_digit_when="id_doc_type = '1'", privacy="sensitive"),
        Column("unit_code", "string", "部门", foreign_key="unit.unit_code"),
        Column("joined_date", "date", "来校日期"),
    ),
    rules=(Rule("joined_after_birth", "joined_date > birth_date", "来校晚于出生"),),
)  # fmt: skip
PAYMENT = Table(
    "fees", "payment", "缴费", "一笔一行", ("payment_no", "seq"), "event", "finance_office", "L3",
    columns=(
        Column("payment_no", "string", "缴费单号", required=True),
        Column("seq", "int", "序号", required=True, minimum=1, maximum=99),
        Column("staff_no", "string", "职工号", foreign_key="staff.staff_no"),
        Column("amount", "decimal(14,2)", "金额", required=True, minimum=0.01),
        Column("paid_at", "timestamp", "缴费时间"),
        Column("channel", "string", "渠道", allowed=("现金", "转账")),
        Column("is_final", "bool", "是否结清"),
        Column("month", "month", "所属年月"),
    ),
)  # fmt: skip
CONTRACTS = Contracts(
    (
        Source("hr", "S01", "人事", "hr_office", (UNIT, STAFF)),
        Source("fees", "S08", "收费", "finance_office", (PAYMENT,)),
    ),
    {"sex": {"1": "男性", "2": "女性"}, "doc": {"1": "居民身份证", "A": "护照"}},
)

UNIT_COLUMNS = list(UNIT.column_names)
STAFF_COLUMNS = list(STAFF.column_names)
PAYMENT_COLUMNS = list(PAYMENT.column_names)


def id_number(place: int) -> str:
    """An ID number with a right check digit and a region that does not exist."""
    body = f"990000198001{place % 28 + 1:02d}{place % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def staff_row(place: int, **changes: Any) -> dict[str, Any]:
    return {
        "staff_no": f"{100000 + place}",
        "name": f"测试者{place}",
        "sex": "12"[place % 2],
        "birth_date": "1980-01-01",
        "id_doc_type": "1",
        "id_card_no": id_number(place),
        "unit_code": "U1",
        "joined_date": "2010-09-01",
    } | changes


def payment_row(place: int, **changes: Any) -> dict[str, Any]:
    return {
        "payment_no": f"P{place:06d}",
        "seq": 1,
        "staff_no": f"{100000 + place % 10}",
        "amount": f"{place + 1}.50",
        "paid_at": "2026-03-01 08:30:00",
        "channel": "现金",
        "is_final": "true",
        "month": "2026-03",
    } | changes


UNITS = [
    {"unit_code": "U0", "unit_name": "学校", "parent_code": ""},
    {"unit_code": "U1", "unit_name": "学院", "parent_code": "U0"},
]


def put(
    settings: Settings,
    table: Table,
    name: str,
    rows: list[dict[str, Any]],
    *,
    encoding: str = "utf-8",
    separator: str = ",",
    titles: bool = False,
    extra: tuple[str, ...] = (),
) -> Path:
    """Write rows as a CSV into the inbox."""
    path = settings.paths.inbox / table.source / table.name / name
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [*table.column_names, *extra]
    headings = [
        table.column(column).title if titles and column in table.column_names else column
        for column in columns
    ]
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return path


def run(settings: Settings, **options: Any):
    return ingest(settings, contracts=CONTRACTS, **options)


def landed(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    """Rows of a query over the landed views."""
    engine = open_state(settings)
    with open_work() as connection, session(engine, read_only=True) as opened:
        create_landed_views(connection, CONTRACTS, opened, settings.paths)
        rows = connection.execute(query).fetchall()
    engine.dispose()
    return rows


def quarantined(settings: Settings) -> list[tuple[Any, ...]]:
    """(table, batch_row, reasons) of everything in quarantine."""
    rows = []
    for path in sorted(settings.paths.quarantine.glob("*/*/batch=*.parquet")):
        rows += [
            (path.parent.name, *found)
            for found in duckdb.execute(
                f"SELECT batch_row, reasons FROM read_parquet('{path}') ORDER BY batch_row"
            ).fetchall()
        ]
    return rows


def ledger_of(settings: Settings) -> list[dict[str, Any]]:
    """The ledger without the moments of receipt."""
    engine = open_state(settings)
    with session(engine, read_only=True) as opened:
        entries = [
            {
                key: getattr(batch, key)
                for key in (
                    "id", "source", "table_name", "content_sha256", "file_name", "extracted_at",
                    "source_system", "contract_version", "accepted_rows", "refused_rows",
                    "waiting_rows", "reasons", "readings", "files",
                )
            }
            for batch in ledger.batches(opened)
        ]  # fmt: skip
    engine.dispose()
    return entries
