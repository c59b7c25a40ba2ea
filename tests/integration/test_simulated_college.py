"""Properties of a whole synthetic college: every contract, every key, every sum, and life's shape.

The college is small (300 students, 40 staff, 2 years) and made once for this module, in a path
with a space and Chinese characters.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from warehouse.contracts import Contracts, Table, load_contracts
from warehouse.engine import open_work, quote, quote_text
from warehouse.errors import SimulationError
from warehouse.home import Home
from warehouse.simulate import SOURCE_SYSTEM, Plan, extracts, simulate
from warehouse.simulate.volumes import expected_bytes

AS_OF = date(2026, 11, 20)
SIZE = {"students": 300, "staff": 40, "years": 2, "seed": 7, "as_of": AS_OF}
TECHNICAL = {
    "source_system": "VARCHAR",
    "extracted_at": "TIMESTAMP",
    "source_updated_at": "TIMESTAMP",
    "is_deleted": "BOOLEAN",
}

Connection = duckdb.DuckDBPyConnection


def _digests(paths: list[Path], inbox: Path) -> dict[str, str]:
    return {
        str(path.relative_to(inbox)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("synthetic") / "合成 学院")


@pytest.fixture(scope="module")
def written(home: Home) -> list[Path]:
    return simulate(home, **SIZE)


@pytest.fixture(scope="module")
def contracts(home: Home, written: list[Path]) -> Contracts:
    """Those of the tables that are delivered."""
    everything = load_contracts()
    sources = tuple(
        replace(
            source,
            tables=tuple(
                table
                for table in source.tables
                if (home.inbox / table.source / table.name).is_dir()
            ),
        )
        for source in everything.sources
    )
    return replace(everything, sources=sources)


@pytest.fixture(scope="module")
def college(home: Home, written: list[Path], contracts: Contracts) -> Iterator[Connection]:
    """Every file of every table, typed as its contract says, with `file` the file's name."""
    connection = open_work()
    for table in contracts:
        types = {column.name: column.sql_type for column in table.columns} | TECHNICAL
        columns = ", ".join(f"{quote_text(name)}: {quote_text(kind)}"
                            for name, kind in types.items())  # fmt: skip
        files = sorted((home.inbox / table.source / table.name).glob("*.csv"))
        names = ", ".join(quote_text(path) for path in files)
        connection.execute(
            f"create table {quote(table.name)} as "
            f"select * exclude (filename), parse_filename(filename) as file from read_csv("
            f"[{names}], header = true, auto_detect = false, delim = ',', quote = '\"', "
            f"filename = true, columns = {{{columns}}})"
        )
    yield connection
    connection.close()


def _count(connection: Connection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]


def _orphans(connection: Connection, contracts: Contracts) -> list[str]:
    found = []
    for table in contracts:
        for column in table.columns:
            if not column.foreign_key:
                continue
            parent = contracts.parent(table, column.foreign_key)
            assert parent is not None, f"{table.id}.{column.name} names a table without contract"
            other, key = parent
            missing = _count(
                connection,
                f"select count(*) from {quote(table.name)} child where child.{column.name} is not "
                f"null and not exists (select 1 from {quote(other.name)} parent where "
                f"parent.{key} = child.{column.name})",
            )
            if missing:
                found.append(f"{table.id}.{column.name}: {missing}")
    return found


def _broken(connection: Connection, contracts: Contracts, table: Table) -> list[str]:
    """What the contract forbids and the table's files hold."""
    tests = {}
    grain = ", ".join((*table.key, "file") if table.kind == "snapshot" else table.key)
    tests["key"] = f"({grain}) in (select ({grain}) from {quote(table.name)} group by all " \
                   f"having count(*) > 1)"  # fmt: skip
    for column in table.columns:
        name = column.name
        if column.required:
            tests[f"{name} required"] = f"{name} is null"
        if column.code_table:
            codes = contracts.code_tables[column.code_table]
            listed = ", ".join(quote_text(code) for code in codes)
            tests[f"{name} code"] = f"{name} not in ({listed})"
        if column.allowed:
            listed = ", ".join(quote_text(value) for value in column.allowed)
            tests[f"{name} allowed"] = f"{name} not in ({listed})"
        if column.pattern:
            tests[f"{name} pattern"] = f"not regexp_matches({name}, {quote_text(column.pattern)})"
        if column.minimum is not None:
            tests[f"{name} minimum"] = f"{name} < {column.minimum}"
        if column.maximum is not None:
            tests[f"{name} maximum"] = f"{name} > {column.maximum}"
    for rule in table.row_rules:
        tests[rule.id] = f"not ({rule.expression})"
    sql = ", ".join(f"count(*) filter (where {test})" for test in tests.values())
    row = connection.execute(f"select {sql} from {quote(table.name)}").fetchone()
    assert row is not None
    return [f"{table.id} {name}: {count}" for name, count in zip(tests, row, strict=True) if count]


