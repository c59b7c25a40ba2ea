"""Random sequences of events over a real state database never reach a live grant that lacks a
precondition. What must hold is said here a second time, from the machine's own diary, without the
code that is under test.
"""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event

from warehouse.audit import Audit
from warehouse.audit.reading import verify
from warehouse.errors import CampusError, Conflict
from warehouse.governance import applications, appointments, grants, roles, undertakings
from warehouse.governance.application import PATHS, Actor
from warehouse.governance.content import read_content
from warehouse.settings import load_settings
from warehouse.state import open_state, session
from warehouse.state.models import Attachment, Grant, ReturnReceipt, Undertaking

START = datetime(2026, 9, 10, 2, 0, tzinfo=UTC)
UNIT, OTHER_UNIT = "hr_office", "finance_office"
PEOPLE = list(range(1, 9))
SCAN = "5" * 64
FORM = {
    "unit": UNIT,
    "channels": ["sql"],
    "columns": {"a.b": ["c"]},
    "purpose": "management",
    "purpose_text": "分析",
    "contact": {"name": "联络人", "phone": "0000"},
}
ROLES = st.sampled_from(
    [
        ("unit_officer", UNIT),
        ("unit_head", UNIT),
        ("unit_head", OTHER_UNIT),
        ("supervising_leader", UNIT),
        ("leading_group", None),
        ("working_group", None),
        ("auditor", None),
    ]
)
PERSON = st.sampled_from(PEOPLE)


@cache
def template() -> bytes:
    """An empty state database with a scanned paper in it."""
    with tempfile.TemporaryDirectory() as folder:
        configured = load_settings(Path(folder))
        configured.paths.create()
        engine = open_state(configured)
        scan = {"media_type": "application/pdf", "bytes": 1, "at": START, "by": "t"}
        with session(engine) as opened:
            opened.add(Attachment(sha256=SCAN, **scan))
        engine.dispose()
        return configured.paths.state_file.read_bytes()


def quick_state(folder: Path) -> Any:
    """A state database that does not wait for the disk: thousands of commits, nothing to lose."""
    configured = load_settings(folder)
    configured.paths.create()
    configured.paths.state_file.write_bytes(template())
    engine = open_state(configured)
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
    engine.dispose()
    return engine


@dataclass
class Diary:
    """What was done with success: the truth that the state is compared with."""

    forms: dict[str, Any] = field(default_factory=dict)
    signed: dict[str, list[tuple[str, int, int | None, tuple]]] = field(default_factory=dict)
    granted: dict[str, str] = field(default_factory=dict)


