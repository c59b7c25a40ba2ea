"""One large extract of card transactions, and the small ones it refers to."""

from __future__ import annotations

from pathlib import Path

from warehouse.contracts import load_contracts
from warehouse.engine import open_work, quote, quote_text

STUDENTS, MERCHANTS = 20_000, 120


def make_inbox(inbox: Path, rows: int) -> None:
    """`rows` card transactions in `inbox`; in `parents` beside it what they refer to.

    All parents exist, transactions are numbered in order, two percent are top-ups.
    """
    parents = inbox.with_name("parents")
    card = f"(hash(i) % {STUDENTS})::VARCHAR"
    _write(
        inbox / "student_meal_card/meal_transaction/transactions.csv",
        rows,
        transaction_no="'T' || lpad(i::VARCHAR, 11, '0')",
        card_no=f"'C' || lpad({card}, 7, '0')",
        student_no=f"'2024' || lpad({card}, 6, '0')",
        transaction_type="CASE WHEN i % 50 = 0 THEN '充值' ELSE '消费' END",
        amount="(1 + hash(i + 1) % 3000 / 100)::DECIMAL(14, 2)",
        balance_after="(hash(i + 2) % 50000 / 100)::DECIMAL(14, 2)",
        merchant_no=f"'M' || lpad((hash(i + 3) % {MERCHANTS})::VARCHAR, 3, '0')",
        pos_no="'P' || lpad((hash(i + 3) % 400)::VARCHAR, 4, '0')",
        traded_at="TIMESTAMP '2025-09-01 06:30:00' + to_seconds(i)",
        meal_period="['早', '中', '晚', '夜宵'][1 + (hash(i + 4) % 4)::INT]",
    )
    _write(
        parents / "hr_management/org_unit/units.csv",
        1,
        unit_code="'201'",
        unit_name="'学院'",
        unit_type="'1'",
    )
    _write(
        parents / "student_affairs/student_status/students.csv",
        STUDENTS,
        student_no="'2024' || lpad(i::VARCHAR, 6, '0')",
        name="'学生' || i",
        sex="'1'",
        birth_date="DATE '2005-01-01'",
        id_doc_type="'9'",
        id_card_no="'X' || i",
        student_category="'42101'",
        cultivation_level="'3'",
        entry_date="DATE '2024-09-01'",
        grade_year="2024",
        college_code="'201'",
        current_status="'01'",
    )
    _write(
        parents / "student_meal_card/meal_account/cards.csv",
        STUDENTS,
        card_no="'C' || lpad(i::VARCHAR, 7, '0')",
        student_no="'2024' || lpad(i::VARCHAR, 6, '0')",
        card_status="'正常'",
        opened_date="DATE '2024-09-01'",
    )
    _write(
        parents / "student_meal_card/meal_merchant/windows.csv",
        MERCHANTS,
        merchant_no="'M' || lpad(i::VARCHAR, 3, '0')",
        merchant_name="'窗口' || i",
        canteen="'第一食堂'",
        kind="'餐饮'",
    )


def _write(path: Path, rows: int, **values: str) -> None:
    source, table = path.parent.parent.name, path.parent.name
    columns = load_contracts().table(source, table).columns
    listed = ", ".join(
        f"{values.get(column.name, 'NULL')} AS {quote(column.name)}" for column in columns
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with open_work(memory_limit="2GB") as connection:
        connection.execute(
            f"COPY (SELECT {listed} FROM range({rows}) AS t(i)) TO {quote_text(path)} (HEADER)"
        )
