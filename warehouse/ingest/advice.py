"""Why a row or a file was refused and what to mend, in Chinese words for the owner unit."""

from __future__ import annotations

import re

from warehouse.authority import Authority
from warehouse.contracts.model import Column, Contracts, Reference, Table
from warehouse.contracts.words import format_words, pattern_words, range_words, type_words
from warehouse.ingest.picklists import pick_list

__all__ = ["FILE_ADVICE", "REASON_WORDS", "Adviser", "heading_problem"]

REASON_WORDS = {
    "type": "类型不符",
    "required": "缺必填内容",
    "duplicate_key": "主键重复",
    "code": "代码不符",
    "orphan": "所指数据未到",
    "range": "超出范围",
    "pattern": "格式不符",
    "check_digit": "校验码不符",
    "cross_column": "各列不相符",
    "cross_table": "与所指数据不符",
    "structure": "列与合同不符",
    "unreadable": "文件无法读取",
    "too_many_refused": "被拒的行过多",
    "mass_deletion": "一次结束的主键过多",
    "undeclared": "没有合同",
}
#: What to do about a file that is refused whole.
FILE_ADVICE = {
    "structure": "请按“列要求”工作表改正列名和类型后重新交付整个文件；"
    "确需增减列或改类型的，先按网络数据管理办法第七条提出结构变更申请。",
    "unreadable": "请在原系统或表格软件中重新另存为 CSV（UTF-8）或 XLSX（不设密码）后重新交付。",
    "too_many_refused": "被拒的行超过合同规定的比例，整个文件未入库。"
    "请按“退回数据”工作表逐行改正，并重新交付整个文件（含未列出的合格行）。",
    "mass_deletion": "该全量文件会使大量现有主键结束，可能不完整。请核对是否漏行："
    "漏行的请补全后重交；确实无误的请联系工作小组确认放行。",
    "undeclared": "请把文件放到合同所列的投放位置（inbox/系统/表/）。",
}
_GENERIC = {
    "type": "本行列数与列名不一致，或有内容不能按该列类型读取，请核对分隔符和各列内容",
    "required": "有必填内容为空，请补全",
    "duplicate_key": "主键与本文件其他行重复，只保留正确的一行",
    "code": "有内容既不是代码也不是代码表中的名称，请按代码表填写",
    "orphan": "本行所指的数据尚未交付；交付后本行自动入库",
    "range": "有数值超出范围，请核对",
    "pattern": "有内容的格式不符，请核对",
    "check_digit": "证件号码的校验码不对，请核对原件",
    "cross_column": "本行各列之间不相符，请核对",
    "cross_table": "本行与其所指的数据不相符，请核对",
}
_SHORT_LIST = 12
_FOUND = re.compile(
    r"(unknown|missing|twice): ([^;]*?)(?=; (?:unknown|missing|twice): |\.(?: |$)|$)"
)


class Adviser:
    """Words for the faults of one table's rows."""

    def __init__(self, table: Table, contracts: Contracts, authority: Authority) -> None:
        self._table, self._contracts, self._authority = table, contracts, authority
        self._rules = {rule.id: rule for rule in table.rules}
        self._references = {reference.name: reference for reference in table.references}
        self._known: dict[tuple[str, str], str] = {}

    def column(self, column: Column, reason: str) -> str:
        """Advice on one cell."""
        place = (column.name, reason)
        if place not in self._known:
            self._known[place] = f"“{column.title}”{self._about(column, reason)}"
        return self._known[place]

    def _about(self, column: Column, reason: str) -> str:
        if reason == "required":
            return "不能为空，请补填"
        if reason == "code":
            values = pick_list(self._contracts, column) or []
            if len(values) <= _SHORT_LIST:
                return f"只能填：{'、'.join(values)}"
            return f"须为代码表中的代码或名称，见“代码表”工作表的 {column.code_table}"
        if reason == "range":
            return f"应{self._bounded(column)}"
        if reason == "pattern":
            return f"应为：{pattern_words(column.pattern or '')}"
        if reason == "check_digit":
            return "的末位校验码与号码不符，请核对证件原件"
        return f"应为{type_words(column)}" + (
            f"，{words}" if (words := format_words(column)) else ""
        )

    @staticmethod
    def _bounded(column: Column) -> str:
        words = range_words(column)
        return words if words.startswith("不") else f"在 {words} 之间"

    def rule(self, name: str) -> str:
        rule = self._rules.get(name)
        return rule.message if rule else _GENERIC["cross_column"]

    def rule_columns(self, name: str) -> tuple[str, ...]:
        """The row's own columns of which the rule speaks, in the table's order."""
        rule = self._rules.get(name)
        own = re.sub(r"'[^']*'|\bparent\.\w+", "", rule.expression) if rule else ""
        words = set(re.findall(r"\w+", own))
        return tuple(column for column in self._table.column_names if column in words)

    def rule_reason(self, name: str) -> str:
        rule = self._rules.get(name)
        return rule.kind if rule else "cross_column"

    def orphan(self, name: str) -> str:
        """Which parent to deliver, and who delivers it."""
        reference = self._references.get(name)
        parent = reference and self._contracts.parent_table(self._table, reference.to)
        if reference is None or parent is None:
            return _GENERIC["orphan"]
        own = "、".join(self._table.column(one).title for one in reference.columns)
        unit = self._authority.unit_title(parent.owner_unit)
        return (
            f"“{own}”所指的{parent.title}尚未交付：填错的请改正；无误的请{unit}交付"
            f"{parent.title}（{parent.source}/{parent.name}），到后本行自动入库"
        )

    def columns_of(self, name: str) -> tuple[str, ...]:
        reference: Reference | None = self._references.get(name)
        return reference.columns if reference else ()

    def duplicate(self, columns: tuple[str, ...], others: list[int]) -> str:
        titles = "、".join(self._table.column(name).title for name in columns)
        listed = "、".join(map(str, others[:10])) + (" 等" if len(others) > 10 else "")
        return f"{titles}与交付文件第 {listed} 条数据相同，只保留正确的一条"

    @staticmethod
    def generic(reason: str) -> str:
        return _GENERIC.get(reason, reason)


def heading_problem(message: str, table: Table | None) -> list[str]:
    """The columns that a refusal's message names, in Chinese; empty where it names none."""
    words = {"unknown": "多出或无法识别的列", "missing": "缺少的列", "twice": "重复的列"}
    titles = {column.name: column.title for column in table.columns} if table else {}
    lines = []
    for kind, listed in _FOUND.findall(message):
        names = [titles.get(name.strip(), name.strip()) for name in listed.split(",")]
        lines.append(f"{words[kind]}：{'、'.join(names)}")
    if table and (found := re.search(r"contract's type: (.*?)\. ", message + " ")):
        names = [part.strip().split(" ")[0] for part in found[1].split("),")]
        lines.append(f"整列类型不符的列：{'、'.join(titles.get(name, name) for name in names)}")
    return lines
