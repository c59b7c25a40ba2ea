"""A very small college, already released, and an identity provider that is only two keys.

What the gateway's tests stand on: real release files, a real state database, real signatures.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from approved import approved_grant
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.testclient import TestClient

from warehouse.access.identity import TokenVerifier
from warehouse.audit import Audit
from warehouse.engine import open_work
from warehouse.gateway.app import create_app
from warehouse.governance.appointments import appoint
from warehouse.governance.roles import WITH_UNDERTAKING
from warehouse.governance.undertakings import sign_for_role
from warehouse.release.figure_sheets import written_sheets
from warehouse.release.reader import ReleaseReader
from warehouse.settings import Settings, load_settings
from warehouse.state import open_state

ISSUER = "http://127.0.0.1:9/sso"
CLIENT = "campus-site"
RELEASE = "20260901T000000Z-00000001"
NOW = datetime(2026, 9, 10, 2, 0, tzinfo=UTC)
GRADES = "student_academic_data.course_grade"

ALICE, BOB, CAROL, DAN = 1001, 1002, 2001, 3001
"Two students, a staff member, and one who is both."
NUMBERS = {"S001": ALICE, "S002": BOB, "T001": CAROL, "S003": DAN, "T003": DAN}

RSA = RSAKey.generate_key(2048, {"kid": "rsa-1"}, private=True)
EC = ECKey.generate_key("P-256", {"kid": "ec-1"}, private=True)
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa-1"}, private=True)

_PERSONAL = """
create table person(person_key bigint, display_name varchar, is_student boolean, is_staff boolean);
insert into person values
  (1001, '艾丽斯', true, false), (1002, '鲍勃', true, false),
  (2001, '卡罗尔', false, true), (3001, '丹', true, true);
create table person_number(
  person_key bigint, kind varchar, number varchar, valid_from date, valid_to date);
insert into person_number values
  (1001, 'student', 'S001', '2024-09-01', null), (1002, 'student', 'S002', '2024-09-01', null),
  (2001, 'staff', 'T001', '2010-01-01', null), (3001, 'student', 'S003', '2020-09-01', null),
  (3001, 'staff', 'T003', '2024-07-01', null),
  (1001, 'student', 'TWICE', '2024-09-01', null), (1002, 'student', 'TWICE', '2024-09-01', null),
  (1001, 'student', 'AGAIN', '2020-09-01', '2026-09-15'),
  (1002, 'student', 'AGAIN', '2026-09-15', null),
  (1001, 'student', 'FUTURE', '2027-09-01', null),
  (1001, 'student', 'LEAVES', '2020-09-01', '2026-09-15'),
  (1001, 'student', 'LEFT', '2020-09-01', '2026-07-01');
create table student(person_key bigint, student_no varchar, name varchar, id_card_no varchar,
  birth_date date, total_credits decimal(6,1), updated_at timestamp);
insert into student values
  (1001, 'S001', '艾丽斯', 'ID-ALICE', '2006-01-02', 30.5, '2026-08-31 01:02:03'),
  (1002, 'S002', '鲍勃', 'ID-BOB', '2006-03-04', 12.0, '2026-08-31 01:02:03'),
  (3001, 'S003', '丹', 'ID-DAN', '2001-05-06', 160.0, '2026-08-31 01:02:03');
create table staff(person_key bigint, staff_no varchar, name varchar, id_card_no varchar,
  updated_at timestamp);
insert into staff values (2001, 'T001', '卡罗尔', 'ID-CAROL', '2026-08-31 01:02:03'),
  (3001, 'T003', '丹', 'ID-DAN', '2026-08-31 01:02:03');
alter table student add column college_code varchar default '03';
alter table student add column college_name varchar default '信息工程学院';
alter table staff add column unit_name varchar default '教务处';
create table staff_position(person_key bigint, seq integer, unit_name varchar, is_current boolean,
  effective_date date);
insert into staff_position values (2001, 1, 'UNIT-CAROL', true, '2010-01-01'),
  (3001, 1, 'UNIT-DAN', true, '2024-07-01');
create table teaching(person_key bigint, term_code varchar, class_no varchar, course_name varchar);
insert into teaching values (2001, '2025-2026-2', 'K1', 'COURSE-CAROL'),
  (3001, '2025-2026-2', 'K2', 'COURSE-DAN');
create table course_grade(person_key bigint, term_code varchar, course_code varchar,
  total_score decimal(5,2), recorded_at timestamp);
