"""The tables of students and studies: who was there, what adds up, and one day after another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from warehouse.contracts import load_contracts
from warehouse.engine import open_work, quote, quote_text
from warehouse.home import Home
from warehouse.simulate import simulate, simulate_day

AS_OF = date(2026, 11, 20)
SIZE = {"students": 200, "staff": 30, "years": 2, "seed": 11}
TECHNICAL = {"source_system": "VARCHAR", "extracted_at": "TIMESTAMP",
             "source_updated_at": "TIMESTAMP", "is_deleted": "BOOLEAN"}  # fmt: skip
#: Tables of this package, with the day of each row on which its student must be 在读.
DATED = {
    "student_cadre": "start_date",
    "student_discipline": "decided_date",
    "student_award": "award_date",
    "student_aid": "approved_date",
    "student_work_study": "make_date(substr(month, 1, 4)::int, substr(month, 6)::int, 28)",
    "student_activity": "start_date",
    "student_certificate": "exam_date",
    "student_dorm_stay": "check_in_date",
    "psych_screening": "taken_at::date",
    "psych_counselling": "session_date",
    "psych_alert": "opened_date",
    "online_learning_daily": "activity_date",
    "online_assignment": "submitted_at::date",
    "student_physical_exam": "exam_date",
    "student_fitness_test": "source_updated_at::date",
}
OTHERS = (
    "student_education_history", "student_family_member", "student_evaluation",
    "student_political_history", "teaching_evaluation", "teaching_performance",
    "graduation_result", "online_course", "student_disbursement", "admission_plan",
    "admission_record", "freshman_registration", "onboarding_step", "graduate_destination",
)  # fmt: skip

Connection = duckdb.DuckDBPyConnection


def _load(home: Home) -> Connection:
    """Every table that is delivered, typed as its contract says; `file` is the file's name."""
    connection = open_work()
    for table in load_contracts():
        files = sorted((home.inbox / table.source / table.name).glob("*.csv"))
        if not files:
            continue
        types = {column.name: column.sql_type for column in table.columns} | TECHNICAL
        columns = ", ".join(f"{quote_text(name)}: {quote_text(kind)}"
                            for name, kind in types.items())  # fmt: skip
        names = ", ".join(quote_text(path) for path in files)
        connection.execute(
            f"create table {quote(table.name)} as select * exclude (filename), "
            f"parse_filename(filename) as file from read_csv([{names}], header = true, "
            f"auto_detect = false, delim = ',', quote = '\"', filename = true, "
            f"columns = {{{columns}}})"
        )
    return connection


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    found = Home(tmp_path_factory.mktemp("study"))
    simulate(found, **SIZE, as_of=AS_OF)
    return found


@pytest.fixture(scope="module")
def college(home: Home) -> Iterator[Connection]:
    """The delivery, with `here`: the days from `since` until `until` (excluded) of each student's
    status, read from the register and its changes alone."""
    connection = _load(home)
    connection.execute(
        "create table now as select * from student_status where file like '%as-of%'; "
        "create table here as with steps as ("
        "select student_no, entry_date as since, '01' as status from now union all "
        "select student_no, effective_date, to_status from student_status_change union all "
        "select student_no, make_date(substr(expected_graduation, 1, 4)::int, 7, 1), '07' "
        "from now where current_status = '07') "
        "select student_no, status, since, lead(since, 1, date '2200-01-01') over (partition by "
        "student_no order by since) as until from steps"
    )
    yield connection
    connection.close()


def _rows(connection: Connection, sql: str) -> list[tuple]:
    return connection.execute(sql).fetchall()


def _one(connection: Connection, sql: str) -> tuple:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row


def test_nothing_happens_to_a_student_who_is_not_there(college: Connection) -> None:
    # A waiver is granted when its bill is settled, be it after the student has gone.
    for table, day in DATED.items():
        total, absent = _one(
            college,
            f"select count(*), count(*) filter (where not exists (select 1 from here h where "
            f"h.student_no = t.student_no and h.status = '01' and h.since <= t.day and h.until "
            f"> t.day)) from (select *, {day} as day from {table}) t"
            + (" where grant_type is distinct from '32'" if table == "student_aid" else ""),
        )
        assert total > 0, table
        assert absent == 0, table


