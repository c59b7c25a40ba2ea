"""The forms in which a good value may come, and which of them a file uses.

A style is a pure function of text in plain form: where the text is not in plain form (because it
is wrong on purpose) it stays as it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

import polars as pl

from warehouse.contracts.model import Column, Contracts, Table

__all__ = ["TITLES", "Form", "headings", "styled"]

#: Chinese headings of the technical columns.
TITLES = {
    "source_system": "来源系统",
    "extracted_at": "抽取时间",
    "source_updated_at": "源更新时间",
    "is_deleted": "是否删除",
}
_EPOCH = date(1899, 12, 30)
_DATE = r"^(\d{4})-(\d{2})-(\d{2})$"
_MOMENT = r"^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$"
_MONTH = r"^(\d{4})-(\d{2})$"


@dataclass(frozen=True)
class Form:
    """How a file is written. Everything at its default is how the simulator writes."""

    container: str = "csv"  # csv | xlsx | parquet | jsonl
    compression: str = ""  # gz | zst
    encoding: str = "utf-8"  # utf-8 | utf-8-sig | gb18030 | utf-16
    separator: str = ","
    line_end: str = "\n"
    quoted: bool = False
    headings: str = "names"  # names | titles | mixed
    dates: str = "iso"
    moments: str = "iso"
    months: str = "iso"
    numbers: str = "plain"  # plain | thousands | full-width
    truths: str = "true/false"
    codes: str = "codes"  # codes | labels | old | full-width
    blanks: str = ""  # what stands behind some texts
    title_line: bool = False
    merged: bool = False
    cells: str = "text"  # xlsx: text | native (dates as serials, numbers as numbers)
    parts: int = 1

    @property
    def suffix(self) -> str:
        return f".{self.container}" + (f".{self.compression}" if self.compression else "")

    def used(self) -> list[str]:
        """The forms of a file, by name, that differ from the simulator's own."""
        plain = Form()
        named = {
            "container": self.container,
            "compression": self.compression,
            "encoding": self.encoding,
            "separator": {";": "semicolon", "\t": "tab", "|": "bar"}.get(self.separator, "comma"),
            "line_end": "CRLF",
            "quoted": "all quoted",
            "headings": self.headings,
            "dates": self.dates,
            "moments": self.moments,
            "months": self.months,
            "numbers": self.numbers,
            "truths": self.truths,
            "codes": self.codes,
            "blanks": "blanks behind texts",
            "title_line": "title line",
            "merged": "merged cells",
            "cells": self.cells,
            "parts": f"{self.parts} parts",
        }
        return [
            f"{name}: {what}"
            for name, what in named.items()
            if getattr(self, name) != getattr(plain, name)
        ]

    def as_bytes_only(self) -> Form:
        """What can be had of this form without looking at a value."""
        return replace(
            Form(), compression=self.compression, encoding=self.encoding, headings=self.headings
        )


def headings(table: Table, names: list[str], form: Form) -> list[str]:
    """The heading of each column. A title that two columns bear would stand for neither."""
    if form.headings == "names":
        return names
    titles = {column.name: column.title for column in table.columns}
    titles = {**TITLES, **titles}
    folded = [unicodedata.normalize("NFKC", title).strip() for title in titles.values()]
    chosen = []
    for place, name in enumerate(names):
        title = titles[name]
        plain = folded.count(unicodedata.normalize("NFKC", title).strip()) == 1
        wanted = form.headings == "titles" or place % 2 == 0
        chosen.append(title if plain and wanted else name.upper() if not plain else name)
    return chosen


def styled(frame: pl.DataFrame, table: Table, contracts: Contracts, form: Form) -> pl.DataFrame:
    """The rows as this form writes them. Columns keep their names."""
    columns = {column.name: column for column in table.columns}
    written = []
    for place, name in enumerate(frame.columns):
        column = columns.get(name) or _technical(name)
        written.append(_style(pl.col(name), column, contracts, form, place).alias(name))
    return frame.select(written)


def _technical(name: str) -> Column:
    kinds = {"extracted_at": "timestamp", "source_updated_at": "timestamp", "is_deleted": "bool"}
    return Column(name, kinds.get(name, "string"), TITLES[name])


def _style(text: pl.Expr, column: Column, contracts: Contracts, form: Form, place: int) -> pl.Expr:
    if column.type == "date":
        return _DATES[form.dates](text)
    if column.type == "timestamp":
        return _MOMENTS[form.moments](text)
    if column.type == "month":
        return _MONTHS[form.months](text)
    if column.type == "bool":
        yes, no = {"true/false": ("true", "false"), "是/否": ("是", "否"), "1/0": ("1", "0"),
                   "Y/N": ("Y", "N")}[form.truths]  # fmt: skip
        return text.replace({"true": yes, "false": no})
    if column.type in ("string", "text"):
        return _text(text, column, contracts, form, place)
    return _NUMBERS[form.numbers](text)


def _text(text: pl.Expr, column: Column, contracts: Contracts, form: Form, place: int) -> pl.Expr:
    if column.code_table and form.codes in ("labels", "old"):
        words = (labels if form.codes == "labels" else old_codes)(contracts, column.code_table)
        if words:
            text = text.replace(words)
    is_number = bool(column.foreign_key or column.code_table or column.pattern)
    if is_number and form.codes == "full-width":
        text = full_width(text)
    if form.blanks and place % 3 == 0:
        text = text + form.blanks
    return text


