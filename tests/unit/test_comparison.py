"""Figures of an earlier release beside those of now: states, reasons, and nothing given back."""

from datetime import UTC, date, datetime

import pytest

from warehouse.access.comparison import Reading, at_day, compare, reasons
from warehouse.access.past_releases import on_the_line, published_at, read_then
from warehouse.errors import UsageError

STUDENTS = {
    "id": "students",
    "name": "在校学生数",
    "formula": "在读的学生人数",
    "unit": "人",
    "source": "校标",
    "class": "plain",
    "inputs": ["student_status.student_no"],
    "model": "int_students",
}
OCTOBER = datetime(2025, 10, 31, 1, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 28, 1, tzinfo=UTC)


def _row(value=10.0, period="2025", unit="school", **more):
    return {
        "indicator": "students",
        "period": period,
        "level": "school" if unit == "school" else "college",
        "unit": unit,
        "unit_name": unit,
        "parent_unit": None if unit == "school" else "school",
        "numerator": value,
        "denominator": None,
        "value": value,
        "as_of_date": date(2025, 9, 30),
        "is_suppressed": False,
        **more,
    }


def _held(**more):
    return _row(None, is_suppressed=True, **more)


def _batch(name, table="student_status"):
    return {
        "id": name,
        "source": "student_affairs",
        "table": table,
        "extracted_at": "2026-03-01T00:00:00+00:00",
        "accepted_rows": 1,
    }


def _then(*rows, **more):
    more = {"indicators": {"students": STUDENTS}, "batches": [_batch("b1")], **more}
    return Reading("20251031T010000Z-0000000a", OCTOBER, OCTOBER, rows, **more)


def _now(*rows, **more):
    more = {"indicators": {"students": STUDENTS}, "batches": [_batch("b1")], **more}
    return Reading("20261128T010000Z-0000000b", NOVEMBER, NOVEMBER, rows, **more)


def _kinds(entry):
    return [reason["kind"] for reason in entry["reasons"]]


def test_an_unchanged_figure_is_said_to_be_the_same():
    (entry,) = compare(_then(_row()), _now(_row(10.0 + 1e-12)))
    assert (entry["state"], entry["difference"], entry["reasons"]) == ("same", 0.0, [])
    assert entry["then"]["value"] == 10.0


def test_a_correction_explains_a_changed_figure_with_its_reason():
    correction = {
        "indicator": "students",
        "period": "2025",
        "corrected_on": date(2026, 3, 2),
        "reason": "补录转专业学生",
        "release": "20260303T010000Z-0000000c",
    }
    older = {**correction, "reason": "更早", "release": "20251001T010000Z-0000000d"}
    other = {**correction, "reason": "别的时期", "period": "2024"}
    (entry,) = compare(
        _then(_row()),
        _now(_row(12.0), corrections=[older, correction, other], batches=[_batch("b2")]),
    )
    assert (entry["state"], entry["difference"]) == ("changed", 2.0)
    assert [reason.get("reason") for reason in entry["reasons"]] == ["补录转专业学生"]


def test_data_of_a_period_that_was_over_came_late():
    (entry,) = compare(
        _then(_row()), _now(_row(12.0), batches=[_batch("b1"), _batch("b2"), _batch("b3", "book")])
    )
    assert _kinds(entry) == ["late"]
    (table,) = entry["reasons"][0]["tables"]
    assert (table["table"], table["batches"]) == ("student_status", 1)
    assert "accepted_rows" not in table


def test_a_period_that_was_not_over_went_on():
    before = _row(as_of_date=date(2025, 10, 31))
    (entry,) = compare(_then(before), _now(_row(12.0), batches=[_batch("b2")]))
    assert _kinds(entry) == ["running"]


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"formula": "在读和休学的学生人数"}, ["formula"]),
        ({"unit": "个", "source": "国标"}, ["unit", "source"]),
    ],
)
def test_a_changed_definition_is_named(changed, what):
    (entry,) = compare(
        _then(_row()), _now(_row(12.0), indicators={"students": {**STUDENTS, **changed}})
    )
    assert entry["reasons"] == [{"kind": "definition", "what": what}]


def test_sql_that_differs_in_its_day_and_comments_only_is_the_same_calculation():
    before = {"int_students": "-- on 2025-10-31\nselect 1 where day < '2025-10-31 01:00:00'"}
    after = {"int_students": "select 1\n where day < '2026-11-28 01:00:00'"}
    other = {"int_students": "select 2 where day < '2026-11-28 01:00:00'"}
    for sql, kinds in ((after, ["unexplained"]), (other, ["definition"])):
        (entry,) = compare(_then(_row(), sql=before), _now(_row(12.0), sql=sql))
        assert _kinds(entry) == kinds


