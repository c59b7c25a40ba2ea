"""Values become text exactly, or are refused; never rounded, never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from warehouse.pull.values import Unfit, read_moment, writer

BEIJING = timedelta(hours=8)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("string", "", ""),
        ("string", " 　张三\n", " 　张三\n"),
        ("string", 7, "7"),
        ("string", UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("string", time(8, 30), "08:30:00"),
        ("string", -timedelta(hours=30, seconds=1), "-30:00:01"),
        ("string", timedelta(minutes=1, microseconds=5), "00:01:00.000005"),
        ("decimal", Decimal("12345678901234567890.1200"), "12345678901234567890.1200"),
        ("decimal", Decimal("1E+3"), "1000"),
        ("decimal", Decimal("1E-7"), "0.0000001"),
        ("decimal", Decimal("-0.00"), "-0.00"),
        ("decimal", Decimal("NaN"), "NaN"),
        ("int", 10**20, "100000000000000000000"),
        ("date", date(1, 1, 1), "0001-01-01"),
        ("date", date(9999, 12, 31), "9999-12-31"),
        ("date", datetime(2026, 3, 1), "2026-03-01"),
        ("date", datetime(2026, 3, 1, 8), "2026-03-01 08:00:00"),
        ("month", datetime(2026, 3, 1), "2026-03-01"),
        ("date", "infinity", "infinity"),
        ("timestamp", datetime(2026, 3, 1, 8, 30), "2026-03-01 08:30:00"),
        ("timestamp", datetime(2026, 3, 1, 8, 30, 0, 120), "2026-03-01 08:30:00.000120"),
        ("timestamp", datetime(2026, 3, 1, 0, 30, tzinfo=UTC), "2026-03-01 08:30:00"),
        ("timestamp", date(2026, 3, 1), "2026-03-01 00:00:00"),
        ("timestamp", "2026-03-01 08:30:00.5+08", "2026-03-01 08:30:00.5"),
        ("timestamp", "infinity", "infinity"),
        ("bool", True, "true"),
        ("bool", 0, "false"),
        ("bool", Decimal(1), "true"),
        ("bool", b"\1", "true"),
        ("bool", "是", "是"),
        ("bool", 2, "2"),
    ],
)
def test_value_is_written_as_it_is(kind, value, text):
    assert writer(kind, BEIJING)(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 3, 1, 0, 30), "2026-03-01 08:30:00"),
        ("2026-03-01 00:30:00", "2026-03-01 08:30:00"),
        ("2026-03-01 00:30:00+00", "2026-03-01 08:30:00"),
        (datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=9))), "2026-03-01 08:30:00"),
        (datetime.max, "9999-12-31 23:59:59.999999"),
    ],
)
def test_times_of_a_source_elsewhere_become_those_of_beijing(value, text):
    assert writer("timestamp", timedelta())(value) == text


@pytest.mark.parametrize(
    ("value", "what"),
    [(0.1, "floating-point"), (b"x", "bytes"), (memoryview(b"x"), "bytes"), ([1], "list")],
)
def test_what_no_extract_can_hold_is_refused_without_the_value(value, what):
    for kind in ("string", "decimal", "int"):
        with pytest.raises(Unfit, match=what) as caught:
            writer(kind, BEIJING)(value)
        assert repr(value) not in str(caught.value)


def test_deleted_flag_knows_its_own_words():
    is_deleted = writer("deleted", BEIJING, ("D", "9"))
    assert [is_deleted(value) for value in ("D", "9", 9, "A", "D ")] == [
        "true", "true", "true", "false", "true",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-03-01 08:30:00.5", datetime(2026, 3, 1, 8, 30, 0, 500000)),
        ("2026-03-01 08:30:00.1234567", datetime(2026, 3, 1, 8, 30, 0, 123456)),
        ("2026-03-01 08:30:00+08", datetime(2026, 3, 1, 8, 30)),
        (datetime(2026, 3, 1, 0, 30, tzinfo=UTC), datetime(2026, 3, 1, 8, 30)),
        (date(2026, 3, 1), datetime(2026, 3, 1)),
        ("infinity", None),
        (None, None),
    ],
)
def test_watermark_is_read_in_the_sources_own_zone(value, moment):
    assert read_moment(value, BEIJING) == moment
