"""Money between the college and a student: bills, payments, what was paid out."""

from __future__ import annotations

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.components.listing import Row, amount, day, joined, lines, list_card, text, yuan
from dashboards.text import language, say

__all__ = ["disbursements_card", "fees_card", "payments_card"]


def fees_card(tables: Tables) -> None:
    """Each bill with what is paid and what is left, what is left first."""
    rows = sorted(
        tables.rows("fee_bill"), key=lambda row: not (row.get("outstanding_amount") or 0) > 0
    )
    if not rows:
        return
    with frame.card("fees"):
        st.html(markup.title(say("life.fees")))
        st.html(lines([_bill(row) for row in rows]))
        source_line(tables, "fee_bill")


def _bill(row: Row) -> markup.Entry:
    tongue = language()
    left = row.get("outstanding_amount") or 0
    due = amount(row, "due_amount")
    details = [say("life.due_paid", due=due, paid=amount(row, "paid_amount"))]
    if row.get("waiver_amount"):
        details.append(say("life.waiver", amount=amount(row, "waiver_amount")))
    if row.get("deferred_until") and left > 0:
        details.append(say("life.deferred", day=day(row, "deferred_until")))
    # 免缴 is said by the office's own word; otherwise nothing left means paid.
    settled = row.get("fee_status") if row.get("fee_status") == "免缴" else say("life.paid")
    return markup.Entry(
        text(row, "fee_item"),
        joined(*details),
        joined(row.get("bill_no"), row.get("adjustment")),
        remark=formats.year_name(row.get("academic_year"), tongue),
        side=say("life.outstanding", amount=yuan(left)) if left > 0 else settled,
        state="watch" if left > 0 else "good",
    )


def payments_card(tables: Tables) -> None:
    list_card(tables, "fee_payment", _paid)


def _paid(row: Row) -> markup.Entry:
    tongue = language()
    invoice = row.get("invoice_no")
    return markup.Entry(
        text(row, "fee_item"),
        joined(formats.day_of(row.get("paid_at"), frame.today(), tongue), row.get("channel")),
        say("life.invoice", number=invoice) if invoice else "",
        joined(row.get("payment_no"), row.get("bill_no")),
        remark=formats.year_name(row.get("academic_year"), tongue),
        side=amount(row, "amount"),
        side_note=" ",
    )


def disbursements_card(tables: Tables) -> None:
    """What the finance office paid to the student, and what did not arrive."""
    list_card(tables, "student_disbursement", _disbursed)


def _disbursed(row: Row) -> markup.Entry:
    tail = row.get("bank_card_tail")
    failed = row.get("status") not in (None, "成功")
    return markup.Entry(
        text(row, "payment_type"),
        joined(
            day(row, "paid_date"),
            say("life.to_card", tail=tail) if tail else "",
            say("life.not_arrived") if failed else "",
        ),
        joined(row.get("payment_no"), row.get("source_ref")),
        side=amount(row, "amount"),
        side_note=str(row.get("status") or " "),
    )
