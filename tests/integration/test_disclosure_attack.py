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
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import pytest
from scipy.optimize import linprog

from tests.integration.disclosure_models import (
    PROJECT,
    Figure,
    Key,
    World,
    declared_links,
    suppressed,
)

AUDIENCES = ("statistics", "public")
THRESHOLD = {"statistics": 5, "public": 10}
#: Kinds of people in a class, twice: every student is full- or part-time, and in need or not. `x`
#: and `y` are participations of two kinds.
ATOMS = ("undergraduate", "master", "part_time", "covered", "uncovered", "well_off", "x", "y")
STUDENTS = {"undergraduate": 1, "master": 1, "part_time": 1}
FULL_TIME = {"undergraduate": 1, "master": 1}
NEED = {"covered": 1, "uncovered": 1}
#: indicator → class, levels, numerator, denominator, groups shown, groups by subtraction
INDICATORS = {
    "enrolled": ("plain", 4, STUDENTS, None, [STUDENTS], []),
    "full_time": ("plain", 3, FULL_TIME, None, [FULL_TIME], [{"part_time": 1}]),
    "graduates": (
        "plain",
        3,
        {"undergraduate": 1},
        FULL_TIME,
        [{"undergraduate": 1}, FULL_TIME],
        [{"master": 1}],
    ),
    "need": ("restricted", 4, NEED, STUDENTS, [NEED, STUDENTS], [{"well_off": 1}]),
    "coverage": ("restricted", 3, {"covered": 1}, NEED, [{"covered": 1}, NEED], [{"uncovered": 1}]),
    "clubs": ("restricted", 3, {"x": 1, "y": 1}, None, [{"x": 1, "y": 1}], []),
    "clubs_x": ("restricted", 1, {"x": 1}, None, [{"x": 1}], []),
    "clubs_y": ("restricted", 1, {"y": 1}, None, [{"y": 1}], []),
}
LINKS = [
    ("enrolled", "family", "students"),
    ("full_time", "family", "students"),
    ("graduates", "rests_on", "students"),
    ("need", "family", "need"),
    ("need", "rests_on", "students"),
    ("coverage", "rests_on", "need"),
    ("clubs", "family", "clubs"),
    ("clubs_x", "family", "clubs"),
    ("clubs_y", "family", "clubs"),
    ("clubs_x", "part_of", "clubs"),
    ("clubs_y", "part_of", "clubs"),
]
LEVELS = ("school", "college", "major", "class")


@dataclass(frozen=True)
class Class:
    """One class: where it is and how many of each kind are in it. `variable` names its unknowns:
    the same in two releases where nothing changed between them."""

    college: str
    major: str
    name: str
    people: dict[str, int]
    variable: str

    def unit(self, level: str) -> str:
        return {"school": "school", "college": self.college, "major": self.major}.get(
            level, self.name
        )


@dataclass
class College:
    """A made-up college and its cells: vectors over (class, kind) say what each number counts."""

    number: int
    classes: list[Class]
    drops_empty: bool = False
    cells: list[Cell] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name, (_, levels, top, below, shown, derived) in INDICATORS.items():
            for depth, level in enumerate(LEVELS[:levels]):
                inside: dict[str, list[Class]] = defaultdict(list)
                for one in self.classes:
                    inside[one.unit(level)].append(one)
                for unit, members in inside.items():
                    groups = [_count(members, kinds) for kinds in shown]
                    groups += [n for kinds in derived if (n := _count(members, kinds)) > 0]
                    nobody = name == "clubs" and groups[0] == 0
                    absent = self.drops_empty and level != "school" and nobody
                    parent = members[0].unit(LEVELS[depth - 1]) if depth else None
                    self.cells.append(
                        Cell(name, level, unit, parent, members, top, below, min(groups), absent)
                    )

    def figures(self, period: str) -> list[Figure]:
        return [
            Figure(
                f"{self.number}_{cell.indicator}",
                period,
                cell.level,
                cell.unit,
                cell.parent,
                _count(cell.members, cell.numerator),
                None if cell.denominator is None else _count(cell.members, cell.denominator),
                cell.people,
            )
            for cell in self.cells
            if not cell.absent
        ]


