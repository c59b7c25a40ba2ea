"""The demo's accounts: people of a simulated college, one per role, the same at each start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from warehouse.access.application_desk import application_text, check_content, role_text
from warehouse.access.application_form import actor_by_number
from warehouse.access.bindings import bind, live_binding
from warehouse.access.desk import Desk, open_desk
from warehouse.access.grant_files import grant_file
from warehouse.access.grant_scope import authority_columns
from warehouse.access.persons import Cursor
from warehouse.access.unit_heads import TABLE as LEADERSHIP
from warehouse.errors import UsageError
from warehouse.governance.applications import application_state, decide, submit
from warehouse.governance.appointments import appoint, appointments, school_day
from warehouse.governance.content import Contact, Content, Rows
from warehouse.governance.grants import grants_of, live_grant
from warehouse.governance.roles import WITH_UNDERTAKING
from warehouse.governance.undertakings import sign_for_application, sign_for_role
from warehouse.release import current
from warehouse.settings import Settings
from warehouse.state import session

__all__ = [
    "ACTOR",
    "DemoAccount",
    "bind_former",
    "choose_accounts",
    "prepare_demo",
    "require_simulated",
]

ACTOR = "command:demo"

_UNIT = "academic_affairs_office"
#: Role → the unit it is for, and what the sign-in page calls it.
_OFFICES: dict[str, tuple[str | None, str]] = {
    "leader": (None, "校领导"),
    "analyst": (None, "数据分析员"),
    "working_group": (None, "工作小组"),
    "leading_group": (None, "领导小组"),
    "auditor": (None, "审计员"),
    "unit_officer": (_UNIT, "教务处数据员"),
    "unit_head": (_UNIT, "教务处处长"),
}
_GRANTED = {
    "student_academic_data.course_grade": (
        "college_code",
        "course_code",
        "term_code",
        "exam_nature",
        "total_score",
        "grade_point",
        "credits_earned",
        "passed",
    ),
    "student_enrollment_data.student_status": (
        "college_code",
        "major_code",
        "grade_year",
        "student_category",
        "cultivation_level",
        "current_status",
        "sex",
    ),
}

_STAFF = """
select n.person_key, n.number, s.name, s.unit_name, s.college_code,
  exists (select 1 from teaching t where t.person_key = n.person_key) as teaches
from staff s join person_number n on n.person_key = s.person_key and n.number = s.staff_no
where n.kind = 'staff' and n.valid_to is null and s.left_date is null
  and not exists (select 1 from student x where x.person_key = n.person_key)
order by n.person_key
"""
_STUDENTS = """
select n.person_key, n.number, s.name, s.college_name || ' ' || s.major_name, s.college_code, null
from student s join person_number n on n.person_key = s.person_key and n.number = s.student_no
where n.kind = 'student' and n.valid_to is null and s.college_name is not null
  and s.person_key in (select person_key from course_grade)
  and s.person_key in (select person_key from meal_day)
  and s.person_key in (select person_key from library_loan)
  and s.person_key not in (select person_key from staff)
order by n.person_key
"""


#: Who holds the latest session of most students, whatever else they do.
_COUNSELLOR = """
with latest as (
  select person_key, arg_max(counsellor_key, (session_date, session_id)) as counsellor_key
  from psych_counselling group by person_key
)
select n.person_key, n.number, s.name, s.unit_name, s.college_code, null
from latest l join staff s on s.person_key = l.counsellor_key
join person_number n on n.person_key = s.person_key and n.number = s.staff_no
where n.kind = 'staff' and n.valid_to is null and s.left_date is null
group by all order by count(*) desc, n.person_key limit 1
"""


#: The dean of a college with students, by the HR system: nobody needs to appoint them. One who
#: heads nothing else, so that the account shows what a dean sees.
_DEAN = f"""
select n.person_key, n.number, s.name, l.unit_name, s.college_code, null
from {LEADERSHIP} l join staff s on s.person_key = l.person_key
join person_number n on n.person_key = s.person_key and n.number = s.staff_no
where n.kind = 'staff' and n.valid_to is null and s.left_date is null
  and l.unit_code in (select college_code from student)
  and (select count(*) from {LEADERSHIP} o where o.person_key = l.person_key) = 1
