"""A row's number is its place in the file, however many threads read it."""

from __future__ import annotations

from dataclasses import replace

from ingest_contracts import PAYMENT, quarantined

from warehouse.contracts import Contracts, Source
from warehouse.ingest import ingest
from warehouse.settings import load_settings

ROWS = 250_000
BAD = (1, ROWS // 2, ROWS)


def test_rows_of_a_large_file_keep_their_numbers(tmp_path):
    """Two threads read it, and the list of channels is long enough to become a join."""
    settings = load_settings(tmp_path, threads=2)
    settings.paths.create()
    columns = tuple(
        replace(column, allowed=("现金", "转账", "网银", "微信", "支付宝", "其他"))
        if column.name == "channel"
        else replace(column, foreign_key=None)
        for column in PAYMENT.columns
    )
    table = replace(PAYMENT, columns=columns)
    contracts = Contracts((Source("fees", "S08", "收费", "finance_office", (table,)),), {})
    folder = settings.paths.inbox / table.source / table.name
    folder.mkdir(parents=True)
    lines = [",".join(table.column_names)]
    lines += [
        f"payment-number-{row:040d},{100 if row in BAD else 1},100001,12.50,"
        "2026-03-01 08:00:00,微信,true,2026-03"
        for row in range(1, ROWS + 1)
    ]
    (folder / "payments.csv").write_text("\n".join(lines), encoding="utf-8")

    (file,) = ingest(settings, contracts=contracts).files
    assert (file.accepted_rows, file.reasons) == (ROWS - len(BAD), {"range": len(BAD)})
    assert [row for _, row, _ in quarantined(settings)] == list(BAD)
