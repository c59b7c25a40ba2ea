"""A month in a small college, drawn from a seed: publications, queries, files, papers, page reads.

The oracle in it knows nothing of sets, versions or indexes. At each read it finds out by plain SQL
over the release, or from the very answer that was served, whom it held, and notes that for each of
them by day and action.
"""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from access_college import CAROL, NUMBERS, College, write_release
from grant_scene import LOANS, PEOPLE, STATUS, found_scene

from warehouse.access import operator_marts
from warehouse.access.desk import Desk
from warehouse.access.exports import export_result
from warehouse.access.grant_files import rebuild
from warehouse.access.mail import send_notices
from warehouse.access.operator_marts import read_mart
from warehouse.access.policy import HeldRole, Standing
from warehouse.cli.after_release import record_switch
from warehouse.engine import open_work
from warehouse.errors import CampusError
from warehouse.governance.appointments import school_day
from warehouse.governance.grants import revoke_grant
from warehouse.governance.notices import notify
from warehouse.governance.protection import protect, unprotect
from warehouse.state import session
from warehouse.state.models import Grant

__all__ = ["STUDENTS", "Month"]

STUDENTS = tuple(range(1001, 1041))
ANALYST = 2001
_READERS = ("S001", "S002", "T001", "S003")
_PERSONAL = """
insert into person select i, 'P' || i, true, false from range(1003, 1041) t(i);
insert into person select i, 'P' || i, false, true from range(2002, 2006) t(i);
"""
_YEAR = {"students": {"grade_year": ["2023"]}}
#: What units apply for: everybody, a college, a year without numbers, a status that changes, staff.
_SCOPES: tuple[dict[str, Any], ...] = (
    {"columns": {STATUS: ["student_no", "name"]}},
    {"columns": {STATUS: ["student_no"]}, "rows": {"students": {"college_code": ["03"]}}},
    {"columns": {STATUS: ["person_key"], LOANS: ["title"]}, "rows": _YEAR},
    {"columns": {LOANS: ["title"]}, "rows": {"students": {"current_status": ["07"]}}},
    {"columns": {LOANS: ["title"]}, "rows": {"staff": {"college_code": ["03"]}}},
)
_UNITS = ("academic_affairs_office", "library", "student_affairs_office")
_PERSON = re.compile(r'"person:(\d+)"')


