"""A past for a college that has published once: two releases before it, and a correction since.

Only files of the given home are made or replaced; those that it shares with others by a hard link
are not written into.
"""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.release import Release, current
from warehouse.release.figure_sheets import written_sheets
from warehouse.settings import Settings

__all__ = ["FIRST", "REASON", "SECOND", "make_a_past"]

FIRST = "20251031T010000Z-0000000a"
SECOND = "20260301T010000Z-0000000b"
REASON = "补录转入的国际学生"
#: The ratio of 2025 was reported with so many students fewer.
_FEWER = 36


def make_a_past(home: Settings) -> None:
    """FIRST said on 31 October 2025 what was known then; SECOND said the same in March 2026, and
    the current release has since corrected the student–teacher ratio of 2025."""
    now = current(home)
    for release_id, day, as_of in (
        (FIRST, "2025-10-31", "2025-10-30T18:00:00+00:00"),
        (SECOND, "2026-02-28", "2026-02-28T18:00:00+00:00"),
    ):
        _earlier_release(now, release_id, day, as_of)
    _edit(
        now.file("statistics"),
        f"update indicator_value set release = '{FIRST}' where as_of_date <= date '2025-10-31'",
        f"update indicator_value set release = '{now.id}' where {_THE_RATIO}",
        "insert into indicator_correction select 900001, 'student_teacher_ratio', '2025', "
        f"date '2026-03-02', '{REASON}', 9.1, value, '{now.id}' from indicator_value "
        f"where {_THE_RATIO} and level = 'school'",
    )


_THE_RATIO = "indicator = 'student_teacher_ratio' and period = '2025'"


def _earlier_release(now: Release, release_id: str, day: str, as_of: str) -> None:
    folder = now.folder.parent / release_id
    folder.mkdir(mode=0o700)
    for audience in ("statistics", "public"):
        shutil.copyfile(now.file(audience), folder / f"{audience}.duckdb")
        _edit(
            folder / f"{audience}.duckdb",
            f"delete from indicator_value where as_of_date > date '{day}'",
            f"update indicator_value set release = '{FIRST}'",
            f"update indicator_value set numerator = numerator - {_FEWER}, "
            f"value = (numerator - {_FEWER}) / denominator "
            f"where {_THE_RATIO} and level = 'school' and not is_suppressed",
            "update indicator set formula = '在读学生人数' where id = 'students_enrolled'",
        )
    published = f"{release_id[:4]}-{release_id[4:6]}-{release_id[6:8]}T01:00:00+00:00"
    moments = [f"{one:%Y-%m-%d %H:%M:%S}" for one in (now.as_of, datetime.fromisoformat(as_of))]
    document = dict(now.manifest) | {
        "id": release_id,
        "published_at": published,
        "as_of": as_of,
        "before": None,
        "sheets": written_sheets(folder / "statistics.duckdb"),
        "sql": {name: sql.replace(*moments) for name, sql in now.manifest["sql"].items()},
        "batches": [one for one in now.manifest["batches"] if one["extracted_at"] <= as_of],
    }
    (folder / "manifest.json").write_text(json.dumps(document), encoding="utf-8")


def _edit(file: Path, *statements: str) -> None:
    """Run statements on a copy of the file and put that in its place."""
    copy = file.with_suffix(".edited")
    shutil.copyfile(file, copy)
    copy.chmod(0o600)
    with duckdb.connect(str(copy)) as connection:
        for statement in statements:
            connection.execute(statement)
    copy.chmod(0o400)
    copy.replace(file)
