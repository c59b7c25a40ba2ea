"""Contracts as pages to read: one Chinese Markdown page for each source, for its owner unit."""

from __future__ import annotations

from warehouse.authority import Authority
from warehouse.contracts.model import Column, Contracts, Source, Table

__all__ = ["render_pages"]

_KINDS = {
    "snapshot": "全量快照：每个文件是当前全部数据，文件中没有的行视为已结束",
    "history": "历史记录：按主键新增或替换",
    "event": "业务流水：按主键新增或替换",
}
_PRIVACY = {"none": "", "personal": "个人信息", "sensitive": "敏感个人信息"}
_ROLES = {"lead": "主要来源", "part": "部分来源", "upstream": "上游来源", "support": "辅助来源"}


def render_pages(contracts: Contracts, authority: Authority) -> dict[str, str]:
    """File name → page, with an index as README.md."""
    pages = {
        f"{source.id}.md": _source_page(source, contracts, authority)
        for source in contracts.sources
    }
    pages["README.md"] = _index(contracts, authority)
    return pages


def _index(contracts: Contracts, authority: Authority) -> str:
    lines = [
        "# 数据交付合同",
        "",
        "由 `campus contract docs` 从合同生成。",
        "",
        "| 编号 | 系统或表单 | 数据责任单位 | 版本 | 表数 |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {source.code} | [{source.title}]({source.id}.md) "
        f"| {authority.unit_title(source.owner_unit)} | {source.version} | {len(source.tables)} |"
        for source in contracts.sources
    ]
    return "\n".join(lines) + "\n"


def _source_page(source: Source, contracts: Contracts, authority: Authority) -> str:
    lines = [
        f"# {source.title}（{source.code}）",
        "",
        f"数据责任单位：{authority.unit_title(source.owner_unit)}。合同版本：{source.version}。",
        "文件用中文或英文列名均可；编码可为 UTF-8、GB18030，格式可为 CSV、XLSX。"
        "多列、少列或改类型的文件整份拒收（网络数据管理办法第七条）。",
        "",
    ]
    for table in source.tables:
        lines += _table_section(table, contracts, authority)
    used = sorted({c.code_table for t in source.tables for c in t.columns if c.code_table})
    if used:
        lines += ["## 所用代码表", ""]
        for name in used:
            values = contracts.code_tables.get(name, {})
            lines += [
                f"### {name}",
                "",
                "、".join(f"`{code}` {label}" for code, label in values.items()),
                "",
            ]
    return "\n".join(lines).rstrip() + "\n"


def _table_section(table: Table, contracts: Contracts, authority: Authority) -> list[str]:
    lines = [
        f"## {table.title} `{table.name}`",
        "",
        f"- 粒度：{table.grain}",
        f"- 投放位置：`inbox/{table.source}/{table.name}/`",
        f"- 主键：{'、'.join(f'`{name}`' for name in table.key)}",
        f"- 类型：{_KINDS.get(table.kind, table.kind)}",
        f"- 更新频率：{table.cadence_note or table.cadence}",
        f"- 数据级别：{table.level}",
        f"- 法律依据：{table.legal_basis or '—'}",
        f"- 保存期限：{table.retention or '—'}",
        f"- 拒收：不合格行超过 {table.refuse_above:.0%} 时整份拒收"
        + (
            f"；一次结束超过 {table.end_above:.0%} 的主键时整份待确认"
            if table.kind == "snapshot"
            else ""
        ),
    ]
    if table.feeds:
        lines.append(f"- 供给：{'；'.join(_feed(feed, authority) for feed in table.feeds)}")
    lines += [
        "",
        "| 列 | 中文列名 | 类型 | 必填 | 要求 | 个人信息 |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_column_row(column) for column in table.columns]
    lines.append("")
    if table.rules:
        lines += ["行内规则：", ""]
        lines += [f"- {rule.message}" for rule in table.rules]
        lines.append("")
    return lines


def _column_row(column: Column) -> str:
    wants = []
    if column.code_table:
        wants.append(f"代码表 {column.code_table}")
    if column.allowed:
        wants.append("、".join(column.allowed))
    if column.pattern:
        wants.append(f"格式 `{column.pattern}`".replace("|", "\\|"))
    if column.minimum is not None or column.maximum is not None:
        wants.append(f"{_number(column.minimum)} 至 {_number(column.maximum)}")
    if column.foreign_key:
        wants.append(f"须在 `{column.foreign_key}` 中")
    if column.check_digit:
        wants.append(f"{column.check_digit} 校验码")
    if column.standard:
        wants.append(column.standard)
    if column.description:
        wants.append(column.description)
    required = "是" if column.required else ""
    return (
        f"| `{column.name}` | {column.title} | {column.type} | {required} "
        f"| {'；'.join(wants)} | {_PRIVACY.get(column.privacy, column.privacy)} |"
    )


def _number(bound: float | None) -> str:
    return "不限" if bound is None else f"{bound:g}" if bound < 1e6 else f"{bound:.0f}"


def _feed(feed: str, authority: Authority) -> str:
    row, _, role = feed.partition(":")
    if not role:
        return f"{row} {authority.item(row).title}"
    role, _, unit = role.partition(":")
    part = f"，{authority.unit_title(unit)}份" if unit else ""
    return f"{row} {authority.dataset(row).title}（{_ROLES.get(role, role)}{part}）"