def labels(contracts: Contracts, table: str) -> dict[str, str]:
    """Code → label, where the label stands for this code alone and is written in plain signs."""
    codes = contracts.code_tables.get(table, {})
    found = [unicodedata.normalize("NFKC", label) for label in codes.values()]
    return {
        code: label
        for code, label in codes.items()
        if label == unicodedata.normalize("NFKC", label).strip()
        and found.count(label) == 1
        and label not in codes
    }


def old_codes(contracts: Contracts, table: str) -> dict[str, str]:
    """Code → a value that stood for it once, where the code tables name one."""
    return {code: old for old, code in contracts.old_codes.get(table, {}).items()}


def full_width(text: pl.Expr) -> pl.Expr:
    digits = [str(digit) for digit in range(10)]
    return text.str.replace_many(digits, [chr(0xFF10 + digit) for digit in range(10)])


def _rewrite(text: pl.Expr, pattern: str, to: str) -> pl.Expr:
    return text.str.replace(pattern, to)


def _short(text: pl.Expr, pattern: str, to: str) -> pl.Expr:
    """Month and day without leading zero."""
    whole = text.str.contains(pattern)
    rewritten = text.str.replace(pattern, to).str.replace(r"^(\d{4}\D)0", "$1")
    return pl.when(whole).then(rewritten.str.replace(r"^(\d{4}\D\d{1,2}\D)0", "$1")).otherwise(text)


def _serial_day(text: pl.Expr) -> pl.Expr:
    days = (text.str.to_date("%Y-%m-%d", strict=False) - pl.lit(_EPOCH)).dt.total_days()
    fits = days.is_between(10_000, 79_999) & text.str.contains(_DATE)
    return pl.when(fits).then(days.cast(pl.String)).otherwise(text)


def _serial_moment(text: pl.Expr) -> pl.Expr:
    moment = text.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    seconds = (moment - pl.lit(datetime(1899, 12, 30))).dt.total_seconds()
    days, rest = seconds // 86_400, seconds % 86_400
    # Eight decimals of a day: a thousandth of a second.
    share = (rest * 100_000_000 / 86_400).round().cast(pl.Int64).cast(pl.String).str.zfill(8)
    fits = days.is_between(10_000, 79_999) & text.str.contains(_MOMENT)
    return pl.when(fits).then(days.cast(pl.String) + "." + share).otherwise(text)


Style = Callable[[pl.Expr], pl.Expr]

_DATES: dict[str, Style] = {
    "iso": lambda text: text,
    "YYYYMMDD": lambda text: _rewrite(text, _DATE, "$1$2$3"),
    "YYYY/M/D": lambda text: _short(text, _DATE, "$1/$2/$3"),
    "YYYY.M.D": lambda text: _short(text, _DATE, "$1.$2.$3"),
    "YYYY-M-D": lambda text: _short(text, _DATE, "$1-$2-$3"),
    "YYYY年M月D日": lambda text: _short(text, _DATE, "${1}年${2}月${3}日"),
    "Excel serial": _serial_day,
    "with midnight": lambda text: _rewrite(text, _DATE, "$1-$2-$3 00:00:00"),
    "full-width": full_width,
}
_MOMENTS: dict[str, Style] = {
    "iso": lambda text: text,
    "YYYYMMDDHHMMSS": lambda text: _rewrite(text, _MOMENT, "$1$2$3$4$5$6"),
    "T": lambda text: _rewrite(text, _MOMENT, "${1}-${2}-${3}T${4}:${5}:${6}"),
    "YYYY/M/D": lambda text: _rewrite(text, _MOMENT, "$1/$2/$3 $4:$5:$6"),
    "YYYY年M月D日": lambda text: _rewrite(text, _MOMENT, "${1}年${2}月${3}日 ${4}:${5}:${6}"),
    "with offset": lambda text: _rewrite(text, _MOMENT, "${1}-${2}-${3}T${4}:${5}:${6}+08:00"),
    "Excel serial": _serial_moment,
}
_MONTHS: dict[str, Style] = {
    "iso": lambda text: text,
    "YYYYMM": lambda text: _rewrite(text, _MONTH, "$1$2"),
    "YYYY/M": lambda text: _short_month(text, "/", ""),
    "YYYY年M月": lambda text: _short_month(text, "年", "月"),
    "first day": lambda text: _rewrite(text, _MONTH, "$1-$2-01"),
}


def _short_month(text: pl.Expr, middle: str, end: str) -> pl.Expr:
    whole = text.str.contains(_MONTH)
    rewritten = text.str.replace(_MONTH, "${1}" + middle + "${2}" + end)
    return pl.when(whole).then(rewritten.str.replace(r"^(\d{4}\D)0", "$1")).otherwise(text)


def _thousands(text: pl.Expr) -> pl.Expr:
    whole = text.str.contains(r"^-?\d{4,9}(\.\d+)?$")
    head = text.str.replace(r"(\d)(\d{3})(\.|$)", "$1,$2$3")
    return pl.when(whole).then(head.str.replace(r"(\d)(\d{3}),", "$1,$2,")).otherwise(text)


_NUMBERS: dict[str, Style] = {
    "plain": lambda text: text,
    "thousands": _thousands,
    "full-width": full_width,
}