def test_every_resident_has_one_bed_and_no_bed_two_people(college: Connection) -> None:
    shared = _one(
        college,
        "select count(*) from student_dorm_stay a join student_dorm_stay b on a.room_code = "
        "b.room_code and a.bed_no = b.bed_no and a.student_no < b.student_no and a.check_in_date "
        "<= coalesce(b.check_out_date, date '2200-01-01') and b.check_in_date <= "
        "coalesce(a.check_out_date, date '2200-01-01')",
    )
    twice = _one(
        college,
        "select count(*) from student_dorm_stay a join student_dorm_stay b on a.student_no = "
        "b.student_no and a.check_in_date < b.check_in_date and b.check_in_date <= "
        "coalesce(a.check_out_date, date '2200-01-01')",
    )
    assert shared == twice == (0,)
    beyond = _one(
        college,
        "select count(*) filter (where s.bed_no::int > r.beds), count(*) filter (where r.beds is "
        "null) from student_dorm_stay s left join (select room_code, max(beds) as beds from room "
        "group by all) r using (room_code)",
    )
    assert beyond == (0, 0)
    mixed = _one(
        college,
        "select count(*) from (select room_code, date_part('year', check_in_date - 200) as y, "
        "count(distinct sex) as n from student_dorm_stay join now using (student_no) group by all) "
        "where n > 1",
    )
    assert mixed == (0,)
    for day in ("2025-10-15", "2026-03-20", "2026-11-19"):
        wrong = _one(
            college,
            f"select count(*) from (select student_no, residence_mode = '2' and exists (select 1 "
            f"from here h where h.student_no = n.student_no and status = '01' and since <= date "
            f"'{day}' and until > date '{day}') as should, exists (select 1 from "
            f"student_dorm_stay d where d.student_no = n.student_no and check_in_date <= date "
            f"'{day}' and coalesce(check_out_date, date '2200-01-01') > date '{day}') as has "
            f"from now n) where should <> has",
        )
        assert wrong == (0,), day


def test_everyone_who_entered_was_admitted_as_the_same_person(college: Connection) -> None:
    missing, differing = _one(
        college,
        "select count(*) filter (where a.exam_no is null), count(*) filter (where a.name <> n.name "
        "or a.birth_date <> n.birth_date or a.id_card_no <> n.id_card_no or (a.major_code <> "
        "n.major_code and not exists (select 1 from student_status_change c where c.student_no = "
        "n.student_no and c.from_major = a.major_code))) from now n left join "
        "freshman_registration r using (student_no) left join admission_record a using (exam_no) "
        "where n.entry_date >= date '2024-09-01'",
    )
    assert (missing, differing) == (0, 0)
    never = _rows(
        college,
        "select report_status, count(*) from freshman_registration where student_no is null group "
        "by all",
    )
    assert never
    assert "报到" not in dict(never)
    short = _one(
        college,
        "select count(*) from admission_plan p left join (select year, province, batch, "
        "subject_group, major_code, count(*) as n, min(total_score) as low, round(avg("
        "total_score), 2) as mean from admission_record group by all) a using (year, province, "
        "batch, subject_group, major_code) where plan_count < n or min_score <> low or "
        "abs(avg_score - mean) > 0.011 or min_score < control_line",
    )
    assert short == (0,)
    steps = _rows(college, "select step_code, count(*) from onboarding_step group by all")
    assert len(steps) == 6


def test_each_payment_out_is_the_sum_it_was_granted_and_nothing_is_paid_twice(
    college: Connection,
) -> None:
    college.execute(
        "create or replace table granted as "
        "select '奖学金' as kind, student_no, award_id as ref, amount, award_date as day from "
        "student_award where amount is not null union all "
        "select if(record_type = '助学金', '助学金', '补助'), student_no, aid_id, amount, "
        "paid_date from student_aid where record_type in ('助学金', '困难补助') and grant_type <> "
        "'32' and paid_date is not null union all "
        "select '勤工', student_no, post_no || '/' || month, pay, paid_date from "
        "student_work_study where paid_date is not null union all "
        "select '退费', student_no, payment_no, -amount, paid_at::date from fee_payment where "
        "amount < 0"
    )
    stray = _one(
        college,
        "select count(*) from student_disbursement d left join granted g on g.kind = "
        "d.payment_type and g.student_no = d.student_no and g.ref = d.source_ref where d.status = "
        "'成功' and (g.ref is null or g.amount <> d.amount or (d.payment_type <> '奖学金' and "
        "g.day <> d.paid_date))",
    )
    unpaid = _one(
        college,
        "select count(*) from granted g where (kind <> '奖学金' or day < date '2026-06-01') and "
        "(select count(*) from student_disbursement d where d.payment_type = g.kind and "
        "d.student_no = g.student_no and d.source_ref = g.ref and d.status = '成功') <> 1",
    )
    assert stray == unpaid == (0,)
    failed, again = _one(
        college,
        "select count(*), count(*) filter (where exists (select 1 from student_disbursement s "
        "where s.status = '成功' and s.source_ref = f.source_ref and s.student_no = f.student_no "
        "and s.amount = f.amount)) from student_disbursement f where f.status = '失败' and "
        "f.source_updated_at < timestamp '2026-11-01'",
    )
    assert failed > 0
    assert failed == again


