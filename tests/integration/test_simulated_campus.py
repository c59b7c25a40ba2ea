"""The campus services of the synthetic college: contracts, keys in time, sums, and life's shape.

One small college (240 students, 40 staff, one year and a bit). What its rows refer to outside
these tables is taken from the objects that the simulator made, as of the day of each row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from warehouse.contracts import Contracts, Table, load_contracts
from warehouse.engine import open_work, quote, quote_text
from warehouse.home import Home
from warehouse.simulate import library, registers
from warehouse.simulate.appointments import Appointments, make_appointments
from warehouse.simulate.campus import FLOWS, write_campus
from warehouse.simulate.curriculum import Curriculum, make_curriculum
from warehouse.simulate.extracts import Extracts
from warehouse.simulate.plan import Plan
from warehouse.simulate.property import Property, make_property
from warehouse.simulate.staff import Staff, make_staff
from warehouse.simulate.students import Students, make_students
from warehouse.simulate.teaching import make_teaching

PLAN = Plan(date(2026, 11, 21), students=240, staff=40, years=1, seed=7)
DAY_BEFORE = date(2026, 11, 20)
MIDWAY = date(2026, 10, 1)

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Made:
    curriculum: Curriculum
    people: Students
    staff: Staff
    posts: Appointments
    estate: Property
    items: pl.DataFrame

    def write(self, home: Home, as_of: date) -> tuple[list[Path], pl.DataFrame]:
        """The campus tables of this college as its systems knew them on a day."""
        plan = replace(PLAN, as_of=as_of)
        home.create()
        extracts = Extracts(home, plan)
        flows = write_campus(plan, extracts, self.curriculum, self.people, self.staff, self.posts,
                             self.estate, self.items)  # fmt: skip
        return extracts.deliver(), flows


@pytest.fixture(scope="module")
def made() -> Made:
    curriculum = make_curriculum(PLAN)
    people = make_students(PLAN, curriculum)
    staff = make_staff(PLAN, people)
    teaching = make_teaching(PLAN, curriculum, people, staff)
    return Made(curriculum, people, staff, make_appointments(PLAN, staff),
                make_property(PLAN, teaching), library.make_items(PLAN))  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("campus"))


@pytest.fixture(scope="module")
def delivered(made: Made, home: Home) -> tuple[list[Path], pl.DataFrame]:
    return made.write(home, PLAN.as_of)


@pytest.fixture(scope="module")
def flows(delivered: tuple[list[Path], pl.DataFrame]) -> pl.DataFrame:
    return delivered[1]


@pytest.fixture(scope="module")
def tables(delivered: tuple[list[Path], pl.DataFrame]) -> list[Table]:
    names = {path.parent.name for path in delivered[0]}
    return [table for table in load_contracts() if table.name in names]


def _load(connection: Connection, home: Home, tables: list[Table], suffix: str = "") -> None:
    """Each table's files, typed as the contract says, with `file` the file's name."""
    for table in tables:
        types = {column.name: column.sql_type for column in table.columns} | {
            "source_system": "VARCHAR", "extracted_at": "TIMESTAMP",
            "source_updated_at": "TIMESTAMP", "is_deleted": "BOOLEAN",
        }  # fmt: skip
        columns = ", ".join(f"{quote_text(name)}: {quote_text(kind)}"
                            for name, kind in types.items())  # fmt: skip
        pattern = home.inbox / table.source / table.name / "*.csv"
        connection.execute(
            f"create table {quote(table.name + suffix)} as select * exclude (filename), "
            f"parse_filename(filename) as file from read_csv({quote_text(pattern)}, "
            f"header = true, auto_detect = false, delim = ',', quote = '\"', filename = true, "
            f"columns = {{{columns}}})"
        )


def _enrolled(people: Students) -> pl.DataFrame:
    spells = people.spells.with_columns(
        until=pl.col("since").shift(-1).over("student").fill_null(date(2200, 1, 1))
    )
    numbers = people.people.select("student", "student_no")
    return spells.filter(pl.col("status") == "01").join(numbers, on="student")


@pytest.fixture(scope="module")
def campus(made: Made, home: Home, tables: list[Table]) -> Iterator[Connection]:
    """All campus tables, and the college around them: staff_basic, student_status, org_unit and
    room at as-of, and `enrolled`, from when until before when each student is on the roll."""
    connection = open_work()
    _load(connection, home, tables)
    cut = PLAN.cut
    around = {
        "staff_basic": registers.staff_at(made.staff, cut).select(
            "staff_no", "left_date", "joined_school_date", "staff_category"),
        "student": made.people.people.select("student_no", "student", "end_date", "event"),
        "org_unit": registers.units_at(PLAN, made.posts, cut).select("unit_code"),
        "room": made.estate.rooms,
        "building": made.estate.buildings,
        "enrolled": _enrolled(made.people),
    }  # fmt: skip
    for name, frame in around.items():
        connection.register("frame", frame.to_arrow())
        connection.execute(f"create table {quote(name)} as select * from frame")
        connection.unregister("frame")
    yield connection
    connection.close()


def _count(connection: Connection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]


def _broken(connection: Connection, contracts: Contracts, table: Table) -> list[str]:
    """What the contract forbids and the table's files hold."""
    grain = ", ".join((*table.key, "file") if table.kind == "snapshot" else table.key)
    tests = {"key": f"({grain}) in (select ({grain}) from {quote(table.name)} group by all "
                    f"having count(*) > 1)"}  # fmt: skip
    for column in table.columns:
        name = column.name
        values = column.allowed or tuple(contracts.code_tables.get(column.code_table or "", ()))
        if column.required:
            tests[f"{name} required"] = f"{name} is null"
        if values:
            tests[f"{name} value"] = f"{name} not in ({', '.join(map(quote_text, values))})"
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


