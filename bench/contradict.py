"""Extracts that contradict what a trial home holds, for `sums.py` to be run on.

    python bench/contradict.py HOME --seed 7    then ingest and build HOME, and bench/sums.py HOME

The simulator's college is consistent, and on consistent data a model may be right for the wrong
reason. This writes into the inbox, for the tables of space, assets, research and money: snapshots
of the same evenings as those that are there, but with other uses, units, states and dates and some
keys gone; and events with the same keys but other values, some older than the rows they meet, some
deleted. By and large it keeps to the contracts: ingestion refuses a few rows. One seed, one set of
files.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from independent import Extracts

from warehouse.contracts import load_contracts
from warehouse.home import Home

Row = dict[str, Any]
Change = Callable[[random.Random, Row], Any]

#: Files say moments in Beijing time.
BEIJING = timedelta(hours=8)
UNITS = ["000", "101", "104", "109", "110", "201", "202", "203", "205", "208"]
PURPOSES = ["人员", "教学日常运行", "实验", "实习", "教改", "专业建设"]
PURPOSES += ["科研", "学生活动", "思政", "培训", "基建", "其他"]
LEVELS = ["10", "20", "21", "22", "23", "30", "31", "32", "33", "60", "70", "99"]
INDEXES = ["SCI", "SSCI", "EI", "CPCI", "CSCD", "CSSCI", "A&HCI", "其他", None]
WEEKS = ["1-16", "1-8", "9-16", "2-16双", "1-15单", "1,3,5-8", "10-20"]
CLASSES = ["A02010104", "A02010105", "A02010109", "02010107", "A02010110", "A03020100"]
CHANGES = ["新增", "调拨", "增值", "报废", "盘盈", "盘亏"]


def one_of(*values: Any) -> Change:
    return lambda chance, _: chance.choice(values)


def money(chance: random.Random, _: Row) -> Decimal:
    return Decimal(chance.randint(1, 5_000_000)) / 100


def day_from(year: int) -> Change:
    return lambda chance, _: date(year, 9, 1) + timedelta(days=chance.randint(0, 1170))


unit = one_of(*UNITS)

SNAPSHOTS: dict[str, dict[str, Change]] = {
    "room": {
        "use": one_of("111", "112", "121", "122", "124", "211", "299", "311", "313", "322"),
        "status": one_of("1", "2", "3", "4"),
        "is_multimedia": one_of(True, False, None),
        "unit_code": one_of(*UNITS, None),
        "seats": one_of(None, 0, 30, 60),
        "beds": one_of(None, 0, 4, 6),
    },
    "laboratory": {"unit_code": unit, "room_codes": one_of(None)},
    "land_parcel": {"property_right": one_of("1", "2", "3")},
    "building": {"completed_date": day_from(2023)},
    "asset_card": {
        "status": one_of(*"123456789"),
        "use_direction": one_of(*"12345678"),
        "unit_code": unit,
        "is_it_asset": one_of(True, False),
        "class_code": one_of(*CLASSES),
        "acquired_date": day_from(2023),
    },
    "course": {"unit_code": unit},
}
EVENTS: dict[str, dict[str, Change]] = {
    "asset_change": {
        "change_type": one_of(*CHANGES),
        "change_date": day_from(2023),
        "amount": money,
        "from_unit": unit,
        "to_unit": unit,
    },
    "instrument_usage": {"teaching_hours": one_of(None, 0, 5), "research_hours": one_of(None, 7)},
    "research_fund": {
        "direction": one_of("到账", "支出", "外拨"),
        "booked_date": day_from(2023),
        "amount": money,
    },
    "research_project": {
        "project_nature": one_of("纵向", "横向"),
        "project_level": one_of(*LEVELS),
        "unit_code": unit,
    },
    "research_output": {
        "output_type": one_of("14", "60", "61", "62", "71", "99"),
        "indexed_in": one_of(*INDEXES),
        "patent_type": one_of("1", "2", "3", "4"),
        "published_date": day_from(2023),
        "transfer_amount": money,
        "unit_code": unit,
    },
    "fee_bill": {
        "deferred_until": one_of(None, date(2025, 8, 30), date(2025, 8, 31), date(2027, 1, 1))
    },
    "budget_execution": {
        "purpose": one_of(*PURPOSES),
        "spent_amount": money,
        "budget_amount": money,
        "unit_code": unit,
    },
    "finance_voucher_line": {
        "account_code": one_of("6001", "6101", "7201", "8001"),
        "unit_code": one_of(*UNITS, None),
    },
    "teaching_class": {
        "weeks": one_of(*WEEKS),
        "weekday": one_of(1, 2, 3, 4, 5, 6, 7),
        "enrolled": one_of(0, 5, 50, None),
    },
    "student_dorm_stay": {
        "check_out_date": lambda chance, row: chance.choice([None, row["check_in_date"]])
    },
    "utility_reading": {"kind": one_of("电", "水"), "quantity": one_of(0, 500, 5000)},
}


def changed(
    chance: random.Random, rows: pl.DataFrame, share: float, how: dict[str, Change]
) -> pl.DataFrame:
    """`rows`, of which `share` have about half of the columns in `how` changed."""
    found = rows.to_dicts()
    for row in found:
        if chance.random() < share:
            row.update(
                {name: change(chance, row) for name, change in how.items() if chance.random() < 0.5}
            )
    return pl.DataFrame(found, schema=rows.schema, strict=False)


def snapshots(
    chance: random.Random, landed: pl.DataFrame, how: dict[str, Change]
) -> list[pl.DataFrame]:
    """One more snapshot after each that is there but the first, later in the same minute."""
    found = []
    for moment in landed["extracted_at"].unique().sort()[1:]:
        state = landed.filter(pl.col("extracted_at") == moment)
        if chance.random() < 0.5:
            state = state.sample(fraction=0.93, seed=chance.randint(0, 999))
        state = changed(chance, state, 0.3, how)
        found.append(state.with_columns(pl.col("extracted_at") + timedelta(seconds=30) + BEIJING))
    return found


def events(
    chance: random.Random, held: pl.DataFrame, how: dict[str, Change], now: datetime
) -> pl.DataFrame:
    """Other versions of some rows: a third older than what they meet, a tenth deletions."""
    some = held.sample(n=min(1200, held.height // 2), seed=chance.randint(0, 999))
    some = changed(chance, some, 0.9, how)
    updated = [now if chance.random() < 0.67 else datetime(2000, 1, 1) for _ in range(some.height)]
    deleted = [chance.random() < 0.1 for _ in range(some.height)]
    return some.with_columns(
        source_updated_at=pl.Series(updated, dtype=pl.Datetime("us")),
        extracted_at=pl.lit(now).cast(pl.Datetime("us")),
        is_deleted=pl.Series(deleted),
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("home", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    paths = Home(arguments.home)
    if not (arguments.home / "simulation.json").exists():
        parser.error(f"{arguments.home} holds no simulated college; this is for trial homes only")
    chance = random.Random(arguments.seed)
    extracts = Extracts(paths.lake)
    tables = {table.name: table for source in load_contracts().sources for table in source.tables}
    now = datetime.combine(extracts.as_of, datetime.min.time()) + timedelta(hours=20)
    for name, how in (SNAPSHOTS | EVENTS).items():
        columns = [column.name for column in tables[name].columns]
        columns += ["source_system", "extracted_at", "source_updated_at", "is_deleted"]
        if name in SNAPSHOTS:
            frames = snapshots(chance, extracts.landed(name), how)
        else:
            frames = [events(chance, extracts.held(name), how, now)]
        folder = arguments.home / "inbox" / tables[name].source / name
        folder.mkdir(parents=True, exist_ok=True)
        for number, frame in enumerate(frames):
            path = folder / f"contradict-{arguments.seed}-{number}.parquet"
            frame.select(columns).write_parquet(path)
            print(f"{path.relative_to(arguments.home)}  {frame.height} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