class Governance(RuleBasedStateMachine):
    live_seen = 0
    "How often a grant was live, so that the invariant is known to have been asked."

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="campus-events-")
        self.engine = quick_state(Path(self.folder.name))
        self.audit = Audit(self.engine)
        self.now = START
        self.diary = Diary()

    def teardown(self) -> None:
        assert verify(self.engine).whole
        self.engine.dispose()
        self.folder.cleanup()

    def tried(self, act: Any, *arguments: Any, **options: Any) -> Any:
        """The answer, or None where it is refused with words. Anything else is a fault."""
        try:
            return act(*arguments, now=self.now, **options)
        except CampusError as error:
            assert error.message
            return None

    def actor(self, person: int) -> Actor:
        with session(self.engine, read_only=True) as opened:
            held = roles.active_roles(opened, person, self.now)
        return Actor(person, tuple((one.role, one.unit, one.principal_key) for one in held))

    def some(self, draw: int) -> str | None:
        made = list(self.diary.forms)
        return made[draw % len(made)] if made else None

    # What people do ---------------------------------------------------------------------------

    @initialize(vendor=st.booleans(), returns=st.booleans())
    def one_grant_is_live(self, vendor: bool, returns: bool) -> None:
        """Every sequence begins with a grant that there is something to take away from."""
        self.submit(1, [2], 60, "unit", vendor, returns, appointed=True)
        self.go_the_right_way(0, 4, "none")
        assert self.diary.granted, "the right way leads to a grant"

    @rule(person=PERSON, role=ROLES, days=st.one_of(st.none(), st.integers(0, 40)))
    def appoint(self, person: int, role: tuple[str, str | None], days: int | None) -> None:
        until = None if days is None else self.now.date() + timedelta(days=days)
        self.tried(
            appointments.appoint, self.audit, person, role[0], unit=role[1], until=until, actor="t"
        )

    @rule(person=PERSON, role=ROLES)
    def end_role(self, person: int, role: tuple[str, str | None]) -> None:
        self.tried(
            appointments.end_appointment, self.audit, person, role[0], unit=role[1], actor="t"
        )

    @rule(holder=PERSON, deputy=PERSON, role=ROLES, days=st.integers(0, 20))
    def delegate(self, holder: int, deputy: int, role: tuple[str, str | None], days: int) -> None:
        self.tried(
            appointments.delegate, self.audit, holder, role[0], deputy, unit=role[1], actor="t",
            until=self.now.date() + timedelta(days=days),
        )  # fmt: skip

    @rule(person=PERSON, role=ROLES)
    def sign_for_role(self, person: int, role: tuple[str, str | None]) -> None:
        self.tried(
            undertakings.sign_for_role, self.audit, person, role[0], unit=role[1], text="t",
            actor="t",
        )  # fmt: skip

    @rule(
        person=PERSON,
        users=st.lists(PERSON, min_size=1, max_size=2, unique=True),
        days=st.integers(0, 60),
        kind=st.sampled_from(["unit", "unit", "unit", "individual", "legal_case"]),
        vendor=st.booleans(),
        returns=st.booleans(),
        appointed=st.sampled_from([True, True, False]),
    )
    def submit(
        self,
        person: int,
        users: list[int],
        days: int,
        kind: str,
        vendor: bool,
        returns: bool,
        appointed: bool,
    ) -> None:
        if appointed:
            self.give(person, ("unit_officer", UNIT))
        form = FORM | {
            "kind": kind,
            "users": users if kind != "individual" else [person],
            "last_day": str(self.now.date() + timedelta(days=days)),
            "vendor": {"name": "V", "contact": {"name": "n", "phone": "1"}} if vendor else None,
            "returns": [{"name": "r", "first_due": str(self.now.date() + timedelta(days=3))}]
            if returns
            else [],
        }
        if kind == "legal_case":
            form |= {"purpose": "legal_case", "legal": {"authority": "a", "case_number": "n"}}
        made = self.tried(
            applications.submit, self.audit, read_content(form), self.actor(person),
            recorded_by=f"person:{person}",
        )  # fmt: skip
        if made is not None:
            self.diary.forms[made] = (person, read_content(form))
            self.diary.signed[made] = []

    @precondition(lambda self: self.diary.forms)
    @rule(
        which=st.integers(0, 9),
        person=PERSON,
        decision=st.sampled_from(["approve"] * 8 + ["return", "reject"]),
        stale=st.booleans(),
    )
    def decide(self, which: int, person: int, decision: str, stale: bool) -> None:
        made = self.some(which)
        assert made is not None
        with session(self.engine, read_only=True) as opened:
            state = applications.application_state(opened, made)
        stage = "unit_head" if stale else state.stage or "unit_head"
        actor = self.actor(person)
        done = self.tried(
            applications.decide, self.audit, made, actor, decision, stage=stage,
            content_sha256=state.content_sha256, reason="r", recorded_by=f"person:{person}",
        )  # fmt: skip
        if done is not None and done.recorded:
            if decision == "approve":
                step = done.state.steps[-1]
                self.diary.signed[made].append((stage, person, step.principal_key, actor.roles))
                self.check_signatures(made)
            else:
                self.diary.signed[made] = []
            if done.grant is not None:
                self.diary.granted[done.grant] = made

    @precondition(lambda self: self.diary.forms)
    @rule(which=st.integers(0, 9), person=PERSON, what=st.sampled_from(["again", "withdraw"]))
    def applicant_acts(self, which: int, person: int, what: str) -> None:
        made = self.some(which)
        assert made is not None
        if what == "withdraw":
            self.tried(applications.withdraw, self.audit, made, self.actor(person), recorded_by="t")
            return
        form = read_content(
            self.diary.forms[made][1].document | {"purpose_text": f"{self.now:%H%M%S}"}
        )
        again = self.tried(
            applications.submit, self.audit, form, self.actor(person), application_id=made,
            recorded_by=f"person:{person}",
        )  # fmt: skip
        if again is not None:
            self.diary.forms[made] = (self.diary.forms[made][0], form)
            self.diary.signed[made] = []

    @precondition(lambda self: self.diary.forms)
    @rule(
        which=st.integers(0, 9),
        person=PERSON,
        party=st.sampled_from(["person", "unit", "vendor"]),
        scan=st.booleans(),
    )
    def undertake(self, which: int, person: int, party: str, scan: bool) -> None:
        made = self.some(which)
        assert made is not None
        with session(self.engine, read_only=True) as opened:
            state = applications.application_state(opened, made)
            heads = roles.holders(opened, "unit_head", UNIT, self.now)
        self.tried(
            undertakings.sign_for_application, self.audit, made, state, party, signer_key=person,
            text=f"{party} {state.content_sha256}", actor="t", attachment=SCAN if scan else None,
            heads=[head.person_key for head in heads],
        )  # fmt: skip

    @precondition(lambda self: self.diary.forms)
    @rule(
        which=st.integers(0, 9),
        steps=st.sampled_from([1, 2, 3, 4, 4, 4]),
        twist=st.sampled_from(["none", "applicant", "user", "earlier", "deputy", "other unit"]),
    )
    def go_the_right_way(self, which: int, steps: int, twist: str) -> None:
        """What random steps would hardly ever do in a row: the right ones, each after one by
        somebody who has the role and should still be refused."""
        made = self.some(which)
        assert made is not None
        applicant, form = self.diary.forms[made]
        free = [key for key in PEOPLE if key not in {applicant, *form.users}]
        for user in form.users:
            self.undertake(which, user, "person", scan=False)
        self.undertake(which, free[0], "vendor", scan=True)
        for _ in range(steps):
            with session(self.engine, read_only=True) as opened:
                stage = applications.application_state(opened, made).stage
            if stage is None:
                return
            person = free[list(PATHS["unit"]).index(stage)]
            role = (stage, UNIT if stage in ("unit_head", "supervising_leader") else None)
            self.give(person, role)
            if stage == "unit_head":
                self.undertake(which, person, "unit", scan=False)
            before = [signer for _, signer, *_ in self.diary.signed[made]]
            wrong = {"applicant": applicant, "user": form.users[0], "deputy": applicant}.get(twist)
            if twist == "earlier" and before:
                wrong = before[0]
            if twist == "other unit" and role[1]:
                wrong, role = free[-1], (stage, OTHER_UNIT)
            if wrong is not None:
                self.give(wrong, role)
                if twist == "deputy":
                    self.delegate(wrong, free[-1], role, 5)
                    self.sign_for_role(free[-1], role)
                    wrong = free[-1]
                self.decide(which, wrong, "approve", stale=False)
            self.decide(which, person, "approve", stale=False)

    def give(self, person: int, role: tuple[str, str | None]) -> None:
        self.appoint(person, role, None)
        self.sign_for_role(person, role)

    @rule(draw=st.integers(0, 99))
    def end_undertaking(self, draw: int) -> None:
        with session(self.engine, read_only=True) as opened:
            there = [one.id for one in opened.query(Undertaking).filter_by(ended_at=None)]
        if there:
            which = there[draw % len(there)]
            self.tried(undertakings.end_undertaking, self.audit, which, actor="t", reason="r")

    @precondition(lambda self: self.diary.granted)
    @rule(
        which=st.integers(0, 9),
        what=st.sampled_from(["revoke", "freeze", "release", "return", "unbind"]),
    )
    def act_on_grant(self, which: int, what: str) -> None:
        listed = list(self.diary.granted)
        grant = listed[which % len(listed)]
        if what == "revoke":
            self.tried(grants.revoke_grant, self.audit, grant, actor="t", reason="r")
            return
        if what == "unbind":
            made = self.diary.granted[grant]
            with session(self.engine, read_only=True) as opened:
                bound = opened.query(Undertaking).filter_by(application_id=made, party="unit")
                there = [one.id for one in bound]
            for one in there:
                self.tried(undertakings.end_undertaking, self.audit, one, actor="t", reason="r")
            return
        with self.audit.transaction() as entry:
            if what == "return":
                entry.session.add(
                    ReturnReceipt(
                        grant_id=grant,
                        item="r",
                        received_at=self.now,
                        content_sha256="0" * 64,
                        rows=1,
                        file="r",
                        by="t",
                    )
                )
                return
            act = grants.freeze_grant if what == "freeze" else grants.release_grant
            act(entry, grant, actor="t", cause="incident:1", reason="r", now=self.now)

    @rule(hours=st.integers(1, 24 * 12))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    # What must hold ---------------------------------------------------------------------------

    def check_signatures(self, made: str) -> None:
        """This round: in order, by holders of the role, each once, nobody for their own."""
        applicant, form = self.diary.forms[made]
        steps = self.diary.signed[made]
        assert [stage for stage, *_ in steps] == list(PATHS[form.kind])[: len(steps)]
        behind = [key for _, signer, principal, _ in steps for key in (signer, principal) if key]
        assert len(set(behind)) == len(behind), "each signs once, for themself or another"
        assert not set(behind) & {applicant, *form.users}, "nobody signs their own"
        for stage, _, principal, held in steps:
            for_unit = UNIT if stage in ("unit_head", "supervising_leader") else None
            assert (stage, for_unit, principal) in held, "the role was held when it was signed"

    @invariant()
    def a_live_grant_lacks_nothing(self) -> None:
        with session(self.engine, read_only=True) as opened:
            for grant in grants.grants(opened):
                for person in PEOPLE:
                    try:
                        grants.live_grant(opened, grant.id, person, self.now, channel="sql")
                    except CampusError:
                        continue
                    Governance.live_seen += 1
                    self.check(opened, grant, person)

    def check(self, opened: Any, grant: Grant, person: int) -> None:
        made = self.diary.granted[grant.id]
        _applicant, form = self.diary.forms[made]
        assert [stage for stage, *_ in self.diary.signed[made]] == list(PATHS[form.kind])
        assert person in form.users
        signed = opened.query(Undertaking).filter_by(application_id=made, ended_at=None).all()
        parties = {(one.party, one.person_key) for one in signed
                   if one.content_sha256 == form.sha256}  # fmt: skip
        assert ("person", person) in parties, "the user's own undertaking"
        assert form.kind != "unit" or ("unit", None) in parties, "the unit's"
        assert form.vendor is None or ("vendor", None) in parties, "the vendor's"
        local = (self.now + timedelta(hours=8)).date()
        assert local <= form.last_day, "the term"
        events = [event.kind for event in grants.grant_events(opened, grant.id)]
        assert "revoked" not in events
        frozen = [kind for kind in events if kind in ("frozen", "released")]
        assert not frozen or frozen[-1] == "released"
        came = opened.query(ReturnReceipt).filter_by(grant_id=grant.id).count()
        assert came or not any(item.first_due < local for item in form.returns), "the return"


