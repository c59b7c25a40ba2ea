"""Statistics that are kept: checked and noted at every read, never another's, never out of date."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager

import pytest
from access_college import (
    ALICE,
    BOB,
    CAROL,
    DAN,
    RELEASE,
    College,
    found_college,
    write_release,
)
from sqlalchemy import text

from warehouse.access import past_releases
from warehouse.access import statistics as statistics_reads
from warehouse.engine import open_release
from warehouse.gateway import history_routes, statistics_routes

LATER = "20260902T000000Z-00000002"
#: A second college, and what units of the school's own have.
_CELLS = """
insert into indicator_value(indicator, period, level, unit, unit_name, value, parent_unit) values
  ('students_enrolled', '2025', 'college', '04', '机械工程学院', 404.25, 'school'),
  ('students_enrolled', '2025', 'major', '0301', '软件工程', 303.25, '03'),
  ('students_enrolled', '2025', 'major', '0401', '机械设计', 404.75, '04');
"""
RECEIPT = "/v1/statistics/receipt?indicator=students_enrolled"
PATHS = (
    "/v1/statistics",
    "/v1/statistics?indicator=students_enrolled&level=college",
    RECEIPT,
    "/v1/statistics/late",
)


@pytest.fixture
def college(tmp_path) -> College:
    college = found_college(tmp_path)
    write_release(college.settings, LATER, statistics=_CELLS)
    college.appoint(CAROL, "leader")
    return college


def noted(college: College) -> list[tuple[str, str]]:
    with college.engine.connect() as connection:
        rows = connection.execute(
            text("select actor, phase from audit where action = 'statistics.read' order by seq")
        ).all()
    return [(row.actor, row.phase) for row in rows]


@pytest.fixture
def reads(monkeypatch) -> list[str]:
    """The names of the reads that were made, one an answer that was not kept."""
    made: list[str] = []
    for name in ("read_statistics", "read_receipt"):
        read = getattr(statistics_reads, name)

        def counted(*arguments, read=read, name=name, **more):
            made.append(name)
            return read(*arguments, **more)

        monkeypatch.setattr(statistics_routes, name, counted)
    return made


@pytest.mark.parametrize("path", PATHS)
def test_the_second_reader_is_checked_and_noted_and_costs_no_read(college: College, path, reads):
    college.appoint(DAN, "leader")
    first, second = college.sign_in("T001"), college.sign_in("T003")
    answers = [college.client.get(path, headers=header) for header in (first, second)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert len(reads) == 1
    assert noted(college) == [
        (f"person:{key}", phase) for key in (CAROL, DAN) for phase in ("intent", "outcome")
    ]


@pytest.mark.parametrize("path", PATHS)
def test_who_holds_the_same_is_told_so_after_the_same_checks(college: College, path):
    header = college.sign_in("T001")
    tag = college.client.get(path, headers=header).headers["etag"]
    again = college.client.get(path, headers={**header, "If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert len(noted(college)) == 4, "being told that nothing changed is a read too"
    with college.engine.begin() as connection:
        connection.execute(text("update appointment set valid_to = '2026-01-01'"))
    refused = college.client.get(path, headers={**header, "If-None-Match": tag})
    assert refused.status_code == 403
    college.client.delete("/v1/session", headers=header)
    ended = college.client.get(path, headers={**header, "If-None-Match": tag})
    assert ended.status_code == 401


def test_no_reader_is_given_the_answer_of_another_reach(college: College):
    """Leader, deans of two colleges, the head of an office, in every order that they may come."""
    college.appoint(ALICE, "unit_head", "03")
    college.appoint(BOB, "unit_head", "04")
    college.appoint(DAN, "unit_head", "hr_office")
    headers = {number: college.sign_in(number) for number in ("T001", "S001", "S002", "T003")}
    for path in (PATHS[0], "/v1/statistics?level=college,major", "/v1/statistics?row=A2-17"):
        alone = {}
        for number, header in headers.items():
            college.client.app.state.services.kept._parts.clear()
            college.client.app.state.services.kept._held = 0
            alone[number] = college.client.get(path, headers=header).text
        assert "404.25" not in alone["S001"] and "303.25" not in alone["S002"]
        assert "404.25" in alone["T001"] and "303.25" in alone["T001"]
        for number in [*headers, *reversed(headers), *headers]:
            answer = college.client.get(path, headers=headers[number])
            assert answer.text == alone[number], (path, number)


def test_a_tag_of_another_reach_opens_nothing(college: College):
    college.appoint(ALICE, "unit_head", "03")
    leader, dean = college.sign_in("T001"), college.sign_in("S001")
    tag = college.client.get("/v1/statistics", headers=leader).headers["etag"]
    answer = college.client.get("/v1/statistics", headers={**dean, "If-None-Match": tag})
    assert answer.status_code == 200 and "404.25" not in answer.text


def test_what_a_unit_signs_shows_at_the_next_read(college: College):
    college.appoint(CAROL, "unit_officer", "hr_office")
    header = college.sign_in("T001")
    before = college.client.get("/v1/statistics", headers=header)
    (sheet,) = [
        sheet
        for sheet in college.client.get("/v1/sign-offs", headers=header).json()["sheets"]
        if (sheet["dataset"], sheet["period"]) == ("A2-17", "2025")
    ]
    said = {name: sheet[name] for name in ("dataset", "period", "content")}
    said |= {"unit": "hr_office", "decision": "rejected", "reason": "外聘教师重复计入"}
    assert college.client.post("/v1/sign-offs", json=said, headers=header).status_code == 200
    after = college.client.get("/v1/statistics", headers=header)
    assert before.json()["sign_offs"]["A2-17"]["2025"] == "unsigned"
    assert after.json()["sign_offs"]["A2-17"]["2025"] == "rejected"
    assert after.headers["etag"] != before.headers["etag"]
    assert "外聘教师重复计入" in college.client.get(RECEIPT, headers=header).text


def test_a_new_release_shows_at_the_next_read(college: College):
    header = college.sign_in("T001")
    for path in (*PATHS, "/v1/public/statistics"):
        college.client.get(path, headers=header)
    later = "20260903T000000Z-00000003"
    write_release(
        college.settings,
        later,
        statistics="update indicator_value set value = 2222 where level = 'school'",
    )
    assert '"value":2222' in college.client.get("/v1/statistics", headers=header).text
    for path in (*PATHS, "/v1/public/statistics"):
        assert college.client.get(path, headers=header).json()["release"]["id"] == later


def test_late_deliveries_are_judged_anew_within_a_minute(college: College, reads):
    header = college.sign_in("T001")
    for seconds in (0, 20, 60):
        college.clock.advance(seconds=seconds)
        assert college.client.get("/v1/statistics/late", headers=header).status_code == 200
    assert len(reads) == 2


def test_statistics_read_no_other_file_than_their_own(college: College, monkeypatch):
    """Beside what says who is there, which is the same for every address, a route of the statistics
    opens the statistics file and nothing else, of earlier releases too."""
    header = college.sign_in("T001")
    token = header["Authorization"].removeprefix("Bearer ")
    services = college.client.app.state.services
    opened = Counter()
    original = type(services.reader).open

    def spied(reader, audience):
        opened[audience] += 1
        return original(reader, audience)

    earlier: list[str] = []

    def open_earlier(file, **more):
        earlier.append(file.name)
        return open_release(file, **more)

    monkeypatch.setattr(type(services.reader), "open", spied)
    monkeypatch.setattr(past_releases, "open_release", open_earlier)
    asked = {
        "/v1/statistics/receipt": "?indicator=students_enrolled",
        "/v1/statistics/then": f"?then={RELEASE}",
        "/v1/statistics/history": "?indicator=students_enrolled&period=2025",
    }
    routes = [*statistics_routes.ROUTES, *history_routes.ROUTES]
    paths = [route.path for route in routes if route.path.startswith("/v1/statistics")]
    assert len(paths) >= 6
    for path in paths:
        services.sessions.check(token)  # what is read once a release is read
        opened.clear()
        services.sessions.check(token)
        for_the_session = Counter(opened)
        opened.clear()
        answer = college.client.get(path + asked.get(path, ""), headers=header)
        assert answer.status_code == 200, path
        assert set(opened - for_the_session) == {"statistics"}, path
    assert set(earlier) == {"statistics.duckdb"}


def test_public_figures_come_from_the_public_file_alone(college: College, monkeypatch):
    """Of the statistics file only the sheets that units sign are read, whose words are shown."""
    services = college.client.app.state.services
    services.signing.sheets()
    original = type(services.reader).open
    opened, executed = [], []

    class Watched:
        def __init__(self, cursor, audience) -> None:
            self._cursor, self._audience = cursor, audience

        def __getattr__(self, name):
            return getattr(self._cursor, name)

        def execute(self, *arguments):
            executed.append(self._audience)
            return self._cursor.execute(*arguments)

    @contextmanager
    def spied(reader, audience):
        opened.append(audience)
        with original(reader, audience) as (cursor, release):
            yield Watched(cursor, audience), release

    monkeypatch.setattr(type(services.reader), "open", spied)
    for path in ("/v1/public/statistics", "/v1/public/release"):
        assert college.client.get(path).status_code == 200
    assert set(executed) == {"public"}
    assert set(opened) <= {"public", "statistics"}
