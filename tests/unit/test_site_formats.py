"""Figures and dates as sentences show them."""

from datetime import UTC, date, datetime

import pytest

from dashboards import formats

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (400, "400.00 元"),
        (9_999.99, "9,999.99 元"),
        (10_000, "1.0 万元"),
        (12_640_000, "1,264.0 万元"),
        (99_999_999, "10,000.0 万元"),
        (100_000_000, "1.00 亿元"),
        (321_000_000, "3.21 亿元"),
        (-500, "-500.00 元"),
        (0, "0.00 元"),
        (None, "—"),
    ],
)
def test_money_takes_the_unit_of_its_size(value, shown):
    assert formats.money(value) == shown


def test_money_in_a_table_keeps_the_unit_of_the_largest():
    assert formats.money(400, per=12_640_000) == "0.0 万元"


def test_english_money_is_never_shortened():
    assert formats.money(12_640_000, "en") == "¥12,640,000"
    assert formats.money(400, "en") == "¥400.00"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (13482, "人", "13,482 人"),
        (91.3, "%", "91.3%"),
        (18.64, "比值（x:1）", "18.6 : 1"),
        (374.066, "元/人·月", "374.07 元"),
        (7.9805, "册/生", "7.98 册/生"),
        (0, "人", "0 人"),
        (None, "人", "—"),
        (2000.5, "人", "2,000.5 人"),
    ],
)
def test_a_figure_carries_its_unit(value, unit, shown):
    assert formats.figure(value, unit) == shown


@pytest.mark.parametrize(
    ("now", "before", "unit", "shown"),
    [
        (91.3, 89.2, "%", "+2.1 百分点"),
        (18.6, 18.2, "比值（x:1）", "+0.4"),
        (100, 228, "人", "-128 人"),
        (5, 5, "人", "±0"),
        (91.31, 91.30, "%", "±0"),
        (5, None, "人", ""),
        (None, 5, "人", ""),
    ],
)
def test_a_difference_is_signed_and_silent_without_both_sides(now, before, unit, shown):
    assert formats.difference(now, before, unit) == shown


def test_half_is_rounded_up_as_people_do():
    assert formats.number(0.125, 2) == "0.13"
    assert formats.number(2.675, 2) == "2.68"


def test_a_day_names_its_year_only_when_it_is_another():
    assert formats.day("2026-11-25", TODAY) == "11月25日"
    assert formats.day("2025-11-25", TODAY) == "2025年11月25日"
    assert formats.day(None, TODAY) == "—"


def test_a_moment_shows_in_beijing_and_may_fall_on_the_next_day():
    assert formats.moment("2026-11-19T18:10:00Z", TODAY) == "11月20日 02:10"
    assert formats.moment("2026-11-19T18:10:00", TODAY) == "11月20日 02:10"
    assert formats.day_of("2026-11-19T15:59:59Z", TODAY) == "11月19日"
    assert formats.day_of("2026-11-19T16:00:00Z", TODAY) == "11月20日"


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        ("2026-11-23", "3 天后（11月23日）"),
        ("2026-11-20", "今天（11月20日）"),
        ("2026-11-14", "逾期 6 天（11月14日）"),
    ],
)
def test_a_deadline_is_relative_then_absolute(when, shown):
    assert formats.deadline(when, TODAY) == shown


def test_terms_and_periods_in_words():
    assert formats.term("2025-2026-1") == "2025–26 学年第一学期"
    assert formats.term("Sommer") == "Sommer"
    assert formats.year_name("2025") == "2025年"
    assert formats.year_name("2025-2026") == "2025–26 学年"
    assert formats.year_name("2026-11-20") == "2026年至今"
    assert formats.year_name("2026-2027", running=True) == "2026–27 学年至今"


@pytest.mark.parametrize(
    ("as_of", "now", "day"),
    [
        ("2026-11-19T18:00:00Z", datetime(2026, 11, 23, 1, tzinfo=UTC), date(2026, 11, 23)),
        ("2026-01-01T00:00:00Z", datetime(2026, 11, 23, 1, tzinfo=UTC), date(2026, 1, 1)),
        ("2027-01-01T00:00:00Z", datetime(2026, 11, 23, 1, tzinfo=UTC), date(2027, 1, 1)),
        (None, datetime(2026, 11, 22, 17, tzinfo=UTC), date(2026, 11, 23)),
    ],
)
def test_relative_dates_count_from_today_unless_the_release_is_far_off(as_of, now, day):
    assert formats.reading_day(as_of, now) == day


def test_what_ends_at_midnight_is_good_for_the_day_before():
    today = date(2026, 11, 29)
    assert formats.last_day("2026-12-31T16:00:00Z", today) == "12月31日"
    assert formats.last_day("2026-12-31T16:00:01Z", today) == "2027年1月1日"
    assert formats.last_day(None, today) == formats.MISSING