def test_what_is_delivered_is_under_contract_with_the_contract_s_columns(
    home: Home, written: list[Path], contracts: Contracts
) -> None:
    folders = {path.parent for path in home.inbox.rglob("*.csv")}
    declared = {home.inbox / table.source / table.name for table in contracts}
    assert len(folders) >= 19
    assert folders <= declared
    assert sorted(written) == sorted(home.inbox.rglob("*.*"))
    for table in contracts:
        if (home.inbox / table.source / table.name) not in folders:
            continue  # under contract, not simulated yet
        first = next((home.inbox / table.source / table.name).glob("*.csv"))
        heading = first.open(encoding="utf-8").readline().strip().split(",")
        assert heading == [*table.column_names, *TECHNICAL]


def test_files_are_private_and_nothing_is_left_beside_the_inbox(
    home: Home, written: list[Path]
) -> None:
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    assert list(home.work.iterdir()) == []


def test_equal_arguments_give_equal_bytes_and_another_seed_another_college(
    home: Home, written: list[Path], tmp_path: Path
) -> None:
    again = Home(tmp_path / "again")
    other = Home(tmp_path / "other")
    first = _digests(written, home.inbox)
    assert _digests(simulate(again, **SIZE), again.inbox) == first
    different = _digests(simulate(other, **{**SIZE, "seed": 8}), other.inbox)
    same = {name for name, digest in first.items() if different.get(name) == digest}
    assert not {name for name in same if "student" in name or "meal" in name or "staff" in name}


def test_every_row_keeps_its_contract(college: Connection, contracts: Contracts) -> None:
    problems = [problem for table in contracts for problem in _broken(college, contracts, table)]
    assert problems == []


def test_every_foreign_key_resolves(college: Connection, contracts: Contracts) -> None:
    assert _orphans(college, contracts) == []


def test_these_checks_see_a_missing_parent_and_a_broken_row(
    college: Connection, contracts: Contracts
) -> None:
    college.execute("begin")
    try:
        college.execute(
            "delete from room where room_code in (select room_code from teaching_class)"
        )
        college.execute("update fee_bill set due_amount = due_amount + 1 where bill_no like '%7'")
        assert any("teaching_class.room_code" in line for line in _orphans(college, contracts))
        bills = contracts.table("tuition_collection", "fee_bill")
        assert any("due_is_standard" in line for line in _broken(college, contracts, bills))
    finally:
        college.execute("rollback")


def test_every_row_bears_the_simulators_mark_and_changed_before_it_was_extracted(
    college: Connection, contracts: Contracts
) -> None:
    for table in contracts:
        wrong = _count(
            college,
            f"select count(*) from {quote(table.name)} where source_system is distinct from "
            f"{quote_text(SOURCE_SYSTEM)} or is_deleted is distinct from false or "
            f"extracted_at is null or source_updated_at is null or "
            f"source_updated_at > extracted_at or extracted_at > timestamp '2026-11-20 02:00:00'",
        )
        assert wrong == 0, table.id
        if table.kind == "snapshot":
            moments = _count(
                college, f"select count(distinct extracted_at) from {quote(table.name)}"
            )
            assert moments == 4, f"{table.id}: three censuses and as-of"


