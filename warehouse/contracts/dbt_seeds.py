"""What the generated dbt seeds hold: code tables, and the contracts' tables.

Who owns what by the annexes is no seed: it goes by the day of the data (`warehouse.hub_tables`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warehouse.authority import Authority
from warehouse.contracts.model import Contracts

__all__ = ["Seed", "seed_contents"]


@dataclass(frozen=True)
class Seed:
    """One CSV file. `columns` is name → description; every column is text."""

    description: str
    columns: Mapping[str, str]
    rows: Sequence[Sequence[str]]


def seed_contents(contracts: Contracts, authority: Authority) -> dict[str, Seed]:
    """The seeds by name."""
    return {
        "code_value": _code_value(contracts),
        "source_table": _source_table(contracts, authority),
    }


def _code_value(contracts: Contracts) -> Seed:
    return Seed(
        "代码表的取值。每行一个代码。",
        {"code_table": "代码表", "code": "代码", "label": "名称"},
        [
            (table, code, label)
            for table, values in sorted(contracts.code_tables.items())
            for code, label in values.items()
        ],
    )


def _source_table(contracts: Contracts, authority: Authority) -> Seed:
    return Seed(
        "合同中的来源表。每行一张表。",
        {
            "source_id": "来源标识",
            "source_code": "来源编号（S01–S20，F01–F10）",
            "source_name": "来源名称",
            "table_name": "表名",
            "title": "表的中文名",
            "grain": "每行是什么",
            "kind": "snapshot 全量快照，history 历史，event 事件",
            "level": "数据级别",
            "owner_id": "数据责任单位标识",
            "owner": "数据责任单位",
            "subject_key": "数据主体所在列，不涉及个人者为空",
            "cadence": "更新频率",
            "cadence_note": "更新频率说明",
            "legal_basis": "法律依据",
            "retention": "保存期限",
            "feeds": "供给的附件行，以分号相隔",
            "contract_version": "合同版本",
        },
        [
            (
                source.id,
                source.code,
                source.title,
                table.name,
                table.title,
                table.grain,
                table.kind,
                table.level,
                table.owner_unit,
                authority.unit_title(table.owner_unit),
                table.subject_key or "",
                table.cadence,
                table.cadence_note,
                table.legal_basis,
                table.retention,
                ";".join(table.feeds),
                table.version,
            )
            for source in contracts.sources
            for table in source.tables
        ],
    )
