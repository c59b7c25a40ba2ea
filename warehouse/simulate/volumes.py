"""How much disk a delivery takes, table by table, so that it is known before a file is opened."""

from __future__ import annotations

from warehouse.simulate.plan import Plan

__all__ = ["expected_bytes"]

#: Events and history: bytes of CSV for each student and year. Measured at 20,000 students for the
#: tables of people, teaching, fees, meals and the library; for others rows a year × row width.
_A_YEAR = {
    "meal_transaction": 67_060,
    "auth_session_daily": 35_880,
    "online_learning_daily": 17_000,
    "online_assignment": 8_250,
    "library_gate_daily": 4_520,
    "course_grade": 3_100,
    "it_availability_daily": 3_020,
    "course_selection": 2_470,
    "library_loan": 1_530,
    "finance_voucher_line": 1_340,
    "mail_usage_monthly": 1_280,
    "utility_reading": 580,
    "student_activity": 550,
    "fee_payment": 470,
    "fee_bill": 440,
    "all others": 3_220,
}
#: Snapshots: bytes for each student each time.
_A_TIME = {
    "library_item": 1_740,
    "asset_card": 630,
    "student_status": 320,
    "student_family_member": 300,
    "meal_account": 160,
    "identity_account": 150,
    "mail_account": 130,
    "all others": 90,
}
#: Small colleges have as many units, offices and shelves as they need, whatever their students.
_AT_LEAST = 20_000_000
_ROOM = 1.15
#: The fullest day of a year has so many times the changes of an average one (grades, bills).
_PEAK = 12


def expected_bytes(plan: Plan, *, days: int | None = None) -> int:
    """Bytes on disk of a delivery: of the whole window, or of the changes of `days` days."""
    years = (plan.as_of - plan.start).days / 365.25
    times = len(plan.snapshots)
    if days is not None:
        years, times = days * _PEAK / 365.25, 2
    each = years * sum(_A_YEAR.values()) + times * sum(_A_TIME.values())
    return int(_AT_LEAST + _ROOM * plan.students * each)
