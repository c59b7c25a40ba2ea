"""Two people at every address: whatever is asked with the other's ids, nothing of theirs comes.

The requests are made from the gateway's own routes (`isolation_probes`): every path, every query
parameter, every field of every body, with every id of the other's.
"""

from __future__ import annotations

import pytest
from access_college import ALICE, BOB, CAROL, GRADES, College
from archive_scene import ask as begin_archive
from archive_scene import ready
from governance_people import NUMBERS, OFFICER, UNIT, Hand, authorise, found_governed
from isolation_probes import BODIES, PATHS, Belongings, Probe, governed, probes
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.policy import ROLES
from warehouse.governance.appointments import UNIT_ROLES, end_appointment
from warehouse.governance.exclusions import disable

PERSONAL = {
    "S001": ("ID-ALICE", "GRADE-ALICE", "BOOK-ALICE", "VISIT-ALICE", "PSYCH-ALICE", "ALERT-ALICE"),
    "S002": ("ID-BOB", "GRADE-BOB", "BOOK-BOB", "VISIT-BOB", "PSYCH-BOB", "SCREEN-BOB"),
}
KEYS = {"S001": ALICE, "S002": BOB}
NAMES = {"S001": ("艾丽斯",), "S002": ("鲍勃",)}
#: Ids that a test without belongings of that kind makes up.
UNOWNED = ("draft", "query_id", "undertaking", "digest", "delegation", "archive", "correction")
#: Where an exact number may give back its holder's name: the form asks for colleagues by number.
BY_NUMBER = {
    ("GET", "/v1/colleagues"),
    ("POST", "/v1/form/check"),
    ("POST", "/v1/drafts"),
}
#: Changes that a stranger's own rights allow and that concern nobody else.
OWN = {("DELETE", "/v1/session")}


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> College:
    return found_governed(tmp_path_factory.mktemp("isolation"))


@pytest.fixture(scope="module")
def people(scene: College) -> dict[str, Belongings]:
    """Two students with everything one can have: a draft, an application, a grant, words signed."""
    return {number: belongings(scene, number) for number in KEYS}


def archive_of(college: College, number: str) -> str:
    """The id of an archive of this person's, once it is ready."""
    header = college.sign_in(number)
    made, _password = begin_archive(college, header)
    ready(college, header)
    return made


def correction_of(college: College, number: str, mark: str) -> str:
    """The id of a correction that this person has reported, with the mark among its words."""
    hand = Hand(college, number)
    offered = hand.get("/v1/corrections/choices?table=student")
    body = {
        "kind": "value", "table": "student", "item": offered["items"][0]["code"],
        "row": offered["rows"][0]["key"], "column": "name", "wanted": mark, "reason": mark,
        "reference": college.claims("x")["jti"].rjust(32, "0"),
    }  # fmt: skip
    return str(hand.post("/v1/corrections", body)["correction"])


def belongings(college: College, number: str) -> Belongings:
    mark = f"SECRET-OF-{number}"
    hand = Hand(college, number)
    own = {"kind": "individual", "unit": "03", "users": [number]}
    draft = hand.save(purpose_text=mark, **own)["id"]
    application = hand.apply(purpose_text=mark, **own)
    grant = college.grant(
        users=[KEYS[number]], purpose_text=mark, columns={GRADES: ["course_code"]}
    )
    return Belongings(
        KEYS[number],
        number,
        (*PERSONAL[number], mark, draft, grant),
        NAMES[number],
        {
            "draft": (draft,),
            "application": (application,),
            "grant": (grant,),
            "query_id": ("0" * 32,),
            "undertaking": tuple(str(n) for n in range(1, 12)),
            "digest": ("0" * 64,),
            "delegation": ("1",),
            "archive": (archive_of(college, number),),
            "correction": (correction_of(college, number, mark),),
        },
    )


def ask(college: College, header: dict[str, str], probe: Probe):
    return college.client.request(
        probe.method, probe.path, params=probe.query, json=probe.body, headers=header
    )


def found_in(text: str, whose: Belongings, probe: Probe, *, named: bool) -> list[str]:
    """The other's marks in an answer. What the request itself said is no news: a draft's id in a
    refusal, a number."""
    asked = str(probe)
    marks = (*whose.marks, *(() if named else whose.names))
    return [mark for mark in marks if mark in text and mark not in asked]


def leaks(college: College, header, whose: Belongings, *, deep: bool, marks=None) -> list[str]:
    """Every request whose answer holds something of the other's, or that the gateway fails at."""
    found = []
    for method, route in governed(college.client.app.routes):
        if (method, route.path) in OWN:
            continue
        named = (method, route.path) in BY_NUMBER
        for probe in probes(method, route, whose, deep=deep):
            answer = ask(college, header, probe)
            seen = found_in(answer.text, whose, probe, named=named)
            if marks is not None:
                seen = [mark for mark in seen if mark in marks]
            if seen or answer.status_code >= 500:
                found.append(f"{answer.status_code} {probe}: {seen}")
    return found


def test_every_address_is_probed(scene: College, people: dict[str, Belongings]):
    """Fails for a new address until `isolation_probes` says how it could be misused."""
    known = set(PATHS) | set(people["S001"].ids)
    for method, route in governed(scene.client.app.routes):
        assert set(route.param_convertors) <= known, route.path
        assert method not in ("POST", "PUT", "PATCH") or route.path in BODIES, route.path