insert into course_grade values (1001, '2025-2026-1', 'GRADE-ALICE', 91.25, '2026-01-20 08:00:00'),
  (1002, '2025-2026-1', 'GRADE-BOB', 55.5, '2026-01-20 08:00:00'),
  (3001, '2021-2022-1', 'GRADE-DAN', 77, '2022-01-20 08:00:00');
create table term_summary(person_key bigint, term_code varchar, course_count integer, gpa double);
insert into term_summary values (1001, '2025-2026-1', 1, 4.0), (1002, '2025-2026-1', 1, 0.0);
create table library_loan(person_key bigint, loan_id varchar, title varchar, borrowed_at timestamp,
  due_date date, returned_at timestamp);
insert into library_loan values
  (1001, 'L1', 'BOOK-ALICE', '2026-08-01 00:00:00', '2026-09-01', null),
  (1002, 'L2', 'BOOK-BOB', '2026-08-01 00:00:00', '2026-09-01', null),
  (2001, 'L3', 'BOOK-CAROL', '2026-08-01 00:00:00', '2026-09-01', null),
  (3001, 'L4', 'BOOK-DAN', '2026-08-01 00:00:00', '2026-09-01', null);
-- on no page by name, as a table of a system that comes later is
create table overview as
  select person_key, student_no, staff_no, unit_name, 1 as open_loans
  from person left join student using (person_key) left join staff using (person_key);
create table overview_next as
  select person_key, 'loan' as kind, loan_id as thing_no, title, due_date,
    'library_loan' as table_name
  from library_loan;
create table overview_grade as
  select person_key, 1 as place, 1 as grade_count, course_code, total_score from course_grade;
create table meal_transaction(person_key bigint, traded_at timestamp, transaction_type varchar,
  amount decimal(14,2), merchant_name varchar);
insert into meal_transaction values
  (1001, '2026-07-31 15:59:59', '消费', 1.50, 'MEAL-ALICE-JULY'),
  (1001, '2026-07-31 16:00:00', '消费', 2.50, 'MEAL-ALICE-AUGUST'),
  (1001, '2026-08-31 15:59:59', '消费', 3.50, 'MEAL-ALICE-AUGUST-END'),
  (1001, '2026-08-31 16:00:00', '消费', 4.50, 'MEAL-ALICE-SEPTEMBER'),
  (1002, '2026-08-10 04:00:00', '消费', 9.50, 'MEAL-BOB');
create table unplaced_visit(person_key bigint, visit_date date, gate varchar);
insert into unplaced_visit values (1001, '2026-08-01', 'VISIT-ALICE'),
  (1002, '2026-08-01', 'VISIT-BOB'), (2001, '2026-08-01', 'VISIT-CAROL'),
  (3001, '2026-08-01', 'VISIT-DAN');
alter table staff_position add column end_date date;
create table psych_counselling(person_key bigint, student_no varchar, session_id varchar,
  session_date date, counsellor_name varchar, counsellor_key bigint, problem_class varchar);
insert into psych_counselling values
  (1001, 'S001', 'Z1', '2026-03-01', '丹', 3001, 'PSYCH-ALICE-1'),
  (1001, 'S001', 'Z2', '2026-09-01', '卡罗尔', 2001, 'PSYCH-ALICE-2'),
  (1002, 'S002', 'Z3', '2026-08-20', '丹', 3001, 'PSYCH-BOB');
create table psych_alert(person_key bigint, student_no varchar, alert_id varchar, level varchar,
  opened_date date, closed_date date);
insert into psych_alert values (1001, 'S001', 'Y1', 'ALERT-ALICE', '2026-04-01', '2026-05-01');
create table psych_screening(person_key bigint, student_no varchar, survey_code varchar,
  taken_at timestamp, screening_level varchar);
insert into psych_screening values (1001, 'S001', 'X1', '2025-10-11 08:00:00', 'SCREEN-ALICE'),
  (1002, 'S002', 'X1', '2025-10-11 08:00:00', 'SCREEN-BOB');
create table item(code varchar, name varchar, annex integer, person_kind varchar, owner_id varchar,
  owner varchar, deadline varchar, note varchar, source_code varchar, holders varchar,
  people_held bigint, people_due bigint, coverage double, is_due boolean, oldest timestamp,
  newest timestamp);
insert into item values ('A4-01', '基本信息', 4, 'student', 'student_affairs_office', '学生处',
  '9月30日', '', 'S02', '[{"table": "student", "columns": ["name"]}]', 3, 3, 1.0, true, null, null),
  ('A3-01', '基本信息', 3, 'staff', 'hr_office', '人事处', '', '', 'S01', '[]', 0, 2, 0.0,
   true, null, null);
