"""What is refused goes back to its owner unit as a workbook, and comes in again mended."""

from __future__ import annotations

import stat
import zipfile

import fastexcel
import polars
import pytest
import xlsxwriter
from ingest_contracts import (
    CONTRACTS,
    PAYMENT,
    STAFF,
    UNIT,
    UNITS,
    payment_row,
    put,
    run,
    staff_row,
)

from warehouse.errors import UsageError
from warehouse.ingest import returned_book
from warehouse.ingest import run as ingest_run
from warehouse.ingest.headings import RETURN_HEADINGS
from warehouse.ingest.run import export_refusals, open_refusals
from warehouse.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path) -> Settings:
    found = load_settings(tmp_path / "家 home", threads=2)
    found.paths.create()
    put(found, UNIT, "units.csv", UNITS)
    put(found, STAFF, "staff.csv", [staff_row(place) for place in range(10)])
    run(found)
    return found


def sheet(settings: Settings, path: str, name: str) -> polars.DataFrame:
    book = fastexcel.read_excel(settings.paths.root / path)
    frame = book.load_sheet(name, header_row=None, dtypes="string").to_polars()
    headings = [str(cell) for cell in frame.row(0)]
    return frame.slice(1).rename(dict(zip(frame.columns, headings, strict=True)))


def text_of(settings: Settings, path: str, name: str = "说明") -> str:
    book = fastexcel.read_excel(settings.paths.root / path)
    frame = book.load_sheet(name, header_row=None, dtypes="string").to_polars()
    return "\n".join(" ".join(cell or "" for cell in row) for row in frame.rows())


def workbooks(settings: Settings) -> list[str]:
    outbox = settings.paths.outbox
    return sorted(
        str(path.relative_to(outbox))
        for path in outbox.rglob("*")
        if path.suffix != ".json" and path.is_file()
    )


BAD = {
    2: {"amount": "?"},
    4: {"channel": "微信"},
    6: {"seq": "200"},
    8: {"staff_no": "999999"},
    10: {"amount": "", "month": "2026年13月"},
    12: {"payment_no": "P000013"},
    14: {"staff_no": "=1+1"},
}


def refuse(settings: Settings, name: str = "1.csv"):
    rows = [payment_row(place, **BAD.get(place, {})) for place in range(60)]
    put(settings, PAYMENT, name, rows)
    return run(settings).files[0]


def test_rows_come_back_in_the_contract_s_order_with_words_that_tell_what_to_mend(settings) -> None:
    file = refuse(settings)
    assert file.returned == f"outbox/finance_office/fees-payment-{file.batch[:12]}.xlsx"
    frame = sheet(settings, file.returned, "退回数据")
    titles = [column.title for column in PAYMENT.columns]
    assert frame.columns == [*titles, *RETURN_HEADINGS]
    assert frame.height == file.refused_rows == 8
    advice = dict(zip(frame["缴费单号"], frame["修改建议"], strict=False))
    why = dict(zip(frame["缴费单号"], frame["退回原因"], strict=False))
    assert why["P000002"] == "类型不符"
    assert "“金额”应为数值，最多 2 位小数" in advice["P000002"]
    assert advice["P000004"] == "“渠道”只能填：现金、转账"
    assert advice["P000006"] == "“序号”应在 1 至 99 之间"
    assert "教职工尚未交付" in advice["P000008"] and "hr/staff" in advice["P000008"]
    assert why["P000010"] == "类型不符、缺必填内容"
    assert "1. “金额”不能为空" in advice["P000010"] and "“所属年月”" in advice["P000010"]
    twins = frame.filter(polars.col("缴费单号") == "P000013")["修改建议"]
    assert "第 14 条" in twins[0] and "第 13 条" in twins[1]
    said = text_of(settings, file.returned)
    for words in ("财务处", "1.csv", file.batch, "入库 52 行，退回 8 行", "代码不符：1 行", "再交"):
        assert words in said


def test_bad_cells_are_marked_and_nothing_is_a_formula(settings) -> None:
    file = refuse(settings)
    with zipfile.ZipFile(settings.paths.root / file.returned) as parts:
        names = parts.namelist()
        first = parts.read("xl/worksheets/sheet1.xml").decode()
        comments = parts.read(next(n for n in names if n.startswith("xl/comments"))).decode()
    assert "<f>" not in first and "=1+1" in first
    assert "只能填：现金、转账" in comments


def test_only_the_owner_may_read_what_is_returned(settings) -> None:
    file = refuse(settings)
    path = settings.paths.root / file.returned
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_the_mended_sheet_is_a_delivery_and_closes_the_matter(settings, suffix: str) -> None:
    file = refuse(settings)
    frame = sheet(settings, file.returned, "退回数据")
    mended = frame.with_columns(
        金额=polars.lit("5.00"),
        渠道=polars.lit("现金"),
        序号=polars.Series([str(place) for place in range(1, 9)]),
        职工号=polars.lit("100001"),
        所属年月=polars.lit("2026-03"),
    )
    target = settings.paths.inbox / "fees" / "payment" / f"mended.{suffix}"
    if suffix == "csv":
        mended.write_csv(target)
    else:
        with xlsxwriter.Workbook(str(target)) as book:
            page = book.add_worksheet("退回数据")
            for line, row in enumerate([mended.columns, *mended.rows()]):
                page.write_row(line, 0, row)
    again = run(settings).files[0]
    assert (again.result, again.accepted_rows, again.refused_rows) == ("accepted", 8, 0)
    # The keys of two rows were mended themselves, so only they are still open.
    assert [name.count("/") for name in workbooks(settings)] == [1]


