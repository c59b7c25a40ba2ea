"""Staff careers, research, pay and books of a synthetic college: what must agree with what.

The college is small (300 students, 90 staff, 2 years); its other systems report a few movements of
money. That every row keeps its contract is tested with the whole college.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from warehouse.contracts import load_contracts
from warehouse.simulate.appointments import Appointments, make_appointments
from warehouse.simulate.curriculum import make_curriculum
from warehouse.simulate.fees import make_fees
from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff, make_staff
from warehouse.simulate.students import Students, make_students
from warehouse.simulate.work import write_work

AS_OF = date(2026, 11, 16)
ORIGIN = date(2026, 11, 2)
SIZE = {"students": 300, "staff": 90, "years": 2, "seed": 7, "origin": ORIGIN}
#: unit, day of the month, yuan
FLOWS = {
    "utility": ("109", 28, 81_234.56), "asset_purchase": ("201", 11, 6_999.99),
    "student_disbursement": (None, 20, 35_000.0), "software": ("110", 3, 12_000.0),
    "service": ("118", 7, 640.0), "rent": (None, 25, 5_500.0),
}  # fmt: skip


@dataclass
class College:
    """What was written, table by table; of a snapshot table the last one."""

    plan: Plan
    staff: Staff
    students: Students
    posts: Appointments
    payments: pl.DataFrame
    flows: pl.DataFrame
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)

    def events(self, table: str, frame: pl.DataFrame) -> None:
        self.tables[table] = frame

    def snapshot(self, table: str, frame: pl.DataFrame, moment: datetime) -> None:
        self.tables[table] = frame

    def wants(self, moment: datetime) -> bool:
        return True

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self.tables[table]


def _flows(plan: Plan) -> pl.DataFrame:
    rows = [
        (month.replace(day=day), kind, unit, None, amount, f"{kind}-{month:%Y%m}-{part}")
        for month in pl.date_range(plan.start, date(2028, 1, 1), "1mo", eager=True)
        for kind, (unit, day, amount) in FLOWS.items()
        for part in range(2)
    ]
    schema = {"booked_date": pl.Date, "kind": pl.String, "unit_code": pl.String,
              "project_no": pl.String, "amount": pl.Float64, "reference": pl.String}  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.filter(pl.col("booked_date") < plan.as_of)


def _college(as_of: date) -> College:
    plan = Plan(as_of, **SIZE)
    curriculum = make_curriculum(plan)
    students = make_students(plan, curriculum)
    staff = make_staff(plan, students)
    posts = make_appointments(plan, staff)
    bills, payments = make_fees(plan, curriculum, students)
    college = College(plan, staff, students, posts, payments, _flows(plan))
    write_work(plan, college, curriculum=curriculum, people=students, staff=staff, posts=posts,
               bills=bills, payments=payments, flows=[college.flows])  # fmt: skip
    return college


@pytest.fixture(scope="module")
def college() -> College:
    return _college(AS_OF)


def _people(college: College) -> pl.DataFrame:
    return college.staff.people.select(
        "staff_no", "staff", "name", "birth_date", "joined", "left", "role", "work_start"
    )


def _of_staff(college: College, table: str, day: str) -> pl.DataFrame:
    """Rows of a table beside their person, with the row's date as `day`."""
    return college[table].select("staff_no", day=day).join(
        _people(college), on="staff_no", how="left"
    )  # fmt: skip


def test_nothing_is_known_after_the_cut_and_no_key_comes_twice(college: College) -> None:
    contracts = {table.name: table for table in load_contracts()}
    assert len(college.tables) == 25
    for name, frame in college.tables.items():
        assert len(frame), name
        assert frame["source_updated_at"].max() < college.plan.cut, name
        assert frame.select(contracts[name].key).is_duplicated().sum() == 0, name


@pytest.mark.parametrize(
    ("table", "day"),
    [
        ("staff_training", "start_date"), ("staff_welfare", "benefit_date"),
        ("staff_honor", "award_date"), ("staff_social_post", "start_date"),
        ("staff_reimbursement", "submitted_date"), ("staff_contract", "start_date"),
    ],
)  # fmt: skip
def test_what_happens_to_staff_happens_while_they_are_on_post(
    college: College, table: str, day: str
) -> None:
    rows = _of_staff(college, table, day)
    assert rows["name"].null_count() == 0
    stray = rows.filter(
        (pl.col("day") < pl.col("joined")) | (pl.col("left").fill_null(date.max) <= pl.col("day"))
    )
    assert len(stray) == 0