def test_random_events_never_reach_a_live_grant_with_a_missing_precondition():
    run_state_machine_as_test(
        Governance,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Governance.live_seen >= 25, "too few sequences came through to mean anything"


# Two at once -------------------------------------------------------------------------------------


@pytest.fixture
def stage(tmp_path: Path):
    """An application of UNIT that waits for its head; three people are head."""
    configured = load_settings(tmp_path)
    configured.paths.create()
    engine = open_state(configured)
    audit = Audit(engine)
    form = read_content(FORM | {"users": [2], "last_day": str(date(2026, 12, 31))})
    officer = Actor(1, (("unit_officer", UNIT, None),))
    made = applications.submit(audit, form, officer, recorded_by="person:1", now=START)
    yield engine, audit, made, form
    engine.dispose()


def at_once(acts: list[Any]) -> list[Any]:
    """Run them in threads from one starting line; what each returned or raised."""
    line, done = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Any) -> None:
        line.wait()
        try:
            done[number] = act()
        except CampusError as error:
            done[number] = error

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def test_two_approvals_at_once_give_one_step(stage):
    engine, audit, made, form = stage

    def approve(person: int):
        return lambda: applications.decide(
            audit, made, Actor(person, (("unit_head", UNIT, None),)), "approve",
            stage="unit_head", content_sha256=form.sha256, recorded_by=f"person:{person}",
            now=START,
        )  # fmt: skip

    done = at_once([approve(person) for person in (11, 12, 13)])
    assert sum(isinstance(one, Conflict) for one in done) == 2
    with session(engine, read_only=True) as opened:
        assert len(applications.events_of(opened, made)) == 2
        assert applications.application_state(opened, made).stage == "supervising_leader"


def test_a_double_click_is_one_signature(stage):
    engine, audit, made, form = stage
    head = Actor(11, (("unit_head", UNIT, None),))
    click = {"stage": "unit_head", "content_sha256": form.sha256, "recorded_by": "person:11"}
    done = at_once(
        [lambda: applications.decide(audit, made, head, "approve", now=START, **click)] * 4
    )
    assert sorted(one.recorded for one in done) == [False, False, False, True]
    with session(engine, read_only=True) as opened:
        assert len(applications.events_of(opened, made)) == 2


def test_a_draft_submitted_twice_is_one_application(stage):
    engine, audit, _made, form = stage
    officer = Actor(1, (("unit_officer", UNIT, None),))

    def send() -> str:
        return applications.submit(
            audit, form, officer, recorded_by="person:1", reference="draft:d1", now=START
        )

    assert len(set(at_once([send] * 4))) == 1
    with session(engine, read_only=True) as opened:
        assert len(applications.list_applications(opened)) == 2
