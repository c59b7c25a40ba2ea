"""Contracts, sources.toml and helpers for the tests of pulling."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from source_servers import READER, SECRET, Server

from warehouse.contracts import Column, Contracts, Source, Table
from warehouse.engine import open_work
from warehouse.ingest import create_landed_views, ingest
from warehouse.pull import PullReport, TableResult, pull
from warehouse.settings import Settings, load_settings
from warehouse.state import open_state, session

PERSON = Table(
    "hr", "person", "人员", "一人一行", ("person_no",), "snapshot", "hr_office", "L3",
    columns=(
        Column("person_no", "string", "人员号", required=True, unique=True),
        Column("name", "string", "姓名"),
        Column("remark", "text", "备注"),
        Column("joined_date", "date", "来校日期"),
    ),
)  # fmt: skip
ENTRY = Table(
    "fees", "entry", "账目", "一笔一行", ("entry_no",), "event", "finance_office", "L3",
    columns=(
        Column("entry_no", "string", "账目号", required=True, unique=True),
        Column("amount", "decimal(18,4)", "金额"),
        Column("paid_at", "timestamp", "时间"),
        Column("is_final", "bool", "是否结清"),
        Column("seq", "int", "序号"),
    ),
)  # fmt: skip
CONTRACTS = Contracts(
    (
        Source("hr", "S01", "人事", "hr_office", (PERSON,)),
        Source("fees", "S08", "收费", "finance_office", (ENTRY,)),
    )
)


def entry_table(server: Server) -> tuple[str, str]:
    """Statements that make an empty table of entries."""
    moment = "timestamp(6)" if server.dialect == "postgresql" else "datetime(6)"
    return (
        "DROP TABLE IF EXISTS entry",
        "CREATE TABLE entry (entry_no varchar(20) PRIMARY KEY, amount decimal(18,4), paid_at "
        f"timestamp NULL, is_final boolean, seq int, changed_at {moment} NULL, gone char(1))",
    )


def make_home(folder: Path) -> Settings:
    settings = load_settings(folder / "数据 home", threads=2)
    settings.paths.create()
    secret = settings.paths.secrets / "reader"
    secret.touch(mode=0o600)
    secret.write_text(SECRET + "\n", encoding="utf-8")
    return settings


def declare(settings: Settings, *sources: str, parallel: int = 4) -> None:
    text = f"parallel = {parallel}\n" + "\n".join(sources)
    (settings.paths.root / "sources.toml").write_text(text, encoding="utf-8")


def source(server: Server | None, id: str, tables: str, **options: Any) -> str:
    """One source of sources.toml. `tables` is TOML; options replace connection keys."""
    values: dict[str, Any] = {
        "dialect": server.dialect if server else "postgresql",
        "host": "127.0.0.1",
        "port": server.port if server else 1,
        "database": "campus",
        "user": READER,
        "password_file": "secrets/reader",
        "tls": "off",
        "connect_seconds": 2,
        "attempts": 1,
    } | options
    lines = [f"[sources.{id}]"]
    lines += [
        f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
        for key, value in values.items()
        if value is not None
    ]
    return "\n".join(lines) + "\n" + tables


def entry(extra: str = "", table: str = "entry") -> str:
    return f'[sources.fees.tables.entry]\nfrom = "{table}"\n{extra}\n'


INCREMENTAL = 'mode = "incremental"\nwatermark = "changed_at"\noverlap = "1h"'


def run(settings: Settings, place: str | None = None, **options: Any) -> PullReport:
    return pull(settings, place, contracts=CONTRACTS, **options)


def only(report: PullReport) -> TableResult:
    assert len(report.tables) == 1, report
    return report.tables[0]


def read(settings: Settings, result: TableResult) -> list[dict[str, str]]:
    """The delivered file by heading, without the technical columns, in order of the first."""
    assert result.path, result
    with (settings.paths.root / result.path).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        assert row.pop("extracted_at") == result.extracted_at
        assert row.pop("source_system") == result.source
    return sorted(rows, key=lambda row: next(iter(row.values())))


def land(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    """Ingest what lies in the inbox, then rows of a query over the landed views."""
    report = ingest(settings, contracts=CONTRACTS)
    assert not report.refused_whole, report
    engine = open_state(settings)
    with open_work() as connection, session(engine, read_only=True) as opened:
        create_landed_views(connection, CONTRACTS, opened, settings.paths)
        rows = connection.execute(query).fetchall()
    engine.dispose()
    return rows