order by l.unit_code, n.person_key
"""

#: Role → title and who: a graduate of the latest year, a retired teacher with classes on record.
_FORMER = {
    "graduate": (
        "毕业生",
        """
        select n.person_key, n.number, s.name, s.college_name, s.college_code, null, n.valid_to
        from student s join person_number n on n.person_key = s.person_key
        where n.number = s.student_no and n.valid_to <= current_date and s.current_status = '毕业'
          and not exists (select 1 from person_number o
            where o.person_key = n.person_key and (o.valid_to is null or o.valid_to > current_date))
        order by n.valid_to desc, n.person_key limit 1
        """,
    ),
    "retired": (
        "退休教师",
        """
        select n.person_key, n.number, s.name, s.unit_name, s.college_code, null, n.valid_to
        from staff s join person_number n on n.person_key = s.person_key
        where n.number = s.staff_no and n.valid_to <= current_date and s.on_post_status = '退休'
          and not exists (select 1 from person_number o
            where o.person_key = n.person_key and (o.valid_to is null or o.valid_to > current_date))
        order by (select count(*) from teaching t where t.person_key = n.person_key) desc,
          n.person_key limit 1
        """,
    ),
}


@dataclass(frozen=True)
class DemoAccount:
    """`role` is a word of ours (leader, student_a, staff …), `title` what the page shows."""

    role: str
    title: str
    number: str
    name: str
    about: str
    person_key: int
    college_code: str | None

    def shown(self) -> dict[str, str]:
        """What the demo's sign-in page needs to know."""
        return {
            "number": self.number,
            "name": self.name,
            "role": self.title,
            "about": self.about,
        }


def require_simulated(settings: Settings) -> None:
    """Raise `UsageError` unless there is a release made of the simulator's batches alone."""
    release = current(settings)
    if release is None:
        raise UsageError(
            "There is no release to show.",
            next_step="Make one with: campus simulate, then campus refresh",
        )
    if release.manifest.get("simulated") is not True:
        raise UsageError(
            "The demo signs anybody in as anybody, so it runs on simulated data only; "
            "the current release holds batches that did not come from the simulator.",
            next_step="Use a data home of its own for the demo, see campus simulate",
        )


def bind_former(settings: Settings, issuer: str) -> list[DemoAccount]:
    """A graduate and a retired teacher, bound at the demo's provider as if they had signed in while
    they were here: without that a number that is over opens nothing. Safe to run again."""
    with open_desk(settings) as opened:
        desk = replace(opened, actor=ACTOR)
        with desk.reader.open("personal") as (cursor, _release):
            rows = [
                (role, title, row)
                for role, (title, query) in _FORMER.items()
                if (row := cursor.execute(query).fetchone()) is not None
            ]
        accounts = []
        for role, title, (*row, left_on) in rows:
            account = _account(role, title, tuple(row))
            while_here = datetime.combine(left_on - timedelta(days=30), time(), UTC)
            with desk.audit.transaction() as entry:
                if live_binding(entry.session, issuer, account.number, desk.now) is None:
                    bind(entry.session, issuer, account.number, account.person_key, while_here)
            accounts.append(account)
    return accounts


def choose_accounts(cursor: Cursor, held: dict[str, int] | None = None) -> list[DemoAccount]:
    """One account per office, two students of different colleges, one teacher, and a counsellor
    and a dean where the college has one.

    `held` maps an office to the person the demo appointed before: they keep it.
    Raises `UsageError` when the college is too small for that.
    """
    heads = _heads(cursor)
    staff = sorted(cursor.execute(_STAFF).fetchall(), key=lambda row: (row[0] in heads, row[0]))
    students = cursor.execute(_STUDENTS).fetchall()
    free = {row[0]: row for row in staff}
    counsellor = cursor.execute(_COUNSELLOR).fetchone()
    if counsellor is not None:
        free.pop(counsellor[0], None)
    chosen: list[DemoAccount] = []
    offices: dict[str, tuple] = {}
    for role, key in (held or {}).items():
        if role in _OFFICES and key in free:
            offices[role] = free.pop(key)
    teacher = next((row for row in free.values() if row[5]), None)
    if teacher is not None:
        del free[teacher[0]]
    pool: Iterator[tuple] = iter(list(free.values()))
    for role in _OFFICES:
        if role not in offices and (row := next(pool, None)) is not None:
            offices[role] = row
    first = students[0] if students else None
    second = next((row for row in students if first and row[4] != first[4]), None)
    if len(offices) < len(_OFFICES) or teacher is None or first is None or second is None:
        raise UsageError(
            "The simulated college is too small for one account per role.",
            next_step="Simulate more people, for example: campus simulate --students 2000",
        )
    chosen = [_account(role, title, offices[role]) for role, (_, title) in _OFFICES.items()]
    chosen.append(_account("staff", "教师", teacher))
    chosen.append(_account("student_a", "学生甲", first))
    chosen.append(_account("student_b", "学生乙", second))
    if counsellor is not None:
        chosen.append(_account("counsellor", "心理咨询教师", counsellor))
    taken = {account.person_key for account in chosen}
    deans = cursor.execute(_DEAN).fetchall() if heads else []
    dean = next((row for row in deans if row[0] not in taken), None)
    if dean is not None:
        chosen.append(_account("dean", "学院院长", dean))
    return chosen


