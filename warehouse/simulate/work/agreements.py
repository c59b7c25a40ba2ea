"""Employment contracts: term after term without a gap, until it is open or the person goes."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.work.clock import known_by, years_on

__all__ = ["contract_rows"]

#: personnel_relation_type → type, years of each fixed term, and whether the term is open after
#: the last of them; otherwise the last repeats.
_TERMS: dict[str, tuple[str, tuple[int, ...], bool]] = {
    "10": ("事业单位聘用合同", (3, 5, 5), True),
    "20": ("人事代理聘用合同", (3, 3, 4), True),
    "30": ("劳动合同", (2, 3), True),
    "40": ("劳务派遣用工协议", (2,), False),
    "50": ("外聘教师协议", (1,), False),
}
_SCHEMA = {
    "contract_no": pl.String, "staff_no": pl.String, "contract_type": pl.String,
    "start_date": pl.Date, "end_date": pl.Date, "renewal_no": pl.Int64, "terminated": pl.Date,
}  # fmt: skip


def _terms(row: dict, horizon: date) -> list[tuple]:
    kind, lengths, opens = _TERMS[row["relation"]]
    start, number, found = row["joined"], 0, []
    stop = min(row["left"] or horizon, horizon)
    while start < stop:
        fixed = number < len(lengths) or not opens
        end = None
        if fixed:
            end = years_on(start, lengths[min(number, len(lengths) - 1)]) - timedelta(days=1)
            if row["relation"] == "50":
                # An external teacher is taken on for the rest of the academic year.
                summer = date(start.year + (start.month > 7), 8, 31)
                end = summer if summer > start else end
        terminated = row["left"] if row["left"] and (end is None or end > row["left"]) else None
        found.append(
            (f"HT{row['staff_no']}-{number + 1:02d}", row["staff_no"], kind, start, end, number,
             terminated)
        )  # fmt: skip
        if end is None:
            break
        start, number = end + timedelta(days=1), number + 1
    return found


def contract_rows(plan: Plan, staff: Staff) -> pl.DataFrame:
    """staff_contract as of the cut. An open term has no end; a term cut short by leaving ends on
    the day of leaving."""
    rows = [
        entry for row in staff.people.iter_rows(named=True) for entry in _terms(row, plan.as_of)
    ]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    moment = pl.time(17, 30)
    over = (pl.col("terminated").dt.combine(moment) < plan.cut).fill_null(False)
    last = pl.max_horizontal("terminated", pl.col("start_date") + pl.duration(days=1))
    return known_by(
        plan,
        frame.with_columns(
            end_date=pl.when(over).then(last).otherwise("end_date"),
            source_updated_at=pl.when(over)
            .then(pl.col("terminated").dt.combine(moment))
            .otherwise(pl.col("start_date").dt.combine(pl.time(9, 30))),
        ),
    )
