"""Made-up colleges, their figures, and an attacker who reads what is shown of them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from scipy.optimize import linprog

from tests.integration.disclosure_models import Figure, World

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
                    groups = [count_people(members, kinds) for kinds in shown]
                    groups += [n for kinds in derived if (n := count_people(members, kinds)) > 0]
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
                count_people(cell.members, cell.numerator),
                None if cell.denominator is None else count_people(cell.members, cell.denominator),
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


def count_people(members: Iterable[Class], kinds: dict[str, int]) -> int:
    return sum(one.people[kind] * weight for one in members for kind, weight in kinds.items())


def draw_people(chance: random.Random) -> dict[str, int]:
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
def made_up_college(number: int) -> College:
    chance = random.Random(number)
    classes = [
        Class(f"C{c}", f"C{c}M{m}", f"C{c}M{m}K{k}", draw_people(chance), f"C{c}M{m}K{k}")
        for c in range(chance.randint(1, 4))
        for m in range(chance.randint(1, 3))
        for k in range(chance.randint(1, 3))
    ]
    return College(number, classes, drops_empty=chance.random() < 0.4)


def world_of(colleges: Iterable[College], links: list[tuple[str, str, str]] = LINKS) -> World:
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
