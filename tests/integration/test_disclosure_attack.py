"""An attacker with the published figures, their definitions and a computer recovers no suppressed
cell.

Random colleges of a few people a class are suppressed by the models' own SQL. The attacker then
knows every number that is shown, that levels sum up, how the figures hang together, and that nobody
is counted less than zero times; the tests of naive suppressions show that this is no straw man.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import pytest

from tests.integration.disclosure_attacker import (
    AUDIENCES,
    INDICATORS,
    THRESHOLD,
    Attack,
    Cell,
    College,
    count_people,
    draw_people,
    made_up_college,
    world_of,
)
from tests.integration.disclosure_models import (
    PROJECT,
    Figure,
    Key,
    World,
    declared_links,
    suppressed,
)


def _key(audience: str, college: College, cell: Cell, period: str = "2025") -> Key:
    return (audience, f"{college.number}_{cell.indicator}", period, cell.level, cell.unit)


def _everybody_counts(college: College, cell: Cell) -> bool:
    """Whether the unit above shows that all of its people count: then all of every part do."""
    return any(
        above.indicator == cell.indicator
        and above.unit == cell.parent
        and above.denominator is not None
        and count_people(above.members, above.numerator)
        == count_people(above.members, above.denominator)
        for above in college.cells
    )


def _losses(colleges: Iterable[College], hidden: set[Key], *, bounds: bool = False) -> list[Key]:
    """The suppressed cells that the attacker recovers."""
    lost = []
    for college in colleges:
        for audience in AUDIENCES:
            keyed = {_key(audience, college, cell): cell for cell in college.cells}
            attack = Attack((cell, key in hidden) for key, cell in keyed.items())
            lost += [
                key
                for key, cell in keyed.items()
                if key in hidden
                and (not bounds or cell.people < THRESHOLD[audience])
                and not (bounds and _everybody_counts(college, cell))
                and attack.recovered(cell, bounds=bounds)
            ]
    return lost


def _small(colleges: Iterable[College]) -> set[Key]:
    """What a naive suppression hides: the small cells and nothing else."""
    return {
        _key(audience, college, cell)
        for college in colleges
        for cell in college.cells
        for audience in AUDIENCES
        if not cell.absent
        and cell.people < THRESHOLD[audience]
        and (audience == "public" or INDICATORS[cell.indicator][0] == "restricted")
    }


def _next_release(college: College) -> College:
    """The college when it publishes the same period again: a few classes have other people, who
    came or went or were mended, and sometimes there is a new class."""
    chance = random.Random(-1 - college.number)
    changed = set(chance.sample(range(len(college.classes)), min(2, len(college.classes))))
    classes = [
        replace(one, people=draw_people(chance), variable=f"{one.name} later")
        if place in changed
        else one
        for place, one in enumerate(college.classes)
    ]
    if chance.random() < 0.3:
        beside = classes[0]
        name = f"{beside.major}K9"
        classes.append(replace(beside, name=name, people=draw_people(chance), variable=name))
    return College(college.number, classes)


def _losses_over_time(
    releases: Iterable[tuple[College, College]], first: set[Key], second: set[Key]
) -> list[Key]:
    """What the first release suppressed and both together tell, of then or of now, if whoever
    compares them knows in which classes nothing changed. What the first showed is known anyway."""
    lost = []
    for before, after in releases:
        for audience in AUDIENCES:
            then = [(cell, _key(audience, before, cell) in first) for cell in before.cells]
            now = [(cell, _key(audience, after, cell) in second) for cell in after.cells]
            attack = Attack([*then, *now])
            shown = {
                number for cell, is_hidden in then if not is_hidden for number in cell.numbers()
            }
            lost += [
                _key(audience, before, cell)
                for cell, _ in [*then, *now]
                if _key(audience, before, cell) in first
                for number, weights in zip(cell.numbers(), cell.vectors(), strict=True)
                if number not in shown and attack.is_exact(attack.vector(weights))
            ]
    return lost


MANY = range(100)
FEW = range(4)
TWICE = range(300, 350)


@pytest.fixture(scope="module")
def hidden() -> set[Key]:
    return suppressed(world_of(map(made_up_college, MANY)))


@pytest.fixture(scope="module")
def twice() -> list[tuple[College, College]]:
    """Colleges and their next release. A row that vanishes says that nobody is left, and then the
    change of the sum says who was there: no suppression of the later release can take that back."""
    firsts = [replace(made_up_college(number), drops_empty=False, cells=[]) for number in TWICE]
    return [(college, _next_release(college)) for college in firsts]


@pytest.fixture(scope="module")
def first(twice: list[tuple[College, College]]) -> set[Key]:
    return suppressed(world_of(before for before, _ in twice))


def test_small_cells_are_suppressed_and_plain_ones_only_for_the_public(hidden: set[Key]) -> None:
    assert _small(map(made_up_college, MANY)) <= hidden
    plain = {name for name, parts in INDICATORS.items() if parts[0] == "plain"}
    leaders = {key[1].split("_", 1)[1] for key in hidden if key[0] == "statistics"}
    assert leaders == set(INDICATORS) - plain
    assert all(("public", *key[1:]) in hidden for key in hidden), "leaders read both"


def test_linear_algebra_recovers_no_suppressed_cell(hidden: set[Key]) -> None:
    assert _losses(map(made_up_college, MANY), hidden) == []


def test_bounds_recover_no_small_cell(hidden: set[Key]) -> None:
    assert _losses(map(made_up_college, FEW), hidden, bounds=True) == []


def test_enough_is_shown_to_be_of_use(hidden: set[Key]) -> None:
    cells = [
        (audience, college, cell)
        for college in map(made_up_college, MANY)
        for cell in college.cells
        for audience in AUDIENCES
        if cell.level == "school" and cell.people >= 20
    ]
    shown = [cell for cell in cells if _key(*cell) not in hidden]
    assert len(shown) > 0.6 * len(cells)


def test_the_same_figures_are_suppressed_alike_in_the_next_release(
    twice: list[tuple[College, College]], first: set[Key]
) -> None:
    world = world_of(before for before, _ in twice)
    world.earlier = first
    assert suppressed(world) == first


def test_two_releases_together_recover_nothing_that_the_first_suppressed(
    twice: list[tuple[College, College]], first: set[Key]
) -> None:
    world = world_of(after for _, after in twice)
    world.earlier = first
    second = suppressed(world)
    there = {
        _key(who, college, cell)
        for _, college in twice
        for cell in college.cells
        for who in AUDIENCES
    }
    assert first & there <= second
    assert _losses((after for _, after in twice), second) == []
    assert _losses_over_time(twice, first, second) == []


def test_a_naive_second_release_that_forgets_the_first_is_broken(
    twice: list[tuple[College, College]], first: set[Key]
) -> None:
    forgetful = suppressed(world_of(after for _, after in twice))
    assert _losses_over_time(twice, first, forgetful)


def test_a_naive_suppression_of_small_cells_alone_is_broken() -> None:
    colleges = [made_up_college(number) for number in FEW]
    assert _losses(colleges, _small(colleges))


def test_a_naive_suppression_of_each_indicator_by_itself_is_broken() -> None:
    colleges = [made_up_college(number) for number in range(40)]
    assert _losses(colleges, suppressed(world_of(colleges, links=[])))


def test_a_cell_that_grows_and_its_cover_stay_suppressed() -> None:
    """C1 had 4 people and was covered by its smallest neighbour, C2; now it has 6, and C3 is."""

    def world(sizes: dict[str, int]) -> World:
        cells = [("school", "school", None, sum(sizes.values()))]
        cells += [("college", unit, "school", people) for unit, people in sizes.items()]
        figures = [
            Figure("i", "2025", level, unit, parent, people, None, people)
            for level, unit, parent, people in cells
        ]
        return World(figures, {"i": "restricted"})

    def units(keys: set[tuple[str, ...]]) -> set[str]:
        return {key[4] for key in keys if key[0] == "statistics"}

    then = world({"C1": 4, "C2": 20, "C3": 30, "C4": 40})
    first = suppressed(then)
    assert units(first) == {"C1", "C2"}
    now = world({"C1": 6, "C2": 50, "C3": 30, "C4": 40})
    assert units(suppressed(now)) == set()
    now.earlier = first
    assert units(suppressed(now)) == {"C1", "C2"}
    shrunk = world({"C1": 4, "C2": 50, "C3": 3, "C4": 40})
    shrunk.earlier = first
    assert units(suppressed(shrunk)) == {"C1", "C2", "C3"}


def test_links_name_indicators_and_families_that_there_are() -> None:
    with (PROJECT / "seeds" / "indicator.csv").open(encoding="utf-8") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    links = declared_links()
    assert len(set(links)) == len(links)
    assert {indicator for indicator, _, _ in links} <= known
    family = {indicator: target for indicator, kind, target in links if kind == "family"}
    assert len(family) == sum(kind == "family" for _, kind, _ in links), "one family each"
    families = {family.get(name, name) for name in known}
    rests = defaultdict(set)
    for indicator, kind, target in links:
        assert kind in ("family", "rests_on", "part_of")
        assert target in (families if kind == "rests_on" else known | families)
        if kind == "rests_on":
            rests[indicator].add(target)
    for one in set(family.values()):
        bases = [frozenset(rests.get(name, ())) for name, its in family.items() if its == one]
        assert len(set(bases)) == 1, f"members of {one} rest on different figures"
    depth = dict.fromkeys(families, 1)
    for _ in range(4):
        for name, targets in rests.items():
            mine = family.get(name, name)
            depth[mine] = max(depth[mine], 1 + max(depth[target] for target in targets))
    assert max(depth.values()) <= 3, "there are three stages for each audience"
