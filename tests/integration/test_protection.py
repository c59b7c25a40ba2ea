"""A protected person is named to themself, to who answers for it, where they signed; nowhere else.

The walk goes through the gateway's own routes and the command line's own commands, so that one that
comes later is walked too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import click
import pytest
import typer
from access_college import ALICE, CAROL, DAN, GRADES, College, write_release
from archive_scene import ask, fetch, opened, ready
from governance_people import (
    _PEOPLE,
    _STUDENTS,
    AUDITOR,
    GROUP,
    HEAD,
    LEADER,
    NUMBERS,
    OFFICER,
    UNIT,
    WORKER,
    Hand,
    found_governed,
)
from isolation_probes import Belongings, Probe, governed, probes
from typer.testing import CliRunner

from warehouse.access.name_masks import HIDDEN, Masks
from warehouse.cli.main import build_app
from warehouse.errors import UsageError
from warehouse.governance.appointments import delegate
from warehouse.governance.correction import Clock
from warehouse.governance.corrections import take_step
from warehouse.governance.protection import protect, protections, unprotect
from warehouse.state import session

NAME = "慕容藏青"
MARKS = (NAME, "S003", "T003")
#: The protected, in others' rows too: a teacher, a counsellor, a co-author, a counselor by name.
PERSONAL = f"""
update person set display_name = '{NAME}' where person_key = {DAN};
update student set name = '{NAME}' where person_key = {DAN};
update staff set name = '{NAME}' where person_key = {DAN};
alter table student add column counselor_name varchar;
update student set counselor_name = '{NAME}' where person_key <> {DAN};
update psych_counselling set counsellor_name = '{NAME}' where counsellor_key = {DAN};
create table course_selection(person_key bigint, term_code varchar, course_code varchar,
  teacher_name varchar, weekday integer, start_period integer);
insert into course_selection values ({ALICE}, '2025-2026-1', 'C1', '张三、{NAME}', 1, 1);
create table research_output(person_key bigint, output_no varchar, author_names varchar,
  published_date date);
insert into research_output values ({CAROL}, 'O1', '卡罗尔; {NAME}(T003)', '2026-03-04');
insert into table_item(table_name, item_codes, dataset_codes, owner, source_id, source_table,
  retention) values ('research_output', [], [], '科研处', 's', 't', '长期');
create table unit_leadership(person_key bigint, unit_code varchar, unit_name varchar, since date);
insert into unit_leadership values ({DAN}, 'library', '图书馆', '2025-09-01');
insert into psych_counselling values
  ({DAN}, 'S003', 'Z8', '2026-09-02', '卡罗尔', {CAROL}, 'PSYCH-DAN');
"""


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> College:
    """DAN applied, is a user of a grant, a unit's contact and head, a deputy; then is protected."""
    college = found_governed(tmp_path_factory.mktemp("protection"))
    write_release(
        college.settings,
        "20260903T000000Z-00000003",
        personal=_PEOPLE + PERSONAL,
        authority=_STUDENTS,
    )
    college.appoint(DAN, "unit_officer", UNIT)
    delegate(
        college.audit, GROUP, "leading_group", DAN, actor="command:test",
        until=date(2026, 12, 31), now=college.clock.now,
    )  # fmt: skip
    Hand(college, OFFICER).apply(users=["T003", "T001"])
    Hand(college, "T003").apply(purpose_text="a protected applicant's")
    college.grant(users=[DAN, CAROL], columns={GRADES: ["course_code"]})
    contested(college)
    return college


def contested(college: College) -> str:
    """DAN's correction that whoever oversees may open."""
    hand, home = Hand(college, "S003"), college.settings.paths
    offered = hand.get("/v1/corrections/choices?table=student")
    made = hand.post(
        "/v1/corrections",
        {
            "kind": "value", "table": "student", "item": offered["items"][0]["code"] or "",
            "row": offered["rows"][0]["key"], "column": "name", "wanted": "慕容藏",
            "reason": "改名", "reference": "3" * 32,
        },
    )["correction"]  # fmt: skip
    take_step(
        college.audit, home, made, "refused", LEADER, seq=1, clock=Clock(7, 21),
        reason="以证件为准", recorded_by="command:test", now=college.clock.now,
    )  # fmt: skip
    hand.post(f"/v1/corrections/{made}/contest", {"seq": 2, "reason": "已更换证件"})
    return made


@pytest.fixture(scope="module")
def protected(scene: College) -> College:
    before = said(scene, "T401")
    assert [mark for mark in MARKS if mark in before] != [], "the walk sees them before"
    shield(scene)
    return scene