def test_all_tables_of_the_campus_services_are_written(tables: list[Table]) -> None:
    assert len(tables) == 28
    assert {table.source for table in tables} == {
        "office_oa", "state_assets", "email_system", "website_cluster", "it_operations",
        "real_name_authentication", "software_licensing", "library_management",
        "property_management", "form_development_planning", "form_evaluation_supervision",
        "form_logistics",
    }  # fmt: skip


def test_every_row_keeps_its_contract(campus: Connection, tables: list[Table]) -> None:
    contracts = load_contracts()
    assert [fault for table in tables for fault in _broken(campus, contracts, table)] == []


def test_every_foreign_key_resolves(campus: Connection, tables: list[Table]) -> None:
    for table in tables:
        for column in table.columns:
            if column.foreign_key:
                parent, _, key = column.foreign_key.partition(".")
                orphans = _count(
                    campus,
                    f"select count(*) from {quote(table.name)} where {column.name} is not null "
                    f"and {column.name} not in (select {key} from {quote(parent)})",
                )
                assert orphans == 0, f"{table.id}.{column.name}"


def test_rows_changed_before_they_were_extracted(campus: Connection, tables: list[Table]) -> None:
    for table in tables:
        late = (
            f"select count(*) from {quote(table.name)} where source_updated_at is null or "
            f"source_updated_at > extracted_at or extracted_at > {quote_text(PLAN.cut)}::timestamp"
        )
        assert _count(campus, late) == 0, table.id
        if table.kind == "snapshot":
            key = table.key[0]
            lost = (
                f"select count(*) from (select {key} from {quote(table.name)} where file like "
                f"'%census%' except select {key} from {quote(table.name)} where file like "
                f"'%as-of%')"
            )
            assert _count(campus, lost) == 0, table.id


#: Staff who are not on post: %s is the column, then the day.
_OFF_POST = (
    "not exists (select 1 from staff_basic s where s.staff_no = {who} and "
    "s.joined_school_date <= {day} and coalesce(s.left_date, '2200-01-01') > {day})"
)


@pytest.mark.parametrize(
    ("table", "who", "day"),
    [
        ("oa_workflow_step", "staff_no", "received_at::date"),
        ("asset_card", "keeper_staff_no",
         "if(extracted_at::time < time '12:00', extracted_at::date - 1, extracted_at::date)"),
        ("it_device", "admin_staff_no",
         "if(extracted_at::time < time '12:00', extracted_at::date - 1, extracted_at::date)"),
        ("website", "admin_staff_no",
         "if(extracted_at::time < time '12:00', extracted_at::date - 1, extracted_at::date)"),
        ("website_article", "publisher_staff_no", "published_at::date"),
        ("website_article", "reviewed_by", "published_at::date"),
        ("staff_room_allocation", "staff_no", "start_date"),
        ("staff_room_allocation", "staff_no", "end_date"),
        ("statistics_return", "signed_by", "signed_at::date"),
        ("teaching_state_return", "signed_by", "frozen_at::date"),
    ],
)  # fmt: skip
def test_who_acts_is_on_post_that_day(campus: Connection, table: str, who: str, day: str) -> None:
    assert _count(campus, f"select count(*) from {table} where {who} is not null") > 10
    off = _OFF_POST.format(who=who, day=day)
    sql = f"select count(*) from {table} where {who} is not null and {day} is not null and {off}"
    assert _count(campus, sql) == 0