def test_a_title_career_climbs_and_one_title_is_current(college: College) -> None:
    titles = college["staff_title_record"].sort("staff_no", "award_date")
    level = pl.col("title_level").cast(pl.Int64)
    steps = titles.select(level.diff().over("staff_no").alias("step")).drop_nulls()
    assert (steps["step"] < 0).all(), "each title is higher than the one before"
    years = titles.select(
        "title_level", gap=pl.col("award_date").diff().over("staff_no").dt.total_days() / 365.25
    )
    assert years.filter(pl.col("title_level") == "1")["gap"].min() >= 4.9
    present = college.staff.people.filter(pl.col("left").is_null())["staff_no"]
    current = titles.filter("is_current")
    assert current["staff_no"].is_unique().all()
    assert current["staff_no"].is_in(present.implode()).all()
    bands = {"1": (1, 4), "2": (5, 7), "3": (8, 10), "4": (11, 12), "5": (13, 13)}
    for (own,), frame in titles.filter(pl.col("title_post_grade").is_not_null()).group_by(
        "title_level"
    ):
        assert frame["title_post_grade"].is_between(*bands[str(own)]).all()
    teachers = _people(college).filter((pl.col("role") == "teacher") & pl.col("left").is_null())
    shares = teachers.join(current, on="staff_no", how="left")["title_level"]
    assert 0.05 < (shares == "1").sum() / len(shares) < 0.3
    assert (shares.is_in(["2", "3"])).sum() / len(shares) > 0.5


def test_degrees_are_earned_at_a_possible_age_and_the_last_is_the_highest(
    college: College,
) -> None:
    degrees = college["staff_education_record"].join(_people(college), on="staff_no")
    age = (pl.col("award_date") - pl.col("birth_date")).dt.total_days() / 365.25
    least = {"11": 24, "14": 22, "21": 19, "31": 19, "41": 16, "61": 16}
    floor = pl.col("education_level").replace_strict(least, return_dtype=pl.Int64)
    assert degrees.filter(age < floor).is_empty()
    highest = degrees.filter("is_highest_education")
    assert highest["staff_no"].n_unique() == len(highest) == degrees["staff_no"].n_unique()
    assert (degrees["award_date"] > degrees["joined"]).any(), "some are earned in service"
    contradicting = highest.filter(
        pl.col("education_level").is_in(["11", "14", "21"])
        & ~(pl.col("is_highest_degree") & pl.col("degree").is_not_null())
    )
    assert contradicting.is_empty()


def test_contracts_follow_one_another_without_a_gap(college: College) -> None:
    contracts = college["staff_contract"].sort("staff_no", "start_date")
    following = contracts.with_columns(
        before=pl.col("end_date").shift(1).over("staff_no"),
        number=pl.int_range(pl.len()).over("staff_no"),
    )
    assert (following["number"] == following["renewal_no"]).all()
    renewed = following.filter(pl.col("renewal_no") > 0)
    assert len(renewed)
    assert renewed.select((pl.col("start_date") - pl.col("before")).dt.total_days() == 1)[
        :, 0
    ].all()
    first = following.filter(pl.col("renewal_no") == 0).join(_people(college), on="staff_no")
    assert (first["start_date"] == first["joined"]).all()
    assert set(first["staff_no"]) == set(college.staff.people["staff_no"])
    day = AS_OF - timedelta(days=1)
    valid = contracts.filter(pl.col("end_date").is_null() | (pl.col("end_date") >= day))
    present = college.staff.on_post(day)["staff_no"]
    assert set(present) <= set(valid["staff_no"])


def test_every_leading_post_is_an_appointment_and_its_end_a_dismissal(college: College) -> None:
    leading = college.posts.posts.filter(pl.col("position_type").is_not_null())
    cadres = college["cadre_appointment"]
    named = cadres.filter(pl.col("action") == "任")
    same = leading.join(
        named, on=["staff_no", "document_no", "document_date", "position_name", "unit_code"]
    )
    assert len(same) == len(leading) == len(named)
    over = leading.filter(pl.col("end_date").is_not_null())
    removed = cadres.filter(pl.col("action") == "免")
    assert 0 < len(over) == len(removed)
    ended = over.join(
        removed, left_on=["staff_no", "unit_code", "position_name", "end_date"],
        right_on=["staff_no", "unit_code", "position_name", "document_date"],
    )  # fmt: skip
    assert len(ended) == len(over)


