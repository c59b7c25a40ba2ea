"""What wants a look first, weighed and put in order."""

from __future__ import annotations

from typing import Any

from dashboards.attention import first, notices
from dashboards.figures import Figures, read_figures

RATIO = {
    "id": "ratio", "unit": "比值（x:1）", "row_code": "A2-17", "direction": "lower",
    "target": 18.0, "target_operator": "<=",
}  # fmt: skip
RATE = {"id": "rate", "unit": "%", "row_code": "A2-17", "direction": "higher"}
COUNT = {"id": "count", "unit": "人", "row_code": "A2-16", "direction": "neutral"}


def row(indicator: str, period: str, value: float | None, **more: Any) -> dict[str, Any]:
    return {
        "indicator": indicator,
        "period": period,
        "level": "school",
        "unit": "school",
        "value": value,
        "as_of_date": f"{period[:4]}-09-30",
        **more,
    }


def figures(*rows: dict[str, Any], **more: Any) -> Figures:
    return read_figures({"indicators": [RATIO, RATE, COUNT], "values": list(rows), **more})


def kinds(found) -> list[tuple[str, str]]:
    return [(one.kind, one.indicator["id"] if one.indicator else one.word) for one in found]


def test_a_figure_far_off_its_target_comes_before_one_that_misses_by_little():
    far = notices(figures(row("ratio", "2026", 30.0)), "school", "2026")
    near = notices(figures(row("ratio", "2026", 18.5)), "school", "2026")
    assert (far[0].state, near[0].state) == ("bad", "watch")
    assert far[0].weight > near[0].weight
    assert notices(figures(row("ratio", "2026", 18.0)), "school", "2026") == []


def test_a_share_that_fell_by_five_points_has_changed_and_one_of_four_has_not():
    for now, told in ((85.0, True), (86.0, False)):
        found = notices(
            figures(row("rate", "2025", 90.0), row("rate", "2026", now)), "school", "2026"
        )
        assert bool(found) is told


def test_a_change_for_the_worse_weighs_more_than_one_for_the_better():
    worse = notices(figures(row("rate", "2025", 90.0), row("rate", "2026", 80.0)), "school", "2026")
    better = notices(
        figures(row("rate", "2025", 80.0), row("rate", "2026", 90.0)), "school", "2026"
    )
    assert worse[0].kind == better[0].kind == "changed"
    assert worse[0].weight > better[0].weight


def test_what_is_off_target_is_not_told_a_second_time_as_changed():
    found = notices(
        figures(row("ratio", "2025", 10.0), row("ratio", "2026", 30.0)), "school", "2026"
    )
    assert kinds(found) == [("off", "ratio")]


def test_a_year_that_is_not_over_is_not_judged_and_the_one_before_it_is():
    rows = [
        row("ratio", "2024-2025", 10.0, as_of_date="2025-08-31"),
        row("ratio", "2025-2026", 30.0, as_of_date="2026-08-31"),
        row("ratio", "2026-2027", 2.0, as_of_date="2026-11-20"),
    ]
    (found,) = notices(figures(*rows), "school", "2026")
    assert (found.kind, found.cell.period) == ("off", "2025-2026")


def test_a_suppressed_figure_is_no_notice():
    found = notices(figures(row("ratio", "2026", None, is_suppressed=True)), "school", "2026")
    assert found == []


def test_silence_of_the_owners_is_told_once_and_an_objection_by_itself():
    read = figures(
        row("rate", "2026", 90.0),
        row("count", "2026", 10.0),
        sign_offs={
            "A2-16": {"2026": "unsigned", "2025": "rejected", "2026-11-20": "running"},
            "A2-17": {"2026": "rejected", "2025": "signed"},
            "A2-18": {"2026": "unsigned"},
        },
    )
    found = notices(read, "school", "2026")
    assert kinds(found) == [("unsigned", "rejected"), ("unsigned", "unsigned")]
    assert found[0].sheets == (("A2-17", "2026"),)
    assert found[1].sheets == (("A2-16", "2026"),), "a dataset that the page has nothing of is none"


def test_signed_figures_want_no_look():
    read = figures(row("rate", "2026", 90.0), sign_offs={"A2-17": {"2026": "signed"}})
    assert notices(read, "school", "2026") == []


def test_late_deliveries_stand_under_their_unit_the_latest_first():
    late = [
        {"table": "a", "title": "甲", "owner": "财务处", "days": 2, "indicators": ["rate"]},
        {"table": "b", "title": "乙", "owner": "财务处", "days": 9, "indicators": ["rate"]},
        {"table": "c", "title": "丙", "owner": "人事处", "days": 30, "indicators": ["ratio"]},
    ]
    found = notices(figures(), "school", "2026", late)
    assert [one.deliveries[0]["table"] for one in found] == ["c", "b"]
    assert [len(one.deliveries) for one in found] == [1, 2]


def test_the_few_in_front_hold_the_worst_of_each_kind():
    read = figures(
        *(row("ratio", "2026", 40.0), row("rate", "2025", 90.0), row("rate", "2026", 70.0)),
        row("count", "2025", 10.0),
        row("count", "2026", 20.0),
        sign_offs={"A2-17": {"2026": "unsigned"}},
    )
    late = [{"table": "a", "title": "甲", "owner": "财务处", "days": 3, "indicators": ["rate"]}]
    found = notices(read, "school", "2026", late)
    assert [one.kind for one in first(found, 4)] == ["off", "changed", "overdue", "unsigned"]
    assert [one.kind for one in first(found, 2)] == ["off", "changed"]
    weights = [one.weight for one in first(found, 4)]
    assert weights == sorted(weights, reverse=True)
    assert len(first(found, 9)) == len(found) == 5