def test_cells_of_one_release_alone_say_so():
    gone, new = compare(_then(_row(unit="01")), _now(_row(unit="02")))
    assert (gone["state"], gone["now"], _kinds(gone)) == ("then_only", None, ["unexplained"])
    assert (new["state"], new["then"], _kinds(new)) == ("now_only", None, ["not_yet"])
    assert gone["difference"] is new["difference"] is None


def test_a_running_count_is_the_same_figure_on_a_later_day_of_its_year():
    before = _row(period="2026-10-31", as_of_date=date(2026, 10, 31))
    then = Reading(
        "20261031T010000Z-0000000a", NOVEMBER, datetime(2026, 10, 31, tzinfo=UTC), [before]
    )
    after = _row(12.0, period="2026-11-28", as_of_date=date(2026, 11, 28))
    (entry,) = compare(then, _now(after))
    assert (entry["then"]["period"], entry["now"]["period"]) == ("2026-10-31", "2026-11-28")
    last_year = _row(period="2025-10-31", as_of_date=date(2025, 10, 31))
    gone, new = compare(_then(last_year), _now(after))
    assert (gone["state"], _kinds(gone), new["state"]) == ("then_only", ["running"], "now_only")


@pytest.mark.parametrize(
    ("before", "after"), [(_held(), _row(7.0)), (_row(7.0), _held()), (_held(), None)]
)
def test_a_cell_that_either_release_suppresses_is_suppressed_in_both(before, after):
    waiting = {**_row(), "difference": "changed", "computed_value": 7.0}
    (entry,) = compare(
        _then(before), _now(*([after] if after else []), waiting=[waiting], batches=[_batch("b2")])
    )
    assert entry["state"] == "suppressed"
    assert (entry["difference"], entry["reasons"], entry["waiting"]) == (None, [], None)
    for side in ("then", "now"):
        if entry[side] is not None:
            assert entry[side]["is_suppressed"]
            assert [entry[side][name] for name in ("value", "numerator", "denominator")] == [
                None,
                None,
                None,
            ]


def test_what_waits_for_a_correction_stands_beside_the_figure():
    waiting = {**_row(), "difference": "changed", "computed_value": 11.0}
    (entry,) = compare(_then(_row()), _now(_row(), waiting=[waiting]))
    assert entry["state"] == "same"
    assert entry["waiting"] == {"difference": "changed", "computed": 11.0}


def test_for_a_day_before_the_first_release_the_last_figure_up_to_it_is_shown_as_known_now():
    rows = [
        _row(9.0, "2024", as_of_date=date(2024, 9, 30)),
        _row(10.0, "2025"),
        _row(11.0, "2026", as_of_date=date(2026, 9, 30)),
    ]
    (entry,) = at_day(_now(*rows), date(2025, 10, 31))
    assert (entry["then"]["period"], entry["now"]["period"]) == ("2025", "2026")
    assert (entry["difference"], _kinds(entry)) == (1.0, ["other_day"])
    (entry,) = at_day(_now(*rows), date(2020, 1, 1))
    assert (entry["state"], _kinds(entry)) == ("now_only", ["no_figure_then"])


def test_reasons_hold_no_figure():
    found = reasons(
        _then(_row(5.0)), _now(_row(6.0), batches=[_batch("b2")]), "students", _row(5.0), _row(6.0)
    )
    assert not {"value", "numerator", "denominator", "accepted_rows", "rows"} & {
        name for reason in found for part in (reason, *reason.get("tables", ())) for name in part
    }


def test_only_releases_that_lead_to_the_current_one_are_looked_at():
    names = ["a0", "b1", "c2", "d3", "e4"]
    before = {"b1": None, "c2": "b1", "d3": "b1", "e4": "d3"}
    # c2 was rolled back, and d3 was built on b1 again; nothing was recorded of a0
    assert on_the_line(names, before, "e4") == ["e4", "d3", "b1", "a0"]
    assert on_the_line(names, before, "c2") == ["c2", "b1", "a0"]
    assert on_the_line(names, {}, "b1") == ["b1", "a0"]


def test_a_moment_is_a_release_or_a_day():
    assert read_then("2025-10-31").day == date(2025, 10, 31)
    assert read_then("20251031T010000Z-0000000a").release == "20251031T010000Z-0000000a"
    assert published_at("20251031T010000Z-0000000a") == OCTOBER
    for text in ("", "S001", "2025-13-01", "2025-10-31x", "20251031T010000Z"):
        with pytest.raises(UsageError):
            read_then(text)