def test_a_post_is_graded_by_the_title_held(college: College) -> None:
    posts = college.posts.posts.filter(
        pl.col("is_current") & pl.col("position_type").is_null() & (pl.col("role") == "teacher")
    ).join(college["staff_title_record"].filter("is_current"), on="staff_no", how="left")
    # Titles are engaged in winter: by November both tables know of them.
    grades = {"411": "1", "412": "2", "420": "3", "434": "4"}
    level = pl.col("position_grade").replace_strict(grades, default=None, return_dtype=pl.String)
    assert len(posts) > 20
    assert posts.filter(~level.eq_missing(pl.col("title_level"))).is_empty()


def test_a_resume_holds_every_post_and_every_degree(college: College) -> None:
    resume = college["staff_resume"]
    months = set(resume.select("staff_no", "start_month", "role").iter_rows())
    early = date(2026, 10, 1)  # later ones may not have been entered yet
    posts = college.posts.posts.sort("staff", "effective_date").with_columns(
        same=pl.all_horizontal(
            (pl.col(name) == pl.col(name).shift(1).over("staff")).fill_null(False)
            for name in ("unit_code", "position_name")
        )
    )
    assert posts["same"].any(), "a title begins a new row of the same post"
    moves = posts.filter(~pl.col("same") & (pl.col("effective_date") < early))
    for post in moves.iter_rows(named=True):
        key = (post["staff_no"], f"{post['effective_date']:%Y-%m}", post["position_name"])
        assert key in months
    studies = resume.filter(pl.col("kind") == "学习").group_by("staff_no").len()
    degrees = college["staff_education_record"].group_by("staff_no").len()
    both = studies.join(degrees, on="staff_no", suffix="_degrees")
    assert len(both) == len(degrees)
    assert (both["len"] >= both["len_degrees"]).all()


def test_everyone_on_post_is_paid_each_month_and_grade_drives_pay(college: College) -> None:
    payroll = college["staff_payroll"]
    parts = pl.sum_horizontal("basic_pay", "performance_pay", "allowance")
    taken = pl.sum_horizontal("social_insurance", "housing_fund", "tax")
    assert payroll.filter(((parts - taken) - pl.col("net_pay")).abs() > 0.001).is_empty()
    for month in (date(2025, 3, 1), date(2026, 2, 1), date(2026, 11, 1)):
        present = college.staff.on_post(month).filter(pl.col("role") != "external")["staff_no"]
        paid = payroll.filter(pl.col("month") == f"{month:%Y-%m}")["staff_no"]
        assert set(present) <= set(paid)
    held = college["staff_title_record"].filter("is_current").select("staff_no", "title_level")
    november = payroll.filter((pl.col("month") == "2026-11") & (pl.col("role") == "teacher"))
    by_level = (
        november.join(held, on="staff_no")
        .group_by("title_level")
        .agg(parts.mean().alias("pay"))
        .sort("title_level")
    )
    assert by_level["pay"].is_sorted(descending=True)
    assert (payroll["tax"] >= 0).all()
    assert payroll.filter(pl.col("month").str.ends_with("-12"))["tax"].sum() > 0


def test_every_voucher_balances_in_each_ledger_and_is_numbered_without_a_gap(
    college: College,
) -> None:
    lines = college["finance_voucher_line"]
    sums = lines.group_by("voucher_no", "ledger").agg(pl.col("debit", "credit").sum().round(2))
    assert (sums["debit"] == sums["credit"]).all()
    assert lines.filter((pl.col("debit") == 0) == (pl.col("credit") == 0)).is_empty()
    for (year,), own in lines.group_by("fiscal_year"):
        numbers = own.select("voucher_no", "voucher_date").unique().sort("voucher_no")
        assert numbers["voucher_date"].is_sorted()
        expected = [f"{year}-{index:06d}" for index in range(1, len(numbers) + 1)]
        assert numbers["voucher_no"].to_list() == expected


def _booked(college: College, account: str, side: str, summary: str) -> float:
    lines = college["finance_voucher_line"].filter(
        (pl.col("account_code") == account) & pl.col("summary").str.starts_with(summary)
    )
    return round(lines[side].sum(), 2)


