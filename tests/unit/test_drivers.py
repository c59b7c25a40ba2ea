"""Why a figure changed: contributions that sum to the change, and nothing said of what is held
back."""

import math

import pytest

from dashboards.change_sentence import change_sentence
from dashboards.drivers import drivers
from dashboards.figures import read_figures

STUDENTS = {"id": "students", "unit": "人", "formula": "学籍状态=在读 的学生人数"}
RATIO = {
    "id": "ratio",
    "unit": "比值（x:1）",
    "formula": "折合在校生数 ÷ 教师总数；教师总数 = 专任教师数 + 聘请校外教师数×0.5",
}
SHARE = {"id": "share", "unit": "%", "formula": "Σ已缴 ÷ Σ(标准 − 减免) × 100，按学年"}


def _row(indicator, period, unit, top=None, bottom=None, *, factor=1, **more):
    fraction = top if bottom is None else top / bottom if bottom else None
    value = None if fraction is None else factor * fraction
    level = "school" if unit == "school" else "college" if len(unit) == 2 else "major"
    return {
        "indicator": indicator["id"],
        "period": period,
        "level": level,
        "unit": unit,
        "unit_name": {"01": "信息学院", "02": "商学院", "03": "农学院"}.get(unit, unit),
        "parent_unit": {"school": None, "college": "school", "major": unit[:2]}[level],
        "numerator": top,
        "denominator": bottom,
        "value": value,
        "as_of_date": f"{period[:4]}-09-30",
        **more,
    }


def _figures(*rows, indicators=(STUDENTS, RATIO, SHARE)):
    return read_figures({"indicators": list(indicators), "values": list(rows)})


def _ratio_college():
    """100 students to 10 teachers and 300 to 20, together 400 to 30; then 120 to 10 and 300 to 18.
    The whole goes from 13.333 to 15, its mean is 14.1667."""
    return _figures(
        _row(RATIO, "2024", "school", 400, 30),
        _row(RATIO, "2024", "01", 100, 10),
        _row(RATIO, "2024", "02", 300, 20),
        _row(RATIO, "2025", "school", 420, 28),
        _row(RATIO, "2025", "01", 120, 10),
        _row(RATIO, "2025", "02", 300, 18),
    )


def _contributions(change):
    return {part.scope.unit: part.contribution for part in change.parts}


def test_parts_of_a_sum_contribute_their_difference():
    figures = _figures(
        _row(STUDENTS, "2024", "school", 1000),
        _row(STUDENTS, "2024", "01", 400),
        _row(STUDENTS, "2024", "02", 600),
        _row(STUDENTS, "2025", "school", 1320),
        _row(STUDENTS, "2025", "01", 800),
        _row(STUDENTS, "2025", "02", 520),
    )
    change = drivers(figures, "students", "school", "2025")
    assert (change.state, change.difference) == ("told", 320)
    assert _contributions(change) == {"01": 400, "02": -80}
    assert [part.scope.unit for part in change.parts] == ["01", "02"]
    assert change.rest == 0
    assert (change.numerator, change.by_numerator) == (None, None)


def test_parts_of_a_ratio_are_own_change_and_mix_and_sum_to_the_whole():
    change = drivers(_ratio_college(), "ratio", "school", "2025")
    assert change.difference == pytest.approx(15 - 400 / 30)
    # 01: weight 1/3 → 10/28, ratio 10 → 12; 02: weight 2/3 → 18/28, ratio 15 → 16.667
    first, second = (
        next(part for part in change.parts if part.scope.unit == unit) for unit in ("01", "02")
    )
    assert first.own == pytest.approx(0.690476, abs=1e-6)  # (0.33333 + 0.35714) / 2 × 2
    assert first.mix == pytest.approx(-0.075397, abs=1e-6)  # (11 − 14.16667) × 0.0238095
    assert second.own == pytest.approx(1.091270, abs=1e-6)  # (0.66667 + 0.64286) / 2 × 1.66667
    assert second.mix == pytest.approx(-0.039683, abs=1e-6)  # (15.83333 − 14.16667) × −0.0238095
    assert math.fsum(_contributions(change).values()) == pytest.approx(change.difference)
    assert change.rest == 0


def test_numerator_and_denominator_make_the_whole_change():
    change = drivers(_ratio_college(), "ratio", "school", "2025")
    assert (change.numerator, change.denominator) == (20, -2)
    assert change.by_numerator == pytest.approx(0.690476, abs=1e-6)  # 20 × (1/28 + 1/30) / 2
    assert change.by_denominator == pytest.approx(0.976190, abs=1e-6)  # 410 × (1/28 − 1/30)
    assert change.by_numerator + change.by_denominator == pytest.approx(change.difference)


