"""The office system's extract in the lake is compared with the registry and makes nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from access_college import College, found_college
from sqlalchemy import select
from typer.testing import CliRunner

from warehouse.access.desk import open_desk
from warehouse.access.office_reconciliation import office_applications
from warehouse.cli.main import build_app
from warehouse.engine import open_work, quote_text
from warehouse.governance.application import Actor
from warehouse.governance.applications import submit
from warehouse.governance.content import read_content
from warehouse.state import session
from warehouse.state.models import (
    Application,
    ApplicationEvent,
    AuditEntry,
    Base,
    Batch,
)

UNIT = "academic_affairs_office"


@pytest.fixture
def college(tmp_path) -> College:
    return found_college(tmp_path)


def land(college: College, batch: str, rows: str, at: datetime) -> None:
    """A batch of the extract; `rows` are (number, approved, expires, pledge, deleted)."""
    folder = college.settings.paths.lake / "office_oa" / "data_use_application" / f"batch={batch}"
    folder.mkdir(parents=True)
    file = folder / "part.parquet"
    connection = open_work(threads=1)
    moment = f"timestamp {quote_text(at.replace(tzinfo=None).isoformat(sep=' '))}"
    connection.execute(
        "copy (select n as application_no, 'U1' as unit_code, '接口数据' as data_kind, "
        "'用途' as purpose, a::date as approved_date, e::date as expires_date, "
        "p as pledge_signed, d as is_deleted, 'test' as source_system, "
        f"{moment} as extracted_at, {moment} as source_updated_at, "
        f"null::bigint as batch_row from (values {rows}) t(n, a, e, p, d)) "
        f"to {quote_text(file)} (format parquet)"
    )
    connection.close()
    with session(college.engine) as opened:
        opened.add(
            Batch(
                id=batch, source="office_oa", table_name="data_use_application",
                content_sha256="0" * 64, file_name="x.csv", received_at=at, extracted_at=at,
                contract_version="1.0.0", accepted_rows=1, refused_rows=0, reasons={},
                readings={}, files=[str(file.relative_to(college.settings.paths.root))],
            )
        )  # fmt: skip


def contents(college: College) -> dict[str, list[str]]:
    """Every row of the registry but the log's, as text."""
    with session(college.engine, read_only=True) as opened:
        return {
            name: sorted(str(tuple(row)) for row in opened.execute(table.select()))
            for name, table in Base.metadata.tables.items()
            if name != AuditEntry.__tablename__
        }


def campus(college: College, *arguments: str):
    return CliRunner().invoke(build_app(), ["--home", str(college.settings.paths.root), *arguments])


EARLY = datetime(2026, 11, 1, tzinfo=UTC)
LATE = datetime(2026, 11, 2, tzinfo=UTC)


def test_the_latest_row_of_each_application_counts_and_deleted_ones_do_not(college: College):
    land(
        college, "a1", "('SJ1', null, null, false, false), ('SJ2', null, null, false, false)", EARLY
    )
    land(
        college, "b2",
        "('SJ1', '2026-11-01', '2099-07-31', true, false), ('SJ2', null, null, false, true)", LATE,
    )  # fmt: skip
    with open_desk(college.settings) as desk:
        (row,) = office_applications(desk)
    assert (row.application_no, str(row.expires), row.pledge_signed) == ("SJ1", "2099-07-31", True)


def test_an_approval_that_stands_only_in_the_extract_makes_nothing(college: College):
    land(
        college, "a1",
        "('SJ1', '2026-11-01', '2099-07-31', true, false), ('SJ2', '2026-11-01', '2099-07-31', "
        "true, false)", EARLY,
    )  # fmt: skip
    content = read_content(
        {
            "unit": UNIT, "channels": ["sql"], "purpose": "management", "purpose_text": "分析",
            "columns": {"student_academic_data.course_grade": ["total_score"]},
            "last_day": "2026-12-31", "users": [1001], "contact": {"name": "甲", "phone": "0"},
        }
    )  # fmt: skip
    submit(
        college.audit, content, Actor(9000, (("unit_officer", UNIT, None),)), recorded_by="oa",
        channel="oa", reference="oa:SJ2", now=college.clock.now,
    )  # fmt: skip
    before = contents(college)
    told = campus(college, "application", "reconcile", "--json")
    assert told.exit_code == 1, told.output
    rows = {row["application_no"]: row for row in json.loads(told.stdout)}
    assert rows["SJ1"]["differences"] == ["only_there", "approved_there_only"]
    assert rows["SJ2"]["differences"] == ["approved_there_only", "pledge_there_only"]
    assert rows["SJ2"]["status"] == "open"
    assert contents(college) == before
    assert before["grant"] == [] and len(before[ApplicationEvent.__tablename__]) == 1
    table = campus(college, "application", "reconcile")
    assert table.exit_code == 1
    assert "no grant" in table.stdout
    with session(college.engine, read_only=True) as opened:
        noted = opened.scalars(
            select(AuditEntry.detail).where(AuditEntry.action == "application.reconcile")
        ).all()
        assert json.loads(noted[1]) == {"result": "served", "rows": 2, "differences": 2}
        assert len(opened.scalars(select(Application)).all()) == 1


def test_without_an_extract_and_without_applications_there_is_nothing_to_say(college: College):
    told = campus(college, "application", "reconcile", "--json")
    assert (told.exit_code, json.loads(told.stdout)) == (0, [])
