"""Tax, insurance and accounts of the synthetic college: the rules alone."""

from __future__ import annotations

import numpy as np
import pytest

from warehouse.simulate.work.accounts import ACCOUNTS, BUDGET, EXPENSE, TEMPLATES, budgets
from warehouse.simulate.work.taxes import (
    AVERAGE_WAGE,
    contribution_base,
    fee_tax,
    income_tax,
    tax_on_cumulated,
)


@pytest.mark.parametrize(
    ("income", "tax"),
    [(-500, 0), (0, 0), (36_000, 1_080), (36_001, 1_080.1), (144_000, 11_880), (300_000, 43_080),
     (1_000_000, 268_080)],
)  # fmt: skip
def test_tax_on_the_year_s_income_follows_the_brackets(income: float, tax: float) -> None:
    assert tax_on_cumulated(np.array([float(income)]))[0] == pytest.approx(tax, abs=0.01)


def test_a_month_withholds_what_the_year_so_far_still_owes() -> None:
    owed = income_tax(np.array([37_000.0, 1_000.0]), np.array([900.0, 900.0]))
    assert owed.tolist() == pytest.approx([280.0, 0.0])


def test_a_fee_is_taxed_after_its_allowance() -> None:
    fees = np.array([500.0, 800.0, 3_000.0, 5_000.0, 30_000.0])
    assert fee_tax(fees).tolist() == pytest.approx([0, 0, 440, 800, 5_200])


def test_a_base_lies_between_sixty_and_three_hundred_percent_of_the_average_wage() -> None:
    base = contribution_base(np.array([1_000.0, 8_000.4, 90_000.0]))
    assert base.tolist() == pytest.approx([0.6 * AVERAGE_WAGE, 8_000, 3 * AVERAGE_WAGE])


def test_every_booking_has_as_many_debits_as_credits_in_each_ledger() -> None:
    for kind, lines in TEMPLATES.items():
        for ledger in {line[0] for line in lines}:
            sides = [side for place, _, side in lines if place == ledger]
            assert sides.count("D") == sides.count("C") == 1, kind
        for ledger, account, _ in lines:
            assert account == EXPENSE or account in ACCOUNTS, kind
            assert (account[0] in "678") == (ledger == BUDGET), kind


def test_budget_projects_bear_their_own_number() -> None:
    numbers = [item.number for item in budgets()]
    assert len(set(numbers)) == len(numbers)