def test_a_college_that_only_grows_at_the_average_contributes_nothing():
    figures = _figures(
        _row(RATIO, "2024", "school", 300, 20),
        _row(RATIO, "2024", "01", 150, 10),
        _row(RATIO, "2024", "02", 150, 10),
        _row(RATIO, "2025", "school", 600, 40),
        _row(RATIO, "2025", "01", 450, 30),
        _row(RATIO, "2025", "02", 150, 10),
    )
    change = drivers(figures, "ratio", "school", "2025")
    assert _contributions(change) == pytest.approx({"01": 0, "02": 0})


def test_a_share_is_told_in_percentage_points():
    figures = _figures(
        _row(SHARE, "2023-2024", "school", 80, 100, factor=100, as_of_date="2024-08-31"),
        _row(SHARE, "2024-2025", "school", 90, 100, factor=100, as_of_date="2025-08-31"),
    )
    change = drivers(figures, "share", "school", "2024")
    assert change.difference == pytest.approx(10)
    assert change.by_numerator == pytest.approx(10)
    assert change.by_denominator == 0


def test_a_new_college_counts_as_nothing_before_where_the_others_were_the_whole():
    figures = _figures(
        _row(RATIO, "2024", "school", 100, 10),
        _row(RATIO, "2024", "01", 100, 10),
        _row(RATIO, "2025", "school", 160, 12),
        _row(RATIO, "2025", "01", 100, 10),
        _row(RATIO, "2025", "03", 60, 2),
    )
    change = drivers(figures, "ratio", "school", "2025")
    assert change.unknown == ()
    new = next(part for part in change.parts if part.scope.unit == "03")
    assert new.own == 0  # it has no ratio of its own before
    assert new.mix == pytest.approx(60 / 12 - (10 + 160 / 12) / 2 * 2 / 12)
    assert math.fsum(_contributions(change).values()) == pytest.approx(change.difference)


def test_what_belongs_to_no_college_is_the_rest():
    figures = _figures(
        _row(RATIO, "2024", "school", 100, 10),
        _row(RATIO, "2024", "01", 100, 8),
        _row(RATIO, "2025", "school", 100, 12),
        _row(RATIO, "2025", "01", 100, 8),
        _row(RATIO, "2025", "03", 0, 0),
    )
    change = drivers(figures, "ratio", "school", "2025")
    # the others do not make the whole, so what 03 counted before is not known
    assert [scope.unit for scope in change.unknown] == ["03"]
    assert change.rest == pytest.approx(change.difference - _contributions(change)["01"])
    assert change.rest < 0  # two teachers outside the colleges


@pytest.mark.parametrize("period", ["2024", "2025"])
def test_a_suppressed_college_is_in_no_part_and_no_rest_speaks_of_it(period):
    rows = [
        _row(SHARE, year, unit, *numbers, factor=100)
        for year, unit, *numbers in [
            ("2024", "school", 30, 100),
            ("2024", "01", 26, 90),
            ("2024", "02", 4, 10),
            ("2025", "school", 40, 100),
            ("2025", "01", 36, 90),
            ("2025", "02", 4, 10),
        ]
    ]
    for row in rows:
        if (row["period"], row["unit"]) == (period, "02"):
            row |= {"numerator": None, "denominator": None, "value": None, "is_suppressed": True}
    change = drivers(_figures(*rows), "share", "school", "2025")
    assert [scope.unit for scope in change.held_back] == ["02"]
    assert list(_contributions(change)) == ["01"]
    assert change.rest is None
    assert "商学院" not in change_sentence(change, SHARE)


def test_a_missing_college_beside_a_suppressed_one_is_not_taken_for_nothing():
    figures = _figures(
        _row(STUDENTS, "2024", "school", 30),
        _row(STUDENTS, "2024", "01", 30),
        _row(STUDENTS, "2024", "02", None, is_suppressed=True),
        _row(STUDENTS, "2025", "school", 40),
        _row(STUDENTS, "2025", "01", 30),
        _row(STUDENTS, "2025", "02", None, is_suppressed=True),
        _row(STUDENTS, "2025", "03", 6),
    )
    change = drivers(figures, "students", "school", "2025")
    assert [scope.unit for scope in change.unknown] == ["03"]
    assert _contributions(change) == {"01": 0}


@pytest.mark.parametrize(
    ("before", "now", "state"),
    [
        ({}, {"value": None, "numerator": None, "is_suppressed": True}, "suppressed"),
        ({"value": None, "numerator": None, "is_suppressed": True}, {}, "suppressed"),
        ({"value": None}, {}, "missing"),
        ({"as_of_date": "2024-12-31"}, {"as_of_date": "2025-11-20"}, "unfinished"),
    ],
)
def test_figures_that_do_not_compare_have_no_numbers(before, now, state):
    figures = _figures(
        _row(STUDENTS, "2024", "school", 10) | before, _row(STUDENTS, "2025", "school", 12) | now
    )
    change = drivers(figures, "students", "school", "2025")
    assert change.state == state
    assert (change.difference, change.rest, change.parts) == (None, None, ())
    assert not any(digit in change_sentence(change, STUDENTS, "zh") for digit in "12345") or (
        state == "unfinished"
    )


