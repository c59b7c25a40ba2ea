"""As reported then, through the gateway: the right release, the reasons, and nothing given back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from access_college import CAROL, RELEASE, College, found_college, write_release
from release_fakes import FakeWarehouse, deliver, make_home
from sqlalchemy import text

from warehouse.access.past_releases import PastReleases
from warehouse.access.signing import read_sheets
from warehouse.gateway.history_routes import ROUTES
from warehouse.governance.signatures import Sheet, sign
from warehouse.release import refresh, rollback
from warehouse.state import open_state

FIRST = "20251031T010000Z-0000000a"
LATER = "20260902T000000Z-00000002"

_HELD = """
alter table indicator_value add column is_suppressed boolean default false;
alter table indicator_value add column release varchar;
insert into indicator(id, name, owners, class, inputs, model, row_code, unit, formula) values
  ('hardship', '困难学生数', ['学生处'], 'restricted', ['hardship.student_no'], 'm', 'A2-23', '人',
   'count');
insert into indicator_value values
  ('students_enrolled', '2025', 'college', '04', '机械工程学院', 404.04, '2025-09-30', 404.04, null,
   'school', false, null),
  ('hardship', '2025', 'school', 'school', '全校', 31, '2025-09-30', 31, null, null, false, null),
  ('hardship', '2025', 'college', '03', '信息工程学院', 13.25, '2025-09-30', 13.25, null, 'school',
   false, null),
  ('hardship', '2025', 'college', '04', '机械工程学院', 17.75, '2025-09-30', 17.75, null, 'school',
   false, null);
"""
#: As the figures were published first: the period 2025 had 1990 students.
_FIRST = (
    _HELD
    + """
delete from indicator_value where period = '2026-09-01';
update indicator_value set value = 1990, numerator = 1990
  where indicator = 'students_enrolled' and level = 'school';
update indicator set formula = 'count of heads' where id = 'staff_employed';
"""
)
#: Now: corrected since LATER; the hardship of both colleges is held back.
_NOW = (
    _HELD
    + f"""
update indicator_value set release = '{FIRST}' where period = '2025';
update indicator_value set release = '{LATER}'
  where period = '2025' and indicator = 'students_enrolled' and level = 'school';
update indicator_value set value = null, numerator = null, is_suppressed = true
  where indicator = 'hardship' and level = 'college';
update indicator_value set value = 201, numerator = 201 where indicator = 'staff_employed';
create table indicator_correction(correction_id bigint, indicator varchar, period varchar,
  corrected_on date, reason varchar, value_before double, value_after double, release varchar);
insert into indicator_correction values
  (1, 'students_enrolled', '2025', '2026-09-01', '补录转专业学生', 1990, 2000, '{LATER}');
create table pending_correction(indicator varchar, period varchar, level varchar, unit varchar,
  unit_name varchar, difference varchar, kept_value double, computed_value double,
  kept_release varchar);
insert into pending_correction values
  ('students_enrolled', '2025', 'school', 'school', '全校', 'changed', 2000, 2003, '{LATER}'),
  ('hardship', '2025', 'college', '03', '信息工程学院', null, null, null, '{FIRST}');
