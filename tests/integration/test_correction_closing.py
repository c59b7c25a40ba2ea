"""A correction from a person's word to the unit's next delivery, through a real ingest and
publication of the shared college."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from warehouse.access.correction_places import choices, place_of
from warehouse.access.persons import person_of
from warehouse.audit import Audit, head_file
from warehouse.cli.after_release import steps_after
from warehouse.contracts import load_contracts
from warehouse.engine import open_work, quote, quote_text
from warehouse.governance.appointments import school_day
from warehouse.governance.correction import Clock
from warehouse.governance.correction_record import correction_state
from warehouse.governance.corrections import Report, report
from warehouse.release import ReleaseReader, current, refresh
from warehouse.settings import Settings, load_settings
from warehouse.state import open_state, session
from warehouse.state.models import Notice

TABLE = next(table for table in load_contracts() if table.id == "academic_affairs/course_grade")
BEIJING = timedelta(hours=8)


@pytest.fixture
def own(college: Settings, tmp_path: Path) -> Settings:
    """A copy: here something is delivered and published, which the shared college never sees."""
    settings = load_settings(tmp_path / "更正 home")
    shutil.copytree(college.paths.root, settings.paths.root, symlinks=True)
    return settings


def a_grade(settings: Settings) -> tuple[int, dict[str, Any]]:
    """Somebody's one grade in a class, in the middle of its band, as it is delivered and kept."""
    release = current(settings)
    assert release is not None
    lake = settings.paths.lake / "academic_affairs" / "course_grade" / "*" / "*.parquet"
    listed = ", ".join(f"g.{quote(name)}" for name in TABLE.column_names)
    connection = open_work(threads=1)
    try:
        connection.execute(f"attach {quote_text(release.file('personal'))} as kept (read_only)")
        found = connection.execute(
            f"select n.person_key, {listed} "
            f"from read_parquet({quote_text(lake)}, union_by_name = true) as g "
            "join kept.person_number as n on n.number = g.student_no "
            "where g.total_score between 72 and 77 and g.usual_score is not null "
            "and not exists (select 1 from kept.course_grade as o "
            "where o.person_key = n.person_key and o.class_no = g.class_no "
            "group by o.class_no having count(*) > 1) "
            "order by g.recorded_at desc, g.student_no, g.class_no limit 1"
        ).fetchone()
    finally:
        connection.close()
    assert found is not None
    return found[0], dict(zip(TABLE.column_names, found[1:], strict=True))


def deliver(settings: Settings, row: dict[str, Any], at: datetime) -> None:
    """The unit's extract with its corrected row, as its system writes it: Beijing time."""
    folder = settings.paths.inbox / "academic_affairs" / "course_grade"
    folder.mkdir(parents=True, exist_ok=True)
    moments = {name: value + BEIJING for name, value in row.items() if isinstance(value, datetime)}
    local = at.replace(tzinfo=None) + BEIJING
    more = {"source_system": "simulator", "extracted_at": local, "source_updated_at": local}
    with (folder / "corrected.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*TABLE.column_names, *more])
        writer.writeheader()
        writer.writerow({**row, **moments, **more})


def test_the_units_next_delivery_closes_it_as_asked(own: Settings):
    person_key, row = a_grade(own)
    right = row["total_score"] + 1
    engine, reader = open_state(own), ReleaseReader(own)
    journal, now = Audit(engine, head_file(own.paths)), datetime.now(UTC)
    with reader.open("personal") as (cursor, release):
        person = person_of(cursor, person_key, school_day(now))
        assert person is not None
        offered = choices(cursor, own.paths, release, "course_grade", person, (), now)
        (chosen,) = [one for one in offered["rows"] if one["values"]["class_no"] == row["class_no"]]
        place = place_of(
            cursor, own.paths, release, person, (), now, kind="value", table="course_grade",
            item="A4-23", row=chosen["key"], column="total_score", wanted=str(right),
        )  # fmt: skip
    made = report(
        journal, own.paths, person_key, place, Report(str(right), "卷面复核"), clock=Clock(7, 21),
        reference="0" * 32, recorded_by=f"person:{person_key}", now=now,
    )  # fmt: skip
    reader.close()
    row |= {"total_score": right, "grade_point": row["grade_point"] + type(right)("0.1")}
    deliver(own, row, now)
    done = refresh(own, after=steps_after("release.publish"))
    assert done.release is not None
    with session(engine, read_only=True) as opened:
        state = correction_state(opened, made)
        told = opened.scalars(select(Notice).where(Notice.kind == "correction.closed")).all()
    engine.dispose()
    assert (state.status, state.outcome) == ("closed", "as_asked")
    assert state.release == current(own).id
    assert [(one.person_key, one.about) for one in told] == [(person_key, {"correction": made})]