def test_without_a_period_before_there_is_no_change():
    figures = _figures(_row(STUDENTS, "2025", "school", 10))
    assert drivers(figures, "students", "school", "2025") is None
    assert drivers(figures, "students", "college:09", "2025") is None


def test_a_running_count_is_not_matched_with_a_college_that_has_only_the_census():
    figures = _figures(
        _row(STUDENTS, "2024", "school", 10),
        _row(STUDENTS, "2024", "01", 10),
        _row(STUDENTS, "2025-11-20", "school", 12, as_of_date="2025-11-20"),
        _row(STUDENTS, "2025", "01", 11),
        _row(STUDENTS, "2025-11-20", "02", 12, as_of_date="2025-11-20"),
    )
    change = drivers(figures, "students", "school", "2025")
    assert _contributions(change) == {"01": -10, "02": 12}


def test_a_value_that_is_not_its_fraction_has_no_parts():
    figures = _figures(
        _row(RATIO, "2024", "school", 100, 10, value=3.0),
        _row(RATIO, "2025", "school", 100, 10, value=4.0),
        _row(RATIO, "2024", "01", 100, 10),
        _row(RATIO, "2025", "01", 100, 10),
    )
    change = drivers(figures, "ratio", "school", "2025")
    assert (change.difference, change.parts, change.by_numerator) == (1.0, (), None)


def test_majors_drive_their_college():
    figures = _figures(
        *(_row(STUDENTS, year, "01", top) for year, top in (("2024", 30), ("2025", 36))),
        *(_row(STUDENTS, year, "0101", top) for year, top in (("2024", 10), ("2025", 20))),
        *(_row(STUDENTS, year, "0102", top) for year, top in (("2024", 20), ("2025", 16))),
    )
    change = drivers(figures, "students", "college:01", "2025")
    assert _contributions(change) == {"0101": 10, "0102": -4}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "zh",
            "比上年升高 1.7：折合学生增加 20 人，教师减少 2 人；商学院贡献最大（+1.1）",
        ),
        (
            "en",
            "Up 1.7 on the year before: 20 more weighted students, 2 fewer teachers; "
            "商学院 contributed most (+1.1)",
        ),
    ],
)
def test_the_sentence_says_how_much_of_what_and_where(language, sentence):
    change = drivers(_ratio_college(), "ratio", "school", "2025")
    assert change_sentence(change, RATIO, language) == sentence


def test_the_sentence_of_a_share_speaks_of_percentage_points_and_money():
    figures = _figures(
        _row(SHARE, "2023-2024", "school", 8e6, 1e7, factor=100, as_of_date="2024-08-31"),
        _row(SHARE, "2024-2025", "school", 9e6, 1e7, factor=100, as_of_date="2025-08-31"),
    )
    change = drivers(figures, "share", "school", "2024")
    assert change_sentence(change, SHARE) == (
        "比上学年升高 10.0 百分点：已缴学费增加 100.0 万元，应缴学费不变"
    )
    assert change_sentence(change, SHARE, "en") == (
        "Up 10.0 pp on the academic year before: ¥1,000,000 more tuition paid, "
        "no change in tuition due"
    )


def test_the_sentence_names_the_period_where_it_is_not_the_year_before():
    figures = _figures(_row(STUDENTS, "2022", "school", 10), _row(STUDENTS, "2025", "school", 8))
    change = drivers(figures, "students", "school", "2025")
    assert change_sentence(change, STUDENTS) == "比2022年减少 2 人"


def test_colleges_that_cancel_out_are_both_named():
    figures = _figures(
        *(_row(STUDENTS, year, "school", 100) for year in ("2024", "2025")),
        *(_row(STUDENTS, year, "01", top) for year, top in (("2024", 40), ("2025", 60))),
        *(_row(STUDENTS, year, "02", top) for year, top in (("2024", 60), ("2025", 40))),
    )
    change = drivers(figures, "students", "school", "2025")
    assert change_sentence(change, STUDENTS) == (
        "比上年持平；其中信息学院 +20 人，商学院 -20 人，互相抵消"
    )


def test_the_only_unit_shown_is_not_called_the_largest():
    figures = _figures(
        _row(STUDENTS, "2024", "school", 100),
        _row(STUDENTS, "2024", "01", 40),
        _row(STUDENTS, "2025", "school", 130),
        _row(STUDENTS, "2025", "01", 60),
    )
    change = drivers(figures, "students", "school", "2025")
    assert change.rest == 10
    assert change_sentence(change, STUDENTS) == "比上年增加 30 人；其中信息学院 +20 人"
