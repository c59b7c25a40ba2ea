"""Tokens and sessions: what opens one, what ends one, and how soon."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from access_college import (
    ALICE,
    BOB,
    CAROL,
    CLIENT,
    EC,
    ISSUER,
    RELEASE,
    RSA,
    STRANGER,
    College,
    found_college,
    write_release,
)
from sqlalchemy import text

from warehouse.governance.appointments import end_appointment
from warehouse.governance.exclusions import disable, enable


@pytest.fixture
def college(tmp_path) -> College:
    return found_college(tmp_path)


def opening(college: College, token: str) -> int:
    return college.client.post("/v1/session", json={"id_token": token}).status_code


def reading(college: College, header: dict[str, str], path: str = "/v1/my/overview") -> int:
    return college.client.get(path, headers=header).status_code


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def test_sign_in_answers_who_i_am(college: College):
    college.appoint(CAROL, "leader")
    me = college.client.post("/v1/session", json={"id_token": college.token("T001")}).json()
    assert me["person"] == {"name": "卡罗尔", "kinds": ["staff"], "left_on": None}
    assert me["roles"] == [{"role": "leader", "unit": None}]
    assert me["pages"][0] == "overview_statistics"
    assert me["release"]["id"] == RELEASE and me["release"]["failing_checks"] == 1


@pytest.mark.parametrize("key", [RSA, EC])
def test_published_keys_of_both_kinds_verify(college: College, key):
    assert opening(college, college.token("S001", key=key)) == 200


def test_ps256_verifies(college: College):
    assert opening(college, college.token("S001", header={"alg": "PS256"})) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": ISSUER + "/"},
        {"iss": ...},
        {"aud": "another-site"},
        {"aud": ...},
        {"aud": []},
        {"aud": [CLIENT, "another-site"]},
        {"aud": [CLIENT, "another-site"], "azp": "another-site"},
        {"azp": "another-site"},
        {"exp": ...},
        {"iat": ...},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 1},
        {"nbf": 99_999_999_999},
        {"nbf": "later"},
        {"iat": 99_999_999_999},
        {"sub": ...},
        {"sub": 1001},
        {"sub": ["S001"]},
        {"sub": ""},
        {"sub": "S" * 200},
        {"sub": "NOBODY"},
        {"sub": "S001' or '1'='1"},
        {"sub": "TWICE"},
        {"sub": "FUTURE"},
        {"sub": "LEFT"},
    ],
    ids=str,
)
def test_wrong_claims_open_nothing(college: College, changes):
    token = college.token("S001", **changes)
    assert opening(college, token) == 401
    assert reading(college, {"Authorization": f"Bearer {token}"}) == 401


def test_audience_list_with_authorised_party_is_right(college: College):
    assert opening(college, college.token("S001", aud=[CLIENT, "x"], azp=CLIENT)) == 200


@pytest.mark.parametrize(("late", "status"), [(59, 200), (61, 401)])
def test_expired_token_is_taken_within_the_leeway_only(college: College, late: int, status: int):
    token = college.token("S001")
    college.clock.advance(seconds=3600 + late)
    assert opening(college, token) == status


def test_unsigned_token_is_refused(college: College):
    claims = b64(json.dumps(college.claims("S001")).encode())
    for algorithm in ("none", "None", "NONE"):
        head = b64(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
        assert opening(college, f"{head}.{claims}.") == 401


@pytest.mark.parametrize("algorithm", ["HS256", "RS256"])
def test_public_key_as_hmac_secret_is_refused(college: College, algorithm: str):
    secret = RSA.as_pem(private=False)
    head = b64(json.dumps({"alg": algorithm, "kid": "rsa-1"}).encode())
    signed = f"{head}.{b64(json.dumps(college.claims('S001')).encode())}"
    mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    assert opening(college, f"{signed}.{b64(mac)}") == 401


def test_key_of_a_stranger_under_our_key_id_is_refused(college: College):
    assert opening(college, college.token("S001", key=STRANGER)) == 401


def test_key_that_a_token_brings_along_is_ignored(college: College):
    public = STRANGER.as_dict(private=False)
    for header in (
        {"jwk": public},
        {"jku": "http://127.0.0.1:9/evil", "jwk": public},
        {"x5u": "http://127.0.0.1:9/evil"},
    ):
        assert opening(college, college.token("S001", key=STRANGER, header=header)) == 401
    assert not [url for url in college.provider.asked if "evil" in url]


def test_changed_claims_break_the_signature(college: College):
    head, _claims, signature = college.token("S001").split(".")
    other = b64(json.dumps(college.claims("S002")).encode())
    assert opening(college, f"{head}.{other}.{signature}") == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "." * 5, "é.é.é", "A" * 70000, "\u0000"])
def test_rubbish_is_refused(college: College, token: str):
    assert opening(college, token) in {400, 401}
    assert reading(college, {"Authorization": f"Bearer {token}".encode()}) == 401


@pytest.mark.parametrize(
    "header",
    [{}, {"Authorization": "Basic S001"}, {"Authorization": "Bearer"}, {"Cookie": "token=x"}],
)
@pytest.mark.parametrize(
    "path",
    [
        "/v1/me",
        "/v1/my/overview",
        "/v1/my/uses",
        "/v1/statistics",
        "/v1/statistics/receipt?indicator=students_enrolled",
        "/v1/grants",
    ],
)
def test_without_a_session_every_governed_route_is_shut(college: College, header, path: str):
    assert reading(college, header, path) == 401
    assert college.client.post("/v1/sql", json={"grant": "g", "sql": "select 1"}).status_code == 401


def test_verified_token_without_a_session_opens_no_page(college: College):
    header = {"Authorization": f"Bearer {college.token('S001')}"}
    assert reading(college, header) == 401


def test_token_opens_one_session_ever(college: College):
    header = college.sign_in("S001")
    token = header["Authorization"].removeprefix("Bearer ")
    assert opening(college, token) == 200, "while it lasts it is the same session"
    assert college.client.delete("/v1/session", headers=header).status_code == 200
    assert opening(college, token) == 401
    assert reading(college, header) == 401
    assert reading(college, college.sign_in("S001")) == 200, "a new token opens a new one"


def test_sign_out_ends_only_the_session_it_names(college: College):
    first, second = college.sign_in("S001"), college.sign_in("S001")
    college.client.delete("/v1/session", headers=first)
    assert (reading(college, first), reading(college, second)) == (401, 200)


def test_session_ends_when_idle(college: College):
    header = college.sign_in("S001")
    for _ in range(3):
        college.clock.advance(seconds=college.settings.session_idle_seconds - 60)
        assert reading(college, header) == 200
    college.clock.advance(seconds=college.settings.session_idle_seconds)
    assert reading(college, header) == 401
    college.clock.advance(seconds=-3600)
    assert reading(college, header) == 401, "an ended session stays ended"


def test_session_ends_at_its_age_however_busy(college: College):
    header = college.sign_in("S001")
    for _ in range(16):
        college.clock.advance(minutes=29)
        assert reading(college, header) == 200
    college.clock.advance(minutes=29)
    assert reading(college, header) == 401


def test_disabled_person_is_out_at_the_next_read(college: College):
    header, other = college.sign_in("S001"), college.sign_in("S002")
    disable(college.audit, ALICE, actor="command:test", reason="x", now=college.clock.now)
    assert (reading(college, header), reading(college, other)) == (401, 200)
    assert opening(college, college.token("S001")) == 401
    college.clock.advance(seconds=1)
    enable(college.audit, ALICE, actor="command:test", reason="x", now=college.clock.now)
    assert reading(college, header) == 401, "the ended session does not come back"
    assert reading(college, college.sign_in("S001")) == 200


def test_role_ended_mid_session_is_gone_at_the_next_read(college: College):
    college.appoint(CAROL, "leader")
    header = college.sign_in("T001")
    assert reading(college, header, "/v1/statistics") == 200
    end_appointment(college.audit, CAROL, "leader", actor="command:test", now=college.clock.now)
    assert reading(college, header, "/v1/statistics") == 403
    assert reading(college, header, "/v1/my/overview") == 200


def test_appointment_to_a_day_ends_with_that_day(college: College):
    from warehouse.governance.appointments import appoint, school_day

    today = school_day(college.clock.now)
    appoint(
        college.audit, CAROL, "leader", actor="command:test", until=today, now=college.clock.now
    )
    header = college.sign_in("T001")
    assert reading(college, header, "/v1/statistics") == 200
    college.clock.advance(hours=14)
    assert college.clock.now.hour == 16, "midnight in Beijing"
    assert reading(college, college.sign_in("T001"), "/v1/statistics") == 403


@pytest.mark.parametrize("role", ["analyst", "unit_officer"])
def test_statistics_stay_shut_to_other_roles(college: College, role: str):
    college.appoint(ALICE, role, unit="library" if role == "unit_officer" else None)
    assert reading(college, college.sign_in("S001"), "/v1/statistics") == 403


def test_reissued_number_ends_the_old_session_and_opens_the_new_record(college: College):
    eve = datetime(2026, 9, 14, 15, 50, tzinfo=UTC)  # ten minutes to midnight in Beijing
    college.clock.now = eve
    header = college.sign_in("AGAIN")
    assert "ID-ALICE" in college.client.get("/v1/my/basics", headers=header).text
    college.clock.advance(minutes=15)
    answer = college.client.get("/v1/my/basics", headers=header)
    assert answer.status_code == 401 and "ID-" not in answer.text
    fresh = college.client.get("/v1/my/basics", headers=college.sign_in("AGAIN")).text
    assert "ID-BOB" in fresh and "ID-ALICE" not in fresh


def test_who_has_left_keeps_what_was_bound_to_them_while_the_number_was_theirs(college: College):
    college.sign_in("LEAVES")
    college.clock.now = datetime(2027, 9, 1, tzinfo=UTC)
    header = college.sign_in("LEAVES")
    assert "ID-ALICE" in college.client.get("/v1/my/basics", headers=header).text
    write_release(
        college.settings,
        "20260902T000000Z-00000002",
        personal="insert into person_number values (1002, 'student', 'LEAVES', '2027-08-01', null)",
    )
    assert reading(college, header) == 401
    fresh = college.client.get("/v1/my/basics", headers=college.sign_in("LEAVES")).text
    assert "ID-BOB" in fresh and "ID-ALICE" not in fresh


def test_number_that_was_two_peoples_and_is_over_opens_nothing(college: College):
    college.sign_in("LEAVES")
    write_release(
        college.settings,
        "20260902T000000Z-00000002",
        personal="insert into person_number values "
        "(1002, 'student', 'LEAVES', '2026-10-01', '2026-11-01')",
    )
    college.clock.now = datetime(2027, 9, 1, tzinfo=UTC)
    assert opening(college, college.token("LEAVES")) == 401


def test_new_release_that_gives_a_number_to_another_ends_the_session(college: College):
    header = college.sign_in("S001")
    assert reading(college, header) == 200
    write_release(
        college.settings,
        "20260902T000000Z-00000002",
        personal=f"update person_number set person_key = {BOB} where number = 'S001';",
    )
    answer = college.client.get("/v1/my/overview", headers=header)
    assert answer.status_code == 401
    fresh = college.client.get("/v1/my/basics", headers=college.sign_in("S001")).text
    assert "ID-BOB" in fresh and "ID-ALICE" not in fresh
    with college.engine.connect() as connection:
        bindings = connection.execute(
            text("select person_key, valid_to is null from identity_binding order by id")
        ).all()
        told = connection.execute(
            text("select actor, subject, detail from audit where action = 'identity.rebind'")
        ).all()
    assert [tuple(row) for row in bindings] == [(ALICE, 0), (BOB, 1)]
    assert [tuple(row) for row in told] == [
        (f"person:{BOB}", f"person:{ALICE}", f'{{"to":"person:{BOB}"}}')
    ]


def test_provider_sign_out_ends_the_sessions_it_opened(college: College):
    header, other = college.sign_in("S001", sid="p1"), college.sign_in("S001", sid="p2")
    sessions = college.client.app.state.services.sessions
    assert sessions.end_provider_session(ISSUER, "p1") == 1
    assert (reading(college, header), reading(college, other)) == (401, 200)


def test_unknown_key_id_is_looked_up_at_most_every_half_minute(college: College):
    college.sign_in("S001")
    asked = len(college.provider.asked)
    college.clock.advance(seconds=31)
    for number in range(5):
        opening(college, college.token("S001", header={"kid": f"unknown-{number}"}))
    assert len(college.provider.asked) == asked + 2, "one discovery and one key set"


def test_rotated_key_is_found(college: College):
    from joserfc.jwk import RSAKey

    college.sign_in("S001")
    college.clock.advance(seconds=31)
    fresh = RSAKey.generate_key(2048, {"kid": "rsa-2"}, private=True)
    college.provider.keys = [fresh]
    assert opening(college, college.token("S001", key=fresh)) == 200
    assert opening(college, college.token("S001", key=RSA)) == 401, "the withdrawn key is out"


def test_no_token_is_in_the_state_database(college: College):
    token = college.sign_in("S001")["Authorization"].removeprefix("Bearer ")
    stored = b"".join(p.read_bytes() for p in college.settings.paths.root.glob("state.db*"))
    assert token.encode() not in stored
    assert token.split(".")[2].encode() not in stored