@pytest.mark.parametrize(
    ("what", "sql"),
    [
        (
            "a bill's payments",
            "select count(*) from fee_bill left join (select bill_no, sum(amount) as paid from "
            "fee_payment group by all) using (bill_no) where coalesce(paid, 0) <> paid_amount",
        ),
        (
            "a payment's student",
            "select count(*) from fee_payment p join fee_bill b using (bill_no) "
            "where p.student_no <> b.student_no",
        ),
        (
            "a class's enrolment",
            "select count(*) from teaching_class left join (select class_no, count(*) as n from "
            "course_selection where dropped_at is null group by all) using (class_no) "
            "where enrolled <> coalesce(n, 0) or enrolled > capacity",
        ),
        (
            "a room's seats",
            "select count(*) from teaching_class join (select distinct room_code, seats from room) "
            "using (room_code) where seats < capacity",
        ),
        (
            "a card's running balance",
            "select count(*) from (select *, lag(balance_after) over (partition by card_no order "
            "by traded_at) as was from meal_transaction) where balance_after < 0 or balance_after "
            "<> was + case when transaction_type in ('充值', '补助') then amount else -amount end",
        ),
        (
            "the balance of a new card",
            "select count(*) from (select m.*, row_number() over (partition by card_no order by "
            "traded_at) as n, opened_date from meal_transaction m join meal_account a using "
            "(card_no) where a.file like '%as-of%') where n = 1 and opened_date > '2024-09-01' "
            "and (transaction_type not in ('充值', '补助') or balance_after <> amount)",
        ),
        (
            "an account's last balance",
            "select count(*) from meal_account a join (select card_no, a.file, max_by("
            "balance_after, traded_at) as last from meal_transaction t join meal_account a using "
            "(card_no) where t.traded_at < a.extracted_at group by all) l using (card_no, file) "
            "where a.balance <> l.last",
        ),
        (
            "two transactions of a card at once",
            "select count(*) from (select 1 from meal_transaction group by card_no, traded_at "
            "having count(*) > 1)",
        ),
        (
            "a grade's credits, point and pass",
            "select count(*) from course_grade g join (select distinct course_code, credits from "
            "course) c using (course_code) where passed <> (total_score >= 60) or credits_earned "
            "<> if(passed, credits, 0) or grade_point <> if(passed, least((total_score - 50) / "
            "10, 5), 0)",
        ),
        (
            "a grade's class",
            "select count(*) from course_grade g join teaching_class t using (class_no) "
            "where g.course_code <> t.course_code or g.term_code <> t.term_code",
        ),
        (
            "a grade without a kept selection",
            "select count(*) from course_grade g left join course_selection s using (student_no, "
            "class_no) where s.class_no is null or s.dropped_at is not null",
        ),
        (
            "a make-up without a failed first sitting",
            "select count(*) from course_grade m where exam_nature = '11' and not exists (select "
            "1 from course_grade f where f.student_no = m.student_no and f.class_no = m.class_no "
            "and f.exam_nature = '01' and not f.passed and f.recorded_at < m.recorded_at)",
        ),
        (
            "a retake sat as anything else",
            "select count(*) from course_grade g join course_selection s using (student_no, "
            "class_no) where s.is_retake <> (g.exam_nature = '13')",
        ),
        (
            "a book lent twice",
            "select count(*) from (select borrowed_at, lag(coalesce(returned_at, '2999-01-01')) "
            "over (partition by barcode order by borrowed_at) as back from library_loan) "
            "where back >= borrowed_at",
        ),
        (
            "days late and fine",
            "select count(*) from library_loan where (returned_at is null) <> (fine is null) or "
            "overdue_days <> greatest(returned_at::date - due_date, 0) or "
            "fine <> overdue_days * 0.10",
        ),
        (
            "a reader nobody knows",
            "select count(*) from library_loan where reader_no not in (select student_no from "
            "student_status) and reader_no not in (select staff_no from staff_basic)",
        ),
        (
            "a book on loan that stands on the shelf",
            "select count(*) from library_item i where file like '%as-of%' and (status = '1') <> "
            "exists (select 1 from library_loan l where l.barcode = i.barcode and "
            "l.returned_at is null)",
        ),
    ],
)
def test_sums_and_states_agree(college: Connection, what: str, sql: str) -> None:
    assert _count(college, sql) == 0, what


