"""The ministry's tables through the gateway, the site and the command line: whole numbers for the
unit that files them, the state of things for the others."""

from __future__ import annotations

import json
from pathlib import Path

import fastexcel
import pytest
from access_college import BOB, CAROL, DAN, College, found_college, write_release
from sqlalchemy import text
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboards import auth, data
from dashboards.text import say
from warehouse.cli.main import build_app
from warehouse.errors import UsageError

pytestmark = pytest.mark.filterwarnings("ignore:You should not use the 'timeout' argument")
PAGES = Path(__file__).parents[2] / "dashboards" / "app_pages"
LATER = "20260902T000000Z-00000002"
#: A small cell that the pages of leaders never show: three students of a major past their time.
SMALL = 3.0
CELLS = f"""
create schema school_people_statistics;
create table school_people_statistics.ministry_cell(return_year integer, table_no varchar,
  line varchar, line_name varchar, line_code varchar, column_id varchar, value double,
  as_of_date date);
insert into school_people_statistics.ministry_cell values
  (2026, '312', 'M1', '软件工程', '080902', 'enrolled', 4711, '2026-09-01'),
  (2026, '312', 'M1', '软件工程', '080902', 'grade_5', {SMALL}, '2026-09-01'),
  (2026, '312', 'M2', '=HYPERLINK("x")', '080999', 'enrolled', 12, '2026-09-01'),
  (2025, '312', 'M1', '软件工程', '080902', 'enrolled', 4000, '2025-09-01');
create table school_people_statistics.statistics_return(return_code varchar, year integer,
  indicator_id varchar, signed_at timestamp);
insert into school_people_statistics.statistics_return values
  ('高基312', 2025, 'a', '2025-10-11 01:00:00'), ('高基312', 2026, 'a', null);
"""
FIGURES = """
insert into indicator values ('graduation_rate', '应届本科生毕业率', ['教务处'], 'restricted',
  ['graduation_result.result'], 'int_graduation', '毕业 ÷ 应届', null, 'A2-22', '%', '教高厅函',
  'read', null, null);
alter table indicator_value add column is_suppressed boolean default false;
insert into indicator_value(indicator, period, level, unit, unit_name, value, as_of_date, numerator,
  denominator, is_suppressed) values
  ('graduation_rate', '2025-2026', 'school', 'school', '全校', 95, '2026-08-31', 190, 200, false),
  ('graduation_rate', '2025-2026', 'major', 'M1', '软件工程', null, '2026-08-31', null, null, true);
"""


@pytest.fixture
def college(tmp_path) -> College:
    college = found_college(tmp_path)
    write_release(college.settings, LATER, authority=CELLS, statistics=FIGURES)
    college.appoint(CAROL, "unit_officer", "development_planning_office")
    college.appoint(DAN, "leader")
    return college


def entries(college: College, action: str) -> list[dict]:
    with college.engine.connect() as connection:
        rows = connection.execute(
            text("select phase, detail from audit where action = :action order by seq"),
            {"action": action},
        ).all()
    return [{"phase": row.phase, **json.loads(row.detail)} for row in rows]


def tables(college: College, header, **query) -> dict[str, dict]:
    answer = college.client.get("/v1/ministry", headers=header, params=query)
    assert answer.status_code == 200, answer.text
    return {table["table"]: table for table in answer.json()["tables"]}


def fetch(college: College, header, table: str = "312", **query):
    return college.client.get(f"/v1/ministry/{table}/file", headers=header, params=query)


def sheet(content: bytes, name: str) -> list[list[str]]:
    book = fastexcel.read_excel(content)
    frame = book.load_sheet(name, header_row=None, dtypes="string").to_polars()
    return [list(row) for row in frame.rows()]


def test_the_officer_of_the_filing_unit_gets_every_cell_however_small(college: College):
    header = college.sign_in("T001")
    assert tables(college, header)["312"]["may_fetch"] is True
    answer = fetch(college, header)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="gaoji312-2026.xlsx"'
    rows = {row[0]: row for row in sheet(answer.content, "报表")}
    heading = rows["行"]
    assert rows["软件工程"][heading.index("在校生数/五年级及以上")] == "3"
    assert rows["软件工程"][heading.index("在校生数/合计")] == "4711"
    assert rows['=HYPERLINK("x")'][heading.index("在校生数/五年级及以上")] == "0"
    assert rows["软件工程"][heading.index("毕业生数")] == "缺"
    gaps = {row[0]: row[1:] for row in sheet(answer.content, "缺项")}
    delivers = ["来源尚未报送", "academic_affairs.graduation_result", "教务处"]
    assert gaps["毕业生数"] == delivers
    intent, outcome = entries(college, "ministry.fetch")
    assert (intent["phase"], intent["table"]) == ("intent", "高基312")
    assert outcome["result"] == "served" and outcome["bytes"] == len(answer.content)


