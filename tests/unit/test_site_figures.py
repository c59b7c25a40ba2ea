"""Statistics as the pages arrange them."""

import pytest

from dashboards.figures import read_figures, target_state


def _row(indicator="students", period="2025", level="school", unit="school", value=10.0, **more):
    parent = {"college": "school", "major": "01"}.get(level)
    return {
        "indicator": indicator,
        "period": period,
        "level": level,
        "unit": unit,
        "unit_name": f"单位{unit}",
        "parent_unit": parent,
        "value": value,
        "as_of_date": f"{period[:4]}-09-30",
        **more,
    }


def _figures(*rows, indicators=({"id": "students", "unit": "人", "row_code": "A2-16"},)):
    return read_figures({"indicators": list(indicators), "values": list(rows)})


def test_the_running_count_stands_for_its_year():
    figures = _figures(
        _row(period="2026-11-20", value=12.0, as_of_date="2026-11-20"),
        _row(period="2026", value=11.0),
        _row(period="2025"),
    )
    assert figures.years() == ["2025", "2026"]
    newest = figures.latest("students", "school", "2026")
    assert newest.value == 12.0
    assert figures.before(newest).value == 10.0


def test_a_year_that_is_not_over_is_not_compared_with_a_whole_one():
    figures = _figures(
        _row(period="2025-2026", as_of_date="2026-08-31"),
        _row(period="2026-2027", as_of_date="2026-11-20"),
    )
    first, second = figures.series("students", "school")
    assert figures.unfinished(second)
    assert not figures.unfinished(first)


def test_counts_on_a_day_are_compared_though_the_days_differ():
    figures = _figures(_row(period="2025"), _row(period="2026-11-20", as_of_date="2026-11-20"))
    assert not figures.unfinished(figures.series("students", "school")[1])


def test_units_are_found_below_and_above():
    figures = _figures(
        _row(),
        _row(level="college", unit="01"),
        _row(level="college", unit="02"),
        _row(level="major", unit="0101"),
    )
    assert [scope.key for scope in figures.inside("school")] == ["college:01", "college:02"]
    assert [scope.key for scope in figures.inside("college:01")] == ["major:0101"]
    assert figures.inside("college:02") == []
    assert figures.around("major:0101") == "college:01"
    assert figures.around("college:02") == "school"
    assert figures.around("school") is None
    assert figures.inside("no such unit") == []


def test_a_cell_without_a_value_is_not_shown_as_a_figure():
    assert _figures(_row(value=None)).shown("school", "2026") == []


def test_a_suppressed_cell_stands_for_its_year_and_no_older_figure_takes_its_place():
    figures = _figures(
        _row(period="2024", value=1.0), _row(period="2025", value=None, is_suppressed=True)
    )
    ((_, cell),) = figures.shown("school", "2025")
    assert (cell.period, cell.value, cell.is_suppressed) == ("2025", None, True)
    assert figures.latest("students", "school", "2024").value == 1.0


def test_a_year_without_a_cell_shows_the_latest_before_and_never_a_later_one():
    figures = _figures(_row(period="2024", value=1.0), _row(period="2026", value=3.0))
    assert figures.latest("students", "school", "2025").value == 1.0
    assert figures.latest("students", "school", "2023") is None


@pytest.mark.parametrize(
    ("operator", "target", "value", "state"),
    [
        ("<=", 18.0, 18.0, "good"),
        ("<=", 18.0, 18.5, "watch"),
        ("<=", 18.0, 22.0, "bad"),
        (">=", 95.0, 95.0, "good"),
        (">=", 95.0, 91.0, "watch"),
        (">=", 95.0, 60.0, "bad"),
        ("<=", 18.0, None, "plain"),
        (None, None, 5.0, "plain"),
        ("~", 18.0, 5.0, "plain"),
    ],
)
def test_a_target_is_met_missed_by_little_or_missed(operator, target, value, state):
    assert target_state({"target": target, "target_operator": operator}, value) == state


def test_a_year_that_is_not_over_has_missed_no_target_yet():
    target = {"id": "students", "target": 50.0, "target_operator": ">="}
    figures = _figures(
        _row(period="2025-2026", as_of_date="2026-08-31"),
        _row(period="2026-2027", as_of_date="2026-11-20"),
    )
    first, second = figures.series("students", "school")
    assert figures.state(target, first) == "bad"
    assert figures.state(target, second) == "plain" and figures.state(target, None) == "plain"
    assert figures.finished(second) is first and figures.finished(first) is first


def test_two_answers_make_one_picture():
    school = _figures(_row())
    parts = _figures(_row(), _row(level="college", unit="01"))
    both = school.joined(parts)
    assert both.cell("students", "college:01", "2025").value == 10.0
    assert [scope.key for scope in both.inside("school")] == ["college:01"]


def test_units_without_a_cell_can_be_chosen():
    answer = {
        "units": [{"level": "major", "unit": "0101", "unit_name": "软件", "parent_unit": "01"}],
        "reach": {"everything": False, "units": ["college:01"], "datasets": None},
    }
    figures = read_figures(answer)
    assert figures.scopes["major:0101"].parent == "01"
    assert figures.reach["units"] == ["college:01"]
