"""The rules of the synthetic college, each on its own and without any file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from warehouse.authority import load_authority
from warehouse.contracts import load_contracts
from warehouse.errors import SimulationError
from warehouse.home import Home
from warehouse.simulate.academic_calendar import boundary, day_weights, term_at, terms
from warehouse.simulate.catalogue import COLLEGES, OFFICES, SCHOOL
from warehouse.simulate.curriculum import make_curriculum
from warehouse.simulate.extracts import Extracts
from warehouse.simulate.grading import grade_classes
from warehouse.simulate.identity import check_digits, id_numbers
from warehouse.simulate.meal_cards import Cards
from warehouse.simulate.meals import book_purchases
from warehouse.simulate.plan import Plan, last_day

AS_OF = date(2026, 11, 20)


def test_check_digits_are_those_of_the_standards_own_examples() -> None:
    # The two specimen numbers printed in GB 11643-1999.
    bodies = np.array(["11010519491231002", "44052418800101001"])
    assert check_digits(bodies).tolist() == ["X", "4"]


def test_id_numbers_carry_birthday_and_sex_and_are_unique_where_birthdays_crowd() -> None:
    rng = np.random.default_rng(1)
    birthday = np.array(["2004-02-29"] * 700 + ["2005-01-01"] * 300, dtype="datetime64[D]")
    male = rng.random(1000) < 0.5
    numbers = id_numbers(rng, birthday, male, block=0)
    assert len(set(numbers.tolist())) == 1000
    for number, day, man in zip(numbers.tolist(), birthday, male.tolist(), strict=True):
        assert len(number) == 18
        assert number[6:14] == str(day).replace("-", "")
        assert (int(number[16]) % 2 == 1) == man
        assert number.startswith("9900"), "an area that could be allotted"


def test_students_and_staff_never_share_a_number_by_chance() -> None:
    birthday = np.array(["1999-09-09"] * 200, dtype="datetime64[D]")
    male = np.ones(200, dtype=bool)
    drawn = [
        set(id_numbers(np.random.default_rng(5), birthday, male, block=block).tolist())
        for block in (0, 1)
    ]
    assert not drawn[0] & drawn[1]


@pytest.mark.parametrize(
    ("as_of", "years", "start", "last_intake", "censuses"),
    [
        (date(2026, 11, 20), 2, date(2024, 9, 1), 2026, [2024, 2025, 2026]),
        (date(2026, 8, 31), 2, date(2023, 9, 1), 2025, [2023, 2024, 2025]),
        (date(2026, 9, 1), 2, date(2023, 9, 1), 2025, [2023, 2024, 2025]),
        (date(2026, 9, 30), 1, date(2025, 9, 1), 2026, [2025]),
        (date(2026, 10, 1), 1, date(2025, 9, 1), 2026, [2025, 2026]),
        (date(2024, 2, 29), 1, date(2022, 9, 1), 2023, [2022, 2023]),
    ],
)
def test_the_window_opens_on_a_first_of_september_at_least_the_years_asked_ago(
    as_of: date, years: int, start: date, last_intake: int, censuses: list[int]
) -> None:
    plan = Plan(as_of, years=years)
    assert plan.start == start
    assert (as_of - start).days >= 365 * years
    assert plan.last_intake == last_intake
    assert [moment.year for moment in plan.censuses] == censuses
    assert plan.snapshots[-1] == plan.cut == datetime(as_of.year, as_of.month, as_of.day, 2)


def test_a_college_keeps_its_window_and_its_sizes_when_days_follow() -> None:
    first = Plan(AS_OF)
    later = Plan(date(2028, 2, 29), origin=AS_OF)
    assert (later.start, later.anchor, later.closing) == (first.start, 2026, date(2027, 9, 1))
    assert later.last_intake == 2027
    assert list(first.drawn_years) == [2026, 2027], "a term is planned before it begins"
    assert list(later.drawn_years) == [2026, 2027, 2028]
    with pytest.raises(SimulationError, match="first seen on 2026-11-20"):
        Plan(date(2026, 11, 19), origin=AS_OF)


@pytest.mark.parametrize(
    ("as_of", "months"),
    [
        (date(2026, 11, 20), ["2026-11"]),
        (date(2026, 12, 1), ["2026-11", "2026-12"]),
        (date(2026, 12, 2), ["2026-12"]),
        (date(2027, 1, 1), ["2026-12", "2027-01"]),
    ],
)
def test_a_day_s_changes_lie_in_its_month_or_in_the_two_around_a_first(
    tmp_path: Path, as_of: date, months: list[str]
) -> None:
    plan = Plan(as_of, origin=AS_OF)
    extracts = Extracts(Home(tmp_path), plan, since=plan.cut - timedelta(days=1))
    assert [f"{month:%Y-%m}" for month in extracts.months()] == months
    whole = Extracts(Home(tmp_path), plan).months()
    assert whole[0] == plan.start
    assert whole[-1] == as_of.replace(day=1)


def test_of_a_day_only_changed_rows_and_changed_snapshots_are_written(tmp_path: Path) -> None:
    plan, home = Plan(AS_OF), Home(tmp_path)
    since = plan.cut - timedelta(days=1)
    frame = pl.DataFrame(
        {
            "term_code": ["a", "b", "c"],
            "source_updated_at": [
                since - timedelta(seconds=1),
                since,
                plan.cut - timedelta(hours=1),
            ],
        }
    )
    names = load_contracts().table("student_affairs", "student_status_change").column_names
    rows = frame.select(*(pl.col("term_code").alias(name) for name in names), "source_updated_at")
    extracts = Extracts(home, plan, since=since)
    extracts.events("student_status_change", rows)
    with extracts.open("student_status_change", "months") as file:
        for head in (True, False):
            extracts.append(file, "student_status_change", rows, plan.cut, header=head)
    with extracts.open("student_status_change", "nothing") as file:
        extracts.append(file, "student_status_change", rows.head(1), plan.cut, header=True)
    extracts.snapshot("student_status_change", rows, plan.cut)
    extracts.snapshot("student_status_change", rows, plan.censuses[0])
    counts = {path.stem: pl.read_csv(path)["change_id"].to_list() for path in extracts.deliver()}
    assert counts == {
        "student_status_change-2026-delta-20261120": ["b", "c"],
        "months-delta-20261120": ["b", "c", "b", "c"],
        "student_status_change-as-of-20261120": ["a", "b", "c"],
    }
    again = Extracts(home, plan, since=since, known=extracts.digests)
    again.snapshot("student_status_change", rows, plan.cut)
    assert again.deliver() == []


def test_a_nightly_extract_knows_only_the_day_before() -> None:
    assert last_day(datetime(2026, 9, 1, 2)) == date(2026, 8, 31)
    assert last_day(datetime(2026, 9, 30, 23)) == date(2026, 9, 30)


def test_impossible_sizes_are_refused_all_at_once() -> None:
    with pytest.raises(SimulationError) as refused:
        Plan(AS_OF, students=5, staff=1, years=0, seed=-1)
    assert all(word in refused.value.message for word in ("students", "staff", "years", "seed"))
    assert refused.value.next_step


def test_terms_follow_the_calendar_and_future_ones_do_not_exist() -> None:
    found = terms(Plan(date(2026, 2, 10), years=1))
    assert [term.code for term in found] == ["2024-2025-1", "2024-2025-2", "2025-2026-1"]
    assert all(term.start < term.exams < term.end for term in found)
    assert found[1].start.weekday() == 0
    assert term_at(date(2025, 8, 1)).code == "2024-2025-2", "a holiday belongs to the term before"
    assert term_at(date(2025, 1, 10)).code == "2024-2025-1"


def test_changes_of_status_fall_into_the_holiday_before_the_semester() -> None:
    year, offset = np.array([2024, 2024, 2024]), np.array([0, 9, 5])
    days = boundary(year, np.array([1, 1, 2]), offset)
    assert [str(day) for day in days] == ["2025-02-10", "2025-02-19", "2025-08-25"]


def test_campus_is_empty_in_the_holidays_and_fullest_before_exams() -> None:
    holiday, weekday, sunday, exam, golden = day_weights(
        [date(2025, 8, 5), date(2025, 11, 12), date(2025, 11, 16), date(2026, 1, 7),
         date(2025, 10, 2)]
    )  # fmt: skip
    assert holiday < 0.05 < golden < sunday < weekday < exam


def _sat(count: int) -> pl.DataFrame:
    rng = np.random.default_rng(3)
    return pl.DataFrame(
        {
            "student": np.arange(count),
            "student_no": [f"2024010101{index:04d}" for index in range(count)],
            "class_no": [f"2024-2025-1-010001-{index % 9:02d}" for index in range(count)],
            "course_code": ["010001"] * count,
            "course_category": ["1"] * count,
            "credits": [3.5] * count,
            "ability": rng.normal(-0.6, 1, count),
            "is_retake": rng.random(count) < 0.1,
            "attribute": ["1"] * count,
        }
    )


def test_grades_follow_from_scores_by_the_stated_rule() -> None:
    plan = Plan(AS_OF)
    present = pl.DataFrame({"student": np.arange(1500)})
    sat = _sat(3000)
    rows, failed = grade_classes(plan, terms(plan)[0], sat, present, plan.rng("grades"))
    natures = set(rows["exam_nature"])
    assert natures == {"01", "11", "13"}
    for row in rows.iter_rows(named=True):
        if row["absent_cheat"]:
            expected = 0
        else:
            expected = int((4 * row["usual_score"] + 6 * row["final_score"] + 5) // 10)
        if row["exam_nature"] == "11":
            expected = min(expected, 60)
        assert row["total_score"] == expected
        assert row["passed"] == (expected >= 60)
        assert row["credits_earned"] == (3.5 if expected >= 60 else 0)
        point = min((expected - 50) / 10, 5) if expected >= 60 else 0
        assert row["grade_point"] == pytest.approx(point)
    first = rows.filter(pl.col("exam_nature") != "11")
    assert sorted(first["student_no"]) == sorted(sat["student_no"])
    makeup = set(rows.filter(pl.col("exam_nature") == "11")["student_no"])
    fails = first.filter(~pl.col("passed") & (pl.col("exam_nature") == "01"))["student_no"]
    there = {number for number in fails if int(number[-4:]) < 1500}
    assert makeup == there, "a make-up for everyone who failed and is still there, nobody else"
    passed = set(rows.filter("passed")["student_no"])
    left_over = sat.join(failed, on="student", how="semi")["student_no"]
    assert set(left_over) == set(sat["student_no"]) - passed


def test_no_grade_is_known_before_its_term_has_ended() -> None:
    plan = Plan(date(2026, 1, 10), years=1)
    term = terms(plan)[-1]
    present = pl.DataFrame({"student": np.arange(50)})
    rows, failed = grade_classes(plan, term, _sat(50), present, plan.rng("grades"))
    assert rows.is_empty()
    assert failed.is_empty()


def test_a_card_is_topped_up_before_it_would_run_dry_and_its_balance_adds_up() -> None:
    rng = np.random.default_rng(11)
    people, count = 6, 400
    cards = Cards(
        opening=np.array([0, 700, 5_000, 0, 12_345, 900]),
        top_up=np.array([5_000, 10_000, 5_000, 20_000, 10_000, 5_000]),
        threshold=np.array([200, 500, 0, 1_000, 300, 100]),
        spent=np.zeros(people, dtype=np.int64),
        top_ups=np.zeros(people, dtype=np.int64),
        changed=np.full(people, np.datetime64("2026-01-01T00:00:00")),
    )
    opening = cards.opening.copy()
    balance = {index: int(value) for index, value in enumerate(opening)}
    for month in ("2026-03-01", "2026-04-01"):
        fen = rng.integers(50, 9_000, count)
        fen[rng.random(count) < 0.05] = -10_000  # subsidies
        rows = {
            "who": rng.integers(0, people, count),
            "at": np.datetime64(month, "s")
            + rng.permutation(count * 50)[:count].astype("timedelta64[s]"),
            "fen": fen,
            "period": np.zeros(count, dtype=np.int64),
            "window": np.zeros(count, dtype=np.int64),
        }
        booked = book_purchases(cards, rows)
        assert len(booked["fen"]) == count
        for who, spent, top_up, after in zip(
            booked["who"], booked["fen"], booked["top_up"], booked["balance"], strict=True
        ):
            assert top_up % cards.top_up[who] == 0
            if top_up:
                dry = balance[who] - spent < cards.threshold[who]
                assert dry, "topped up without need"
            balance[who] += int(top_up) - int(spent)
            assert balance[who] == after >= 0
    assert cards.balance.tolist() == [balance[index] for index in range(people)]


def test_majors_teach_what_their_credits_say_and_nobody_has_two_courses_in_one_place() -> None:
    curriculum = make_curriculum(Plan(AS_OF))
    assert len(curriculum.majors) >= 20
    assert {item.major.level for item in curriculum.majors} == {"3", "4"}
    places = ["kind", "major_code", "semester", "position"]
    assert not curriculum.plan.select(places).is_duplicated().any()
    planned = curriculum.plan["course_code"].drop_nulls()
    assert planned.is_in(curriculum.courses["course_code"].to_list()).all()
    assert curriculum.courses["course_code"].is_unique().all()


def test_offices_are_those_of_the_annexes() -> None:
    named = {title for key, title in load_authority().units.items()
             if key not in ("colleges", "staff_self")}  # fmt: skip
    simulated = {office[1] for office in OFFICES} | {college.name for college in COLLEGES}
    assert named <= simulated
    codes = [SCHOOL[0], *(office[0] for office in OFFICES), *(unit.code for unit in COLLEGES)]
    assert len(codes) == len(set(codes))