@pytest.mark.parametrize(
    ("table", "number", "day"),
    [
        ("auth_session_daily", "account", "stat_date"),
        ("library_gate_daily", "reader_no", "visit_date"),
        ("software_activation", "account", "activated_at::date"),
        ("it_ticket", "reporter_no", "opened_at::date"),
    ],
)
def test_who_uses_something_belongs_to_the_college_that_day(
    campus: Connection, table: str, number: str, day: str
) -> None:
    off = _OFF_POST.format(who=number, day=day)
    sql = (
        f"select count(*) from {table} t where {off} and not exists (select 1 from enrolled e "
        f"where e.student_no = t.{number} and e.since <= t.{day} and t.{day} < e.until)"
    )
    assert _count(campus, sql) == 0


@pytest.mark.parametrize(
    ("what", "sql"),
    [
        (
            "a card without its 新增 of the same amount",
            "select count(*) from (select distinct asset_no, unit_price * quantity as worth, "
            "acquired_date from asset_card) c left join asset_change n on n.asset_no = c.asset_no "
            "and change_type = '新增' where n.amount is distinct from c.worth or "
            "n.change_date <> c.acquired_date",
        ),
        (
            "a unit's original value against the sum of its changes",
            "with day as (select distinct file, max(if(extracted_at::time < time '12:00', "
            "extracted_at::date - 1, extracted_at::date)) as day from asset_card group by file), "
            "held as (select file, unit_code, sum(original_value) as worth from asset_card where "
            "status not in ('5', '6') group by all), moves as (select to_unit as unit_code, "
            "change_date, amount from asset_change where to_unit is not null and change_type in "
            "('新增', '增值', '调拨') union all select from_unit, change_date, -amount from "
            "asset_change where change_type in ('调拨') union all select coalesce(to_unit, "
            "from_unit), change_date, -amount from asset_change where change_type in "
            "('报废', '盘亏')), "
            "summed as (select file, unit_code, sum(amount) as worth from day join moves on "
            "change_date <= day.day group by all) select count(*) from held full join summed using "
            "(file, unit_code) where abs(coalesce(held.worth, 0) - coalesce(summed.worth, 0)) "
            "> 0.01",
        ),
        (
            "a disposal that does not set the status",
            "select count(*) from asset_card c left join asset_change d on d.asset_no = c.asset_no "
            "and d.change_type in ('报废', '盘亏') where c.file like '%as-of%' and case "
            "d.change_type when '报废' then '6' when '盘亏' then '5' else '' end <> "
            "if(c.status in ('5', '6'), c.status, '')",
        ),
        (
            "a net value that grew",
            "select count(*) from asset_card a join asset_card b using (asset_no) where "
            "a.extracted_at < b.extracted_at and a.original_value = b.original_value and "
            "b.net_value > a.net_value",
        ),
        (
            "an asset in a room that did not stand",
            "select count(*) from asset_card a join room r using (room_code) where "
            "r.source_updated_at > a.extracted_at",
        ),
        (
            "a laboratory that is not its rooms",
            "with one as (select lab_code, l.area as whole, r.area, r.use from (select *, "
            "unnest(string_split(room_codes, ',')) as room_code from laboratory where file like "
            "'%as-of%') l left join room r using (room_code)) select count(*) from (select 1 from "
            "one group by lab_code having abs(sum(area) - any_value(whole)) > 0.01 or "
            "bool_or(use is null or use not in ('121', '123')))",
        ),
        (
            "a room in two laboratories",
            "select count(*) from (select 1 from (select unnest(string_split(room_codes, ',')) "
            "as code from laboratory where file like '%as-of%') group by code having count(*) > 1)",
        ),
        (
            "hours of an instrument",
            "select count(*) from instrument_usage join asset_card using (asset_no) where "
            "unit_price < 400000 or month < strftime(acquired_date, '%Y-%m') or open_hours > "
            "24 * date_part('day', last_day((month || '-01')::date)) or "
            "teaching_hours + research_hours + service_hours > open_hours",
        ),
        (
            "a document's steps out of order",
            "select count(*) from (select *, lag(done_at) over w as before, lag(step_no) over w as "
            "prior from oa_workflow_step window w as (partition by document_id order by step_no)) "
            "where prior is not null and (step_no <> prior + 1 or before is null or "
            "received_at < before)",
        ),
        (
            "an archived document with an open step, or the reverse",
            "select count(*) from oa_document d join (select document_id, bool_or(done_at is null) "
            "as open from oa_workflow_step group by all) s using (document_id) where "
            "(archived_date is null) <> open or (status = '9') = open",
        ),
        (
            "a document without steps",
            "select count(*) from oa_document where document_id not in (select document_id from "
            "oa_workflow_step)",
        ),
        (
            "minutes that a device was down, against its tickets",
            "with lost as (select device_code, sum(1440 - uptime_minutes) as minutes from "
            "it_availability_daily group by all), told as (select device_code, "
            "count(*) as n from it_ticket where device_code is not null group by all) select "
            "count(*) from lost left join told using (device_code) where (minutes > 0) and n is "
            "null",
        ),
        (
            "a device's ticket on a day on which it was up throughout",
            "select count(*) from it_ticket t join it_availability_daily a on a.device_code = "
            "t.device_code and a.stat_date = t.opened_at::date where uptime_minutes = 1440",
        ),
        (
            "availability outside the days in service",
            "select count(*) from it_availability_daily join it_device using (device_code) where "
            "it_device.file like '%as-of%' and (stat_date < in_service_date or stat_date >= "
            "retired_date)",
        ),
        (
            "more activations than seats",
            "select count(*) from (select license_no, count(*) as n from software_activation group "
            "by all) join software_license using (license_no) where n > seats",
        ),
        (
            "an activation outside the licence's term",
            "select count(*) from software_activation join software_license using (license_no) "
            "where activated_at::date < start_date or activated_at::date > end_date",
        ),
        (
            "a bought licence that is not its card",
            "select count(*) from software_license l join asset_card a using (asset_no) where "
            "not is_software or cost <> unit_price * quantity or start_date <> acquired_date",
        ),
        (
            "an account that is not its owner's number",
            "select count(*) from identity_account where account <> person_no or not id_verified",
        ),
        (
            "somebody without an account or with two",
            "select count(*) from (select student_no as no from student union all select staff_no "
            "from staff_basic) p full join (select person_no as no, count(*) as n from "
            "identity_account where file like '%as-of%' group by all) a using (no) where "
            "n is distinct from 1 or p.no is null",
        ),
        (
            "a graduate who is not 校友, or the reverse",
            "select count(*) from identity_account a join student s on s.student_no = a.person_no "
            "where file like '%as-of%' and (person_kind = '校友') <> (s.end_date < "
            "date '2026-11-21' and s.event <> 'dropout')",
        ),
        (
            "mail of a mailbox whose owner had left",
            "select count(*) from mail_usage_monthly u join mail_account m using (mailbox) join "
            "student s on s.student_no = m.owner_no where strftime(s.end_date, '%Y-%m') < u.month",
        ),
        (
            "a mailbox that holds more than it may",
            "select count(*) from mail_usage_monthly join mail_account using (mailbox) where "
            "used_mb > quota_mb",
        ),
        (
            "houses that do not fit onto the land",
            "with built as (select campus, sum(floor_area / greatest(floors, 3)) as area from "
            "building join (select building_code, max(floor) as floors from room group by all) "
            "using (building_code) group by all), land as (select campus, sum(area - green_area - "
            "sports_area) as area from land_parcel where file like '%as-of%' group by all) select "
            "count(*) from built left join land using (campus) where coalesce(land.area, 0) < "
            "built.area",
        ),
        (
            "a flat let twice at a time",
            "select count(*) from (select start_date, lag(coalesce(end_date, '2200-01-01')) over "
            "(partition by room_code order by start_date, end_date) as before from "
            "staff_room_allocation where allocation_type <> '办公') where before >= start_date",
        ),
        (
            "more desks than an office holds",
            "with change as (select room_code, start_date as day, area_share as share from "
            "staff_room_allocation where allocation_type = '办公' union all select room_code, "
            "end_date + 1, -area_share from staff_room_allocation where allocation_type = '办公' "
            "and end_date is not null) select count(*) from (select room_code, sum(share) over "
            "(partition by room_code order by day range unbounded preceding) as used from change) "
            "join room using (room_code) where used > area",
        ),
        (
            "an allocation of the wrong kind of room, or its rent",
            "select count(*) from staff_room_allocation join room using (room_code) where "
            "use <> if(allocation_type = '办公', '211', '313') or (monthly_rent is null) <> "
            "(allocation_type = '办公')",
        ),
        (
            "a meter read in a room that did not stand, or heat in summer",
            "select count(*) from utility_reading join room using (room_code) where month < "
            "strftime(room.source_updated_at, '%Y-%m') or (kind = '热' and month[6:] in "
            "('05', '06', '07', '08', '09', '10'))",
        ),
        (
            "a reading that is not its price",
            "select count(*) from utility_reading where abs(amount - quantity * case kind when "
            "'水' then 4.15 when '电' then 0.56 when '燃气' then 3.24 else 46 end) > 0.0051",
        ),
        (
            "an adjustment without its reason or a signature without its time",
            "select count(*) from statistics_return where (adjusted_value <> computed_value) <> "
            "(adjust_reason is not null) or (signed_at is null) <> (adjusted_value is null)",
        ),
        (
            "a signed count that is not the college's",
            "select count(*) from (select r.year, any_value(computed_value) as told, count(*) as n "
            "from statistics_return r join enrolled e on e.since <= make_date(r.year, 9, 1) and "
            "e.until > make_date(r.year, 9, 1) where indicator_id = 'students.total' group by all) "
            "where told <> n",
        ),
        (
            "students of the majors, against all",
            "select count(*) from (select year, sum(computed_value) filter (where indicator_id "
            "similar to 'students[.]major[.][0-9]+[.]total') as parts, max(computed_value) filter "
            "(where indicator_id = 'students.total') as whole from statistics_return group by "
            "all) where parts <> whole",
        ),
    ],
)
def test_sums_and_states_agree(campus: Connection, what: str, sql: str) -> None:
    assert _count(campus, sql) == 0, what


