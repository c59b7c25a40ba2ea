"""Numbers that belong to a thing: the same whoever else is asked for, and as random as asked."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.plan import Plan

PLAN = Plan(date(2026, 11, 20), students=200, staff=30, years=1, seed=3)


@pytest.fixture
def draws() -> Draws:
    return Draws(PLAN, "anything")


def test_a_number_is_the_same_whoever_else_is_drawn_for(draws: Draws) -> None:
    people, days = np.array([11, 22, 33]), np.array([7, 8])
    table = draws.uniform("here", people[:, None], days[None, :])
    assert table.shape == (3, 2)
    assert table[2, 1] == draws.uniform("here", np.array([33]), 8)[0]
    assert np.array_equal(
        draws.poisson("n", 4.0, people[::-1]), draws.poisson("n", 4.0, people)[::-1]
    )


def test_a_later_as_of_draws_what_an_earlier_one_drew(draws: Draws) -> None:
    later = Draws(Plan(date(2026, 11, 30), students=200, staff=30, years=1, seed=3), "anything")
    keys = np.arange(50)
    assert np.array_equal(draws.normal("x", keys), later.normal("x", keys))


@pytest.mark.parametrize("other", ["subject", "question", "key", "seed"])
def test_anything_else_draws_other_numbers(draws: Draws, other: str) -> None:
    keys = np.arange(2_000)
    subject = Draws(PLAN, "else") if other == "subject" else draws
    if other == "seed":
        subject = Draws(
            Plan(date(2026, 11, 20), students=200, staff=30, years=1, seed=4), "anything"
        )
    question = "y" if other == "question" else "x"
    moved = keys + 10_000 if other == "key" else keys
    one, two = draws.uniform("x", keys), subject.uniform(question, moved)
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.08


def test_the_order_of_the_keys_matters(draws: Draws) -> None:
    one = draws.uniform("x", np.arange(500), 3)
    assert not np.isin(one, draws.uniform("x", 3, np.arange(500))).sum() > 1


def test_numbers_follow_the_laws_they_are_asked_for(draws: Draws) -> None:
    keys = np.arange(40_000)
    uniform = draws.uniform("u", keys)
    assert (uniform.min() >= 0) and (uniform.max() < 1)
    assert np.histogram(uniform, 20, (0, 1))[0] == pytest.approx(2_000, rel=0.1)
    assert abs(np.corrcoef(uniform[1:], uniform[:-1])[0, 1]) < 0.02
    normal = draws.normal("n", keys)
    assert normal.mean() == pytest.approx(0, abs=0.02)
    assert normal.std() == pytest.approx(1, abs=0.02)
    for rate in (0.0, 0.3, 6.0, 19.0, 80.0):
        count = draws.poisson("p", rate, keys)
        assert count.min() >= 0
        assert count.mean() == pytest.approx(rate, abs=0.02 + 0.02 * rate)
        assert count.var() == pytest.approx(rate, abs=0.02 + 0.05 * rate)
    share = np.bincount(draws.choice("c", [1, 3, 6], keys)) / len(keys)
    assert share == pytest.approx([0.1, 0.3, 0.6], abs=0.01)
    assert np.unique(draws.integers("i", 4, 8, keys)).tolist() == [4, 5, 6, 7]