@dataclass
class Month:
    """`seen[person][day, action]` is how often; `served` counts the reads of each action."""

    college: College
    draw: random.Random
    seen: dict[int, Counter[tuple[date, str]]] = field(default_factory=dict)
    served: Counter[str] = field(default_factory=Counter)
    grants: list[str] = field(default_factory=list)
    protected: set[int] = field(default_factory=set)
    releases: int = 0

    @classmethod
    def lived(cls, root: Path, seed: int, days: int = 30) -> Month:
        college = found_scene(root, sql_seconds=20.0, sql_slots=2)
        month = cls(college, random.Random(seed))
        college.appoint(ANALYST, "analyst")
        college.appoint(3001, "working_group")
        college.appoint(1002, "auditor")
        month.publish()
        for number in range(days):
            for _ in range(2 if number % 5 == 0 else 0):
                month.apply()
            month.day()
            college.clock.advance(days=1)
        return month

    # -- the oracle

    def note(self, action: str, people: set[int], times: int = 1) -> None:
        self.served[action] += times
        for person in people:
            today = school_day(self.college.clock.now)
            self.seen.setdefault(person, Counter())[today, action] += times

    def held_by(self, grant_id: str) -> set[int]:
        """Whose rows a grant gives at this moment, from the release itself."""
        with session(self.college.engine, read_only=True) as opened:
            grant = opened.get_one(Grant, grant_id)
        condition = "true"
        for kind, table in (("students", STATUS), ("staff", "staff_basic_data.staff_basic")):
            for column, values in grant.rows.get(kind, {}).items():
                listed = ", ".join(f"'{value}'" for value in values)
                condition = (
                    f"person_key in (select person_key from {table} "
                    f"where cast({column} as varchar) in ({listed}))"
                )
        found: set[int] = set()
        for table in grant.columns:
            rows = self._ask("authority", f"select person_key from {table} where {condition}")
            found |= {key for (key,) in rows if key is not None}
        return found - self.protected

    def files(self) -> set[tuple[str, int]]:
        """Every file of a grant there is: a new one, or another under the same name, was built."""
        found = self.college.settings.paths.grants.glob("*/*.duckdb")
        return {(path.parent.name, path.stat().st_ino * 10**12 + hash(path.name) % 10**12)
                for path in found}  # fmt: skip

    @contextmanager
    def builds_noted(self):
        before = self.files()
        yield
        for grant, _file in self.files() - before:
            self.note("grant.build", self.held_by(grant))

    def _ask(self, audience: str, sql: str) -> list[tuple[Any, ...]]:
        with self.college.reader.open(audience) as (cursor, _release):
            return cursor.execute(sql).fetchall()

    # -- what happens

    def day(self) -> None:
        if self.draw.random() < 0.5:
            self.publish()
        happenings = (self.query, self.query, self.export, self.pages, self.look_up, self.paper,
                      self.audit, self.mart, self.mail, self.shield, self.end)  # fmt: skip
        for happening in self.draw.sample(happenings, 6):
            happening()

    def publish(self) -> None:
        """A release in which some changed their college or status and some are gone."""
        self.releases += 1
        changed = self.draw.sample(STUDENTS, 6)
        gone = self.draw.sample(STUDENTS, 2)
        script = PEOPLE + "".join(
            f"update {STATUS} set current_status = '07', college_code = '03' "
            f"where person_key = {person};"
            for person in changed
        )
        for table in (STATUS, LOANS):
            script += f"delete from {table} where person_key in ({gone[0]}, {gone[1]});"
        personal = (
            _PERSONAL + f"delete from person where person_key = {gone[0]} and {gone[0]} > 1002;"
        )
        release = f"20260910T{self.releases:06d}Z-{self.releases:08d}"
        write_release(self.college.settings, release, personal=personal, authority=script)
        record_switch(
            self.college.settings, SimpleNamespace(id=release), "release.publish", "job:refresh",
            clock=self.college.clock,
        )  # fmt: skip
        everybody = {key for (key,) in self._ask("personal", "select person_key from person")}
        self.note("release.publish", everybody)
        with self.builds_noted():
            assert not rebuild(
                self.college.settings, self.college.engine, self.college.reader,
                now=self.college.clock.now,
            )  # fmt: skip

    def apply(self) -> None:
        scope = self.draw.choice(_SCOPES)
        self.grants.append(
            self.college.grant(unit=self.draw.choice(_UNITS), users=[ANALYST], **scope)
        )

    def query(self) -> None:
        """Over the gateway: one that answers, one that fails while it runs, one that is not run."""
        grant = self._some_grant()
        if grant is None:
            return
        header = self.college.sign_in("T001")
        sql, is_run = self.draw.choice(
            (("select count(*) from {t}", True), ("select error('x') from {t}", True),
             ("drop table {t}", False), ("select * from {t} limit 1", True))
        )  # fmt: skip
        with session(self.college.engine, read_only=True) as opened:
            table = next(iter(opened.get_one(Grant, grant).columns))
        with self.builds_noted():
            answer = self.college.client.post(
                "/v1/sql", json={"grant": grant, "sql": sql.format(t=table)}, headers=header
            )
        assert answer.status_code in (200, 400), answer.text
        if is_run:
            self.note("sql.run", self.held_by(grant))

    def export(self) -> None:
        grant = self._some_grant()
        if grant is None:
            return
        services = self.college.client.app.state.services
        standing = Standing(ANALYST, frozenset({"staff"}), (HeldRole("analyst"),))
        with self.builds_noted():
            query = services.sql.run(standing, grant, "select 1 as one", actor="command:test")
        self.note("sql.run", self.held_by(grant))
        export_result(
            self.college.audit, self.college.settings.paths, query,
            self.draw.choice(("csv", "xlsx")), grant_id=grant, person_key=ANALYST,
            actor="command:test", now=self.college.clock.now,
        )  # fmt: skip
        self.note("grant.export", self.held_by(grant))

    def pages(self) -> None:
        number = self.draw.choice(_READERS)
        header = self.college.sign_in(number)
        for page in ("overview", "life", "basics", "uses"):
            answer = self.college.client.get(f"/v1/my/{page}", headers=header)
            assert answer.status_code == 200, answer.text
            self.note("personal.read", {NUMBERS[number]})

    def look_up(self) -> None:
        asked = self.draw.choice(_READERS)
        header = self.college.sign_in("T001")
        answer = self.college.client.get(f"/v1/colleagues?number={asked}", headers=header)
        if answer.status_code == 200:
            self.note("colleague.find", {NUMBERS[asked]})
        else:
            assert NUMBERS[asked] in self.protected

    def paper(self) -> None:
        """A member of the working group opens an application, which names its users."""
        if not self.grants:
            return
        with session(self.college.engine, read_only=True) as opened:
            grant = opened.get_one(Grant, self.draw.choice(self.grants))
        header = self.college.sign_in("T003")
        answer = self.college.client.get(f"/v1/applications/{grant.application_id}", headers=header)
        assert answer.status_code == 200, answer.text
        self.note("application.read", set(grant.people))

    def audit(self) -> None:
        header = self.college.sign_in("S002")
        limit = self.draw.choice((5, 50))
        answer = self.college.client.get(f"/v1/audit?limit={limit}", headers=header)
        assert answer.status_code == 200, answer.text
        self.note("audit.read", {int(key) for key in _PERSON.findall(answer.text)})

    def mart(self) -> None:
        about_people = self.draw.random() < 0.5
        folder = self.college.settings.paths.work / "mart"
        folder.mkdir(exist_ok=True)
        file = folder / "rebuilt.duckdb"
        file.unlink(missing_ok=True)
        connection = open_work(file, threads=1)
        column = "person_key" if about_people else "room_code"
        connection.execute(f"create table mart as select 1 as {column}")
        connection.close()

        @contextmanager
        def rebuilt(*_: Any):
            yield SimpleNamespace(model="fct_x", relation="mart", file=file, folder=folder)

        original = operator_marts.rebuilt, operator_marts.model_named
        operator_marts.rebuilt = rebuilt
        operator_marts.model_named = lambda *_: "fct_library_loan"
        try:
            read_mart(self._desk("command:root"), "fct_library_loan", self.college.clock.now.date())
        finally:
            operator_marts.rebuilt, operator_marts.model_named = original
            shutil.rmtree(folder)
        if about_people:
            self.note(
                "mart.read",
                {key for (key,) in self._ask("personal", "select person_key from person")},
            )

    def mail(self) -> None:
        people = set(self.draw.sample((1001, 1002, 2001, 3001), 2))
        with session(self.college.engine) as opened:
            notify(opened, people, "application.waiting", self.college.clock.now,
                   application="SQ1", stage="unit_head")  # fmt: skip

        @contextmanager
        def connect(_settings: Any):
            yield SimpleNamespace(send=lambda *_, **__: None)

        desk = self._desk("job:notices")
        from warehouse.access.mail import due_notices

        due = {notice.person_key for notice in due_notices(desk)}
        send_notices(desk, connect=connect)
        if due:
            self.note("notice.send", due)

    def shield(self) -> None:
        """Somebody is protected, or no longer is: files change within a release."""
        person = self.draw.choice(STUDENTS)
        now = self.college.clock.now
        try:
            if person in self.protected:
                unprotect(self.college.audit, person, reason="r", actor="command:test", now=now)
                self.protected.discard(person)
                self.note("person.unprotect", {person})
            else:
                protect(
                    self.college.audit, person, owner_unit="library", owner=CAROL, reason="r",
                    actor="command:test", now=now,
                )  # fmt: skip
                self.protected.add(person)
                self.note("person.protect", {person})
        except CampusError as error:  # nobody is protected twice
            raise AssertionError(error.message) from error

    def end(self) -> None:
        """A grant is revoked and its files are removed: what was done with them stays told."""
        if len(self.grants) > 3:
            grant = self.grants.pop(0)
            revoke_grant(
                self.college.audit, grant, actor="command:test", reason="r",
                now=self.college.clock.now,
            )  # fmt: skip
            shutil.rmtree(self.college.settings.paths.grants / grant, ignore_errors=True)

    def _some_grant(self) -> str | None:
        return self.draw.choice(self.grants) if self.grants else None

    def _desk(self, actor: str) -> Desk:
        college = self.college
        return Desk(
            college.settings, college.engine, college.reader, college.audit, actor,
            clock=college.clock,
        )  # fmt: skip