def test_flows_are_what_the_tables_say(campus: Connection, flows: pl.DataFrame) -> None:
    assert dict(flows.schema) == FLOWS
    assert set(flows["kind"]) == {"asset_purchase", "utility", "rent", "software", "service"}
    assert flows["amount"].min() > 0
    assert flows["booked_date"].min() >= PLAN.start
    assert flows["booked_date"].max() < PLAN.as_of
    sums = dict(flows.group_by("kind").agg(pl.col("amount").sum().round(2)).iter_rows())
    queries = {
        "utility": "select sum(amount) from utility_reading",
        "asset_purchase": "select sum(amount) from asset_change join (select asset_no, "
        "any_value(fund_origin) as fund from asset_card group by all) using (asset_no) where "
        f"change_type in ('新增', '增值') and fund <> '4' and change_date >= '{PLAN.start}'",
        "software": "select sum(cost) from software_license where file like '%as-of%' and "
        f"asset_no is null and start_date >= '{PLAN.start}'",
    }
    for kind, sql in queries.items():
        row = campus.execute(sql).fetchone()
        assert row is not None
        assert float(row[0]) == pytest.approx(sums[kind]), kind


def test_volumes_are_those_of_a_college(campus: Connection) -> None:
    year = "between date '2025-11-01' and date '2026-10-31'"
    for query, low, high in (
        (f"auth_session_daily where stat_date {year}", 215, 290),
        (f"library_gate_daily where visit_date {year}", 40, 68),
        (f"oa_document where source_updated_at::date {year}", 0.12, 0.25),
        (f"website_article where published_at::date {year}", 0.4, 0.7),
        (f"it_ticket where device_code is null and opened_at::date {year}", 0.2, 0.4),
        ("asset_card where file like '%as-of%'", 2.8, 3.5),
        (f"software_activation where activated_at::date {year}", 0.3, 0.9),
    ):
        found = _count(campus, f"select count(*) from {query}") / PLAN.students
        assert low <= found <= high, query


