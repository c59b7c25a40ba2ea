"""What staff keep up themselves: how to reach them, their family, posts outside, honours.

No telephone here rings: no operator has the mobile prefix 154, and no local number begins with 0
(both as remembered). Addresses lie in a district that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.identity import draw_names
from warehouse.simulate.plan import Plan, last_day
from warehouse.simulate.staff import Staff
from warehouse.simulate.work.clock import at, between, reported, years_on

__all__ = ["Family", "contacts_at", "make_family"]


def _mobile(rng: np.random.Generator) -> str:
    return f"154{int(rng.integers(0, 10**8)):08d}"


def _landline(rng: np.random.Generator) -> str:
    return f"0371-0{int(rng.integers(0, 10**7)):07d}"


def _address(rng: np.random.Generator) -> str:
    road = ("学苑路", "示范街", "书香路", "杏坛街")[int(rng.integers(0, 4))]
    return (f"郑州市例示区{road}{int(rng.integers(1, 300))}号{int(rng.integers(1, 30))}号楼"
            f"{int(rng.integers(1, 19))}{int(rng.integers(1, 5)):02d}室")  # fmt: skip


def _contact(plan: Plan, row: dict, moment: datetime) -> tuple:
    """What somebody had entered by then; one year in seven brings a new number or address (those
    before the window are left out: nobody can tell)."""
    number = int(row["staff_no"])
    rng = plan.rng("work_self", 1, number)
    office, mobile, home, address = _landline(rng), _mobile(rng), _landline(rng), _address(rng)
    has_home, changed = rng.random() < 0.25, reported(rng, row["joined"])
    for year in range(max(row["joined"].year + 1, plan.start.year - 1), moment.year + 1):
        rng = plan.rng("work_self", 2, number, year)
        draw, when = rng.random(), at(between(rng, date(year, 1, 1), date(year, 12, 31)), 20, 15)
        gone = row["left"] is not None and when.date() >= row["left"]
        if draw >= 0.14 or when >= moment or gone:
            continue
        changed = when
        if draw < 0.06:
            mobile = _mobile(rng)
        elif draw < 0.12:
            address = _address(rng)
        else:
            office = _landline(rng)
    mail = f"{row['staff_no']}@staff.example.edu"
    worker = row["role"] in ("worker", "external")
    return (row["staff_no"], None if worker else office, mobile, home if has_home else None,
            mail, address, changed)  # fmt: skip


def _served(plan: Plan, staff: Staff, moment: datetime) -> pl.DataFrame:
    """Those on post on some day of the window up to the moment."""
    return staff.people.filter(
        (pl.col("joined") <= last_day(moment))
        & (pl.col("left").is_null() | (pl.col("left") > plan.start))
    )


def contacts_at(plan: Plan, staff: Staff, moment: datetime) -> pl.DataFrame:
    """staff_contact of everyone who had reported by the moment; who left in the window keeps what
    they had entered last."""
    rows = [_contact(plan, row, moment)
            for row in _served(plan, staff, moment).iter_rows(named=True)]  # fmt: skip
    names = ("staff_no", "office_phone", "mobile_phone", "home_phone", "email",
             "current_address")  # fmt: skip
    schema = dict.fromkeys(names, pl.String) | {"updated_at": pl.Datetime("us")}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.filter(pl.col("updated_at") < moment).with_columns(source_updated_at="updated_at")


#: employment_status → its share among spouses, where they work
_SPOUSES = (
    ("13", 0.4, "某中学"), ("17", 0.2, "某事业单位"), ("21", 0.1, "某科技公司"),
    ("11", 0.08, "某机关"), ("24", 0.08, "某制造企业"), ("51", 0.05, None), ("54", 0.05, None),
    ("70", 0.04, None),
)  # fmt: skip


@dataclass(frozen=True)
class Family:
    """`events`: one row per change of marital status: staff_no, day, known (reported), status
    and the spouse's facts from then on. `weddings`: staff_no → days, those of the future too."""

    events: pl.DataFrame
    weddings: dict[str, list[date]]

    def rows_at(self, plan: Plan, staff: Staff, moment: datetime) -> pl.DataFrame:
        """staff_family of everyone who had reported by the moment; who left in the window keeps
        what they had reported last."""
        present = _served(plan, staff, moment).select("staff_no")
        known = self.events.filter(pl.col("known") < moment)
        last = known.sort("staff_no", "day", "known").unique(
            "staff_no", keep="last", maintain_order=True
        )
        return present.join(last, on="staff_no", how="inner", maintain_order="left").with_columns(
            updated_at="known", source_updated_at="known"
        )


def _marriages(plan: Plan, row: dict) -> list[tuple]:
    rng = plan.rng("work_self", 3, int(row["staff_no"]))
    born, joined, entry = row["birth_date"], row["joined"], reported(rng, row["joined"])
    age, single, divorce = rng.normal(28.0, 3.2), rng.random(), rng.random()
    wedding = born + timedelta(days=int(max(age, 22.1) * 365.25))
    years = 3 + int(rng.integers(0, 20))
    name = str(draw_names(rng, np.array([not row["male"]]))[0])
    shares = np.array([share for _, share, _ in _SPOUSES])
    status, _, employer = _SPOUSES[int(rng.choice(len(_SPOUSES), p=shares / shares.sum()))]
    phone, consents = _mobile(rng), bool(rng.random() < 0.86)
    spouse = (name, employer, status, phone, True) if consents else (None,) * 4 + (False,)
    nobody = (None, None, None, None, False)
    found = [(born, "10", nobody)]
    if single > 0.07:
        found.append((wedding, "20", spouse))
        if divorce < 0.09:
            found.append((years_on(wedding, years), "40", nobody))
        elif divorce < 0.11:
            found.append((years_on(wedding, years + 20), "30", nobody))
    return [
        (row["staff_no"], day, max(entry, reported(rng, day)) if day > joined else entry, state,
         *facts)
        for day, state, facts in found
        if row["left"] is None or day < row["left"]
    ]  # fmt: skip


def make_family(plan: Plan, staff: Staff) -> Family:
    """Marriages and what ended them, for the whole of a life. Facts of a spouse stand only where
    the spouse has been told and consents (PIPL article 14)."""
    rows = [found for row in staff.people.iter_rows(named=True) for found in _marriages(plan, row)]
    schema = {
        "staff_no": pl.String, "day": pl.Date, "known": pl.Datetime("us"),
        "marital_status": pl.String, "spouse_name": pl.String, "spouse_employer": pl.String,
        "spouse_employment_status": pl.String, "spouse_phone": pl.String,
        "consent_recorded": pl.Boolean,
    }  # fmt: skip
    events = pl.DataFrame(rows, schema=schema, orient="row")
    weddings: dict[str, list[date]] = {}
    for number, day in events.filter(pl.col("marital_status") == "20").select(
        "staff_no", "day"
    ).iter_rows():  # fmt: skip
        weddings.setdefault(number, []).append(day)
    return Family(events, weddings)
