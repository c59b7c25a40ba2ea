"""Draws that belong to a person and a day."""

from __future__ import annotations

from datetime import date

import numpy as np

from warehouse.simulate.plan import Plan
from warehouse.simulate.study.draws import Draws, invented_names

PLAN = Plan(date(2026, 11, 20), 300, 40, 2, 7)
PEOPLE = np.arange(20_000)


def test_a_draw_depends_on_its_keys_and_not_on_who_else_is_asked() -> None:
    draws = Draws(PLAN, "aid")
    together = draws.uniform(1, PEOPLE, 2025)
    assert (draws.uniform(1, PEOPLE[::-1], 2025)[::-1] == together).all()
    assert draws.uniform(1, 17, 2025)[0] == together[17]
    assert (Draws(PLAN, "aid").uniform(1, PEOPLE, 2025) == together).all()


def test_another_question_year_subject_or_seed_gives_another_answer() -> None:
    draws = Draws(PLAN, "aid")
    first = draws.uniform(1, PEOPLE, 2025)
    seed = Plan(date(2026, 11, 20), 300, 40, 2, 8)
    for other in (
        draws.uniform(2, PEOPLE, 2025),
        draws.uniform(1, PEOPLE, 2026),
        draws.uniform(1, 2025, PEOPLE),
        Draws(PLAN, "health").uniform(1, PEOPLE, 2025),
        Draws(seed, "aid").uniform(1, PEOPLE, 2025),
    ):
        assert abs(np.corrcoef(first, other)[0, 1]) < 0.03


def test_draws_are_spread_as_they_say() -> None:
    draws = Draws(PLAN, "minds")
    uniform = draws.uniform(1, PEOPLE)
    assert 0 <= uniform.min() < 0.01 < 0.99 < uniform.max() < 1
    assert abs(uniform.mean() - 0.5) < 0.01
    normal = draws.normal(2, PEOPLE)
    assert abs(normal.mean()) < 0.03
    assert abs(normal.std() - 1) < 0.03
    whole = draws.whole(3, 4, 7, PEOPLE)
    assert set(whole.tolist()) == {4, 5, 6}
    picked = draws.pick(4, {"often": 9, "never": 0, "rare": 1}, PEOPLE)
    assert (picked == "never").sum() == 0
    assert 0.88 < (picked == "often").mean() < 0.92


def test_invented_names_follow_the_sex_and_the_draw() -> None:
    draw = np.array([0.1, 0.1, 0.9])
    names = invented_names(PLAN, np.array([True, True, True]), draw)
    assert names[0] == names[1] != names[2]
    assert invented_names(PLAN, np.array([False]), draw[:1])[0] != names[0]
