"""Where a simulated college stands: what it was made from, and the day it was last delivered.

`simulation.json` in the data home. A day's changes continue from it with the same sizes,
seed and window. It holds no row of any table: of each snapshot only a digest, which tells whether
the table has changed since.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from warehouse.errors import SimulationError
from warehouse.home import Home
from warehouse.simulate.plan import Plan

__all__ = ["Standing", "read_standing", "write_standing"]

_EDITION = 1
"Counted up when the same sizes and seed come to mean another college."


@dataclass(frozen=True)
class Standing:
    """`plan` is that of the last delivery; `snapshots` maps a table to what it said then."""

    plan: Plan
    snapshots: dict[str, str] = field(default_factory=dict)


def _file(home: Home) -> Path:
    return home.root / "simulation.json"


def write_standing(home: Home, standing: Standing) -> None:
    """Replace the note by one rename."""
    plan = standing.plan
    text = json.dumps(
        {
            "edition": _EDITION,
            "students": plan.students,
            "staff": plan.staff,
            "years": plan.years,
            "seed": plan.seed,
            "origin": plan.first_seen.isoformat(),
            "as_of": plan.as_of.isoformat(),
            "snapshots": standing.snapshots,
        },
        indent=1,
    )
    part = _file(home).with_suffix(".part")
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(_file(home))


def read_standing(home: Home) -> Standing:
    """Raise `SimulationError` when no college has been simulated here, or the note is of no use."""
    try:
        held = json.loads(_file(home).read_text(encoding="utf-8"))
        if held["edition"] != _EDITION:
            raise SimulationError(
                f"The college under {home.root} was simulated by another edition of the "
                f"simulator ({held['edition']}, this one is {_EDITION}): its next day would "
                "belong to another college.",
                next_step="Simulate it anew in a data home of its own: campus simulate",
            )
        plan = Plan(
            date.fromisoformat(held["as_of"]),
            *(int(held[name]) for name in ("students", "staff", "years", "seed")),
            origin=date.fromisoformat(held["origin"]),
        )
        return Standing(plan, {str(k): str(v) for k, v in held["snapshots"].items()})
    except FileNotFoundError:
        raise SimulationError(
            f"There is no simulated college under {home.root} whose next day could follow.",
            next_step="Make one first, for example: campus simulate --as-of 2026-11-20",
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SimulationError(
            f"{_file(home)} cannot be read ({type(error).__name__}).",
            next_step="Simulate the college anew: campus simulate",
        ) from None