def test_no_room_no_teacher_and_no_student_of_the_plan_is_in_two_classes_at_once(
    college: Connection,
) -> None:
    hour = "term_code, weekday, start_period"
    rooms = f"select 1 from teaching_class where room_code is not null group by room_code, {hour}"
    teachers = (
        f"select 1 from teaching_class where weekday is not null group by lead_staff_no, {hour}"
    )
    people = (
        f"select 1 from course_selection join teaching_class using (class_no) where dropped_at is "
        f"null and not is_retake and weekday is not null group by student_no, {hour}"
    )
    for query in (rooms, teachers, people):
        assert _count(college, f"select count(*) from ({query} having count(*) > 1)") == 0


def test_as_many_are_in_residence_and_on_post_as_were_asked_for(college: Connection) -> None:
    assert _count(
        college,
        "select count(*) from student_status where file like '%as-of%' and current_status = '01'",
    ) == SIZE["students"]  # fmt: skip
    on_post = "select count(*) from staff_basic where file like '%as-of%' and left_date is null"
    assert _count(college, f"{on_post} and staff_category not like '5%'") == SIZE["staff"]
    teachers = _count(college, f"{on_post} and staff_category = '11'")
    external = _count(college, f"{on_post} and staff_category like '5%'")
    assert 0.55 <= teachers / SIZE["staff"] <= 0.7
    assert 0 < external <= teachers / 4
    left = "select count(*) from staff_basic where file like '%as-of%' and left_date is not null"
    assert 0.2 <= _count(college, left) / SIZE["staff"] <= 0.5


def test_volumes_are_those_of_a_college(college: Connection) -> None:
    terms = "term_code in ('2024-2025-1', '2024-2025-2')"
    year = "between timestamp '2024-09-01' and timestamp '2025-08-31 23:59:59'"
    selections = f"course_selection join teaching_class using (class_no) where {terms}"
    for query, low, high in (
        (selections, 17, 24),
        (f"meal_transaction where traded_at {year}", 420, 560),
        (f"library_loan where reader_kind = '学生' and borrowed_at {year}", 6.5, 12.5),
        ("fee_bill where academic_year = '2024-2025'", 2.7, 3.0),
    ):
        students = _count(
            college,
            "select count(*) from student_status where file like '%census-2024%' "
            "and current_status = '01'",
        )
        found = _count(college, f"select count(*) from {query}") / students
        assert low <= found <= high, query
    assert _count(college, "select count(distinct barcode) from library_item") >= 4_900


def test_id_numbers_are_right_in_every_digit_and_can_belong_to_nobody(
    college: Connection,
) -> None:
    numbers = college.execute(
        "select distinct id_card_no from student_status union select id_card_no from staff_basic"
    ).fetchall()
    assert len(numbers) > 400
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    for (number,) in numbers:
        rest = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
        assert number[17] == "10X98765432"[rest % 11]
        assert number.startswith("9900"), "no province begins with 9, and none is 90"


def test_a_graduate_may_be_staff_and_a_person_may_have_two_student_numbers(
    college: Connection,
) -> None:
    both = college.execute(
        "select distinct t.staff_no, s.name = t.name and s.sex = t.sex and s.birth_date = "
        "t.birth_date, s.current_status, t.joined_school_date > '2024-09-01' from student_status "
        "s join staff_basic t using (id_card_no) where s.file like '%as-of%' and "
        "t.file like '%as-of%' and s.student_category <> '41101'"
    ).fetchall()
    assert len({row[0] for row in both}) >= 2
    assert all(row[1:] == (True, "07", True) for row in both)
    twice = college.execute(
        "select count(*), count(distinct name), min(current_status), "
        "bool_or(student_category = '42102') from student_status where file like '%as-of%' "
        "group by id_card_no having count(*) > 1"
    ).fetchall()
    assert len(twice) >= 2
    assert all(count == 2 and names == 1 and further for count, names, _, further in twice)


