"""Random valid rows through every format, encoding, heading language and way to write a date."""

from __future__ import annotations

import gzip
import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pyarrow
import pytest
import xlsxwriter
from delivery_forms import as_csv, as_json_lines, as_parquet, headings, packed
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from warehouse.contracts.model import Column, Contracts, Source, Table
from warehouse.engine import open_work
from warehouse.ingest.limits import Limits
from warehouse.ingest.reader import Reader
from warehouse.ingest.reading import read_file
from warehouse.ingest.screening import screen

# ruff: noqa: E501 - one form a line

TABLE = Table(
    "any", "thing", "事物", "一事一行", ("thing_no",), "event", "office", "L1",
    columns=(
        Column("thing_no", "string", "编号", required=True),
        Column("title", "string", "名称"),
        Column("story", "text", "说明（正文）"),
        Column("count", "int", "数量"),
        Column("money_amount", "decimal(14,2)", "金额"),
        Column("share", "decimal(10,4)", "占比"),
        Column("held_date", "date", "日期"),
        Column("held_month", "month", "所属年月"),
        Column("held_at", "timestamp", "时间"),
        Column("is_open", "bool", "是否公开"),
        Column("sex", "string", "性别", code_table="sex"),
    ),
)  # fmt: skip
CONTRACTS = Contracts(
    (Source("any", "S01", "任意", "office", (TABLE,)),),
    {"sex": {"1": "男性", "2": "女性"}},
    {"sex": {"M": "1"}},
)
#: Common and rare characters, four bytes each in GB18030 and in UTF-8 among them.
LETTERS = "甲乙丙学𠮷𪚥㐀，。、（）ＡAbz09 \"',;|\t&<>é·\n"
texts = st.text(LETTERS, max_size=20).map(str.strip).map(lambda text: text or None)
days = st.dates(date(1900, 3, 1), date(2155, 12, 31))
rows = st.fixed_dictionaries(
    {
        "title": texts,
        "story": texts,
        "count": st.none() | st.integers(-(2**31), 2**31 - 1),
        "money_amount": st.none() | st.decimals(-999999999999, 999999999999, places=2),
        "share": st.none() | st.decimals(-999999, 999999, places=4),
        "held_date": st.none() | days,
        "held_month": st.none() | days.map(lambda day: day.strftime("%Y-%m")),
        "held_at": st.none() | st.datetimes(datetime(1900, 3, 1), datetime(2155, 12, 31)).map(
            lambda moment: moment.replace(microsecond=0)),
        "is_open": st.none() | st.booleans(),
        "sex": st.none() | st.sampled_from(["1", "2"]),
    }
)  # fmt: skip
DAYS = {
    "2019-07-05": lambda day: day.isoformat(),
    "20190705": lambda day: f"{day:%Y%m%d}" if day.year > 999 else day.isoformat(),
    "2019/7/5": lambda day: f"{day.year}/{day.month}/{day.day}",
    "2019.07.05": lambda day: f"{day:%Y.%m.%d}",
    "2019年7月5日": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "serial": lambda day: (
        str((day - date(1899, 12, 30)).days)
        if day >= date(1927, 5, 19) and day < date(2119, 1, 1)
        else day.isoformat()
    ),
}
BOOLS = {"true": ("true", "false"), "是": ("是", "否"), "1": ("1", "0"), "Ｙ": ("Ｙ", "ｎ")}


def written(row, day_form, words, labels, thousands):
    """The row as text in the chosen forms."""
    day = DAYS[day_form]
    moment = row["held_at"]
    found = {
        **row,
        "held_date": row["held_date"] and day(row["held_date"]),
        "held_at": moment
        and (f"{DAYS[day_form](moment.date())} {moment:%H:%M:%S}"
             if day_form != "serial" else moment.isoformat(sep=" ")),
        "is_open": None if row["is_open"] is None else BOOLS[words][not row["is_open"]],
        "sex": {"1": "男" if labels else "M", "2": "女性"}.get(row["sex"]) if labels is not None else row["sex"],
    }  # fmt: skip
    for name in ("count", "money_amount", "share"):
        if found[name] is not None:
            found[name] = f"{found[name]:,}" if thousands else str(found[name])
    return {name: "" if value is None else value for name, value in found.items()}