create table table_item(table_name varchar, item_codes varchar[], dataset_codes varchar[],
  owner_id varchar, owner varchar, source_id varchar, source_name varchar,
  source_table varchar, cadence varchar, legal_basis varchar, retention varchar);
insert into table_item values ('student', ['A4-01'], ['A2-01'], 'student_affairs_office', '学生处',
  'student_affairs', '学工管理系统', 'student_status', 'daily', '办法第九条', 'P10Y'),
  ('psych_counselling', [], ['A2-04'], 'student_affairs_office', '学生处', 'student_mental_health',
  '大学生心理健康管理系统', 'psych_counselling', 'daily', '个人信息保护法', '末次咨询后 3 年'),
  ('unplaced_visit', [], ['A2-06', 'A2-15'], 'library', '图书馆', 'library_management',
  '图书管理系统', 'library_gate_daily', 'daily', '办法第九条', 'P10Y');
"""

_STATISTICS = """
create table indicator(id varchar, name varchar, owners varchar[], class varchar, inputs varchar[],
  model varchar, formula varchar, target double, row_code varchar, unit varchar,
  source varchar, certainty varchar, note varchar, target_text varchar);
insert into indicator values
  ('students_enrolled', '在校学生数', ['学生处'], 'plain', ['student_status.student_no'],
   'int_students_enrolled', 'count', null, 'A2-17', '人', '校标', 'ours', null, null),
  ('staff_employed', '教职工数', ['人事处'], 'plain', ['staff_basic.staff_no'],
   'int_staff_employed', 'count', null, 'A2-17', '人', '校标', 'ours', null, null);
create table indicator_value(indicator varchar, period varchar, level varchar, unit varchar,
  unit_name varchar, value double, as_of_date date, numerator double, denominator double,
  parent_unit varchar);
insert into indicator_value values
  ('students_enrolled', '2025', 'school', 'school', '全校', 2000, '2025-09-30', 2000, null, null),
  ('students_enrolled', '2025', 'college', '03', '信息工程学院', 500, '2025-09-30', 500, null,
   'school'),
  ('students_enrolled', '2026-09-01', 'school', 'school', '全校', 2100, '2026-09-01', 2100, null,
   null),
  ('staff_employed', '2025', 'school', 'school', '全校', 200, '2025-09-30', 200, null, null);
"""

_AUTHORITY = """
create schema student_academic_data;
create table student_academic_data.course_grade(person_key bigint, student_no varchar,
  college_code varchar, course_code varchar, total_score decimal(5,2), recorded_at timestamp,
  exam_date date, id_card_no varchar);
insert into student_academic_data.course_grade
  select 1000 + i % 10, 'G' || i, case when i % 2 = 0 then '03' else '04' end, 'C' || (i % 7),
    (50 + i % 50)::decimal(5,2), timestamp '2026-01-20 08:00:00', date '2026-01-10',
    'SECRET-ID-' || i from range(1, 1001) t(i);
create table student_academic_data.course_selection(student_no varchar, term_code varchar);
insert into student_academic_data.course_selection values ('G1', '2025-2026-1');
create schema staff_basic_data;
create table staff_basic_data.staff_basic(staff_no varchar, name varchar);
insert into staff_basic_data.staff_basic values ('T001', 'SECRET-STAFF');
"""


class Clock:
    """A time that stands until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