def shield(college: College, **changes) -> bool:
    known = {"owner_unit": UNIT, "owner": HEAD, "reason": "威胁", "actor": "command:test"}
    return protect(college.audit, DAN, **{**known, "now": college.clock.now, **changes})


def walk(college: College) -> Iterator[Probe]:
    """Every reading address with every list that it has, and ids of everything there is."""
    ids = {name: tuple(found) for name, found in everything(college).items()}
    whose = Belongings(DAN, "S003", (), (), ids)
    for method, route in governed(college.client.app.routes):
        if method != "GET":
            continue
        for probe in probes(method, route, whose, deep=False):
            yield probe
            for scope in ("mine", "named", "unit", "waiting", "all", "group"):
                yield Probe(probe.method, probe.path, {"scope": scope})


def everything(college: College) -> dict[str, list[str]]:
    def of(query: str) -> list[str]:
        with college.engine.connect() as connection:
            return [str(row[0]) for row in connection.exec_driver_sql(query)] or ["1"]

    return {
        "application": of("select id from application"),
        "grant": of('select id from "grant"'),
        "draft": of("select id from application_draft"),
        "undertaking": of("select id from undertaking"),
        "digest": ["0" * 64],
        "query_id": ["0" * 32],
        "delegation": ["1"],
        "archive": of("select id from personal_archive"),
        "correction": of("select id from correction"),
    }


def said(college: College, number: str) -> str:
    """All that this person is told by all addresses."""
    header = college.sign_in(number)
    found = []
    for probe in walk(college):
        answer = college.client.get(probe.path, params=probe.query, headers=header)
        assert answer.status_code < 500, f"{probe}: {answer.text}"
        if "json" in answer.headers.get("content-type", ""):
            found.append(answer.text)
    return "\n".join(found)


@pytest.mark.parametrize(
    "number",
    ["S001", "S002", "T001", *(NUMBERS[key] for key in (OFFICER, LEADER, GROUP, WORKER, AUDITOR))],
)
def test_no_address_names_a_protected_person_to_anybody_else(protected: College, number: str):
    text = said(protected, number)
    assert [mark for mark in MARKS if mark in text] == []
    assert HIDDEN in text or number not in ("S001", "S002", "T001"), "in others' rows the gap is"


@pytest.mark.parametrize("number", ["S001", "T001"])
def test_no_archive_names_a_protected_person_to_anybody_else(protected: College, number: str):
    header = protected.sign_in(number)
    archive, password = ask(protected, header)
    ready(protected, header)
    _outer, inner = opened(fetch(protected, header, archive).content, password)
    text = "".join(file.decode() for file in inner.values())
    assert [mark for mark in MARKS if mark in text] == []
    assert HIDDEN in text, "in others' rows the gap is"


def test_no_search_finds_a_protected_person(protected: College):
    hand = Hand(protected, OFFICER)
    nobody = hand.get("/v1/colleagues?number=NOBODY", 404)
    for number in ("S003", "T003"):
        assert hand.get(f"/v1/colleagues?number={number}", 404) == nobody


def test_the_person_sees_that_they_are_protected_by_whom_and_until_when(protected: College):
    hand = Hand(protected, "S003")
    assert "my_protection" in hand.get("/v1/me")["pages"]
    own = hand.get("/v1/my/protection")["protected"]
    assert (own["unit"], own["owner"], own["until"]) == ("教务处", "职工T402", None)
    text = said(protected, "S003")
    assert NAME in text and "威胁" not in text
    assert HIDDEN not in text, "one is not hidden from oneself"


def test_who_answers_for_it_finds_the_person_and_each_look_is_shown_to_them(protected: College):
    hand = Hand(protected, HEAD)
    (one,) = hand.get("/v1/my/protection")["answers_for"]
    assert (one["name"], one["unit"]) == (NAME, "教务处")
    units = json.dumps(hand.get("/v1/units"), ensure_ascii=False)
    assert NAME in units
    uses = Hand(protected, "S003").get("/v1/my/uses")["uses"]
    assert "person.protected" in {use["action"] for use in uses}


def test_the_page_is_not_there_for_whom_no_protection_concerns(protected: College):
    hand = Hand(protected, "S002")
    assert "my_protection" not in hand.get("/v1/me")["pages"]
    hand.get("/v1/my/protection", 403)


