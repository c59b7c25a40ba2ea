"""Headings of a file against the columns of a contract."""

from warehouse.contracts import Column, Table, load_contracts
from warehouse.ingest.headings import map_headings

TABLE = Table(
    source="s",
    name="t",
    title="人员",
    grain="一人一行",
    key=("staff_no",),
    kind="snapshot",
    owner_unit="hr_office",
    level="L3",
    columns=(
        Column("staff_no", "string", "职工号（工作证号）", required=True),
        Column("name", "string", "姓名"),
        Column("home", "string", "地址"),
        Column("work", "string", "地址"),
    ),
)
ENGLISH = ["staff_no", "name", "home", "work"]


def test_english_headings_match_in_any_case_and_width():
    found = map_headings(["\ufeffSTAFF_NO", " name ", "ｈｏｍｅ", "Work"], TABLE)
    assert found.columns == ("staff_no", "name", "home", "work")
    assert found.fits
    assert found.chinese == 0


def test_chinese_titles_match_whatever_the_width_of_their_brackets():
    found = map_headings(["职工号(工作证号)", "　姓名", "home", "work"], TABLE)
    assert found.columns[:2] == ("staff_no", "name")
    assert found.chinese == 2


def test_a_title_of_two_columns_stands_for_neither():
    found = map_headings(["staff_no", "name", "地址", "work"], TABLE)
    assert found.unknown == ("地址",)
    assert found.missing == ("home",)


def test_technical_columns_are_optional_under_either_name():
    found = map_headings([*ENGLISH, "抽取时间", "is_deleted"], TABLE)
    assert found.fits
    assert found.columns[4:] == ("extracted_at", "is_deleted")


def test_unknown_missing_and_repeated_columns_are_named():
    found = map_headings(["staff_no", "name", "姓名", "home", "salary"], TABLE)
    assert not found.fits
    problem = found.describe_problem()
    assert "unknown: salary" in problem
    assert "missing: work" in problem
    assert "twice: name" in problem


def test_a_first_row_that_is_no_heading_is_not_quoted():
    found = map_headings(["20190001", "张三丰", "少林", "武当"], TABLE)
    assert "张三丰" not in found.describe_problem()
    half = map_headings(["staff_no", "张三丰", "少林", "武当"], TABLE)
    assert "张三丰" not in half.describe_problem()


def test_what_a_returned_workbook_adds_is_passed_over_at_the_right_end_only() -> None:
    table = load_contracts().table("tuition_collection", "fee_bill")
    titles = [column.title for column in table.columns]
    found = map_headings([*titles, "退回原因", "修改建议"], table)
    assert found.fits
    assert (found.columns, found.passed_over) == (table.column_names, 2)
    assert map_headings(["退回原因", *titles], table).unknown == ("退回原因",)
    assert map_headings([*titles, "备注"], table).unknown == ("备注",)