@pytest.mark.parametrize(("me", "other"), [("S001", "S002"), ("S002", "S001")])
def test_no_request_brings_the_others_data(scene, people, me: str, other: str):
    header = scene.sign_in(me)
    own = "".join(
        scene.client.get(path, headers=header).text
        for path in ("/v1/my/basics", "/v1/my/record", "/v1/my/care", "/v1/drafts")
    )
    assert PERSONAL[me][0] in own, "the answers hold one's own"
    assert leaks(scene, header, people[other], deep=True) == []


@pytest.mark.parametrize("me", ["T001", "S003", "T401"])
def test_no_request_brings_a_students_data_to_staff(scene, people, me: str):
    """A teacher who is S001's counsellor, one who is both, an officer of another unit."""
    header = scene.sign_in(me)
    allowed = {"PSYCH-ALICE", "ALERT-ALICE"} if me == "T001" else set()
    if me == "S003":
        allowed = {"PSYCH-BOB", "SCREEN-BOB"}
    for whose in people.values():
        marks = [*whose.marks, *whose.names]
        keep = [mark for mark in marks if mark not in allowed]
        # Who is on record for a case is shown its name.
        keep = [mark for mark in keep if not (allowed and mark in whose.names)]
        assert leaks(scene, header, whose, deep=False, marks=keep) == []


@pytest.mark.parametrize("role", ROLES)
def test_no_role_brings_anybodys_personal_data(scene, people, role: str):
    """Roles read applications, never what is held on a person."""
    scene.appoint(CAROL, role, UNIT if needs_unit(role) else None)
    try:
        header = scene.sign_in("T001")
        whose = people["S002"]
        assert leaks(scene, header, whose, deep=False, marks=PERSONAL["S002"]) == []
    finally:
        unit = UNIT if needs_unit(role) else None
        end_appointment(
            scene.audit, CAROL, role, unit=unit, actor="command:test", now=scene.clock.now
        )


def needs_unit(role: str) -> bool:
    return role in UNIT_ROLES or role == "supervising_leader"


def test_nothing_of_the_others_was_changed(scene, people):
    """After all of that each still has what they had."""
    for number, whose in people.items():
        hand = Hand(scene, number)
        assert [draft["id"] for draft in hand.get("/v1/drafts")["drafts"]] == [*whose.ids["draft"]]
        assert hand.get(f"/v1/drafts/{whose.ids['draft'][0]}")["version"] == 1
        (application,) = hand.get("/v1/applications?scope=mine")["applications"]
        assert application["id"] == whose.ids["application"][0]
        assert application["status"] == "open"
        (correction,) = hand.get("/v1/corrections")["corrections"]
        assert (correction["id"], correction["seq"]) == (whose.ids["correction"][0], 1)


def test_the_probes_find_an_address_that_leaks(tmp_path):
    """The probe itself: an address that believes its parameter is found out."""
    college = found_governed(tmp_path)
    whose = Belongings(BOB, "S002", ("ID-BOB",), NAMES["S002"], {})

    def believing(request: Request) -> Response:
        return Response("ID-BOB" if request.query_params.get("student_no") == "S002" else "{}")

    college.client.app.router.routes[:] = [Route("/v1/my/believing", believing)]
    (found,) = leaks(college, {}, whose, deep=True)
    assert "student_no" in found


ENDINGS = ("signed out", "disabled", "idle")


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ended_session_is_shut_out_of_every_address(tmp_path, ending: str):
    college = found_governed(tmp_path)
    whose = Belongings(
        ALICE,
        "S001",
        PERSONAL["S001"],
        NAMES["S001"],
        dict.fromkeys(("application", "grant", *UNOWNED), ("1",)),
    )
    tabs = [college.sign_in("S001")] * 2
    assert college.client.get("/v1/my/overview", headers=tabs[0]).status_code == 200
    if ending == "signed out":
        college.client.delete("/v1/session", headers=tabs[0])
    elif ending == "disabled":
        disable(college.audit, ALICE, actor="command:test", reason="x", now=college.clock.now)
    else:
        college.clock.advance(seconds=college.settings.session_idle_seconds)
    for method, route in governed(college.client.app.routes):
        if route.path == "/v1/session":  # opening anew, and ending what has ended
            continue
        for probe in probes(method, route, whose, deep=False):
            answer = ask(college, tabs[1], probe)
            assert answer.status_code in (400, 401), f"{answer.status_code} {probe}"
            assert not found_in(answer.text, whose, probe, named=False)


@pytest.mark.parametrize("role", ROLES)
def test_a_lost_role_shuts_at_the_next_request_whatever_it_had_opened(tmp_path, role: str):
    college = found_governed(tmp_path)
    made, grant = authorise(college)
    ids = {"application": (made,), "grant": (grant,)} | dict.fromkeys(UNOWNED, ("1",))
    whose = Belongings(4000, NUMBERS[OFFICER], (), (), ids)
    reading = [
        Probe("GET", path)
        for method, route in governed(college.client.app.routes)
        if method == "GET"
        for path in {p.path for p in probes(method, route, whose, deep=False)}
    ]
    header = college.sign_in("S002")
    never = {str(probe): ask(college, header, probe).status_code for probe in reading}
    unit = UNIT if needs_unit(role) else None
    college.appoint(BOB, role, unit)
    held = {str(probe): ask(college, header, probe).status_code for probe in reading}
    end_appointment(
        college.audit, BOB, role, unit=unit, actor="command:test", now=college.clock.now
    )
    after = {str(probe): ask(college, header, probe).status_code for probe in reading}
    assert after == never
    assert held != never, "the role opened nothing, so that it ends shows nothing"