def test_the_books_hold_what_was_paid_and_received(college: College) -> None:
    payroll, flows = college["staff_payroll"], college.flows
    assert _booked(college, "1002", "credit", "发放工资") == round(payroll["net_pay"].sum(), 2)
    withheld = payroll.filter(pl.col("month") <= "2026-10")["tax"].sum()
    assert _booked(college, "2102", "debit", "缴纳社保") == round(withheld, 2)
    due = payroll.select("housing_fund", "social_insurance").sum().row(0)
    assert _booked(college, "2201", "credit", "发放工资") > sum(due), "with the employer's part"
    paid = college.payments["amount"]
    received = sum(_booked(college, "1002", "debit", f"收{fee}")
                   for fee in ("学费", "住宿费", "代收费"))  # fmt: skip
    refunded = sum(_booked(college, "1002", "credit", f"退{fee}")
                   for fee in ("学费", "住宿费", "代收费"))  # fmt: skip
    assert received - refunded == pytest.approx(paid.sum(), abs=0.01)
    titles = {"utility": ("1002", "credit", "水电暖费"), "rent": ("1002", "debit", "房租"),
              "asset_purchase": ("1601", "debit", "购置设备"),
              "software": ("1701", "debit", "购置软件"),
              "service": ("1002", "credit", "维修与服务"),
              "student_disbursement": ("1002", "credit", "学生资助")}  # fmt: skip
    for kind, place in titles.items():
        reported = flows.filter(pl.col("kind") == kind)["amount"].sum()
        assert _booked(college, *place) == pytest.approx(reported, abs=0.01), kind


def test_budget_execution_is_the_sum_of_the_lines_booked_on_it(college: College) -> None:
    budget = college["budget_execution"].sort("fiscal_year", "budget_no", "month")
    lines = college["finance_voucher_line"].filter(
        (pl.col("ledger") == "预算会计") & (pl.col("account_code") == "7201")
    ).with_columns(month=pl.col("voucher_date").dt.strftime("%Y-%m"))  # fmt: skip
    last = budget["month"].max()
    assert last == "2026-10"
    assert lines["project_no"].is_in(budget["budget_no"].implode()).all()
    for month in ("2024-12", "2025-07", last):
        own = lines.filter(
            (pl.col("month") <= month) & (pl.col("fiscal_year") == int(month[:4]))
        ).group_by(budget_no="project_no").agg(pl.col("debit").sum())  # fmt: skip
        state = budget.filter(pl.col("month") == month)
        both = state.join(own, on="budget_no", how="left").with_columns(
            pl.col("debit").fill_null(0.0)
        )
        assert both.filter((pl.col("spent_amount") - pl.col("debit")).abs() > 0.005).is_empty()
        closed = own.join(state, on="budget_no", how="anti")
        assert closed["budget_no"].str.starts_with("XM").all(), "only a research project ends"
    falls = budget.filter(
        pl.col("spent_amount").diff().over("fiscal_year", "budget_no").fill_null(0) < 0
    )
    assert falls.is_empty()
    assert (budget["spent_amount"] <= budget["budget_amount"] + 0.005).all()


def test_a_research_project_never_spends_more_than_it_has(college: College) -> None:
    funds = college["research_fund"].join(
        college["research_project"], on="project_no", how="left", suffix="_project"
    )
    assert funds["project_name"].null_count() == 0
    sign = pl.when(pl.col("direction") == "到账").then("amount").otherwise(-pl.col("amount"))
    running = funds.sort("booked_date", "direction", descending=[False, True]).select(
        "contract_amount",
        left=sign.cum_sum().over("project_no"),
        received=pl.when(pl.col("direction") == "到账").then("amount").otherwise(0)
        .cum_sum().over("project_no"),
    )  # fmt: skip
    assert running["left"].min() >= -0.005
    assert running.filter(pl.col("received") > pl.col("contract_amount") + 0.005).is_empty()
    late = funds.filter(
        pl.col("end_date").is_not_null() & (pl.col("booked_date") > pl.col("end_date"))
    )
    assert late.is_empty()
    vouchers = college["finance_voucher_line"]["voucher_no"].unique()
    inside = funds.filter(pl.col("booked_date") >= college.plan.start)
    assert inside["voucher_no"].is_in(vouchers.implode()).all()
    assert funds.filter(pl.col("booked_date") < college.plan.start)["voucher_no"].is_null().all()