def leaves(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in getattr(group, "commands", {}).items():
        if hasattr(command, "commands"):
            yield from leaves(command, (*path, name))
        elif name in ("list", "protected", "show", "status", "units"):
            yield (*path, name)


ROOT = typer.main.get_command(build_app())
LISTS = sorted(leaves(ROOT))


@pytest.mark.parametrize("command", LISTS, ids=" ".join)
def test_no_listing_command_names_a_protected_person(protected: College, command):
    ids = everything(protected)
    given = ids.get(command[0], ["x"])
    for one in given if command[-1] == "show" else [None]:
        arguments = ["--home", str(protected.settings.paths.root), *command]
        arguments += [one] if one else []
        result = CliRunner().invoke(build_app(), arguments)
        assert [mark for mark in MARKS if mark in result.output] == [], arguments


def test_a_listing_command_names_the_others(protected: College):
    home = ["--home", str(protected.settings.paths.root)]
    told = CliRunner().invoke(build_app(), [*home, "role", "list"]).output
    assert "T401" in told and "unit_officer" in told


def test_the_walk_over_commands_meets_those_that_name_people():
    names = {" ".join(command) for command in LISTS}
    assert {"role list", "person protected", "undertaking list", "grant show"} <= names
    assert {"correction list", "correction show"} <= names


def test_who_oversees_decides_about_a_protected_person_without_the_name(protected: College):
    (one,) = Hand(protected, WORKER).get("/v1/corrections?scope=group")["corrections"]
    found = Hand(protected, WORKER).get(f"/v1/corrections/{one['id']}")
    assert found["person"] == {"number": None, "name": None, "unit": None}
    assert (found["row"], found["shown"], found["wanted"]) == (HIDDEN, HIDDEN, "慕容藏")
    assert found["may"]["upheld"] and found["may"]["overturned"]
    own = Hand(protected, "S003").get(f"/v1/corrections/{one['id']}")
    assert own["shown"] == NAME


def test_the_form_of_a_correction_shows_what_the_page_shows(protected: College):
    offered = Hand(protected, "T001").get("/v1/corrections/choices?table=research_output")
    (row,) = offered["rows"]
    assert row["values"]["author_names"] == f"卡罗尔; {HIDDEN}({HIDDEN})"
    assert [mark for mark in MARKS if mark in json.dumps(offered, ensure_ascii=False)] == []


def test_a_signature_shows_whose_it_is(tmp_path):
    """Where they decided, a protected person is named: an unsigned decision is none."""
    college = found_governed(tmp_path)
    made = Hand(college, OFFICER).apply()
    head = Hand(college, HEAD)
    head.sign(head.waiting()[0])
    head.decide(made)
    protect(
        college.audit, HEAD, owner_unit=UNIT, owner=WORKER, reason="x", actor="command:test",
        now=college.clock.now,
    )  # fmt: skip
    seen = Hand(college, LEADER).get(f"/v1/applications/{made}")
    (signed,) = [step for step in seen["stages"] if step["state"] == "done"]
    assert signed["who"] == "职工T402"
    assert "职工T402" not in json.dumps(Hand(college, LEADER).get("/v1/units"), ensure_ascii=False)


def test_a_protection_ends_on_its_day_or_on_word(tmp_path):
    college = found_governed(tmp_path)
    now = college.clock.now
    with pytest.raises(UsageError):
        shield(college, owner=DAN)
    assert shield(college, last_day=(now + timedelta(days=3)).date())
    assert not shield(college), "the first unit's word stands"
    hand = Hand(college, OFFICER)
    hand.get("/v1/colleagues?number=T003", 404)
    college.clock.now = datetime(2026, 9, 13, 16, 1, tzinfo=UTC)  # after its last day in Beijing
    assert Hand(college, OFFICER).get("/v1/colleagues?number=T003")["name"] == "丹"
    shield(college)
    unprotect(college.audit, DAN, reason="over", actor="command:test", now=college.clock.now)
    with session(college.engine, read_only=True) as opened:
        assert protections(opened, college.clock.now) == []
    assert Hand(college, OFFICER).get("/v1/colleagues?number=T003")["name"] == "丹"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王芳", HIDDEN),
        ("王芳芳", "王芳芳"),
        ("李四、王芳", f"李四、{HIDDEN}"),
        ("王芳(T1); 李四", f"{HIDDEN}({HIDDEN}); 李四"),
        ("T10", "T10"),
        (["王芳", {"a": "王芳"}], [HIDDEN, {"a": HIDDEN}]),
        (7, 7),
        (None, None),
    ],
)
def test_names_are_hidden_whole_and_within_lists_of_people(text, shown):
    assert Masks(["王芳", "T1"]).of(text) == shown
    assert Masks([]).of(text) == text
