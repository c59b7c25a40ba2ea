"""A page for each code table: every code, what fixes it, and how sure the reading is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from warehouse.contracts.model import CodeTable, Column, Table
from warehouse.contracts.page_style import document, rows_table

__all__ = ["code_link", "code_page", "codes_index"]

_ORIGINS = {
    "A": "某厂商校园数据仓库的代码表（2017—2018）",
    "B": "某校园产品的数据字典（2014）",
    "C": "代码初始化脚本",
    "D": "公开的标准字典脚本",
    "E": "教学基本状态数据平台字段字典（2019）",
    "F": "GB/T 12407—2008 前几页",
    "G": "教育部令第41号第五十一条",
    "H": "网页资料",
    "I": "第三方程序",
    "J": "GB/T 2260 历年代码（1980—2019）和民政部现行区划",
    "ours": "本校拟定，未见全国性清单",
    "rule": "按编码规则推得",
    "memory": "凭记忆整理",
}


def code_link(name: str) -> str:
    return f"<a href='code-{name}.html'><code>{name}</code></a>"


def _certainty(table: CodeTable) -> str:
    """How sure the reading is, in words; the original wording stays beside it."""
    sure = table.certainty
    if sure.startswith("proposal") or table.origin == "ours":
        words = "本校拟定，请责任单位核对"
    elif "memory" in table.origin or "remembered" in sure:
        words = "部分凭记忆，请对照标准原文核对"
    elif "repaired" in sure or "ours" in sure or "part" in sure or "subset" in sure:
        words = "已读到，部分经修补或不完整，请核对"
    elif "twice" in sure or "three" in sure:
        words = "两处以上来源一致"
    else:
        words = "一处来源"
    if sure in ("read once", "read twice"):
        return words
    return f"{words} <span class='muted'>({escape(sure)})</span>"


def _origin(table: CodeTable) -> str:
    parts = [part.strip() for part in table.origin.split("+")]
    return "；".join(_ORIGINS.get(part, part) for part in parts)


def code_page(table: CodeTable, used: Sequence[tuple[Table, Column]]) -> str:
    """One code table with the columns that use it."""
    users = "".join(
        f"<li><a href='{owner.source}.html#{owner.name}'>{escape(owner.title)}</a>："
        f"{escape(column.title)}</li>"
        for owner, column in used
    )
    note = f"<dt>备注</dt><dd>{escape(table.note)}</dd>" if table.note else ""
    body = (
        f"<dl><dt>依据</dt><dd>{escape(table.standard)}</dd>"
        f"<dt>读自</dt><dd>{escape(_origin(table))}</dd>"
        f"<dt>可靠程度</dt><dd>{_certainty(table)}</dd>{note}"
        f"<dt>代码数</dt><dd>{len(table.codes):,}</dd></dl>"
        "<p>填代码或名称均可；名称对应多个代码时只能填代码。</p>"
        + rows_table(
            ("代码", "名称"),
            [
                (f"<code>{escape(str(code))}</code>", escape(str(label)))
                for code, label in table.codes.items()
            ],
            narrow=True,
        )
        + f"<h2>用到它的列</h2><ul>{users}</ul>"
    )
    return document(f"{table.title}（{table.id}）", body)


def codes_index(
    tables: Mapping[str, CodeTable], used: Mapping[str, Sequence[tuple[Table, Column]]]
) -> str:
    """All code tables in use, with source and certainty."""
    rows = [
        (
            f"<a href='code-{name}.html'>{escape(tables[name].title)}</a><br><code>{name}</code>",
            escape(tables[name].standard),
            escape(_origin(tables[name])),
            _certainty(tables[name]),
            f"{len(tables[name].codes):,}",
        )
        for name in sorted(used)
        if name in tables
    ]
    heads = ("代码表", "依据", "读自", "可靠程度", "代码数")
    lead = (
        "<p>JY/T 1001—2012 原文未能取得，相关代码读自实现该标准的程序。"
        "每张表写明读自哪里、有多可靠；与标准原文不符的，请告知工作小组。</p>"
    )
    return document("代码表一览", lead + rows_table(heads, rows))
