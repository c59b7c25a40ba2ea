"""What a contract asks of a column, in Chinese words for the owner unit."""

from __future__ import annotations

import re

from warehouse.contracts.model import Column, Contracts, Table

__all__ = [
    "CADENCES",
    "KINDS",
    "PRIVACY",
    "bound_words",
    "format_words",
    "parent_words",
    "pattern_words",
    "range_words",
    "type_words",
]

#: Name and meaning of a table's kind.
KINDS = {
    "snapshot": ("全量快照", "每个文件是当前全部数据，文件中没有的行视为已结束"),
    "history": ("历史记录", "按主键新增或替换，只需交付新增和有变化的行"),
    "event": ("业务流水", "按主键新增或替换，只需交付新发生和有变化的行"),
}
PRIVACY = {"none": "", "personal": "个人信息", "sensitive": "敏感个人信息"}
CADENCES = {
    "daily": "每日",
    "weekly": "每周",
    "monthly": "每月",
    "term": "每学期",
    "yearly": "每年",
    "on_change": "有变化时",
}
_DIGITS = re.compile(r"\^?\\d\{(\d+)(?:,(\d+))?\}\$?")
_PATTERNS = {
    r"^\d{4}-\d{4}-[12]$": "学年加学期，如 2025-2026-1",
    r"^\d{4}-\d{4}$": "学年，如 2025-2026",
    r"^[^@\s]+@[^@\s]+$": "电子邮箱地址，如 name@example.invalid",
    r"^[A-Z]{3}$": "3 个大写字母",
    r"^([A-Z]{2,3}|\d{3})$": "2 至 3 个大写字母或 3 位数字",
    r"^(GK|XZ)$": "GK 或 XZ",
    r"^\d{6}[TK]{0,2}$": "6 位数字，后面可带 T、K 或 TK，如 080901、080911TK",
    r"^\d{7,8}$|^A\d{8}$": "7 至 8 位数字，或 A 加 8 位数字",
    r"^\d{6,10}([,;，；]\d{6,10})*$": "6 至 10 位数字，多个之间用逗号或分号隔开",
    r"^\d{1,2}(-\d{1,2})?[单双]?(,\d{1,2}(-\d{1,2})?[单双]?)*$": "周次，如 1-16、1-16单、1-8,10",
    r"^[A-Za-z0-9.\-]+$": "字母、数字、点和连字符，如 www.example.invalid",
    r"^[0-9+\-() ]{5,20}$": "电话号码，5 至 20 个字符，只含数字、+、-、括号和空格",
    r"^[0-9+\-() ]{4,20}$": "电话号码，4 至 20 个字符，只含数字、+、-、括号和空格",
    r"^[0-9Xx-]{8,17}$": "8 至 17 个字符，只含数字、X 和 -",
    r"^[0-9Xx-]{10,17}$": "10 至 17 个字符，只含数字、X 和 -",
}


def type_words(column: Column) -> str:
    """The type in a word."""
    if column.type.startswith("decimal"):
        scale = column.type.rstrip(")").rpartition(",")[2].strip()
        return f"数值，最多 {scale} 位小数"
    return {
        "string": "文本",
        "text": "长文本",
        "int": "整数",
        "date": "日期",
        "month": "年月",
        "timestamp": "日期时间",
        "bool": "是否",
    }[column.type]


def format_words(column: Column) -> str:
    """How a value of the type is written."""
    if column.type.startswith("decimal"):
        return "如 1234.50；可带千位分隔符，不带单位"
    return {
        "string": "",
        "text": "",
        "int": "如 12；不带单位",
        "date": "如 2025-09-01，也可写 20250901、2025/9/1、2025年9月1日",
        "month": "如 2025-09，也可写 202509、2025年9月",
        "timestamp": "北京时间，如 2025-09-01 08:30:00",
        "bool": "是 或 否，也可写 1/0、true/false",
    }[column.type]


def pattern_words(pattern: str) -> str:
    """A pattern in words where they are plain, else the expression itself."""
    if match := _DIGITS.fullmatch(pattern):
        low, high = match[1], match[2]
        return f"{low} 至 {high} 位数字" if high else f"{low} 位数字"
    return _PATTERNS.get(pattern, f"符合格式 {pattern}")


def bound_words(bound: float) -> str:
    """A bound without superfluous zeros."""
    return f"{bound:g}" if abs(bound) < 1e6 else f"{bound:.0f}"


def range_words(column: Column) -> str:
    """The bounds, '' where there are none."""
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return f"{bound_words(low)} 至 {bound_words(high)}"
    if low is not None:
        return f"不小于 {bound_words(low)}"
    return f"不大于 {bound_words(high)}" if high is not None else ""


def parent_words(table: Table, contracts: Contracts, foreign_key: str) -> str:
    """The parent table and column by their Chinese names."""
    found = contracts.parent(table, foreign_key)
    if found is None or found[1] not in found[0].column_names:
        return foreign_key
    parent, name = found
    return f"{parent.title}（{parent.name}）的“{parent.column(name).title}”"
