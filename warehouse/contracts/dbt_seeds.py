"""What the generated dbt seeds hold: code tables, and the annexes beside the contracts."""

from __future__ import annotations

import json
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
        "owner_unit": _owner_unit(authority),
        "base_dataset": _base_dataset(authority),
        "item": _item(contracts, authority),
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


def _owner_unit(authority: Authority) -> Seed:
    return Seed(
        "附件 1–4 中的单位。每行一个单位。",
        {"unit_id": "单位标识", "unit_name": "单位名称"},
        list(authority.units.items()),
    )


def _base_dataset(authority: Authority) -> Seed:
    return Seed(
        "附件 2 的基础数据与责任单位。每行一项基础数据的一个责任单位，按附件次序。",
        {
            "dataset_id": "基础数据标识",
            "code": "附件行号",
            "name": "基础数据",
            "owner_order": "责任单位次序，从 1 起",
            "owner_id": "责任单位标识",
            "owner": "责任单位",
            "note": "备注",
        },
        [
            (
                dataset.id,
                dataset.code,
                dataset.title,
                str(order),
                owner,
                authority.unit_title(owner),
                dataset.note,
            )
            for dataset in authority.datasets
            for order, owner in enumerate(dataset.owner_ids, 1)
        ],
    )


def _item(contracts: Contracts, authority: Authority) -> Seed:
    return Seed(
        "附件 3、附件 4 的数据项。每行一项。",
        {
            "code": "附件行号",
            "item_id": "数据项标识",
            "name": "数据项名称",
            "annex": "附件号",
            "person_kind": "staff 教职工，student 学生",
            "owner_id": "负责部门标识",
            "owner": "负责部门",
            "deadline": "完成时间，附件空白者为空",
            "note": "备注",
            "source_code": "拟由哪个系统或表单交付（本校拟定）",
            "source_tables": "拟由哪些来源表交付，以分号相隔（本校拟定）",
            "source_holders": "现有合同中存放此项的表和列，JSON：[{table, columns}]",
        },
        [
            (
                item.code,
                item.id,
                item.title,
                str(item.annex),
                item.person_kind,
                item.owner_id,
                authority.unit_title(item.owner_id),
                item.deadline,
                item.note,
                item.source_code,
                ";".join(item.tables),
                json.dumps(
                    [
                        {"table": table.name, "columns": list(columns)}
                        for table, columns in contracts.holders(item.code)
                    ]
                ),
            )
            for item in authority.items
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
