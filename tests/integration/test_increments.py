"""A build on the working file of the day before against one from the lake alone.

Days that bring a new row, a late one, a mended one, one that moves to another month, a deletion,
older versions after newer ones, and another merchant: after each of them the tables must be those
of a build from nothing, and what had no reason to be made again must not be.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from landed_rows import deliver, settings_in

from warehouse.contracts import load_contracts
from warehouse.engine import open_work, quote_text
from warehouse.ingest.landed import create_landed_views
from warehouse.settings import Settings
from warehouse.state import open_state, session
from warehouse.transform import BuildResult, build_models

pytestmark = pytest.mark.slow

TABLES = (
    "intermediate.int_life__meal_transaction",
    "intermediate.int_life__meal_day",
    "intermediate.int_life__meal_month",
    "intermediate.int_study__online_submission",
    "marts.fct_meal_day",
    "personal.meal_day",
    "personal.meal_month",
    "personal.meal_transaction",
    "personal.network_month",
)
SELECTED = [
    "+personal__meal_day",
    "+personal__meal_month",
    "+personal__meal_transaction",
    "+personal__network_month",
    "+int_study__online_submission",
]
STATUS = "student_affairs/student_status"
TRADES = "student_meal_card/meal_transaction"
MERCHANTS = "student_meal_card/meal_merchant"
SUBMISSIONS = "online_learning_space/online_assignment"
ACCOUNTS = "real_name_authentication/identity_account"
SESSIONS = "real_name_authentication/auth_session_daily"


def student(number, name=None):
    return {
        "student_no": number,
        "name": name or f"学生{number}",
        "birth_date": "2004-05-06",
        "id_doc_type": "1",
        "id_card_no": f"DOCUMENT{number}",
        "entry_date": "2024-09-01",
        "college_code": "201",
        "current_status": "01",
    }


def merchant(name):
    return {"merchant_no": "W1", "merchant_name": name, "kind": "餐饮"}


def trade(number, day, amount=10, *, at=None, **values):
    return {
        "transaction_no": number,
        "card_no": "K1",
        "student_no": "A",
        "transaction_type": "消费",
        "amount": amount,
        "merchant_no": "W1",
        "traded_at": f"{day} 04:00:00",
        "source_updated_at": f"{at or day} 05:00:00",
    } | values


def submission(number, student_no="A"):
    return {
        "submission_id": number,
        "student_no": student_no,
        "online_course_no": "O1",
        "submitted_at": "2026-03-01 04:00:00",
    }


def account(number, bearer=None):
    return {"account": number, "person_no": bearer or number, "person_kind": "学生"}


def session_day(day, minutes=10, *, at=None, **values):
    return {
        "account": "A",
        "stat_date": day,
        "logins": 1,
        "online_minutes": minutes,
        "source_updated_at": f"{at or day} 05:00:00",
    } | values


MANY = [
    trade(f"M{month}{number:02}", f"2026-{month:02}-{number:02}")
    for month in (3, 4)
    for number in range(1, 29)
]
#: One day in each of many months: a table of months must be five times as long as a day's news.
MONTHS = [f"{year}-{month:02}-15" for year in (2024, 2025) for month in range(1, 13)]
YEARS = [trade(f"{student}{day}", day, student_no=student) for student in "AB" for day in MONTHS]

FIRST = [
    (STATUS, "2026-09-01 02:00:00", [student("A"), student("B")]),
    (MERCHANTS, "2026-09-01 02:00:00", [merchant("一号窗口")]),
    (TRADES, "2026-09-01 02:00:00", [*MANY, *YEARS, trade("gone", "2026-04-01")]),
    (SUBMISSIONS, "2026-09-01 02:00:00", [submission("S1"), submission("S2", "B")]),
    (ACCOUNTS, "2026-09-01 02:00:00", [account("A"), account("B")]),
    (SESSIONS, "2026-09-01 02:00:00", [session_day(day) for day in [*MONTHS, "2025-03-20"]]),
]

GROWN_BY_TRADES = {
    "int_life__meal_transaction",
    "int_life__meal_day",
    "int_life__meal_month",
    "fct_meal_day",
}

#: What each further day brings, and the tables that then only grow.
DAYS = {
    "a new, a late, a mended and a moved row, and a deletion": (
        [
            trade("N1", "2026-09-01"),
            trade("L1", "2026-02-01", at="2026-09-01"),
            trade("M303", "2026-03-03", 3, at="2026-09-01"),
            trade("M304", "2026-05-04", at="2026-09-01"),
            trade("gone", "2026-04-01", at="2026-09-01", is_deleted=True),
        ],
        GROWN_BY_TRADES,
    ),
    "older versions": (
        [trade("gone", "2026-04-01", 5), trade("M303", "2026-03-03", 1)],
        {"int_life__meal_transaction"},
    ),
    "a row of another student's": (
        [trade("M305", "2026-03-05", at="2026-09-03", student_no="B")],
        GROWN_BY_TRADES,
    ),
    "no meal": (
        [trade("M306", "2026-03-06", at="2026-09-04", transaction_type="充值")],
        GROWN_BY_TRADES,
    ),
    "network days": (
        [
            session_day("2026-09-01"),
            session_day("2025-03-20", at="2026-09-01", is_deleted=True),
            session_day("2025-04-15", 7, at="2026-09-01"),
        ],
        {"personal__network_month"},
    ),
    "another merchant": ([merchant("二号窗口")], set()),
    "an account that is somebody else's": ([account("A", "B")], set()),
    "a student's other name": ([student("A", "学生甲"), student("B")], set()),
    "many rows": ([trade(f"X{number}", "2026-06-01") for number in range(30)], set()),
}
TABLE_OF_DAY = {
    "another merchant": MERCHANTS,
    "network days": SESSIONS,
    "an account that is somebody else's": ACCOUNTS,
    "a student's other name": STATUS,
}


def built(settings: Settings, file, day: int, *, whole: bool = True) -> BuildResult:
    engine = open_state(settings)
    with session(engine, read_only=True) as opened:
        result = build_models(
            file,
            settings,
            as_of=datetime(2026, 9, 1 + day, 2, tzinfo=UTC),
            prepare=lambda connection: create_landed_views(
                connection, load_contracts(), opened, settings.paths
            ),
            select=SELECTED,
            scratch=file.parent.parent / "scratch",
            keep_marks=True,
        )
    engine.dispose()
    assert not whole or result.failed == (), [(node.name, node.message) for node in result.failed]
    return result


def differing(one, other) -> list[str]:
    """Tables, and notes of their content, that are not the same in both files."""
    connection = open_work()
    noted = "node, row_count, first_sum, second_sum from warehouse.built.node where row_count > 0"
    for schema, file in (("one", one), ("other", other)):
        connection.execute(f"create schema {schema}")
        connection.execute(f"attach {quote_text(file)} as warehouse (read_only)")
        connection.execute(f"create table {schema}.noted as select {noted}")
        for number, table in enumerate(TABLES):
            connection.execute(f"create table {schema}.t{number} as from warehouse.{table}")
        connection.execute("detach warehouse")
    found = []
    for name, table in [
        *((f"t{number}", t) for number, t in enumerate(TABLES)),
        ("noted", "notes"),
    ]:
        differ = connection.execute(
            f"select count(*) from ((from one.{name} except all from other.{name}) union all "
            f"(from other.{name} except all from one.{name}))"
        ).fetchone()
        if differ != (0,):
            found.append(table)
    connection.close()
    return found


def test_every_day_gives_what_a_build_from_the_lake_gives(tmp_path):
    settings = settings_in(tmp_path)
    deliver(settings, FIRST)
    kept = tmp_path / "kept" / "warehouse.duckdb"
    kept.parent.mkdir()
    built(settings, kept, 0)
    for day, (what, (rows, grows)) in enumerate(DAYS.items(), 1):
        table = TABLE_OF_DAY.get(what, TRADES)
        deliver(settings, [(table, f"2026-09-{1 + day:02} 02:00:00", rows)], first=day * 10)
        messages = {node.name: node.message for node in built(settings, kept, day).nodes}
        fresh = tmp_path / f"fresh-{day}" / "warehouse.duckdb"
        fresh.parent.mkdir()
        built(settings, fresh, day)
        assert differing(kept, fresh) == [], what
        assert {node for node, message in messages.items() if message == "grown"} == grows, what
        if what not in TABLE_OF_DAY:
            assert messages["int_study__online_submission"] == "unchanged", what
            assert messages["stg_student_meal_card__meal_merchant"] == "unchanged", what
        if what == "a student's other name":
            # Nobody's number is another person's, so the largest tables stay.
            assert messages["int_people__number"] == "OK"
            assert messages["int_life__meal_transaction"] == "unchanged"
            assert messages["int_study__online_submission"] == "unchanged"
        if what == "older versions":
            # Nothing that holds is another one, so nothing that reads the table is made again.
            assert messages["fct_meal_day"] == "unchanged"
    again = built(settings, kept, len(DAYS))
    assert {node.message for node in again.nodes if node.kind == "model"} == {"unchanged"}


def test_checks_of_rows_look_at_those_that_came(tmp_path):
    """Days on which all went well, a row came without its amount, and it was mended."""
    settings = settings_in(tmp_path)
    deliver(settings, FIRST)
    kept = tmp_path / "kept" / "warehouse.duckdb"
    kept.parent.mkdir()

    def checks(day, *rows):
        if rows:
            deliver(settings, [(TRADES, f"2026-09-{1 + day:02} 02:00:00", rows)], first=day * 10)
        nodes = built(settings, kept, day, whole=False).nodes
        return {node.name: node.failures for node in nodes if node.failures}

    assert checks(0) == {}
    assert checks(1, trade("N1", "2026-09-01")) == {}
    # Behind the back of the marks, so that only a look at the whole table finds it.
    with open_work(kept) as connection:
        connection.execute(
            "update intermediate.int_life__meal_transaction set amount = null "
            "where transaction_no = 'M301'"
        )
    assert checks(2, trade("N2", "2026-09-02")) == {}
    broken = checks(3, trade("N3", "2026-09-03", None))
    assert broken == {"int_life__meal_transaction_holds": 1}
    # What has not passed the time before is looked at as a whole.
    assert checks(4, trade("N3", "2026-09-03", 9, at="2026-09-04")) == broken