def test_loans_and_waivers_are_those_of_the_fee_bills(college: Connection) -> None:
    loans = _one(
        college,
        "select count(*), count(*) filter (where b.bill_no is null or b.due_amount <> a.amount or "
        "(a.loan_status = '3') <> (b.paid_amount = b.due_amount) or (a.paid_date is not null and "
        "not exists (select 1 from fee_payment p where p.bill_no = b.bill_no and p.amount = "
        "a.amount and p.paid_at::date = a.paid_date and p.channel = '贷款划转'))) from student_aid "
        "a left join fee_bill b on b.student_no = a.student_no and b.academic_year = "
        "a.academic_year and b.fee_item = '学费' and b.adjustment = '4' where a.record_type = "
        "'贷款'",
    )
    waivers = _one(
        college,
        "select count(*), count(*) filter (where b.waiver_amount is distinct from a.amount) from "
        "student_aid a left join fee_bill b on b.student_no = a.student_no and b.academic_year = "
        "a.academic_year and b.fee_item = '学费' where a.grant_type = '32'",
    )
    assert loans[0] > 5
    assert waivers[0] > 0
    assert loans[1] == waivers[1] == 0
    unheard = _one(
        college,
        "select count(*) from fee_bill b where adjustment = '4' and academic_year < '2026' and "
        "not exists (select 1 from student_aid a where a.record_type = '贷款' and a.student_no = "
        "b.student_no and a.academic_year = b.academic_year)",
    )
    assert unheard == (0,)


def test_evaluations_follow_from_the_grades_and_rank_the_class(college: Connection) -> None:
    marks = (
        "select student_no, round(sum(total_score * credits) / sum(credits), 2) as mean from "
        "course_grade g join (select course_code, max(credits) as credits from course group by "
        "all) c using (course_code) where exam_nature <> '11' and term_code like '2025-%' group by "
        "all"
    )
    compared, differing = _one(
        college,
        f"select count(*), count(*) filter (where abs(mean - academic_score) > 0.011) from "
        f"student_evaluation join ({marks}) using (student_no) join now using (student_no) where "
        f"academic_year = '2025-2026' and current_status not in ('07', '08')",
    )
    assert compared > 50
    assert differing == 0
    unequal = _one(
        college,
        "select count(*) from student_evaluation where abs(total_score - (0.15 * moral_score + "
        "0.65 * academic_score + 0.1 * physical_score + 0.1 * aesthetic_labour_score + "
        "bonus_score)) > 0.011",
    )
    assert unequal == (0,)
    assert _one(college, "select min(class_rank), min(major_rank) from student_evaluation") == (
        1,
        1,
    )


def test_workloads_add_up_to_the_classes_and_only_teachers_are_evaluated(
    college: Connection,
) -> None:
    wrong = _one(
        college,
        "with led as (select lead_staff_no as staff_no, substr(term_code, 1, 9) as academic_year, "
        "count(*) as classes, count(distinct course_code) as courses, sum(hours_total) as hours, "
        "sum(hours_practice) as practice from teaching_class join (select course_code, "
        "max(hours_total) as hours_total, max(hours_practice) as hours_practice from course group "
        "by all) using (course_code) where term_code < '2026-2027' group by all) select count(*), "
        "count(*) filter (where p.staff_no is null or l.staff_no is null or classes <> class_count "
        "or courses <> course_count or hours <> workload_total or practice <> practice_hours or "
        "classroom_hours + practice_hours <> workload_total or undergraduate_hours > "
        "workload_total) from led l full join teaching_performance p using (staff_no, "
        "academic_year)",
    )
    assert wrong[0] > 20
    assert wrong[1] == 0
    heard = _one(
        college,
        "select count(*) filter (where e.staff_no <> c.lead_staff_no), count(*) filter (where "
        "evaluator_group = '学生' and due_count <> (select count(*) from course_selection s where "
        "s.class_no = e.class_no and dropped_at is null)), avg(score) from teaching_evaluation e "
        "join teaching_class c using (class_no)",
    )
    assert heard[:2] == (0, 0)
    assert 85 < heard[2] < 95