def test_the_library_is_fullest_before_the_exams_and_empty_in_august(campus: Connection) -> None:
    days = (
        "select count(*) / count(distinct visit_date) from library_gate_daily where visit_date "
        "between date '{}' and date '{}'"
    )
    usual, exams, august = (
        _count(campus, days.format(*span))
        for span in (("2026-05-11", "2026-06-05"), ("2026-06-23", "2026-07-05"),
                     ("2026-08-01", "2026-08-20"))
    )  # fmt: skip
    assert exams > 1.3 * usual
    assert august < 0.1 * usual


def test_students_are_online_in_term_and_staff_on_weekdays(campus: Connection) -> None:
    count = (
        "select count(*) from auth_session_daily where length(account) {} 6 and stat_date between "
        "date '{}' and date '{}'"
    )
    term = _count(campus, count.format(">", "2026-05-11", "2026-05-24"))
    holiday = _count(campus, count.format(">", "2026-08-03", "2026-08-16"))
    assert holiday < 0.25 * term
    weekday = _count(campus, count.format("=", "2026-05-11", "2026-05-15")) / 5
    weekend = _count(campus, count.format("=", "2026-05-16", "2026-05-17")) / 2
    assert weekend < 0.5 * weekday


def test_heat_is_a_winter_s_and_hostels_use_least_when_nobody_lives_in_them(
    campus: Connection,
) -> None:
    months = campus.execute(
        "select month, sum(quantity) from utility_reading join room using (room_code) where "
        "kind = '电' and room.use = '311' and month between '2025-11' and '2026-10' group by all "
        "order by 2"
    ).fetchall()
    assert {month for month, _ in months[:2]} <= {"2026-02", "2026-07", "2026-08"}
    heat = campus.execute("select distinct month[6:] from utility_reading where kind = '热'")
    assert {month for (month,) in heat.fetchall()} <= {"11", "12", "01", "02", "03"}


