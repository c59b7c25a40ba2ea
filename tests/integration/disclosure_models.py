"""Disclosure control as the models have it, over cells made up by a test: their SQL is rendered
with a few words of dbt and run in memory, so that hundreds of colleges take seconds."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import jinja2

from warehouse.engine import Connection, open_work, quote_text

PROJECT = Path(__file__).parents[2] / "dbt_project"
MODELS = PROJECT / "models"
#: In the order in which they are built.
ORDER = (
    "stg_earlier__suppressed_cell",
    "int_disclosure__cell",
    *(f"int_disclosure__{who}_{place}" for who in ("leaders", "public") for place in (1, 2, 3)),
    "int_disclosure__suppressed_cell",
)

#: audience, indicator, period, level, unit
Key = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Figure:
    """A cell before disclosure control. `smallest_group` as the families compute it."""

    indicator: str
    period: str
    level: str
    unit: str
    parent_unit: str | None
    numerator: float | None
    denominator: float | None
    smallest_group: int | None


@dataclass
class World:
    """All that disclosure control reads."""

    figures: list[Figure] = field(default_factory=list)
    classes: dict[str, str] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    earlier: set[Key] = field(default_factory=set)
    years: list[tuple[str, str]] = field(default_factory=list)
    census: list[str] = field(default_factory=list)


def declared_links() -> list[tuple[str, str, str]]:
    """(indicator, kind, target) as the seed has them."""
    with (PROJECT / "seeds" / "indicator_link.csv").open(encoding="utf-8") as file:
        return [(row["indicator"], row["kind"], row["target"]) for row in csv.DictReader(file)]


def suppressed(world: World, *, statistics: int = 5, public: int = 10) -> set[Key]:
    """The cells that the models suppress."""
    connection = open_work()
    try:
        _load(connection, world)
        variables = {"statistics_minimum_cell": statistics, "public_minimum_cell": public}
        for model in ORDER:
            connection.execute(f"create table {model} as {_rendered(model, variables)}")
        rows = connection.execute(f"select * from {ORDER[-1]}").fetchall()
    finally:
        connection.close()
    assert len(rows) == len(set(rows))
    return set(rows)


def _rendered(model: str, variables: dict[str, int]) -> str:
    (path,) = MODELS.rglob(f"{model}.sql")
    macros = (PROJECT / "macros/statistics/disclosure.sql").read_text(encoding="utf-8")
    template = jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(
        macros + path.read_text(encoding="utf-8")
    )
    return template.render(
        ref=lambda name: name,
        source=lambda source, table: f"{source}.{table}",
        var=variables.__getitem__,
    )


def _load(connection: Connection, world: World) -> None:
    connection.execute("create schema earlier")
    tables: dict[str, tuple[str, Iterable[tuple[object, ...]]]] = {
        "int_statistics__figure": (
            "indicator varchar, period varchar, level varchar, unit varchar, parent_unit varchar, "
            "numerator double, denominator double, smallest_group bigint",
            [tuple(vars(figure).values()) for figure in world.figures],
        ),
        "indicator": ("id varchar, class varchar", world.classes.items()),
        "indicator_link": ("indicator varchar, kind varchar, target varchar", world.links),
        "int_calendar__year": ("period varchar, census_period varchar", world.years),
        "int_calendar__census_date": ("period varchar", [(name,) for name in world.census]),
        "earlier.suppressed_cell": (
            "audience varchar, indicator varchar, period varchar, level varchar, unit varchar",
            world.earlier,
        ),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, (columns, rows) in tables.items():
            file = Path(folder) / f"{name}.csv"
            with file.open("w", encoding="utf-8", newline="") as opened:
                csv.writer(opened).writerows(rows)
            connection.execute(f"create table {name} ({columns})")
            connection.execute(
                f"copy {name} from {quote_text(file)} "
                "(format csv, header false, auto_detect false, delimiter ',')"
            )