def test_snapshots_are_the_state_as_it_was_and_lose_nobody(
    college: Connection, contracts: Contracts
) -> None:
    for table in contracts:
        if table.kind != "snapshot":
            continue
        key = table.key[0]
        lost = _count(
            college,
            f"with seen as (select {key}, max(extracted_at) as last from {quote(table.name)} group "
            f"by all) select count(*) from seen where last < (select max(extracted_at) from "
            f"{quote(table.name)})",
        )
        assert lost == 0, table.id
    for table, column in (
        ("student_status", "current_status"),
        ("student_status", "major_code"),
        ("student_status", "class_code"),
        ("staff_basic", "on_post_status"),
        ("staff_basic", "on_post_term"),
        ("org_unit", "leader_staff_no"),
        ("org_unit", "closed_date"),
        ("meal_account", "balance"),
        ("meal_account", "card_status"),
        ("library_item", "status"),
        ("meal_merchant", "closed_date"),
        ("room", "status"),
    ):
        key = next(item.key[0] for item in contracts if item.name == table)
        changed = _count(
            college,
            f"select count(*) from (select {key} from {table} group by {key} having "
            f"count(distinct coalesce({column}::varchar, '')) > 1)",
        )
        assert changed > 0, f"{table}.{column} never changes"


def test_a_change_of_status_agrees_with_the_snapshots_around_it(college: Connection) -> None:
    wrong = _count(
        college,
        "with steps as (select *, lag(to_status) over w as was, lag(to_major) over w as studied, "
        "lag(to_class) over w as sat, row_number() over (partition by student_no order by "
        "effective_date desc) as latest from student_status_change window w as (partition by "
        "student_no order by effective_date)) select count(*) from steps join student_status s "
        "using (student_no) where s.file like '%as-of%' and (from_status <> was or from_major <> "
        "studied or from_class <> sat or (latest = 1 and (to_major <> s.major_code or to_class <> "
        "s.class_code or (to_status <> s.current_status and s.current_status <> '07'))))",
    )
    assert wrong == 0
    kinds = college.execute("select distinct change_type from student_status_change").fetchall()
    assert {"11", "12", "23", "31"} <= {kind for (kind,) in kinds}
    without = _count(
        college,
        "select count(*) from student_status s where file like '%as-of%' and current_status in "
        "('02', '03', '08') and not exists (select 1 from student_status_change c where "
        "c.student_no = s.student_no and c.to_status = s.current_status)",
    )
    assert without == 0


def test_every_unit_is_led_by_somebody_on_post_and_everyone_holds_one_current_post(
    college: Connection,
) -> None:
    unled = _count(
        college,
        "select count(*) from org_unit u left join staff_basic s on s.staff_no = "
        "u.leader_staff_no and s.extracted_at = u.extracted_at where u.closed_date is null and "
        "(s.staff_no is null or s.left_date is not null)",
    )
    assert unled == 0
    posts = _count(
        college,
        "select count(*) from staff_basic s left join (select staff_no, count(*) as n from "
        "staff_position_record where is_current group by all) p using (staff_no) where s.file "
        "like '%as-of%' and coalesce(n, 0) <> if(s.left_date is null, 1, 0)",
    )
    assert posts == 0
    gaps = _count(
        college,
        "select count(*) from (select effective_date, lag(end_date) over (partition by staff_no "
        "order by seq) as ended from staff_position_record) where ended <> effective_date",
    )
    assert gaps == 0
    assert _count(college, "select max(seq) from staff_position_record") >= 2


def test_teachers_teach_while_they_are_on_post(college: Connection) -> None:
    wrong = _count(
        college,
        "select count(*) from teaching_class c join staff_basic s on s.staff_no = c.lead_staff_no "
        "and s.file like '%as-of%' where s.joined_school_date > c.source_updated_at::date or "
        "s.left_date < c.source_updated_at::date - 30 or s.staff_category not in "
        "('11', '52', '54', '13')",
    )
    assert wrong == 0


def test_august_is_quiet_and_the_weekend_quieter_than_the_week(college: Connection) -> None:
    meals = dict(
        college.execute(
            "select strftime(traded_at, '%Y-%m'), count(*) from meal_transaction "
            "where transaction_type = '消费' group by all"
        ).fetchall()
    )
    assert 0 < meals["2025-08"] < 0.1 * meals["2025-10"]
    assert meals["2026-02"] < 0.5 * meals["2026-03"]
    loans = dict(
        college.execute(
            "select strftime(borrowed_at, '%Y-%m'), count(*) from library_loan group by all"
        ).fetchall()
    )
    assert loans.get("2025-08", 0) < 0.1 * loans["2025-10"]
    day = dict(
        college.execute(
            "select isodow(traded_at), count(*) from meal_transaction "
            "where traded_at between '2025-11-03' and '2025-11-30 23:59:59' group by all"
        ).fetchall()
    )
    assert max(day[6], day[7]) < 0.8 * min(day[number] for number in range(1, 6))