@dataclass(frozen=True)
class Cell:
    indicator: str
    level: str
    unit: str
    parent: str | None
    members: list[Class]
    numerator: dict[str, int]
    denominator: dict[str, int] | None
    people: int
    absent: bool

    def numbers(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """What the numbers of the cell count: level, unit and kinds."""
        counted = (self.numerator, self.denominator)
        return [(self.level, self.unit, tuple(kinds)) for kinds in counted if kinds is not None]

    def vectors(self) -> list[dict[tuple[str, str], int]]:
        return [
            {(one.variable, kind): weight for one in self.members for kind, weight in kinds.items()}
            for kinds in (self.numerator, self.denominator)
            if kinds is not None
        ]


def _count(members: Iterable[Class], kinds: dict[str, int]) -> int:
    return sum(one.people[kind] * weight for one in members for kind, weight in kinds.items())


def _people(chance: random.Random) -> dict[str, int]:
    """Often few of a kind, often none: that is where disclosure control has its work."""
    size = chance.choice((0, 2, 4, 6, 9, 12, 30))
    part_time, master = (chance.choice((0, 0, 0, 1, 3, 12)) for _ in range(2))
    undergraduate = size + (part_time + master == 0)
    students = undergraduate + part_time + master
    need = min(students, chance.choice((0, 1, 2, 3, 5, 6, 11, 40)))
    covered = chance.choice((0, need, need, need // 2, max(need - 1, 0)))
    return dict(
        zip(
            ATOMS,
            (undergraduate, master, part_time, covered, need - covered, students - need,
             chance.choice((0, 0, 1, 4, 5, 10, 14)), chance.choice((0, 3, 6, 12))),
            strict=True,
        )
    )  # fmt: skip


@cache
def _college(number: int) -> College:
    chance = random.Random(number)
    classes = [
        Class(f"C{c}", f"C{c}M{m}", f"C{c}M{m}K{k}", _people(chance), f"C{c}M{m}K{k}")
        for c in range(chance.randint(1, 4))
        for m in range(chance.randint(1, 3))
        for k in range(chance.randint(1, 3))
    ]
    return College(number, classes, drops_empty=chance.random() < 0.4)


def _world(colleges: Iterable[College], links: list[tuple[str, str, str]] = LINKS) -> World:
    world = World()
    for college in colleges:
        mark = f"{college.number}_"
        world.figures += college.figures("2025")
        world.classes |= {mark + name: parts[0] for name, parts in INDICATORS.items()}
        world.links += [(mark + name, kind, mark + target) for name, kind, target in links]
    return world


class Attack:
    """What follows from the cells of a college that one audience gets, of one release or of two."""

    def __init__(self, cells: Iterable[tuple[Cell, bool]]) -> None:
        """`cells` with whether each is suppressed; an absent row tells that nobody is there."""
        rows = list(cells)
        classes = {one.variable: one for cell, _ in rows for one in cell.members}
        self.place = {
            (name, kind): place
            for place, (name, kind) in enumerate(
                (name, kind) for name in sorted(classes) for kind in ATOMS
            )
        }
        known = [
            self.vector(weights)
            for cell, is_hidden in rows
            if not is_hidden
            for weights in cell.vectors()
        ]
        self.shown = {vector.tobytes() for vector in known}
        balance = [
            self.vector(
                {(name, kind): 1 for kind in STUDENTS}
                | {(name, kind): -1 for kind in (*NEED, "well_off")}
            )
            for name in classes
        ]
        self.matrix = np.array([*known, *balance])
        self.truth = np.array([classes[name].people[kind] for name, kind in self.place])
        _, strength, basis = np.linalg.svd(self.matrix)
        self.free = basis[int((strength > 1e-9).sum()) :]

    def vector(self, weights: dict[tuple[str, str], int]) -> np.ndarray:
        vector = np.zeros(len(self.place))
        for key, weight in weights.items():
            vector[self.place[key]] = weight
        return vector

    def recovered(self, cell: Cell, *, bounds: bool = False) -> bool:
        """Whether a suppressed cell is given away: its value, or a number that no cell shows."""
        vectors = [self.vector(weights) for weights in cell.vectors()]
        told = [self.is_bounded(one) if bounds else self.is_exact(one) for one in vectors]
        return all(told) or any(
            is_told and vector.tobytes() not in self.shown
            for is_told, vector in zip(told, vectors, strict=True)
        )

    def is_exact(self, vector: np.ndarray) -> bool:
        """Whether linear algebra alone gives the number."""
        return not self.free.size or bool(np.abs(self.free @ vector).max() < 1e-7)

    def is_bounded(self, vector: np.ndarray) -> bool:
        """Whether only one number is left when nothing is less than zero."""
        ends = [
            linprog(
                sign * vector, A_eq=self.matrix, b_eq=self.matrix @ self.truth, bounds=(0, None)
            )
            for sign in (1, -1)
        ]
        if any(end.status == 3 for end in ends):  # no end to it
            return False
        assert all(end.status == 0 for end in ends), [end.message for end in ends]
        return -ends[1].fun - ends[0].fun < 1e-6


def _key(audience: str, college: College, cell: Cell, period: str = "2025") -> Key:
    return (audience, f"{college.number}_{cell.indicator}", period, cell.level, cell.unit)


def _everybody_counts(college: College, cell: Cell) -> bool:
    """Whether the unit above shows that all of its people count: then all of every part do."""
    return any(
        above.indicator == cell.indicator
        and above.unit == cell.parent
        and above.denominator is not None
        and _count(above.members, above.numerator) == _count(above.members, above.denominator)
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
        replace(one, people=_people(chance), variable=f"{one.name} later")
        if place in changed
        else one
        for place, one in enumerate(college.classes)
    ]
    if chance.random() < 0.3:
        beside = classes[0]
        name = f"{beside.major}K9"
        classes.append(replace(beside, name=name, people=_people(chance), variable=name))
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
FEW = range(5)
TWICE = range(300, 350)


@pytest.fixture(scope="module")
def hidden() -> set[Key]:
    return suppressed(_world(map(_college, MANY)))


@pytest.fixture(scope="module")
def twice() -> list[tuple[College, College]]:
    """Colleges and their next release. A row that vanishes says that nobody is left, and then the
    change of the sum says who was there: no suppression of the later release can take that back."""
    firsts = [replace(_college(number), drops_empty=False, cells=[]) for number in TWICE]
    return [(college, _next_release(college)) for college in firsts]


@pytest.fixture(scope="module")
def first(twice: list[tuple[College, College]]) -> set[Key]:
    return suppressed(_world(before for before, _ in twice))


def test_small_cells_are_suppressed_and_plain_ones_only_for_the_public(hidden: set[Key]) -> None:
    assert _small(map(_college, MANY)) <= hidden
    plain = {name for name, parts in INDICATORS.items() if parts[0] == "plain"}
    leaders = {key[1].split("_", 1)[1] for key in hidden if key[0] == "statistics"}
    assert leaders == set(INDICATORS) - plain
    assert all(("public", *key[1:]) in hidden for key in hidden), "leaders read both"


def test_linear_algebra_recovers_no_suppressed_cell(hidden: set[Key]) -> None:
    assert _losses(map(_college, MANY), hidden) == []


def test_bounds_recover_no_small_cell(hidden: set[Key]) -> None:
    assert _losses(map(_college, FEW), hidden, bounds=True) == []


def test_enough_is_shown_to_be_of_use(hidden: set[Key]) -> None:
    cells = [
        (audience, college, cell)
        for college in map(_college, MANY)
        for cell in college.cells
        for audience in AUDIENCES
        if cell.level == "school" and cell.people >= 20
    ]
    shown = [cell for cell in cells if _key(*cell) not in hidden]
    assert len(shown) > 0.6 * len(cells)


def test_the_same_figures_are_suppressed_alike_in_the_next_release(
    twice: list[tuple[College, College]], first: set[Key]
) -> None:
    world = _world(before for before, _ in twice)
    world.earlier = first
    assert suppressed(world) == first


def test_two_releases_together_recover_nothing_that_the_first_suppressed(
    twice: list[tuple[College, College]], first: set[Key]
) -> None:
    world = _world(after for _, after in twice)
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
    forgetful = suppressed(_world(after for _, after in twice))
    assert _losses_over_time(twice, first, forgetful)


def test_a_naive_suppression_of_small_cells_alone_is_broken() -> None:
    colleges = [_college(number) for number in FEW]
    assert _losses(colleges, _small(colleges))


def test_a_naive_suppression_of_each_indicator_by_itself_is_broken() -> None:
    colleges = [_college(number) for number in range(40)]
    assert _losses(colleges, suppressed(_world(colleges, links=[])))


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

    then = world({"C1": 4, "C2": 20, "C3": 30, "C4": 40})
    units = lambda keys: {key[4] for key in keys if key[0] == "statistics"}  # noqa: E731
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