def test_a_few_cells_are_adjusted_and_every_return_is_signed_in_time(campus: Connection) -> None:
    signed = "from statistics_return where year = 2026"
    assert _count(campus, f"select count(*) {signed}") > 300
    assert _count(campus, f"select count(*) {signed} and signed_at >= '2026-10-16'") == 0
    changed = _count(campus, f"select count(*) {signed} and adjust_reason is not null")
    assert 0 < changed < 0.05 * _count(campus, f"select count(*) {signed}")


@pytest.mark.parametrize("as_of", [DAY_BEFORE, MIDWAY])
def test_an_earlier_extract_holds_what_a_later_one_repeats(
    made: Made, home: Home, tables: list[Table], flows: pl.DataFrame, campus: Connection,
    tmp_path: Path, as_of: date,
) -> None:  # fmt: skip
    earlier = Home(tmp_path / "earlier")
    _, before = made.write(earlier, as_of)
    suffix = f"_{as_of:%m%d}"
    _load(campus, earlier, tables, suffix)
    cut = f"timestamp '{as_of} 02:00:00'"
    for table in tables:
        columns = ", ".join((*table.column_names, "source_updated_at"))
        where = "where file like '%as-of%'" if table.kind == "snapshot" else ""
        key = ", ".join(table.key)
        old = f"(select {columns} from {quote(table.name + suffix)} {where})"
        new = f"(select {columns} from {quote(table.name)} {where})"
        lost = _count(
            campus,
            f"select count(*) from (select * from {new} where source_updated_at <= {cut} except "
            f"select * from {old})",
        )
        assert lost == 0, f"{table.id}: rows that the earlier extract should have held"
        undone = _count(
            campus,
            f"select count(*) from (select * from {old} except select * from {new}) o where not "
            f"exists (select 1 from {new} n where ({', '.join(f'n.{k}' for k in table.key)}) = "
            f"({', '.join(f'o.{k}' for k in table.key)}) and n.source_updated_at > {cut})",
        )
        assert undone == 0, f"{table.id} ({key}): rows that changed without saying so"
    day = pl.col("booked_date") < as_of
    assert before.filter(day).equals(flows.filter(day))