def _heads(cursor: Cursor) -> set[int]:
    """Who heads a unit by the HR system comes last: in the demo each account has one office."""
    there = cursor.execute(
        "select 1 from duckdb_tables() where table_name = ?", [LEADERSHIP]
    ).fetchone()
    if there is None:
        return set()
    return {key for (key,) in cursor.execute(f"select person_key from {LEADERSHIP}").fetchall()}


def _account(role: str, title: str, row: tuple) -> DemoAccount:
    key, number, name, about, college, _ = row
    return DemoAccount(role, title, str(number), str(name), str(about or ""), key, college)


def prepare_demo(settings: Settings) -> list[DemoAccount]:
    """Choose the accounts, appoint them, and give the analyst a grant. Safe to run again."""
    require_simulated(settings)
    with open_desk(settings) as opened:
        desk = replace(opened, actor=ACTOR)
        with session(desk.engine, read_only=True) as reading:
            held = {
                one.role: one.person_key
                for one in appointments(reading, day=school_day(desk.now))
                if one.appointed_by == ACTOR and one.role in _OFFICES
            }
        with desk.reader.open("personal") as (cursor, _release):
            accounts = choose_accounts(cursor, held)
        for account in accounts:
            if account.role in _OFFICES:
                _appoint(desk, account.person_key, account.role, _OFFICES[account.role][0])
            if account.role == "leader":
                _appoint(desk, account.person_key, "supervising_leader", _UNIT)
        _grant(desk, {account.role: account for account in accounts})
    return accounts


def _appoint(desk: Desk, person_key: int, role: str, unit: str | None) -> None:
    appoint(desk.audit, person_key, role, actor=ACTOR, unit=unit)
    if role in WITH_UNDERTAKING:
        text = role_text(desk.settings, role, unit)
        sign_for_role(desk.audit, person_key, role, unit=unit, text=text, actor=ACTOR)


def _grant(desk: Desk, people: dict[str, DemoAccount]) -> None:
    """Course grades and statuses of one college, without names, numbers or documents: applied for,
    undertaken and signed as any other."""
    analyst, student = people["analyst"], people["student_a"]
    with session(desk.engine, read_only=True) as reading:
        live = grants_of(reading, analyst.person_key, desk.now, "sql")
    if any(grant.created_by == ACTOR for grant in live):
        return
    there = authority_columns(desk.reader)
    content = Content(
        unit=_UNIT,
        channels=["sql"],
        columns={
            table: [name for name in names if name in there[table]]
            for table, names in _GRANTED.items()
            if table in there
        },
        rows=Rows(columns={"college_code": [student.college_code or ""]}),
        purpose="management",
        purpose_text="教学质量分析（演示）",
        last_day=school_day(desk.now) + timedelta(days=180),
        users=[analyst.person_key],
        contact=Contact(name="演示", phone="演示"),
    )
    officer = actor_by_number(desk, people["unit_officer"].number)
    check_content(desk.reader, content, officer.person_key)
    made = submit(desk.audit, content, officer, recorded_by=ACTOR)
    with session(desk.engine, read_only=True) as reading:
        state = application_state(reading, made)
    head = people["unit_head"].person_key
    for party, signer in (("unit", head), ("person", analyst.person_key)):
        sign_for_application(
            desk.audit, made, state, party, signer_key=signer, actor=ACTOR, heads=[head],
            text=application_text(desk.settings, state, party),
        )  # fmt: skip
    grant_id = None
    for role, stage in _SIGNERS.items():
        grant_id = decide(
            desk.audit, made, actor_by_number(desk, people[role].number), "approve",
            stage=stage, content_sha256=state.content_sha256, recorded_by=ACTOR,
        ).grant  # fmt: skip
    with session(desk.engine, read_only=True) as reading:
        granted = live_grant(reading, str(grant_id), analyst.person_key, desk.now, channel="sql")
    grant_file(desk.settings, desk.engine, desk.reader, granted)


#: The demo's office → the stage at which it signs.
_SIGNERS = {
    "unit_head": "unit_head",
    "leader": "supervising_leader",
    "leading_group": "leading_group",
    "working_group": "working_group",
}