def test_freshmen_eat_on_campus_more_than_those_in_their_last_spring(college: Connection) -> None:
    row = college.execute(
        "select avg(n) filter (where grade_year = 2025), avg(n) filter (where "
        "expected_graduation = '2026-07') from (select student_no, any_value(grade_year) as "
        "grade_year, any_value(expected_graduation) as expected_graduation, count(*) as n from "
        "meal_transaction join student_status s using (student_no) where s.file like "
        "'%census-2025%' and traded_at between '2026-03-01' and '2026-05-31' group by all)"
    ).fetchone()
    assert row is not None
    assert row[1] < 0.7 * row[0]


def test_readers_and_windows_are_as_uneven_as_in_life(college: Connection) -> None:
    share = college.execute(
        "select sum(n) filter (where place <= 0.1 * total) / sum(n) from (select count(*) as n, "
        "row_number() over (order by count(*) desc) as place, count(*) over () as total from "
        "library_loan where reader_kind = '学生' group by reader_no)"
    ).fetchone()
    assert share is not None
    assert 0.25 < share[0] < 0.7, "the top tenth of readers"
    busiest = college.execute(
        "select max(n) / avg(n) from (select count(*) as n from meal_transaction "
        "where merchant_no is not null group by merchant_no)"
    ).fetchone()
    assert busiest is not None
    assert busiest[0] > 1.8


def test_grades_are_plausible_and_come_only_after_the_term(college: Connection) -> None:
    row = college.execute(
        "select avg(total_score), avg(passed::int), min(total_score), max(total_score) "
        "from course_grade where exam_nature = '01'"
    ).fetchone()
    assert row is not None
    assert 70 < row[0] < 82
    assert 0.9 < row[1] < 0.99
    assert (row[2], row[3]) >= (0, 95)
    early = _count(
        college,
        "select count(*) from course_grade where recorded_at < make_timestamp("
        "substr(term_code, 6, 4)::int, if(term_code like '%-1', 1, 7), 5, 0, 0, 0)",
    )
    assert early == 0
    running = "select count(*) from course_grade where term_code = '2026-2027-1'"
    assert _count(college, running) == 0
    assert _count(college, "select count(*) from course_selection where is_retake") > 0


def test_who_graduated_passed_every_course_and_who_left_without_a_degree_did_not(
    college: Connection,
) -> None:
    found = dict(
        college.execute(
            "with results as (select student_no, course_code, bool_or(passed) as ever from "
            "course_grade group by all) select current_status, list(distinct ever) from (select "
            "student_no, bool_and(ever) as ever from results group by all) join student_status "
            "using (student_no) where file like '%as-of%' and current_status in ('07', '08') "
            "group by all"
        ).fetchall()
    )
    assert found == {"07": [True], "08": [False]}


def test_most_but_not_all_fees_are_paid(college: Connection) -> None:
    row = college.execute(
        "select sum(paid_amount) / sum(due_amount), count(distinct fee_status), "
        "(select count(*) from fee_payment where amount < 0) from fee_bill "
        "where academic_year = '2025-2026'"
    ).fetchone()
    assert row is not None
    assert 0.93 < row[0] < 1.0
    assert row[1] >= 2
    assert row[2] > 0


def test_the_files_take_no_more_than_was_expected(written: list[Path]) -> None:
    size = sum(path.stat().st_size for path in written)
    expected = expected_bytes(Plan(**SIZE))
    assert size < expected < 200_000_000


def test_a_full_disk_is_named_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1_000_000})()
    monkeypatch.setattr(extracts.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SimulationError, match="GB are free"):
        simulate(Home(tmp_path / "full"), **SIZE)
    assert not (tmp_path / "full").exists()


def test_a_run_that_fails_half_way_leaves_the_inbox_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "half")

    def stop(what: str, done: int, total: int) -> None:
        if what == "library":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(home, **SIZE, progress=stop)
    assert list(home.inbox.iterdir()) == []
    assert list(home.work.iterdir()) == []