def test_everyone_who_left_has_a_result_and_credits_are_those_of_the_grades(
    college: Connection,
) -> None:
    wrong = _one(
        college,
        "select count(*) from now n left join graduation_result g using (student_no) where "
        "n.current_status in ('07', '08') and n.expected_graduation >= '2025' and (g.result is "
        "distinct from if(n.current_status = '07', '毕业', '结业') or (degree_awarded and "
        "student_category = '41101'))",
    )
    assert wrong == (0,)
    counted, unequal = _one(
        college,
        "with earned as (select student_no, sum(best) as credits from (select student_no, "
        "course_code, max(credits_earned) as best from course_grade group by all) group by all) "
        "select count(*), count(*) filter (where total_credits <> credits) from "
        "graduation_result join earned using (student_no) join now using (student_no) where "
        "entry_date >= date '2024-09-01' and result = '毕业'",
    )
    assert counted > 0, "further bachelor's students of 2024 studied wholly in the window"
    assert unequal == 0
    share = _one(
        college,
        "select avg(degree_awarded::int) from graduation_result join now using (student_no) where "
        "result = '毕业' and student_category <> '41101'",
    )
    assert share[0] > 0.8
    gone = _one(
        college,
        "select count(*) filter (where g.result not in ('毕业', '结业')), avg((destination_class = "
        "'未就业')::int) from graduate_destination left join graduation_result g using "
        "(student_no)",
    )
    assert gone[0] == 0
    assert gone[1] < 0.3


def test_the_register_says_what_the_last_stage_made_of_a_student(college: Connection) -> None:
    differing = _one(
        college,
        "select count(*) from (select student_no, arg_max(h.political_affiliation, stage_date) as "
        "last, any_value(n.political_affiliation) as now from student_political_history h join "
        "now n using (student_no) group by all) where last <> now",
    )
    assert differing == (0,)
    stages = dict(_rows(college, "select stage, count(*) from student_political_history group by "
                                 "all"))  # fmt: skip
    assert stages["入团"] > stages["递交申请"] > stages["积极分子"] > stages["发展对象"]
    assert stages["发展对象"] >= stages["预备党员"] > 0


def test_online_courses_are_learnt_by_those_who_sit_in_the_class(college: Connection) -> None:
    for table, day in (
        ("online_learning_daily", "activity_date"),
        ("online_assignment", "submitted_at::date"),
    ):
        total, stray = _one(
            college,
            f"select count(*), count(*) filter (where s.class_no is null or {day} < "
            f"s.selected_at::date or {day} >= coalesce(s.dropped_at::date, date '2200-01-01')) "
            f"from {table} l join online_course c using (online_course_no) left join "
            f"course_selection s on s.class_no = c.class_no and s.student_no = l.student_no",
        )
        assert total > 5_000
        assert stray == 0
    july, october = _one(
        college,
        "select count(*) filter (where strftime(activity_date, '%Y-%m') = '2025-08'), count(*) "
        "filter (where strftime(activity_date, '%Y-%m') = '2025-10') from online_learning_daily",
    )
    assert july == 0
    assert october > 1_000
    good, poor = _one(
        college,
        "select corr(score, total_score), avg(score) from (select student_no, avg(score) as score "
        "from online_assignment group by all) join (select student_no, avg(total_score) as "
        "total_score from course_grade group by all) using (student_no)",
    )
    assert good > 0.3
    assert 70 < poor < 90


@pytest.mark.slow
def test_a_day_later_nothing_that_was_dated_before_is_different(
    tmp_path: Path, home: Home, college: Connection
) -> None:
    """The college of one day before with that day's changes is the college of as-of."""
    before = Home(tmp_path / "before")
    simulate(before, **SIZE, as_of=date(2026, 11, 19))
    simulate_day(before)
    later = _load(before)
    for table in load_contracts():
        if table.name not in {*DATED, *OTHERS}:
            continue
        key = ", ".join(table.key)
        columns = ", ".join((*table.column_names, "source_updated_at"))
        current = (
            f"select {columns} from (select *, row_number() over (partition by {key} order by "
            f"extracted_at desc, source_updated_at desc) as place from {table.name}) where "
            f"place = 1 order by all"
        )
        assert _rows(later, current) == _rows(college, current), table.id
    later.close()


def test_psychology_stays_rare_and_leaves_no_level_where_a_test_was_invalid(
    college: Connection,
) -> None:
    valid, high, unsound = _one(
        college,
        "select avg(is_valid::int), avg((screening_level in ('1', '2'))::int), count(*) filter "
        "(where not is_valid and screening_level is not null) from psych_screening",
    )
    assert valid > 0.9
    assert high < 0.06
    assert unsound == 0
    foreign = _one(
        college,
        "select count(*) from psych_counselling p join staff_basic s on s.staff_no = "
        "p.counsellor_staff_no and s.file like '%as-of%' where s.left_date <= p.session_date or "
        "s.joined_school_date > p.session_date",
    )
    assert foreign == (0,)


def test_the_grade_of_a_fitness_test_follows_from_its_total(college: Connection) -> None:
    shares = dict(
        _rows(
            college,
            "select fitness_grade, count(*) / sum(count(*)) over () from student_fitness_test "
            "where not exempt group by all",
        )
    )
    assert float(shares["3"]) > float(shares["2"]) > float(shares["1"])
    assert float(shares["4"]) < 0.15
