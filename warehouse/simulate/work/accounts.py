"""Accounts and classes that the vouchers use, and the budget projects they are booked on.

Account codes are those of 政府会计制度 (财会〔2017〕25号), function and economic classes those of
政府收支分类科目; all remembered, not read: an owner unit has to confirm them. A college keeps two
ledgers at once: 财务会计 (accrual) and 预算会计 (cash), each balanced by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.simulate.catalogue import COLLEGES, OFFICES
from warehouse.simulate.work.fields import UNIT_NAMES

__all__ = [
    "ACCOUNTS",
    "BUDGET",
    "EXPENSE",
    "FINANCIAL",
    "FUNCTION",
    "RESEARCH_FUNCTION",
    "SPENDING",
    "TEMPLATES",
    "Budget",
    "budgets",
    "expense_account",
    "fee_account",
    "purposes",
]

FINANCIAL, BUDGET = "财务会计", "预算会计"
#: 事业支出: what is debited here in the budget ledger is the spending of a budget project.
SPENDING = "7201"
#: Stands in a template for 5001 or 5101, whichever the unit books on.
EXPENSE = "expense"
FUNCTION, RESEARCH_FUNCTION = "2050205", "2069999"

ACCOUNTS = {
    "1002": "银行存款", "1218": "其他应收款", "1601": "固定资产", "1701": "无形资产",
    "2102": "其他应交税费", "2103": "应缴财政款", "2201": "应付职工薪酬", "2307": "其他应付款",
    "3001": "累计盈余",
    "4001": "财政拨款收入", "4101": "事业收入", "4605": "租金收入", "5001": "业务活动费用",
    "5101": "单位管理费用", "6001": "财政拨款预算收入", "6101": "事业预算收入",
    "6609": "其他预算收入", "7201": "事业支出", "8001": "资金结存", "8202": "非财政拨款结余",
}  # fmt: skip

_SPENT = ((FINANCIAL, EXPENSE, "D"), (FINANCIAL, "1002", "C"), (BUDGET, SPENDING, "D"),
          (BUDGET, "8001", "C"))  # fmt: skip


def _income(account: str, budget_account: str) -> tuple[tuple[str, str, str], ...]:
    return ((FINANCIAL, "1002", "D"), (FINANCIAL, account, "C"), (BUDGET, "8001", "D"),
            (BUDGET, budget_account, "C"))  # fmt: skip


def _bought(account: str) -> tuple[tuple[str, str, str], ...]:
    return ((FINANCIAL, account, "D"), *_SPENT[1:])


#: kind of booking → ledger, account, side (D debit, C credit). Fees belong to the treasury until
#: it returns them (应缴财政款), and money lent is no budget spending until it is settled: both are
#: without an entry in the budget ledger.
TEMPLATES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "claim": _SPENT,
    "loan": ((FINANCIAL, "1218", "D"), (FINANCIAL, "1002", "C")),
    "settle": ((FINANCIAL, EXPENSE, "D"), (FINANCIAL, "1218", "C"), *_SPENT[2:]),
    "research_in": _income("4101", "6101"),
    "research_out": _SPENT,
    "tuition_receipt": ((FINANCIAL, "1002", "D"), (FINANCIAL, "2103", "C")),
    "tuition_refund": ((FINANCIAL, "2103", "D"), (FINANCIAL, "1002", "C")),
    "collected_receipt": ((FINANCIAL, "1002", "D"), (FINANCIAL, "2307", "C")),
    "collected_refund": ((FINANCIAL, "2307", "D"), (FINANCIAL, "1002", "C")),
    "treasury_remit": ((FINANCIAL, "2103", "D"), (FINANCIAL, "1002", "C")),
    "treasury_return": _income("4101", "6101"),
    "treasury_grant": _income("4001", "6001"),
    "opening": _income("3001", "8202"),
    "rent": _income("4605", "6609"),
    "student_disbursement": _SPENT,
    "asset_purchase": _bought("1601"),
    "software": _bought("1701"),
    "utility": _SPENT,
    "service": _SPENT,
}


def expense_account(unit: str) -> str:
    """业务活动费用 for colleges, library and network centre, 单位管理费用 for everyone else."""
    return "5001" if unit.startswith("2") or unit in ("110", "111") else "5101"


def fee_account(fee_item: str, amount: float) -> str:
    """The kind of booking for a payment or refund of a fee; 代收费 is other people's money."""
    head = "collected" if fee_item == "代收费" else "tuition"
    return f"{head}_{'receipt' if amount > 0 else 'refund'}"


@dataclass(frozen=True)
class Budget:
    """A budget project of a unit. `per_head` is yuan a year for each member of the unit, or for
    each enrolled student where `of_students`."""

    number: str
    name: str
    unit: str
    purpose: str
    per_head: float
    of_students: bool = False
    origin: str = "1"


#: code, purpose as the contract lists them, share of what a college's members claim
_COLLEGE = (
    ("01", "教学日常运行", 0.36), ("02", "实验", 0.16), ("03", "实习", 0.12), ("04", "教改", 0.07),
    ("05", "专业建设", 0.12), ("06", "学生活动", 0.09), ("07", "培训", 0.08),
)  # fmt: skip
_OFFICE = (("08", "其他", 0.8), ("07", "培训", 0.2))
_OWN: dict[str, tuple[tuple[str, str, float], ...]] = {
    "103": (("06", "学生活动", 0.5), ("09", "思政", 0.25), ("08", "其他", 0.25)),
    "104": (("01", "教学日常运行", 0.5), ("04", "教改", 0.3), ("08", "其他", 0.2)),
    "112": (("10", "基建", 0.5), ("08", "其他", 0.5)),
    "210": (("01", "教学日常运行", 0.4), ("09", "思政", 0.45), ("07", "培训", 0.15)),
}


def purposes(unit: str) -> tuple[tuple[str, str, float], ...]:
    return _OWN.get(unit) or (_COLLEGE if unit.startswith("2") else _OFFICE)


def budgets() -> list[Budget]:
    """Every budget project but those of research, which are the research projects themselves."""
    units = [college.code for college in COLLEGES] + [office[0] for office in OFFICES[:17]]
    found = []
    for unit in units:
        name = UNIT_NAMES[unit]
        found.append(Budget(f"RY{unit}", f"{name}人员经费", unit, "人员", 130_000))
        for code, purpose, share in purposes(unit):
            found.append(Budget(f"YS{unit}{code}", f"{name}{purpose}经费", unit, purpose,
                                19_500 * share))  # fmt: skip
        kind = "实验" if unit.startswith("2") else "其他"
        found.append(Budget(f"YS{unit}11", f"{name}设备购置", unit, kind, 6_000))
        found.append(Budget(f"YS{unit}14", f"{name}维修与服务", unit, "其他", 1_000))
    found.append(Budget("YS10312", "学生奖助", "103", "其他", 1_900, True))
    found.append(Budget("YS10912", "水电暖运行", "109", "教学日常运行", 700, True))
    found.append(Budget("YS11013", "软件购置", "110", "其他", 120, True))
    return found
