"""The parts of the page 生活, each with its tables and boxes, and the figures above them."""

from __future__ import annotations

from datetime import date

from dashboards import formats
from dashboards.components import life_accounts, life_home, life_library, life_meals, life_money
from dashboards.components.blocks import Tables
from dashboards.components.listing import joined, yuan
from dashboards.components.sections import Box, Section
from dashboards.text import language, say

__all__ = ["LIFE", "figures"]

#: Part → what it shows. Together they name every table of the page.
LIFE: dict[str, Section] = {
    "meals": Section(
        left=(
            Box(life_meals.calendar_card, ("meal_day",)),
            Box(life_meals.months_card, ("meal_month",)),
        ),
        right=(
            Box(life_meals.account_card, ("meal_account",)),
            Box(life_meals.transactions_card, ("meal_transaction",)),
        ),
    ),
    "money": Section(
        left=(Box(life_money.fees_card, ("fee_bill",)),),
        right=(
            Box(life_money.payments_card, ("fee_payment",)),
            Box(life_money.disbursements_card, ("student_disbursement",)),
        ),
    ),
    "library": Section(
        left=(Box(life_library.loans_card, ("library_loan",)),),
        right=(Box(life_library.visits_card, ("library_visit",)),),
    ),
    "room": Section(
        left=(
            Box(life_home.dormitory_card, ("dorm_stay",)),
            Box(life_home.rooms_card, ("staff_room",)),
        ),
    ),
    "health": Section(
        left=(
            Box(life_home.fitness_card, ("student_fitness_test",)),
            Box(life_home.checkups_card, ("staff_checkup",)),
        ),
        right=(
            Box(life_home.examinations_card, ("student_physical_exam",)),
            Box(life_home.staff_examinations_card, ("staff_physical_exam",)),
        ),
    ),
    "accounts": Section(
        left=(
            Box(life_accounts.network_card, ("network_account", "network_month")),
            Box(life_accounts.software_card, ("software_activation",)),
        ),
        right=(
            Box(life_accounts.mail_card, ("mail_account", "mail_month")),
            Box(life_accounts.tickets_card, ("it_ticket",)),
        ),
    ),
}


def figures(tables: Tables, today: date) -> list[tuple]:
    """Balance, what is to be paid, books on loan, the room: what is asked first."""
    tongue = language()
    found: list[tuple] = []
    card = next(
        (row for row in tables.rows("meal_account") if row.get("balance") is not None), None
    )
    if card:
        month = f"{today:%Y-%m}"
        spent = [row["amount"] for row in tables.rows("meal_month") if row.get("month") == month]
        below = say("tile.month_spend", amount=yuan(spent[0])) if spent else ""
        found.append(
            (say("tile.balance"), formats.number(card["balance"], 2), say("unit.yuan"), below)
        )
    if bills := tables.rows("fee_bill"):
        left = sum(float(row.get("outstanding_amount") or 0) for row in bills)
        below = "" if left else say("tile.unpaid_none")
        found.append((say("tile.unpaid"), formats.number(left, 2), say("unit.yuan"), below))
    if loans := tables.rows("library_loan"):
        out = [row for row in loans if not row.get("returned_at")]
        due = min((str(row["due_date"]) for row in out if row.get("due_date")), default=None)
        below = say("tile.loans_due", day=formats.day(due, today, tongue)) if due else ""
        found.append((say("tile.loans"), str(len(out)), say("unit.books"), below))
    stay = next((row for row in tables.rows("dorm_stay") if row.get("is_current")), None)
    if stay:
        below = joined(
            stay.get("room_code"), say("life.bed", bed=stay["bed_no"]) if stay.get("bed_no") else ""
        )
        found.append((say("life.lives_in"), str(stay.get("building_name") or "—"), "", below))
    return found