class Provider:
    """Serves discovery and keys as `fetch` does, and counts how often it was asked."""

    def __init__(self) -> None:
        self.keys: list[Any] = [RSA, EC]
        self.asked: list[str] = []

    def __call__(self, url: str) -> dict[str, Any]:
        self.asked.append(url)
        if url.endswith("/.well-known/openid-configuration"):
            return {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks"}
        return {"keys": [key.as_dict(private=False) for key in self.keys]}


@dataclass
class College:
    """The released college with its gateway; `client` speaks to it."""

    settings: Settings
    clock: Clock
    provider: Provider
    client: TestClient
    serial: int = field(default=0)

    @property
    def engine(self) -> Any:
        return self.client.app.state.services.engine

    @property
    def audit(self) -> Audit:
        return self.client.app.state.services.audit

    @property
    def reader(self) -> ReleaseReader:
        return self.client.app.state.services.reader

    def claims(self, number: str, **changes: Any) -> dict[str, Any]:
        now = int(self.clock.seconds())
        self.serial += 1
        claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": number,
            "iat": now,
            "exp": now + 3600,
            "jti": str(self.serial),
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not ...}

    def token(
        self, number: str, *, key: Any = RSA, header: dict[str, Any] | None = None, **changes: Any
    ) -> str:
        head = {"alg": "ES256" if key is EC else "RS256", "kid": key.kid, **(header or {})}
        return jwt.encode(head, self.claims(number, **changes), key, algorithms=[head["alg"]])

    def sign_in(self, number: str, **changes: Any) -> dict[str, str]:
        """Open a session; the header that carries it."""
        token = self.token(number, **changes)
        opened = self.client.post("/v1/session", json={"id_token": token})
        assert opened.status_code == 200, opened.text
        return {"Authorization": f"Bearer {token}"}

    def appoint(self, person_key: int, role: str, unit: str | None = None) -> None:
        """Appoint, and sign the undertaking where the role begins with one."""
        now = self.clock.now
        appoint(self.audit, person_key, role, actor="command:test", unit=unit, now=now)
        if role in WITH_UNDERTAKING:
            words = {"text": "承诺书", "actor": "command:test", "now": now}
            sign_for_role(self.audit, person_key, role, unit=unit, **words)

    def grant(self, **changes: Any) -> str:
        """A live grant for ALICE; `changes` are fields of the form."""
        wanted = {
            "columns": {GRADES: ["student_no", "course_code", "total_score"]},
            "users": [ALICE],
            **changes,
        }
        return approved_grant(self.audit, self.clock.now, **wanted)


def write_release(
    settings: Settings,
    release_id: str = RELEASE,
    personal: str = "",
    statistics: str = "",
    authority: str = "",
) -> None:
    """Write a release and make it the current one; `personal`, `statistics` and `authority` are SQL
    run on those files."""
    folder = settings.paths.releases / release_id
    folder.mkdir(parents=True)
    files = {}
    scripts = {
        "personal": _PERSONAL + personal,
        "statistics": _STATISTICS + statistics,
        "public": _STATISTICS,
        "authority": _AUTHORITY + authority,
    }
    for audience, script in scripts.items():
        path = folder / f"{audience}.duckdb"
        connection = open_work(path, threads=1)
        connection.execute(script)
        connection.close()
        path.chmod(0o400)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        files[audience] = {"path": path.name, "sha256": digest, "bytes": path.stat().st_size}
    manifest = {
        "id": release_id,
        "published_at": "2026-09-01T00:10:00+00:00",
        "as_of": "2026-08-31T16:00:00+00:00",
        "fingerprint": "0" * 64,
        "simulated": True,
        "batches": [
            {
                "id": "b1",
                "source": "student_affairs",
                "table": "student_status",
                "extracted_at": "2026-08-31T16:00:00+00:00",
                "accepted_rows": 3,
                "refused_rows": 0,
                "contract_version": "1.0.0",
            }
        ],
        "contracts": {},
        "tests": [
            {
                "name": "t1",
                "model": "stg_student_affairs__student_status",
                "status": "warn",
                "severity": "warn",
                "failures": 2,
                "description": "…",
            }
        ],
        "sql": {"int_students_enrolled": "select count(*) from students"},
        "files": files,
        "sheets": written_sheets(folder / "statistics.duckdb"),
        "engine": {},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    settings.paths.current_release.write_text(release_id + "\n")


@cache
def _template() -> Path:
    """A founded data home, made once a run and copied for each test."""
    folder = Path(tempfile.mkdtemp(prefix="campus-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # SQLite even where a test runs on PostgreSQL: its database is a template of its own.
    settings = load_settings(folder / "home", state_url=None)
    settings.paths.create()
    write_release(settings)
    open_state(settings).dispose()
    return settings.paths.root


def found_college(root: Path, **overrides: Any) -> College:
    """A data home with one release, its state database, and a gateway over both."""
    settings = load_settings(
        root / "数据 home",
        oidc_issuer=ISSUER,
        oidc_client_id=CLIENT,
        **{"sql_seconds": 3.0, "sql_memory": 256 << 20, "threads": 1, **overrides},
    )
    shutil.copytree(_template(), settings.paths.root)
    clock, provider = Clock(), Provider()
    verifier = TokenVerifier(settings, fetch=provider, clock=clock.seconds)
    app = create_app(settings, verifier=verifier, clock=clock)
    return College(settings, clock, provider, TestClient(app, raise_server_exceptions=False))