def test_the_workbook_shrinks_with_what_lands_and_goes_with_the_last_row(
    settings, monkeypatch
) -> None:
    monkeypatch.setattr(ingest_run, "load_contracts", lambda: CONTRACTS)
    rows = [payment_row(place, staff_no="900000") for place in range(2)]
    rows += [payment_row(place) for place in range(2, 40)]
    rows[5]["amount"] = "?"
    put(settings, PAYMENT, "1.csv", rows)
    first = run(settings).files[0]
    assert sheet(settings, first.returned, "退回数据").height == 3
    put(settings, STAFF, "more.csv", [*(staff_row(p) for p in range(10)), staff_row(800000)])
    run(settings)
    assert sheet(settings, first.returned, "退回数据").height == 1
    assert [one.open_rows for one in open_refusals(settings)] == [1]
    put(settings, PAYMENT, "2.csv", [payment_row(5)])
    run(settings)
    assert workbooks(settings) == []


def test_a_later_snapshot_settles_the_one_before(settings) -> None:
    staff = [staff_row(place, sex="9" if place == 3 else "1") for place in range(10)]
    put(settings, STAFF, "staff-2.csv", staff)
    file = run(settings).files[0]
    assert "不要只交这些行" in text_of(settings, file.returned)
    put(settings, STAFF, "staff-3.csv", [staff_row(place, name="改名") for place in range(10)])
    run(settings)
    assert workbooks(settings) == []


def test_a_mended_snapshot_of_the_same_extraction_settles_the_bad_one(settings) -> None:
    for day in range(1, 5):
        moment = {"extracted_at": f"2030-10-0{day} 02:00:00"}
        for name, sex in (("bad", "9"), ("mended", "1")):
            rows = [staff_row(p, sex=sex if p == 3 else "1") | moment for p in range(10)]
            put(settings, STAFF, f"{name}-{day}.csv", rows, extra=("extracted_at",))
            run(settings)
            assert len(workbooks(settings)) == (name == "bad"), day


def test_a_file_refused_whole_says_which_columns_are_wrong(settings) -> None:
    put(settings, PAYMENT, "1.csv", [payment_row(1)], extra=("salary",))
    file = run(settings).files[0]
    assert file.batch is None and file.returned.startswith("outbox/finance_office/fees-payment-")
    said = text_of(settings, file.returned)
    assert "列与合同不符" in said and "多出或无法识别的列：salary" in said
    assert "缴费单号" in text_of(settings, file.returned, "列要求")
    put(settings, PAYMENT, "2.csv", [payment_row(1)])
    run(settings)
    assert workbooks(settings) == []


def test_a_file_with_too_many_bad_rows_comes_back_row_by_row(settings) -> None:
    rows = [payment_row(place, amount="?" if place % 2 else "1.00") for place in range(40)]
    put(settings, PAYMENT, "1.csv", rows)
    file = run(settings).files[0]
    assert file.reasons == {"too_many_refused": 40}
    frame = sheet(settings, file.returned, "退回数据")
    assert frame.height == 20
    assert "“金额”应为数值" in frame["修改建议"][0]
    assert "重新交付整个文件" in text_of(settings, file.returned)


def test_a_second_run_makes_nothing_anew_and_the_same_run_gives_the_same_bytes(settings) -> None:
    file = refuse(settings)
    path = settings.paths.root / file.returned
    before, made = path.read_bytes(), path.stat().st_mtime_ns
    run(settings)
    assert path.stat().st_mtime_ns == made
    path.unlink()
    run(settings)
    assert path.read_bytes() == before


def test_what_a_workbook_cannot_hold_stands_whole_in_a_csv_beside_it(settings, monkeypatch) -> None:
    monkeypatch.setattr(returned_book, "ROW_LIMIT", 3)
    file = refuse(settings)
    assert sheet(settings, file.returned, "退回数据").height == 3
    listed = (settings.paths.root / file.returned).with_suffix(".csv")
    whole = polars.read_csv(listed, infer_schema=False)
    assert whole.height == 8
    assert whole["职工号"].to_list().count("\t=1+1") == 1
    assert "只列前 3 行" in text_of(settings, file.returned)


def test_what_is_open_is_listed_and_made_anew_on_demand(settings, monkeypatch, tmp_path) -> None:
    file = refuse(settings)
    path = settings.paths.root / file.returned
    before = path.read_bytes()
    monkeypatch.setattr(ingest_run, "load_contracts", lambda: CONTRACTS)
    [one] = open_refusals(settings)
    assert (one.unit, one.id, one.refused_rows) == ("finance_office", file.batch, 8)
    assert one.open_rows == sheet(settings, file.returned, "退回数据").height
    path.unlink()
    assert export_refusals(settings, file.batch[:12]) == [path]
    assert path.read_bytes() == before
    assert [copy.name for copy in export_refusals(settings, "finance_office", tmp_path / "o")] == [
        path.name
    ]
    with pytest.raises(UsageError):
        export_refusals(settings, "hr_office")
