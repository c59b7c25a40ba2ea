"""What is taken from pay: insurance, housing fund and income tax.

Rates are those in force in 2024 to 2026 as remembered: 个人所得税法 (综合所得, 累计预扣法),
机关事业单位养老保险 8 %, 职业年金 4 %, 医疗 2 %, 失业 0.3 %, 住房公积金 12 % or less. The average
wage that bounds the base is a round figure of the region's order.
"""

from __future__ import annotations

import numpy as np

__all__ = [
    "AVERAGE_WAGE",
    "EMPLOYEE_RATES",
    "EMPLOYER_RATES",
    "contribution_base",
    "fee_tax",
    "income_tax",
    "tax_on_cumulated",
]

#: yuan a month; a base lies between 60 % and 300 % of it
AVERAGE_WAGE = 6800
#: personnel_relation_type → (insurance, housing fund), share of the base that the person pays
EMPLOYEE_RATES = {
    "10": (0.08 + 0.04 + 0.02 + 0.003, 0.12),
    "20": (0.08 + 0.02 + 0.003, 0.12),
    "30": (0.08 + 0.02 + 0.003, 0.08),
    "40": (0.08 + 0.02 + 0.003, 0.05),
    "50": (0.0, 0.0),
}
#: the employer's part: pension, annuity, medical and other insurance; housing fund
EMPLOYER_RATES = {
    "10": (0.16 + 0.08 + 0.08, 0.12),
    "20": (0.16 + 0.09, 0.12),
    "30": (0.16 + 0.09, 0.08),
    "40": (0.16 + 0.09, 0.05),
    "50": (0.0, 0.0),
}
#: cumulated taxable income up to (yuan), rate, quick deduction
_BRACKETS = (
    (36_000, 0.03, 0), (144_000, 0.10, 2_520), (300_000, 0.20, 16_920), (420_000, 0.25, 31_920),
    (660_000, 0.30, 52_920), (960_000, 0.35, 85_920), (float("inf"), 0.45, 181_920),
)  # fmt: skip


def contribution_base(monthly_pay: np.ndarray) -> np.ndarray:
    """Yuan: the pay of last year's month, between 60 % and 300 % of the average wage."""
    return np.clip(np.round(monthly_pay), 0.6 * AVERAGE_WAGE, 3 * AVERAGE_WAGE)


def tax_on_cumulated(taxable: np.ndarray) -> np.ndarray:
    """Yuan of tax on the taxable income cumulated since January (negative income: none)."""
    income = np.maximum(taxable, 0.0)
    limits = np.array([limit for limit, _, _ in _BRACKETS])
    place = np.searchsorted(limits, income, side="left")
    rate = np.array([rate for _, rate, _ in _BRACKETS])[place]
    quick = np.array([quick for _, _, quick in _BRACKETS])[place]
    return np.round(income * rate - quick, 2)


def income_tax(taxable_so_far: np.ndarray, tax_so_far: np.ndarray) -> np.ndarray:
    """What is withheld this month: the tax on the cumulated income, less what has been; never
    negative, a surplus waits for the annual settlement."""
    return np.maximum(tax_on_cumulated(taxable_so_far) - tax_so_far, 0.0)


def fee_tax(fee: np.ndarray) -> np.ndarray:
    """Withheld from the fee of one who is not employed (劳务报酬预扣): 20 % of the fee less 800
    yuan up to 4,000, less a fifth above; 30 % and 40 % from 20,000 and 50,000 taxable."""
    income = np.where(fee <= 4000, np.maximum(fee - 800, 0), fee * 0.8)
    return np.round(
        np.select([income <= 20_000, income <= 50_000], [income * 0.2, income * 0.3 - 2000],
                  income * 0.4 - 7000), 2)  # fmt: skip
