"""The ministry's tables: defined whole, filled by hand-worked numbers, what is missing listed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import fastexcel
import yaml

from warehouse.authority import issued_authority
from warehouse.contracts import load_contracts
from warehouse.ministry import Figure, Gap, fill_report, fill_return, forms, workbook
from warehouse.ministry.filling import REASONS
from warehouse.ministry.forms import SURE, Column, Form, Line, Part

MODELS = Path(__file__).parents[2] / "dbt_project/models/intermediate/ministry"
COMMON = {
    "kind": "return",
    "title": "表",
    "filed_by": "development_planning_office",
    "counted_on": (9, 1),
    "due": (10, 15),
    "due_sure": "read",
    "sure": "read",
    "source": "出处",
}
TABLE = Form(
    no="999",
    lines=(Line("men", "男"), Line("women", "女")),
    columns=(
        Column("在校", "read", id="enrolled", rule="数", tables=("s.students",)),
        Column("毕业", "remembered", id="graduates", rule="数", tables=("s.results",)),
        Column("春招", "read", missing="no_source_column", unit="hr_office", why="没有"),
    ),
    **COMMON,
)
REPORT = Form(
    no="r",
    parts=(
        Part(1, "规模", "本科生数", "share", show="numerator", measure="人"),
        Part(2, "毕业", "毕业率", "rate", period="study", majors=True),
        Part(3, "满意度", "满意度", missing="no_source_column", unit="library", why="没有调查"),
    ),
    **{**COMMON, "kind": "report", "filed_by": "evaluation_supervision_office"},
)


def filled(cells, *, table=TABLE, year=2026, names=None, as_of=date(2026, 9, 10), **changes):
    asked = {
        "as_of": as_of,
        "delivered": {"s.students", "s.results"},
        "owner_of": lambda name: f"owner of {name}",
        "is_signed": True,
        **changes,
    }
    return fill_return(table, year, cells, names or {}, **asked)


def test_every_table_says_how_sure_it_is_and_who_could_supply_what_it_lacks() -> None:
    units = set(issued_authority().units)
    tables = {table.id.replace("/", ".") for table in load_contracts()}
    for form in forms().values():
        assert {form.sure, form.lines_sure, form.due_sure} <= set(SURE)
        assert form.filed_by in units and form.source
        if form.unfilled:
            assert form.unfilled in REASONS and form.unit in units and not form.columns
            continue
        assert form.columns or form.parts
        for column in form.columns:
            assert {column.sure, column.rule_sure} <= set(SURE)
            assert (column.id is None) == (column.missing is not None)
            if column.id:
                assert column.rule and column.tables and set(column.tables) <= tables, column.title
            else:
                assert column.missing in REASONS and column.unit in units and column.why
        for part in form.parts:
            assert (part.indicator is None) == (part.missing is not None)
            assert part.indicator or (part.unit in units and part.why)


def test_the_returns_are_due_on_15_october_and_the_report_has_25_items() -> None:
    returns = [form for form in forms().values() if form.kind == "return"]
    assert {(form.counted(2026), form.due_on(2026)) for form in returns} == {
        (date(2026, 9, 1), date(2026, 10, 15))
    }
    assert {part.item for part in forms()["bkzl"].parts} == set(range(1, 26))


def test_the_models_compute_exactly_the_cells_that_the_tables_have() -> None:
    """The unit tests of the models expect every column of a table; here they meet the tables."""
    written = yaml.safe_load((MODELS / "_ministry__unit_tests.yml").read_text(encoding="utf-8"))
    computed: dict[str, set[str]] = {}
    lines: dict[str, set[str]] = {}
    for test in written["unit_tests"]:
        for row in test["expect"]["rows"]:
            if "table_no" in row:
                computed.setdefault(row["table_no"], set()).add(row["column_id"])
                lines.setdefault(row["table_no"], set()).add(row["line"])
    computed["311"] = computed["312"]  # one model, one loop
    defined = {
        form.no: {column.id for column in form.columns if column.id}
        for form in forms().values()
        if form.columns
    }
    assert computed == defined
    for number, named in lines.items():
        if (known := forms()[number].lines) is not None:
            assert named <= {line.id for line in known}


def test_an_absent_cell_is_a_zero_where_its_column_has_others() -> None:
    found = filled({("men", "enrolled"): 3.0, ("women", "graduates"): 2.0})
    assert [row.values for row in found.rows] == [(3.0, 0.0, None), (0.0, 2.0, None)]
    assert found.gaps == (Gap("春招", "no_source_column", "hr_office", "没有"),)
    assert (found.cells, found.filled, found.state) == (6, 4, "partly")


def test_a_column_without_any_cell_is_missing_and_no_zero() -> None:
    found = filled({("men", "enrolled"): 3.0})
    assert [row.values[1] for row in found.rows] == [None, None]
    assert Gap("毕业", "not_covered", None) in found.gaps


def test_what_was_not_delivered_names_the_unit_that_delivers_it() -> None:
    cells = {("men", "enrolled"): 3.0, ("men", "graduates"): 0.0}
    found = filled(cells, delivered={"s.students"})
    assert Gap("毕业", "not_delivered", "owner of s.results", "s.results") in found.gaps
    assert [row.values[1] for row in found.rows] == [None, None]


def test_a_table_is_not_filled_before_its_day_and_an_unknown_one_never() -> None:
    before = filled({}, as_of=date(2026, 8, 31))
    assert [gap.reason for gap in before.gaps] == ["not_reached"]
    assert before.state == "unfilled" and before.rows == ()
    unknown = Form(no="1", unfilled="layout_unknown", unit="library", **COMMON)
    gaps = filled({("men", "enrolled"): 1.0}, table=unknown).gaps
    assert gaps == (Gap("整表", "layout_unknown", "library"),)


def test_an_unsigned_return_is_filled_and_waits_for_the_unit_that_files_it() -> None:
    found = filled({("men", "enrolled"): 3.0}, is_signed=False)
    assert Gap("整表", "unsigned", "development_planning_office") in found.gaps
    whole = Form(no="1", lines=TABLE.lines, columns=TABLE.columns[:1], **COMMON)
    assert filled({("men", "enrolled"): 3.0}, table=whole, is_signed=False).state == "filled"


def test_lines_of_the_data_come_by_their_code_with_those_of_nowhere_last() -> None:
    majors = Form(no="1", lines_by="majors", columns=TABLE.columns[:1], **COMMON)
    names = {"unassigned": ("unassigned", None), "9": ("甲", "0202"), "1": ("乙", "0801")}
    found = filled({("9", "enrolled"): 1.0}, table=majors, names=names)
    assert [(row.title, row.code) for row in found.rows] == [
        ("甲", "0202"),
        ("乙", "0801"),
        ("未归属", None),
    ]


def reported(figures, as_of=date(2026, 11, 1), unsigned=lambda _indicator, _period: ()):
    return fill_report(
        REPORT,
        2026,
        figures,
        {"share": ("%", "本科生 ÷ 全日制"), "rate": ("%", "毕业 ÷ 应届")},
        as_of=as_of,
        unsigned=unsigned,
        owners=lambda _indicator: ("academic_affairs_office",),
    )


def test_the_report_takes_the_figures_of_its_periods_and_lists_what_is_suppressed() -> None:
    figures = {
        ("share", "2026"): {
            "school": Figure(80.0, 800.0, "全校", False),
            "M1": Figure(1, 1, "x", False),
        },
        ("rate", "2025-2026"): {
            "school": Figure(95.0, 190.0, "全校", False),
            "M1": Figure(None, None, "软件工程", True),
            "M2": Figure(90.0, 9.0, "数学", False),
        },
        ("rate", "2026"): {"school": Figure(1.0, 1.0, "全校", False)},
    }
    found = reported(figures)
    shown = [(row.title, row.notes[2], row.notes[3], row.values[0]) for row in found.rows]
    assert shown == [
        ("本科生数", "全校", "2026", 800.0),
        ("毕业率", "全校", "2025-2026", 95.0),
        ("毕业率", "软件工程", "2025-2026", None),
        ("毕业率", "数学", "2025-2026", 90.0),
        ("满意度", "全校", "", None),
    ]
    assert [(gap.cell, gap.reason) for gap in found.gaps] == [
        ("2 毕业/毕业率/软件工程", "suppressed"),
        ("3 满意度/满意度", "no_source_column"),
    ]
    assert (found.cells, found.filled) == (5, 3)


def test_a_unit_that_has_not_signed_is_named_once_however_many_figures_wait_for_it() -> None:
    gap = Gap("学校基本情况信息数据 2026", "unsigned", "hr_office")
    figures = {
        ("share", "2026"): {"school": Figure(80.0, 800.0, "全校", False)},
        ("rate", "2025-2026"): {"school": Figure(None, None, "全校", False)},
    }
    found = reported(figures, unsigned=lambda _indicator, _period: [gap])
    assert [one for one in found.gaps if one.reason == "unsigned"] == [gap]
    assert [one.reason for one in found.gaps] == ["no_value", "no_source_column", "unsigned"]


def test_a_figure_of_a_day_to_come_is_missing_until_then() -> None:
    assert {gap.reason for gap in reported({}, as_of=date(2026, 8, 1)).gaps} == {
        "not_reached",
        "no_source_column",
    }
    after = reported({}).gaps
    assert after[0] == Gap("1 规模/本科生数", "not_covered", "academic_affairs_office")


def test_the_workbook_holds_the_table_what_is_missing_and_how_sure_each_column_is() -> None:
    majors = Form(no="312", lines_by="majors", columns=TABLE.columns, **COMMON)
    found = filled({("9", "enrolled"): 7.0}, table=majors, names={"9": ("=1+1", "0202")})
    content = workbook(found, unit_name=lambda unit: f"《{unit}》", release="R1")
    book = fastexcel.read_excel(content)
    assert book.sheet_names == ["报表", "缺项", "口径"]

    def sheet(name: str) -> list[list[str | None]]:
        frame = book.load_sheet(name, header_row=None, dtypes="string").to_polars()
        return [list(row) for row in frame.rows()]

    table = sheet("报表")
    head = next(place for place, row in enumerate(table) if row[0] == "行")
    assert table[head] == ["行", "国标代码", "在校", "毕业", "春招"]
    assert table[head + 1][2:] == ["已查", "凭记忆", "已查"]
    assert table[head + 2] == ["=1+1", "0202", "7", "缺", "缺"]
    assert sheet("缺项")[1:] == [
        ["毕业", "统计时点没有数据", "", ""],
        ["春招", "来源没有这一列", "没有", "《hr_office》"],
    ]
    rules = {row[0]: row for row in sheet("口径")}
    assert rules["毕业"][2:4] == ["凭记忆", "本校口径"]
    assert rules["报送期限"][1] == "2026-10-15"