def test_a_leader_sees_how_far_a_return_is_and_no_number_of_it(college: College):
    header = college.sign_in("T003")
    answer = college.client.get("/v1/ministry", headers=header)
    found = {table["table"]: table for table in answer.json()["tables"]}
    assert found["312"]["state"] == "partly" and found["312"]["may_fetch"] is False
    assert (found["312"]["filled"], found["312"]["cells"]) == (4, 34)
    assert "4711" not in answer.text and "软件工程" not in json.dumps(found["312"])
    refused = fetch(college, header)
    assert refused.status_code == 403 and b"4711" not in refused.content
    assert entries(college, "access.refuse")[-1]["action"] == "ministry.fetch"
    assert entries(college, "ministry.fetch") == []


def test_what_leaders_see_is_theirs_as_a_workbook_with_suppressed_cells_missing(college: College):
    header = college.sign_in("T003")
    assert tables(college, header)["bkzl"]["may_fetch"] is True
    answer = fetch(college, header, "bkzl")
    rows = [row for row in sheet(answer.content, "报表") if row[2] == "应届本科生毕业率"]
    assert [(row[3], row[4], row[5]) for row in rows] == [
        ("全校", "2025-2026", "95"),
        ("软件工程", "2025-2026", "缺"),
    ]
    gaps = tables(college, header)["bkzl"]["missing"]
    assert "suppressed" in {gap["reason"] for gap in gaps if gap["cell"].endswith("/软件工程")}


def test_another_unit_sees_what_it_could_supply_and_fetches_nothing(college: College):
    college.appoint(BOB, "unit_officer", "admissions_employment_office")
    header = college.sign_in("S002")
    gaps = tables(college, header)["312"]["missing"]
    assert "招生就业处" in {gap["unit_name"] for gap in gaps}
    assert fetch(college, header).status_code == 403
    assert fetch(college, header, "bkzl").status_code == 403


def test_who_has_no_part_in_it_does_not_even_see_the_list(college: College):
    header = college.sign_in("S001")
    assert college.client.get("/v1/ministry", headers=header).status_code == 403
    assert fetch(college, header).status_code == 403
    assert college.client.get("/v1/ministry").status_code == 401


def test_a_year_is_one_that_the_release_has(college: College):
    header = college.sign_in("T001")
    assert tables(college, header, year="2025")["312"]["filled"] == 1
    assert fetch(college, header, year="1999").status_code == 400
    assert fetch(college, header, year="２０２６").status_code == 400
    assert fetch(college, header, "no-such-table").status_code == 404
    reasons = {gap["reason"] for gap in tables(college, header)["312"]["missing"]}
    assert "unsigned" in reasons
    earlier = tables(college, header, year="2025")["312"]["missing"]
    assert "unsigned" not in {gap["reason"] for gap in earlier}


def test_a_release_from_before_the_tables_has_none_filled(tmp_path):
    college = found_college(tmp_path)
    college.appoint(CAROL, "unit_officer", "development_planning_office")
    found = tables(college, college.sign_in("T001"))
    assert {table["state"] for table in found.values() if table["kind"] == "return"} == {"unfilled"}


def test_the_page_shows_the_tables_and_the_download_to_whom_it_is_open(
    college: College, monkeypatch
):
    monkeypatch.setitem(data._state, "client", college.client)

    def opened(number: str) -> tuple[str, list[str]]:
        header = college.sign_in(number)
        me = college.client.get("/v1/me", headers=header).json()
        page = AppTest.from_file(str(PAGES / "ministry.py"), default_timeout=120)
        token = header["Authorization"].removeprefix("Bearer ")
        page.session_state["_visit"] = auth.Visit("signed_in", token=token, me=me)
        page.run()
        assert not page.exception, page.exception[0].value
        written = " ".join(html.proto.body for html in page.get("html"))
        return written, [button.proto.url for button in page.get("link_button")]

    written, links = opened("T001")
    assert "高基312 普通本科分专业学生数" in written and "招生就业处" in written
    assert say("ministry.sure.remembered") in written and "4711" not in written
    assert links == ["/files/ministry/312-2026.xlsx"]
    _written, links = opened("T003")
    assert links == ["/files/ministry/bkzl-2026.xlsx"]


def test_the_commands_list_and_write_what_the_release_has(college: College, tmp_path):
    home = str(college.settings.paths.root)
    run = CliRunner()
    listed = run.invoke(build_app(), ["--home", home, "ministry", "list", "--json"])
    assert listed.exit_code == 0, listed.output
    found = {table["table"]: table for table in json.loads(listed.stdout)["tables"]}
    assert (found["312"]["filled"], found["312"]["due"]) == (4, "2026-10-15")
    out = tmp_path / "returns"
    words = ["--home", home, "ministry", "fill", "高基312", "--year", "2026", "--out", str(out)]
    assert run.invoke(build_app(), words).exit_code == 0
    (file,) = out.iterdir()
    assert file.name == "gaoji312-2026.xlsx" and file.stat().st_mode & 0o077 == 0
    again = run.invoke(build_app(), words)
    assert isinstance(again.exception, UsageError)
    both = run.invoke(build_app(), ["--home", home, "ministry", "fill", "312", "--all"])
    assert isinstance(both.exception, UsageError)