"""
)


@pytest.fixture
def college(tmp_path) -> College:
    college = found_college(tmp_path)
    write_release(college.settings, FIRST, statistics=_FIRST)
    _as_of(college, FIRST, "2025-10-31T00:00:00+00:00")
    write_release(college.settings, LATER, statistics=_NOW)
    _as_of(college, LATER, "2026-09-01T16:00:00+00:00")
    return college


def _as_of(college: College, release: str, as_of: str) -> None:
    file = college.settings.paths.releases / release / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**manifest, "as_of": as_of}), encoding="utf-8")


@pytest.fixture
def leader(college: College) -> dict[str, str]:
    college.appoint(CAROL, "leader")
    return college.sign_in("T001")


def ask(college: College, header: dict[str, str], path: str, status: int = 200, **query: str):
    answer = college.client.get(f"/v1/statistics/{path}", headers=header, params=query)
    assert answer.status_code == status, answer.text
    return answer.json()


def by_cell(document: dict) -> dict[tuple[str, str, str], dict]:
    return {(f["indicator"], f["unit"], f["state"]): f for f in document["figures"]}


def test_releases_and_days_can_be_chosen(college, leader):
    document = ask(college, leader, "releases")
    assert [one["id"] for one in document["releases"]] == [LATER, RELEASE, FIRST]
    assert [one["current"] for one in document["releases"]] == [True, False, False]
    assert document["releases"][-1]["published_at"] == "2025-10-31T01:00:00Z"
    assert document["days"] == [
        {"day": "2026-09-01", "indicators": 1},
        {"day": "2025-09-30", "indicators": 3},
    ]
    assert [unit["unit"] for unit in document["units"]] == ["03", "04"]


def test_a_day_means_the_release_that_was_current_at_its_end(college, leader):
    for then, release in (
        (FIRST, FIRST),
        ("2025-10-31", FIRST),
        ("2026-08-31", FIRST),
        ("2026-09-01", RELEASE),
        ("2026-09-10", LATER),
    ):
        document = ask(college, leader, "then", then=then)
        assert (document["then"]["id"], document["release"]["id"]) == (release, LATER)


def test_a_corrected_figure_stands_beside_its_first_value_with_the_reason(college, leader):
    document = ask(college, leader, "then", then=FIRST)
    entry = by_cell(document)["students_enrolled", "school", "changed"]
    assert (entry["then"]["value"], entry["now"]["value"], entry["difference"]) == (1990, 2000, 10)
    assert entry["reasons"] == [
        {"kind": "correction", "on": "2026-09-01", "reason": "补录转专业学生"}
    ]
    assert entry["waiting"] == {"difference": "changed", "computed": 2003}
    new = by_cell(document)["students_enrolled", "school", "now_only"]
    assert (new["then"], new["now"]["period"]) == (None, "2026-09-01")


def test_a_changed_definition_is_said_with_the_earlier_one(college, leader):
    document = ask(college, leader, "then", then=FIRST, indicator="staff_employed")
    (entry,) = document["figures"]
    assert entry["reasons"] == [{"kind": "definition", "what": ["formula"]}]
    assert document["definitions_then"] == {
        "staff_employed": {"name": "教职工数", "formula": "count of heads", "unit": "人"}
    }
    assert [one["formula"] for one in document["indicators"]] == ["count"]


def test_parts_and_rows_are_selected(college, leader):
    document = ask(college, leader, "then", then=FIRST, parts="1", row="A2-17")
    assert {(f["indicator"], f["unit"]) for f in document["figures"]} == {
        ("students_enrolled", "school"), ("students_enrolled", "03"), ("students_enrolled", "04"),
        ("staff_employed", "school"),
    }  # fmt: skip
    one = ask(college, leader, "then", then=FIRST, unit="college:04", indicator="students_enrolled")
    assert [f["unit"] for f in one["figures"]] == ["04"]


def test_what_is_held_back_now_is_held_back_in_the_comparison_and_the_story(college, leader):
    document = ask(college, leader, "then", then=FIRST, parts="1", indicator="hardship")
    assert [f["state"] for f in document["figures"]] == ["suppressed", "suppressed", "same"]
    story = ask(college, leader, "history", indicator="hardship", period="2025", unit="college:03")
    assert story["waiting"] is None
    assert all(entry["is_suppressed"] for entry in story["entries"])
    for answer in (document, story):
        said = json.dumps(answer)
        assert "13.25" not in said and "17.75" not in said


def test_for_a_day_before_the_first_release_nothing_is_called_reported(college, leader):
    document = ask(college, leader, "then", then="2025-09-30", indicator="students_enrolled")
    assert (document["then"], document["day"]) == (None, "2025-09-30")
    (entry,) = document["figures"]
    assert (entry["then"]["value"], entry["now"]["value"]) == (2000, 2100)
    assert entry["reasons"] == [{"kind": "other_day"}]


def test_a_story_goes_from_change_to_change(college, leader):
    story = ask(college, leader, "history", indicator="students_enrolled", period="2025")
    assert [(e["since"], e["value"]) for e in story["entries"]] == [
        (LATER, 2000), (RELEASE, 2000), (FIRST, 1990),
    ]  # fmt: skip
    assert story["entries"][0]["published_at"] == "2026-09-02T00:00:00Z"
    assert story["entries"][-1]["reasons"] == []
    assert not story["older"]
    assert story["waiting"]["computed"] == 2003


def test_who_had_signed_then_is_told_from_who_has_now(college, leader):
    services = college.client.app.state.services
    _release, sheet = services.signing.sheet("A2-17", "2025")
    with PastReleases(college.settings, college.engine).open(FIRST) as (cursor, release):
        first = next(
            one
            for one in read_sheets(cursor, release.manifest)
            if (one.dataset, one.period) == ("A2-17", "2025")
        )

    def said(sheet: Sheet, unit: str, decision: str, days: int, reason: str = "") -> None:
        sign(
            college.audit, sheet, unit=unit, decision=decision, reason=reason, release=FIRST,
            person_key=CAROL, actor="command:test", now=college.clock.now + timedelta(days=days),
        )  # fmt: skip

    for unit in first.owners:
        said(first, unit, "signed", -200)
    said(sheet, "hr_office", "rejected", 0, "外聘教师重复计入")
    document = ask(college, leader, "then", then=FIRST)
    assert document["sign_offs_then"]["A2-17"]["2025"] == "signed"
    assert document["sign_offs"]["A2-17"]["2025"] == "rejected"
    story = ask(college, leader, "history", indicator="students_enrolled", period="2025")
    states = [
        {one["unit"]: one["state"] for one in entry["signed"]}["hr_office"]
        for entry in story["entries"]
    ]
    assert (states[0], states[-1]) == ("rejected", "signed")


def test_what_cannot_be_asked_is_refused(college, leader):
    for path, query, status in (
        ("then", {}, 400),
        ("then", {"then": "yesterday"}, 400),
        ("then", {"then": "20250101T000000Z-0000000f"}, 404),
        ("then", {"then": FIRST, "unit": "college"}, 400),
        ("then", {"then": FIRST, "parts": "2"}, 400),
        ("then", {"then": FIRST, "level": "school"}, 400),
        ("history", {"indicator": "students_enrolled"}, 400),
        ("history", {"indicator": "students_enrolled", "period": "1999"}, 404),
        ("history", {"indicator": "nothing", "period": "2025"}, 404),
    ):
        ask(college, leader, path, status, **query)


QUESTIONS = (
    ("releases", {}),
    ("then", {"then": FIRST}),
    ("history", {"indicator": "students_enrolled", "period": "2025"}),
)


def test_only_who_reads_statistics_reads_earlier_ones_and_it_is_noted(college):
    student = college.sign_in("S001")
    college.appoint(CAROL, "leader")
    leader = college.sign_in("T001")
    for path, query in QUESTIONS:
        ask(college, student, path, 403, **query)
        ask(college, {}, path, 401, **query)
        ask(college, leader, path, **query)
    with college.engine.connect() as connection:
        rows = connection.execute(
            text("select detail from audit where action = 'statistics.read' order by seq")
        ).all()
    assert len(rows) == 2 * len(QUESTIONS)  # intent and outcome
    assert {json.loads(row.detail)["result"] for row in rows[1::2]} == {"served"}


def test_every_route_is_asked_here():
    assert {route.path for route in ROUTES} == {f"/v1/statistics/{path}" for path, _ in QUESTIONS}


def test_a_dean_sees_no_other_college_of_any_release(college):
    college.appoint(CAROL, "unit_head", "03")
    header = college.sign_in("T001")
    document = ask(college, header, "then", then=FIRST, parts="1")
    assert {f["unit"] for f in document["figures"]} == {"school", "03"}
    assert "404.04" not in json.dumps(document)
    assert [unit["unit"] for unit in ask(college, header, "releases")["units"]] == ["03"]
    cell = {"indicator": "students_enrolled", "period": "2025", "unit": "college:04"}
    ask(college, header, "history", 403, **cell)
    ask(college, header, "then", 403, then=FIRST, unit="college:04")


def test_a_withdrawn_release_is_not_looked_at(tmp_path):
    settings = make_home(tmp_path)
    deliver(settings, 40)
    with FakeWarehouse().installed():
        first = refresh(settings).release
        deliver(settings, 4, day=1)
        bad = refresh(settings).release
        rollback(settings)
        deliver(settings, 5, day=2)
        good = refresh(settings).release
    engine = open_state(settings)
    try:
        past = PastReleases(settings, engine)
        assert past.ids() == [good.id, first.id]
        assert bad.id not in past.ids()
        rollback(settings, bad.id)
        assert past.ids() == [bad.id, first.id]
    finally:
        engine.dispose()
