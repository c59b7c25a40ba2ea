"""Where a correction stands, and by when somebody must act: the rules without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from warehouse.access.correction_rows import plain_value, wanted_value
from warehouse.access.correction_told import covers
from warehouse.governance.correction import KINDS, STEPS, Clock, derive, may_follow

START = datetime(2026, 9, 10, 2, 0, tzinfo=UTC)
CLOCK = Clock(acknowledge_days=7, decide_days=21)


@dataclass(frozen=True)
class Step:
    seq: int
    at: datetime
    kind: str
    due_on: date | None = None
    person_key: int | None = 1
    outcome: str | None = None
    release: str | None = None


def steps(*kinds: str) -> list[Step]:
    return [Step(n, START + timedelta(days=n), kind) for n, kind in enumerate(kinds, 1)]


@pytest.mark.parametrize(
    ("kinds", "waits_for", "is_over"),
    [
        (["reported"], "unit", False),
        (["reported", "acknowledged", "corrected"], "unit", False),
        (["reported", "acknowledged", "corrected", "closed"], None, True),
        (["reported", "refused"], None, False),
        (["reported", "refused", "contested"], "working_group", False),
        (["reported", "refused", "contested", "upheld"], None, True),
        (["reported", "refused", "contested", "overturned"], "unit", False),
        (["reported", "withdrawn"], None, True),
    ],
)
def test_each_state_waits_for_somebody_or_is_over(kinds, waits_for, is_over):
    state = derive(steps(*kinds))
    assert (state.status, state.waits_for, state.is_over) == (kinds[-1], waits_for, is_over)


@pytest.mark.parametrize(
    "kinds",
    [
        [],
        ["acknowledged"],
        ["reported", "contested"],
        ["reported", "refused", "corrected"],
        ["reported", "refused", "contested", "overturned", "refused"],
        ["reported", "withdrawn", "closed"],
        ["reported", "closed", "withdrawn"],
    ],
)
def test_what_does_not_follow_is_no_correction(kinds):
    with pytest.raises(ValueError):
        derive(steps(*kinds))


def test_a_scan_changes_nothing_but_the_count():
    state = derive(steps("reported", "evidence", "acknowledged", "evidence"))
    assert (state.status, state.evidence, state.seq) == ("acknowledged", 2, 4)


def test_reading_late_gives_the_unit_no_more_time():
    began, today = date(2026, 9, 10), date(2026, 9, 29)
    assert CLOCK.due("reported", began, began, None) == date(2026, 9, 17)
    assert CLOCK.due("acknowledged", today, began, None) == date(2026, 10, 1)
    assert CLOCK.due("overturned", today, today, None) == date(2026, 10, 20)
    assert CLOCK.due("corrected", today, began, date(2026, 10, 3)) == date(2026, 10, 3)
    assert CLOCK.due("refused", today, began, None) is None


def test_it_is_late_the_day_after():
    state = derive([Step(1, START, "reported", due_on=date(2026, 9, 17))])
    assert not state.is_late(date(2026, 9, 17))
    assert state.is_late(date(2026, 9, 18))


class Life(RuleBasedStateMachine):
    """Any order of tries: the list of events stays one that can be read, contested once at most."""

    @initialize(
        path=st.sampled_from(
            [
                ("reported",),
                ("reported", "acknowledged", "corrected"),
                ("reported", "refused"),
                ("reported", "acknowledged", "refused", "contested"),
                ("reported", "refused", "contested", "overturned"),
                ("reported", "refused", "contested", "overturned", "corrected"),
            ]
        )
    )
    def begin(self, path):
        self.events = steps(*path)

    @rule(kind=st.sampled_from(KINDS[1:]))
    def attempt(self, kind):
        state = derive(self.events)
        follows = kind == "evidence" or may_follow(state, kind)
        longer = [*self.events, Step(state.seq + 1, START, kind)]
        if follows:
            self.events = longer
        else:
            with pytest.raises(ValueError):
                derive(longer)

    @precondition(lambda self: derive(self.events).is_over)
    @rule(kind=st.sampled_from(sorted(STEPS)))
    def nothing_follows_the_end(self, kind):
        assert not may_follow(derive(self.events), kind)

    @precondition(lambda self: derive(self.events).waits_for is not None)
    @rule()
    def whoever_it_waits_for_can_act(self):
        state = derive(self.events)
        actors = {actor for kind, (_, actor) in STEPS.items() if may_follow(state, kind)}
        # What the unit says it has corrected waits for its delivery, which the job sees.
        assert {"job" if state.status == "corrected" else state.waits_for} <= actors

    @invariant()
    def one_contest_and_one_end(self):
        kinds = [event.kind for event in self.events]
        assert kinds.count("contested") <= 1
        assert sum(kind in ("closed", "upheld", "withdrawn") for kind in kinds) <= 1
        assert derive(self.events).seq == len(kinds)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=150, stateful_step_count=12, deadline=None)


@pytest.mark.parametrize(
    ("written", "kind", "read"),
    [
        ("九十五", "DECIMAL(5,2)", None),
        ("９５", "DECIMAL(5,2)", "95"),
        ("1,200.50", "DECIMAL(12,2)", "1200.5"),
        ("3", "INTEGER", "3"),
        ("2006年1月2日", "DATE", "2006-01-02"),
        ("20060102", "DATE", "2006-01-02"),
        ("2006/13/40", "DATE", None),
        (" 汉族 ", "VARCHAR", "汉族"),
        ("不是", "BOOLEAN", None),
        ("是", "BOOLEAN", "是"),
    ],
)
def test_what_a_person_writes_is_read_as_the_column_is_kept(written, kind, read):
    assert wanted_value(written, kind) == read


def test_one_number_has_one_spelling():
    from decimal import Decimal

    assert plain_value(Decimal("95.00")) == plain_value(95) == plain_value(95.0) == "95"
    assert plain_value(True) == "是" and plain_value(None) == ""


GIVEN = {"student_academic_data.course_grade": ["person_key", "total_score"]}
THERE = {"student_academic_data.course_grade": {"person_key", "total_score", "usual_score"}}


@pytest.mark.parametrize(
    ("table", "column", "given"),
    [
        ("course_grade", "total_score", True),
        ("course_grade", "usual_score", False),
        ("course_grade", "score_under_another_name", True),
        ("course_grade", None, True),
        ("grade", "total_score", False),
        ("staff_basic", "total_score", False),
    ],
)
def test_a_grant_gives_a_place_by_table_and_column(table, column, given):
    assert covers(GIVEN, THERE, table, column) is given