def test_a_claim_on_a_project_is_the_project_s_spending(college: College) -> None:
    claims = college["staff_reimbursement"].filter(
        pl.col("project_no").str.starts_with("XM") & (pl.col("status") == "已支付")
    )
    spent = college["research_fund"].filter(pl.col("direction") == "支出")
    both = claims.join(
        spent, left_on=["project_no", "paid_date", "amount"],
        right_on=["project_no", "booked_date", "amount"], how="left",
    )  # fmt: skip
    assert len(claims)
    assert both["fund_id"].null_count() == 0
    leaders = claims.join(college["research_project"], on="project_no")
    assert (leaders["staff_no"] == leaders["leader_staff_no"]).all()


def test_authors_were_there_and_stand_in_an_order_without_gaps(college: College) -> None:
    outputs, authors = college["research_output"], college["research_output_author"]
    orders = authors.sort("output_no", "author_order").group_by("output_no", maintain_order=True)
    for _, own in orders:
        assert own["author_order"].to_list() == list(range(1, len(own) + 1))
        people = own.select(pl.coalesce("staff_no", "student_no")).to_series()
        assert people.null_count() == 0
        assert people.is_unique().all()
    assert set(authors["output_no"]) == set(outputs["output_no"])
    dated = authors.join(outputs.select("output_no", "published_date"), on="output_no")
    staff = dated.filter(pl.col("staff_no").is_not_null()).join(_people(college), on="staff_no")
    day, left = pl.col("published_date"), pl.col("left").fill_null(date.max)
    assert staff.filter((day < pl.col("joined")) | (left <= day)).is_empty()
    assert (staff["author_name"] == staff["name"]).all()
    numbers = college.students.people.select("student", "student_no")
    pupils = dated.filter(pl.col("student_no").is_not_null()).join(numbers, on="student_no")
    assert len(pupils) == dated["student_no"].count() > 0
    spells = pupils.join(college.students.spells, on="student").filter(pl.col("since") <= day)
    there = spells.sort("since").unique(["output_no", "author_order"], keep="last")
    assert (there["status"] == "01").all()
    papers = outputs.filter(pl.col("output_type") == "61")["output_no"]
    corresponding = authors.filter("is_corresponding").group_by("output_no").len()
    assert (corresponding["len"] == 1).all()
    assert set(papers) <= set(corresponding["output_no"])


def test_only_who_came_to_the_checkup_was_examined(college: College) -> None:
    plans, exams = college["staff_checkup_plan"], college["staff_physical_exam"]
    came = plans.filter("attended").select("staff_no", "year")
    assert len(exams.join(came, on=["staff_no", "year"], how="anti")) == 0
    assert 0.7 < len(came) / len(plans) < 0.95
    assert (exams.filter("chronic_flag")["health_status"].is_in(["3", "6"])).all()


def test_a_spouse_is_named_only_with_consent_and_nobody_can_be_reached(college: College) -> None:
    family, contact = college["staff_family"], college["staff_contact"]
    assert family.filter(
        pl.col("spouse_name").is_not_null() & ~pl.col("consent_recorded")
    ).is_empty()
    phones = pl.concat([contact["mobile_phone"], family["spouse_phone"].drop_nulls()])
    assert phones.str.starts_with("154").all(), "a prefix of no operator"
    assert contact["office_phone"].drop_nulls().str.starts_with("0371-0").all()
    assert contact["email"].str.ends_with(".example.edu").all()


def test_what_lies_before_a_day_is_the_same_when_seen_from_later(college: College) -> None:
    """The 15th is pay day, so that this day changes nearly every table of money."""
    contracts = {table.name: table for table in load_contracts()}
    before = _college(AS_OF - timedelta(days=1))
    changed = set()
    for name, later in college.tables.items():
        table = contracts[name]
        columns = [*table.column_names, "source_updated_at"]
        old, new = before[name].select(columns), later.select(columns)
        known = new.filter(pl.col("source_updated_at") < before.plan.cut)
        assert known.join(old, on=columns, how="anti", nulls_equal=True).is_empty(), name
        fresh = new.filter(pl.col("source_updated_at") >= before.plan.cut)
        if len(fresh):
            changed.add(name)
        gone = old.join(known, on=columns, how="anti", nulls_equal=True)
        assert gone.join(fresh, on=list(table.key), how="anti").is_empty(), name
    assert {"staff_payroll", "finance_voucher_line", "staff_reimbursement"} <= changed
