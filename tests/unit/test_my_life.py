"""What the page 生活 works out from one's own rows."""

from datetime import date

import pytest

from dashboards.components.blocks import Tables
from dashboards.components.days import calendar_rows
from dashboards.components.life_accounts import took
from dashboards.components.life_home import minutes_and_seconds
from dashboards.components.life_sections import figures
from dashboards.components.listing import span, value

TODAY = date(2026, 11, 29)


def test_a_calendar_holds_twelve_weeks_up_to_the_day_the_data_reach():
    # 2026-11-29 is a Sunday, so the first of twelve weeks begins on Monday, 7 September.
    days = [date(2026, 9, 6), date(2026, 9, 7), date(2026, 11, 29), date(2026, 11, 30), None]
    rows = calendar_rows([(day, 1.0, "") for day in days], TODAY, "zh")
    assert [(row["week"], row["weekday"]) for row in rows] == [("9/7", "周一"), ("11/23", "周日")]


@pytest.mark.parametrize(
    ("closed", "shown"),
    [
        ("2026-03-01T08:00:30", "1 分钟"),
        ("2026-03-01T08:59:59", "59 分钟"),
        ("2026-03-01T09:00:00", "1 小时"),
        ("2026-03-03T07:59:00", "47 小时"),
        ("2026-03-03T08:00:00", "2 天"),
        (None, ""),
    ],
)
def test_a_request_says_how_long_it_took(closed, shown):
    assert took({"opened_at": "2026-03-01T08:00:00", "closed_at": closed}, "closed_at") == shown


def test_a_run_is_told_in_minutes_and_seconds():
    assert minutes_and_seconds(245) == "4′05″"


def test_what_is_owed_is_the_sum_of_all_bills_and_zero_is_said():
    def unpaid(*amounts):
        rows = [{"outstanding_amount": amount} for amount in amounts]
        shown = figures(Tables({"tables": {"fee_bill": {"rows": rows}}}), TODAY)
        return shown[0][1], shown[0][3]

    assert unpaid(4300, 0, 800.5) == ("5,100.50", "")
    assert unpaid(0, None) == ("0.00", "没有欠费")


def test_the_card_in_use_comes_before_an_empty_one():
    rows = [{"balance": None}, {"balance": 12.5}]
    shown = figures(Tables({"tables": {"meal_account": {"rows": rows}}}), TODAY)
    assert shown[0][1] == "12.50"


@pytest.mark.parametrize(
    ("begin", "end", "shown"),
    [
        ("2024-09-01", "2025-06-30", "2024年9月 – 2025年6月"),
        ("2024-09-01", "2024-09-30", "2024年9月"),
        ("2024-09", None, "2024年9月起"),
        (None, "2025-06", "2025年6月"),
        (None, None, ""),
    ],
)
def test_a_span_says_what_is_known_of_it(begin, end, shown):
    assert span(begin, end) == shown


def test_a_span_that_is_over_does_not_go_on():
    assert span("2024-09-01", None, open_end=False) == "2024年9月"


def test_a_number_that_is_a_name_stays_as_it_is_written():
    assert value("410102199") == "410102199"
    assert value(True) == "是"
    assert value(1234.5) == "1,234.5"
