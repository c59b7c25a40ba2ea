"""Contracts as pages that an owner unit works from: static HTML, one folder, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from warehouse.authority import Authority
from warehouse.contracts.code_pages import code_link, code_page, codes_index
from warehouse.contracts.model import CodeTable, Column, Contracts, Reference, Source, Table
from warehouse.contracts.page_style import document, rows_table
from warehouse.contracts.words import (
    CADENCES,
    KINDS,
    PRIVACY,
    format_words,
    pattern_words,
    range_words,
    type_words,
)

__all__ = ["render_pages"]

Examples = Mapping[str, Sequence[Mapping[str, str | None]]]

#: A condition of a reference that says one value.
_COMPARED = re.compile(r"(\w+) = '([^']*)'")
_ROLES = {"lead": "主要来源", "part": "部分来源", "upstream": "上游来源", "support": "辅助来源"}
_KIND_STEPS = {
    "snapshot": "每次交付完整的当前数据。文件里没有的主键视为已结束，因此不要只交一部分。",
    "history": "交付新增和有变化的记录，旧记录保留；同一主键以更新时间最晚的为准。",
    "event": "交付新发生和有变化的流水；同一主键以更新时间最晚的为准。",
}
_DELIVERY = (
    "向工作小组索取本单位的 XLSX 模板填报，或从系统导出 CSV、XLSX；文件名不限。"
    "由程序写入收件目录的，先用以“.part”结尾的名字写，写完再改名。",
    "中文列名或英文列名均可，顺序不限，上面可以有标题行；合同中的列一列不少、一列不多。",
    "CSV 可用 UTF-8、UTF-16、GB18030 编码；代码列填代码或名称均可；"
    "日期、数字的各种常见写法都能识别。",
    "放入该表的投放位置。同一内容重复交付不会重复入库。",
)
_REFUSAL = (
    "个别行不合格：合格的行入库，不合格的行连同原因和修改建议退回本单位（退回数据工作簿），"
    "业务流水和历史记录改好后把该工作簿再交一次即可；全量快照须重新交付全部数据。",
    "只缺所指数据的行先等候，所指数据交付后自动入库。",
    "列不符、无法读取、不合格行超过规定比例、全量文件一次结束过多主键：整个文件不入库，"
    "退回说明写明怎样处理。增减列、改类型须先申请（网络数据管理办法第七条）。",
)


def render_pages(
    contracts: Contracts,
    authority: Authority,
    code_tables: Mapping[str, CodeTable],
    examples: Examples | None = None,
) -> dict[str, str]:
    """File name → page: index.html, one a source, one a code table and their index.

    `examples` are rows by table id, column → text as delivered.
    """
    used: dict[str, list[tuple[Table, Column]]] = {}
    for table in contracts:
        for column in table.columns:
            if column.code_table:
                used.setdefault(column.code_table, []).append((table, column))
    pages = {"index.html": _index(contracts, authority)}
    for source in contracts.sources:
        pages[f"{source.id}.html"] = _source_page(source, contracts, authority, examples or {})
    pages["codes.html"] = codes_index(code_tables, used)
    for name in used:
        if name in code_tables:
            pages[f"code-{name}.html"] = code_page(code_tables[name], used[name])
    return pages


def _index(contracts: Contracts, authority: Authority) -> str:
    units: dict[str, list[Table]] = {}
    for table in contracts:
        units.setdefault(table.owner_unit, []).append(table)
    by_unit = [
        (
            escape(authority.unit_title(unit)),
            "；".join(f"<a href='{_link(table)}'>{escape(table.title)}</a>" for table in tables),
            str(len(tables)),
        )
        for unit, tables in units.items()
    ]
    by_source = [
        (
            escape(source.code),
            f"<a href='{source.id}.html'>{escape(source.title)}</a>",
            escape(authority.unit_title(source.owner_unit)),
            escape(source.version),
            str(len(source.tables)),
        )
        for source in contracts.sources
    ]
    body = (
        "<p>每个业务系统和表单要向学校数据中心交付哪些数据、怎样交付、不合格怎样处理。"
        "数据级别、更新频率、法律依据和保存期限由本校拟定，待数据责任单位确认。</p>"
        "<p><a href='codes.html'>代码表一览</a></p>"
        f"<h2>按数据责任单位</h2>{rows_table(('数据责任单位', '要交付的表', '表数'), by_unit)}"
        "<h2>按系统和表单</h2>"
        + rows_table(("编号", "系统或表单", "数据责任单位", "版本", "表数"), by_source)
        + f"<h2>怎样交付</h2>{_list(_DELIVERY)}<h2>不合格怎样处理</h2>{_list(_REFUSAL)}"
    )
    return document("数据交付合同", body, home=False)


def _list(lines: Sequence[str]) -> str:
    return "<ol>" + "".join(f"<li>{line}</li>" for line in lines) + "</ol>"


def _link(table: Table) -> str:
    return f"{table.source}.html#{table.name}"


def _source_page(
    source: Source, contracts: Contracts, authority: Authority, examples: Examples
) -> str:
    tables = "".join(
        _table_section(table, contracts, authority, examples) for table in source.tables
    )
    listed = "".join(
        f"<li><a href='#{table.name}'>{escape(table.title)}</a> "
        f"<span class='muted'>{escape(table.grain)}</span></li>"
        for table in source.tables
    )
    body = (
        f"<p>数据责任单位：<strong>{escape(authority.unit_title(source.owner_unit))}</strong>　"
        f"合同版本：{escape(source.version)}　编号：{escape(source.code)}</p>"
        f"<nav aria-label='本页的表'><ul>{listed}</ul></nav>{tables}"
        f"<section><h2>怎样交付</h2>{_list(_DELIVERY)}</section>"
        f"<section><h2>不合格怎样处理</h2>{_list(_REFUSAL)}</section>"
    )
    return document(f"{source.title}（{source.code}）", body)


def _table_section(
    table: Table, contracts: Contracts, authority: Authority, examples: Examples
) -> str:
    rows = examples.get(table.id) or [{}]
    heads = ("列", "类型与写法", "必填", "要求", "示例（虚构）")
    columns = [_column_row(table, column, contracts, rows[0]) for column in table.columns]
    rules = "".join(f"<li>{escape(rule.message)}</li>" for rule in table.rules)
    rules += "".join(
        f"<li>{_reference_words(table, one, contracts)}</li>" for one in table.declared_references
    )
    facts = "".join(
        f"<dt>{term}</dt><dd>{text}</dd>"
        for term, text in _facts(table, contracts, authority)
        if text
    )
    return (
        f"<section id='{table.name}'><h2>{escape(table.title)} <code>{table.name}</code></h2>"
        f"<dl>{facts}</dl>{rows_table(heads, columns)}"
        + (f"<h3>各列之间的要求</h3><ul>{rules}</ul>" if rules else "")
        + "</section>"
    )


def _facts(table: Table, contracts: Contracts, authority: Authority) -> list[tuple[str, str]]:
    kind = KINDS.get(table.kind, (table.kind, ""))
    deadlines = [
        f"{escape(authority.item(feed).title)}：{escape(authority.item(feed).deadline)}"
        for feed in table.feeds
        if feed[:2] in ("A3", "A4") and authority.item(feed).deadline
    ]
    refusal = f"不合格行超过 {table.refuse_above:.0%} 时整个文件拒收"
    if table.kind == "snapshot":
        refusal += f"；一次结束超过 {table.end_above:.0%} 的主键时整个文件等待确认"
    return [
        ("一行是什么", escape(table.grain)),
        ("交付方式", f"{escape(kind[0])}。{_KIND_STEPS.get(table.kind, '')}"),
        (
            "主键",
            "、".join(
                f"{escape(table.column(name).title)} <code>{name}</code>" for name in table.key
            ),
        ),
        ("更新频率", escape(table.cadence_note or CADENCES.get(table.cadence, table.cadence))),
        ("完成时间", "；".join(deadlines)),
        ("投放位置", f"<code>inbox/{table.source}/{table.name}/</code>"),
        ("数据责任单位", escape(authority.unit_title(table.owner_unit))),
        ("数据级别", escape(_level(table, contracts))),
        ("个人信息处理依据", escape(table.legal_basis)),
        ("保存期限", escape(table.retention)),
        ("用于", "；".join(escape(_feed(feed, authority)) for feed in table.feeds)),
        ("拒收界限", refusal),
    ]


def _level(table: Table, contracts: Contracts) -> str:
    label = contracts.code_tables.get("data_level", {}).get(table.level)
    return f"{table.level} {label}" if label else table.level


def _column_row(
    table: Table, column: Column, contracts: Contracts, example: Mapping[str, str | None]
) -> tuple[str, ...]:
    required = column.required or column.name in table.key
    privacy = PRIVACY.get(column.privacy, column.privacy)
    name = f"<strong>{escape(column.title)}</strong><br><code>{column.name}</code>"
    if privacy:
        name += f"<br><span class='tag'>{privacy}</span>"
    form = escape(type_words(column))
    if words := format_words(column):
        form += f"<br><span class='muted'>{escape(words)}</span>"
    return (
        name,
        form,
        "必填" if required else "",
        "；".join(_wants(table, column, contracts)),
        _example(column, contracts, example.get(column.name)),
    )


def _example(column: Column, contracts: Contracts, value: str | None) -> str:
    """The value, and its label where it is a code."""
    if value is None:
        return ""
    label = contracts.code_tables.get(column.code_table or "", {}).get(value)
    return escape(value) + (f" <span class='muted'>{escape(str(label))}</span>" if label else "")


def _wants(table: Table, column: Column, contracts: Contracts) -> list[str]:
    """What a value must meet, as HTML."""
    wants = []
    if column.name in table.key:
        wants.append("主键")
    if column.unique:
        wants.append("不得重复")
    if column.code_table:
        wants.append(f"代码表 {code_link(column.code_table)}")
    if column.allowed:
        wants.append("只能是：" + escape("、".join(column.allowed)))
    if column.pattern:
        wants.append(escape(pattern_words(column.pattern)))
    if words := range_words(column):
        wants.append(escape(words))
    if column.foreign_key:
        parent, _, name = column.foreign_key.partition(".")
        wants.append(f"须在{_parent_link(table, parent, (name,), contracts)}中")
    if column.check_digit:
        wants.append(f"按 {escape(column.check_digit)} 检查校验码")
    wants += [escape(text) for text in (column.standard, column.description) if text]
    return wants


def _reference_words(table: Table, reference: Reference, contracts: Contracts) -> str:
    own = "、".join(escape(table.column(name).title) for name in reference.columns)
    when = f"{_condition(table, reference.when)}，" if reference.when else ""
    return f"{when}{own}须在{_parent_link(table, reference.to, reference.match, contracts)}中"


def _condition(table: Table, when: str) -> str:
    """In words where it is a comparison with one value, else the expression itself."""
    if (found := _COMPARED.fullmatch(when)) and found[1] in table.column_names:
        return f"{escape(table.column(found[1]).title)}为“{escape(found[2])}”时"
    return f"当 <code>{escape(when)}</code> 时"


def _parent_link(table: Table, name: str, columns: tuple[str, ...], contracts: Contracts) -> str:
    parent = contracts.parent_table(table, name)
    if parent is None:
        return f"<code>{escape(name)}</code>"
    titles = "、".join(
        escape(parent.column(one).title) for one in columns if one in parent.column_names
    )
    return f"<a href='{_link(parent)}'>{escape(parent.title)}</a>的{titles}"


def _feed(feed: str, authority: Authority) -> str:
    row, _, role = feed.partition(":")
    if not role:
        return f"{row} {authority.item(row).title}"
    role, _, unit = role.partition(":")
    part = f"，{authority.unit_title(unit)}份" if unit else ""
    return f"{row} {authority.dataset(row).title}（{_ROLES.get(role, role)}{part}）"