def typed_parquet(rows, titles):
    types = {
        "count": pyarrow.int32(),
        "money_amount": pyarrow.decimal128(14, 2),
        "share": pyarrow.decimal128(12, 4),
        "held_date": pyarrow.date32(),
        "held_at": pyarrow.timestamp("us"),
        "is_open": pyarrow.bool_(),
    }
    return as_parquet(TABLE, rows, titles=titles, types=types)


def typed_xlsx(rows, titles, date1904):
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True, "date_1904": date1904}) as book:
        sheet = book.add_worksheet()
        forms = [
            book.add_format({"num_format": code}) for code in ("yyyy/m/d", "yyyy-mm-dd hh:mm:ss")
        ]
        sheet.write_row(0, 0, headings(TABLE, TABLE.column_names, titles))
        for number, row in enumerate(rows, 1):
            for place, name in enumerate(TABLE.column_names):
                value = row[name]
                if value is None:
                    continue
                if isinstance(value, bool):
                    sheet.write_boolean(number, place, value)
                elif isinstance(value, datetime) and not (date1904 and value.year < 1904):
                    sheet.write_datetime(number, place, value, forms[1])
                elif type(value) is date and not (date1904 and value.year < 1904):
                    sheet.write_datetime(
                        number, place, datetime.combine(value, datetime.min.time()), forms[0]
                    )
                elif isinstance(value, int | Decimal):
                    sheet.write_number(number, place, value)
                else:
                    sheet.write_string(number, place, str(value))
    return sink.getvalue()


@pytest.fixture(scope="module")
def reader():
    reader = Reader(Limits(free_disk=0), threads=1)
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def connection():
    with open_work(threads=1) as opened:
        opened.execute("SET preserve_insertion_order = true")
        yield opened


def landed(reader, connection, folder, name, content):
    path = folder / f"d-{name}"
    path.write_bytes(content)

    def judge(delivered):
        return screen(connection, delivered, TABLE, CONTRACTS, lambda *_: None, folder)

    found = read_file(reader, path, TABLE, folder, judge)
    assert (found.reasons, found.retyped) == ({}, ())
    names = ", ".join(TABLE.column_names)
    return connection.execute(f"SELECT {names} FROM ({found.good}) ORDER BY batch_row").fetchall()


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
@given(
    drawn=st.lists(rows, min_size=1, max_size=12),
    titles=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"]),
    separator=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    day_form=st.sampled_from(sorted(DAYS)),
    words=st.sampled_from(sorted(BOOLS)),
    labels=st.sampled_from([None, True, False]),
    thousands=st.booleans(),
    date1904=st.booleans(),
)
def test_what_lands_is_what_was_meant(
    reader, connection, tmp_path_factory, drawn, titles, encoding, separator, line_end, day_form,
    words, labels, thousands, date1904,
):  # fmt: skip
    folder = tmp_path_factory.mktemp("trip")
    drawn = [{"thing_no": f"T{number:04d}", **row} for number, row in enumerate(drawn)]
    meant = [
        tuple(
            value - timedelta(hours=8) if isinstance(value, datetime) else value
            for value in (row[name] for name in TABLE.column_names)
        )
        for row in drawn
    ]
    text = [written(row, day_form, words, labels, thousands) for row in drawn]
    plain = [
        {
            k: v if isinstance(v, bool | int) else None if v is None else str(v)
            for k, v in row.items()
        }
        for row in drawn
    ]
    as_text = as_csv(
        TABLE, text, titles=titles, encoding=encoding, separator=separator, line_end=line_end
    )
    files = {
        "t.csv": as_text,
        "t.csv.gz": gzip.compress(as_text),
        "t.jsonl": as_json_lines(TABLE, plain, titles=titles, encoding=encoding),
        "t.parquet.zst": packed(typed_parquet(drawn, titles), "zst"),
        "t.xlsx": typed_xlsx(drawn, titles, date1904),
    }
    for name, content in files.items():
        assert landed(reader, connection, folder, name, content) == meant, name
