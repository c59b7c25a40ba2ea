"""Figures of closed periods stay as they were first published, until a correction is decided.

A period of an indicator is closed once a release speaks of a later day than the period's last one
(the model `int_statistics__newly_closed` says which). That release keeps its raw figures in the
state database, and every later build lays them out as the source `earlier` for the models to put in
place of what they compute. Releases form a line: what a release that was rolled back has kept
counts only on the line that leads through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from warehouse.earlier import TABLES, fill
from warehouse.engine import Connection, open_work
from warehouse.state.models import CensusFigure, CensusRelease, FigureCorrection

__all__ = [
    "Correction",
    "Figure",
    "Kept",
    "closed_by",
    "head_of_line",
    "keep",
    "lay_out",
    "line_of",
    "read_head",
    "read_kept",
]

_CLOSED = "intermediate.int_statistics__newly_closed"


@dataclass(frozen=True)
class Figure:
    """One kept cell; the columns of `census_figure`."""

    release: str
    indicator: str
    period: str
    level: str
    unit: str
    unit_name: str
    parent_unit: str | None
    numerator: float | None
    denominator: float | None
    value: float | None
    as_of_date: date
    smallest_group: int | None

    @property
    def of(self) -> tuple[str, str]:
        """The indicator and period it belongs to: they are kept and corrected as a whole, or the
        parts would no longer sum to the school."""
        return self.indicator, self.period


@dataclass(frozen=True)
class Correction:
    """A decided correction. `release` carried it out, None while the next build is to.
    `value_before` and `value_after` are the school's, `value_after` None while it is not known."""

    id: int
    at: datetime
    indicator: str
    period: str
    reason: str
    release: str | None
    value_before: float | None
    value_after: float | None


@dataclass(frozen=True)
class Kept:
    """What a build on release `head` starts from: the figures that hold, and all corrections of
    its line with those that are still to be carried out."""

    head: str | None
    figures: tuple[Figure, ...]
    corrections: tuple[Correction, ...]

    @property
    def pending(self) -> list[int]:
        return [correction.id for correction in self.corrections if correction.release is None]


def head_of_line(recorded: Iterable[str], pointed: str | None) -> str | None:
    """The release to build on: the current one, or where that is not recorded the newest older one.

    It is not recorded where it was made before figures were kept; `pointed` is None where nothing
    was published yet or the releases were lost: the state alone then says how to go on.
    """
    older = [release for release in recorded if pointed is None or release <= pointed]
    return max(older, default=None)


def line_of(before: Mapping[str, str | None], head: str | None) -> list[str]:
    """The releases that lead to `head`, oldest first, `head` included."""
    line: list[str] = []
    while head is not None and head in before and head not in line:
        line.append(head)
        head = before[head]
    return line[::-1]


def read_head(session: Session, pointed: str | None) -> str | None:
    """The release that a build made now builds on."""
    return head_of_line(session.scalars(select(CensusRelease.release)), pointed)


def read_kept(session: Session, pointed: str | None) -> Kept:
    """Read what the release `pointed` at, or its line, has kept."""
    recorded = {row.release: row for row in session.scalars(select(CensusRelease))}
    head = head_of_line(recorded, pointed)
    line = line_of({name: row.before for name, row in recorded.items()}, head)
    carried_out = {number: name for name in line for number in recorded[name].corrections}
    kept: dict[tuple[str, str], dict[str, list[Figure]]] = {}
    columns = [getattr(CensusFigure, name) for name in TABLES["census_figure"]]
    for row in session.execute(select(*columns)):
        figure = Figure(*row)
        kept.setdefault(figure.of, {}).setdefault(figure.release, []).append(figure)
    decided = session.scalars(select(FigureCorrection).order_by(FigureCorrection.id)).all()
    corrections = tuple(
        _correction(row, carried_out.get(row.id), line, kept.get((row.indicator, row.period), {}))
        for row in decided
    )
    figures = [
        figure
        for of, generations in kept.items()
        for figure in _that_hold(of, generations, line, corrections)
    ]
    return Kept(head, tuple(figures), corrections)


def _that_hold(
    of: tuple[str, str],
    generations: Mapping[str, list[Figure]],
    line: Sequence[str],
    corrections: Iterable[Correction],
) -> list[Figure]:
    """The newest generation on the line, and none from before the last correction: a correction
    may leave a period without any figure. None at all while a correction is still to come."""
    ours = [c.release for c in corrections if (c.indicator, c.period) == of]
    if None in ours:
        return []
    since = max((line.index(name) for name in ours if name is not None), default=0)
    newest = next((name for name in reversed(line[since:]) if name in generations), None)
    return generations[newest] if newest is not None else []


def _correction(
    row: FigureCorrection,
    release: str | None,
    line: Sequence[str],
    generations: Mapping[str, list[Figure]],
) -> Correction:
    earlier = line if release is None else line[: line.index(release)]
    before = next((generations[name] for name in reversed(earlier) if name in generations), [])
    after = generations.get(release, []) if release is not None else []
    return Correction(
        row.id,
        row.at,
        row.indicator,
        row.period,
        row.reason,
        release,
        _of_school(before),
        _of_school(after),
    )


def _of_school(figures: Iterable[Figure]) -> float | None:
    return next((figure.value for figure in figures if figure.level == "school"), None)


def lay_out(connection: Connection, kept: Kept) -> None:
    """Make the tables of the source `earlier` in the working file."""
    fill(connection, "census_figure", [list(vars(figure).values()) for figure in kept.figures])
    fill(
        connection,
        "figure_correction",
        [
            [c.id, c.at.astimezone(UTC).replace(tzinfo=None), *list(vars(c).values())[2:]]
            for c in kept.corrections
        ],
    )


def closed_by(working_file: Path, release_id: str) -> list[Figure]:
    """The figures of periods that this release is the first to show closed, or shows corrected."""
    schema, table = _CLOSED.split(".")
    listed = ", ".join(column for column in TABLES["census_figure"] if column != "release")
    connection = open_work(working_file, read_only=True)
    try:
        built = connection.execute(
            "select count(*) from information_schema.tables "
            "where table_schema = ? and table_name = ?",
            [schema, table],
        ).fetchone()
        if built == (0,):
            return []
        rows = connection.execute(f"select {listed} from {_CLOSED}").fetchall()
    finally:
        connection.close()
    return [Figure(release_id, *row) for row in rows]


def keep(
    session: Session,
    release_id: str,
    *,
    before: str | None,
    corrections: Sequence[int],
    figures: Sequence[Figure],
    now: datetime,
) -> None:
    """Record a release and the figures it is the first to keep. What was recorded of a publication
    that did not reach its end is of the same candidate, and stays."""
    if session.get(CensusRelease, release_id) is not None:
        return
    session.add(
        CensusRelease(
            release=release_id, before=before, recorded_at=now, corrections=list(corrections)
        )
    )
    session.flush()
    if figures:
        session.execute(insert(CensusFigure), [vars(figure) for figure in figures])
