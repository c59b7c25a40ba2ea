"""Every tolerated way of writing a value, and the ways that are refused."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from warehouse.contracts import Column
from warehouse.engine import open_work
from warehouse.ingest import forms
from warehouse.ingest.checks import check_digit


@pytest.fixture(scope="module")
def connection():
    with open_work() as opened:
        yield opened


def read(connection, kind: str, text: str):
    """Value by the patient way; None where no form fits."""
    column = Column("x_no", kind, "某列")
    tidied = forms.tidy(column, "original")
    value = forms.reading(column, "t", "original").value
    return connection.execute(
        f"SELECT {value} FROM (SELECT *, {tidied} AS t FROM (SELECT ?::VARCHAR AS original))",
        [text],
    ).fetchone()[0]


def quick(connection, kind: str, text: str):
    """(value by the quick way, whether it vouches for it)."""
    column = Column("x_no", kind, "某列")
    return connection.execute(
        f"SELECT v, coalesce({forms.clean(column, 't', 'v')}, false) "
        f"FROM (SELECT t, {forms.plain_value(column, 't')} AS v FROM (SELECT ?::VARCHAR AS t))",
        [text],
    ).fetchone()


DAY = date(2019, 7, 5)
MORNING = datetime(2019, 7, 5, 0, 30)  # UTC of 08:30 in Beijing
GOOD = [
    ("date", "2019-07-05", DAY),
    ("date", "2019-7-5", DAY),
    ("date", "20190705", DAY),
    ("date", "2019/7/5", DAY),
    ("date", "2019/07/05", DAY),
    ("date", "2019.07.05", DAY),
    ("date", "2019年7月5日", DAY),
    ("date", "43651", DAY),
    ("date", "43651.0", DAY),
    ("date", "2019-07-05 00:00:00", DAY),
    ("date", "　２０１９-０７-０５ ", DAY),
    ("timestamp", "2019-07-05 08:30:00", MORNING),
    ("timestamp", "2019-07-05T08:30:00", MORNING),
    ("timestamp", "2019-07-05 08:30", MORNING),
    ("timestamp", "2019-07-05T08:30:00.000000", MORNING),
    ("timestamp", "2019/7/5 8:30", MORNING),
    ("timestamp", "2019年7月5日 8:30:00", MORNING),
    ("timestamp", "20190705083000", MORNING),
    ("timestamp", "20190705 083000"[:8] + " 08:30:00", MORNING),
    ("timestamp", "2019-07-05T08:30:00+08:00", MORNING),
    ("timestamp", "2019-07-05T00:30:00Z", MORNING),
    ("timestamp", "2019-07-05 09:30:00+0900", MORNING),
    ("timestamp", "2019-07-05", datetime(2019, 7, 4, 16)),
    ("timestamp", "43651.354166666664", MORNING),
    ("int", "12", 12),
    ("int", "007", 7),
    ("int", "1,234,567", 1234567),
    ("int", "12.0", 12),
    ("int", "-3", -3),
    ("int", "１２", 12),
    ("decimal(14,2)", "2.5", Decimal("2.50")),
    ("decimal(14,2)", "2.500", Decimal("2.50")),
    ("decimal(14,2)", "-1,234.56", Decimal("-1234.56")),
    ("decimal(14,2)", "１２．５", Decimal("12.50")),
    ("decimal(10,4)", "4", Decimal("4.0000")),
    ("bool", "是", True),
    ("bool", "N", False),
    ("bool", "1", True),
    ("bool", "FALSE", False),
    ("month", "2019-07", "2019-07"),
    ("month", "201907", "2019-07"),
    ("month", "2019年7月", "2019-07"),
    ("month", "2019/7", "2019-07"),
    ("month", "2019-07-01 00:00:00", "2019-07"),
    ("string", " ２０２３０００１\t", "20230001"),
    ("string", "\u200b2023\u200d0001\u2060", "20230001"),
    ("string", "\u00a0\u30002023 0001\u2003", "2023 0001"),
    ("int", "１，２３４", 1234),
    ("date", "\ufeff2019\u200b-07-05", DAY),
]
BAD = [
    ("date", "2019-02-30"),
    ("date", "2019-07/05"),
    ("date", "05/07/2019"),
    ("date", "infinity"),
    ("date", "2019-07-05 10:00:00"),
    ("timestamp", "2019-07-05 25:00:00"),
    ("timestamp", "now"),
    ("timestamp", "infinity"),
    ("int", "12.5"),
    ("int", "1_000"),
    ("int", "0x1F"),
    ("int", "1e3"),
    ("int", "12,34"),
    ("int", "99999999999"),
    ("decimal(14,2)", "2.999"),
    ("decimal(14,2)", "1_000"),
    ("decimal(14,2)", "0x1F"),
    ("decimal(14,2)", "1e3"),
    ("decimal(14,2)", "1,23"),
    ("decimal(14,2)", "9999999999999.00"),
    ("bool", "maybe"),
    ("month", "2019-13"),
    ("month", "2019-07-15"),
]


@pytest.mark.parametrize(("kind", "text", "value"), GOOD)
def test_tolerated_form_is_read(connection, kind, text, value):
    assert read(connection, kind, text) == value


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_other_form_is_unreadable_never_bent(connection, kind, text):
    assert read(connection, kind, text) is None


@pytest.mark.parametrize(("kind", "text", "value"), GOOD)
def test_quick_way_vouches_only_for_what_the_patient_way_reads_alike(connection, kind, text, value):
    found, vouched = quick(connection, kind, text)
    assert not vouched or found == value


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_quick_way_never_vouches_for_an_unreadable_form(connection, kind, text):
    assert quick(connection, kind, text)[1] is False


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "2019-07-05"),
        ("timestamp", "2019-07-05 08:30:00"),
        ("timestamp", "2019-07-05T08:30:00"),
        ("timestamp", "2019-07-05T08:30:00.000000"),
        ("int", "12"),
        ("decimal(14,2)", "12.50"),
        ("decimal(14,2)", "12.5"),
        ("decimal(14,2)", "-12"),
        ("bool", "true"),
        ("month", "2019-07"),
        ("string", "张三 丰"),
        ("text", "（全角）"),
    ],
)
def test_plain_form_needs_no_second_look(connection, kind, text):
    column = Column("story" if kind == "text" else "x", kind, "某列")
    assert connection.execute(
        f"SELECT {forms.clean(column, 't', 'v')} FROM "
        f"(SELECT t, {forms.plain_value(column, 't')} AS v FROM (SELECT ?::VARCHAR AS t))",
        [text],
    ).fetchone() == (True,)


@pytest.mark.parametrize(
    "text", [" 12", "12 ", "\t12", "12\r", "　12", "１2", "\u200b12", "1\u200b2", ""]
)
def test_untidy_identifier_gets_a_second_look(connection, text):
    assert quick(connection, "string", text)[1] is False


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("11010519491231002X", True),
        ("440524188001010014", True),
        ("110105194912310021", False),
        ("11010519491231002", False),
        ("1101051949123100２X", False),
    ],
)
def test_check_digit_of_gb_11643(connection, number, right):
    assert connection.execute(
        f"SELECT {check_digit('n')} FROM (SELECT ? AS n)", [number]
    ).fetchone() == (right,)
