"""政治面貌 of the staff: what they came with, and every change since."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.work.clock import between, known_by, reported, years_on
from warehouse.simulate.work.fields import UNIT_NAMES

__all__ = ["affiliation_rows"]

#: role → share who were party members when they came, share who join in service
_MEMBERS = {
    "teacher": (0.42, 0.12), "counselor": (0.85, 0.1), "officer": (0.66, 0.14),
    "support": (0.38, 0.08), "worker": (0.14, 0.03), "external": (0.25, 0.0),
}  # fmt: skip
_SCHEMA = {
    "staff_no": pl.String, "political_affiliation": pl.String, "effective_date": pl.Date,
    "branch": pl.String, "document_no": pl.String, "source_updated_at": pl.Datetime("us"),
}  # fmt: skip


def _life(row: dict, rng: np.random.Generator) -> list[tuple[date, str]]:
    """(day, affiliation), oldest first. A probationary member is confirmed a year later; who is
    in the Youth League leaves it at 28."""
    before, later = _MEMBERS[row["role"]]
    draw, born, joined = rng.random(), row["birth_date"], row["joined"]
    leaves_league = years_on(born, 28)
    if draw < before:
        entered = between(rng, years_on(born, 20), max(joined, years_on(born, 22)))
        confirmed = years_on(entered, 1)
        if confirmed <= joined:
            return [(confirmed, "01")]
        return [(entered, "02"), (confirmed, "01")]
    if draw > 0.955 and row["role"] in ("teacher", "external"):
        party = ("04", "05", "06", "07", "08", "10")[int(rng.integers(0, 6))]
        return [(between(rng, years_on(born, 30), years_on(born, 40)), party)]
    first = [(joined, "03"), (leaves_league, "13")] if joined < leaves_league else [(joined, "13")]
    enters = years_on(joined, 1 + int(rng.integers(0, 12))).replace(month=6, day=28)
    if draw < before + later and enters > joined:
        first = [entry for entry in first if entry[0] < enters]
        first += [(enters, "02"), (years_on(enters, 1), "01")]
    return first


def affiliation_rows(plan: Plan, staff: Staff) -> pl.DataFrame:
    """staff_political_affiliation as of the cut: one row for the state somebody came with, as old
    as that state is, and one for each change while on post."""
    rows: list[tuple[str, str, date, str | None, str | None, datetime]] = []
    for row in staff.people.iter_rows(named=True):
        rng = plan.rng("work_life", 1, int(row["staff_no"]))
        entry = reported(rng, row["joined"])
        for day, state in _life(row, rng):
            known = entry if day <= row["joined"] else reported(rng, day)
            if row["left"] is not None and day >= row["left"]:
                continue
            member = state in ("01", "02")
            branch = f"{UNIT_NAMES[row['unit']]}党支部" if member else None
            named = member and day > row["joined"]
            document = f"组〔{day.year}〕{day.month}号" if named else None
            rows.append((row["staff_no"], state, day, branch, document, known))
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort("staff_no", "effective_date")
    return known_by(plan, frame)
