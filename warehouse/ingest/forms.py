"""The forms in which a value may be written, as SQL.

A column's text is judged twice. `clean` is cheap and true only for what surely is the plain
form; nearly every row passes it and is done. `Reading` is the patient way for the rest:
it names the form it found and gives the value, null where no form fits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from warehouse.contracts.model import Column
from warehouse.engine import quote_text

__all__ = [
    "BEIJING",
    "FALSE_WORDS",
    "TRUE_WORDS",
    "Reading",
    "choices",
    "clean",
    "is_identifier",
    "numbers",
    "plain_value",
    "reading",
    "tidy",
    "to_text",
]

#: Beijing's distance from UTC; files carry local time.
BEIJING = "INTERVAL 8 HOUR"

_FULL_WIDTH = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF_WIDTH = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F))
_ASCII_BLANKS = " \t\r\n"
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_BLANKS = (
    " \t\r\n\v\f\u00a0\u3000\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B))) + _INVISIBLE
)
_UNSEEN = r"\s\x{A0}\x{2000}-\x{200F}\x{202F}\x{205F}\x{2060}\x{3000}\x{FEFF}"
_UNTIDY = rf"^[{_UNSEEN}]|[{_UNSEEN}]$"
_UNTIDY_IDENTIFIER = _UNTIDY + r"|[\x{FF01}-\x{FF5E}\x{200B}-\x{200F}\x{2060}\x{FEFF}]"

TRUE_WORDS = ("true", "1", "是", "y", "yes", "t")
FALSE_WORDS = ("false", "0", "否", "n", "no", "f")
_DECIMAL = re.compile(r"decimal\((\d+),\s*(\d+)\)")
_DATE_PART = r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日|\d{8})"
_TIME_PART = r"(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)"
_OFFSET = r"(Z|[+-]\d{2}(?::?\d{2})?)"


@dataclass(frozen=True)
class Reading:
    """SQL for the name of the form found (null: none) and for the value (null: unreadable)."""

    form: str
    value: str


def is_identifier(column: Column) -> bool:
    """Whether full-width characters in the column's text are slips, not content."""
    return bool(
        column.code_table
        or column.allowed
        or column.foreign_key
        or column.pattern
        or column.check_digit
        or column.unique
        or column.name.endswith(("_no", "_code", "_id"))
    )


def _scale(column: Column) -> tuple[int, int]:
    match = _DECIMAL.fullmatch(column.type)
    if match is None:
        raise ValueError(f"{column.name}: {column.type} is no decimal type")
    return int(match[1]), int(match[2])


def plain_value(column: Column, text: str) -> str:
    """The value of text in plain form; call only what `clean` let through trustworthy."""
    if column.type in ("string", "text", "month"):
        return text
    if column.type == "timestamp":
        return f"TRY(try_cast({text} AS TIMESTAMP) - {BEIJING})"  # at the calendar's ends
    return f"try_cast({text} AS {column.sql_type})"


def clean(column: Column, text: str, value: str) -> str:
    """True where `text` surely is the plain form of `value`; null where `text` is null.

    Casts alone do not do: they round 2.999 into decimal(14,2) and take '1_000', '0x1F' and
    ' 2.5 '. A value that prints as the text it came from was not bent; only where it prints
    otherwise does the slower pattern decide.
    """
    if column.type == "int":
        return f"({value})::VARCHAR = {text}"
    if column.type == "bool":
        return f"{text} IN ('true', 'false')"
    if column.type == "month":
        return rf"regexp_full_match({text}, '\d{{4}}-(0[1-9]|1[0-2])')"
    if column.type == "date":
        return f"strlen({text}) = 10 AND ({value})::VARCHAR = {text}"
    if column.type == "timestamp":
        pattern = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?"
        shape = f"{text} LIKE '____-__-_____:__:__' AND {text} >= '1'"
        return (
            f"({value}) IS NOT NULL AND CASE WHEN strlen({text}) = 19 AND {shape} THEN true "
            f"ELSE regexp_full_match({text}, '{pattern}') END"
        )
    if column.type.startswith("decimal"):
        _, scale = _scale(column)
        return (
            f"CASE WHEN ({value})::VARCHAR = {text} THEN true ELSE ({value}) IS NOT NULL "
            rf"AND regexp_full_match({text}, '-?\d+(\.\d{{1,{max(scale, 1)}}})?') END"
            if scale
            else f"({value})::VARCHAR = {text}"
        )
    untidy = _UNTIDY_IDENTIFIER if is_identifier(column) else _UNTIDY
    ends = " AND ".join(f"NOT ends_with({text}, {quote_text(blank)})" for blank in _ASCII_BLANKS)
    return (
        f"CASE WHEN strlen({text}) = length({text}) THEN {text} >= '!' AND {ends} "
        f"ELSE NOT regexp_matches({text}, '{untidy}') END"
    )


def tidy(column: Column, text: str) -> str:
    """The text without outer blanks and, unless it is prose, with full-width forms narrowed and
    invisible characters dropped. Empty becomes null."""
    if is_identifier(column) or column.type not in ("string", "text"):
        # translate() reads its two lists anew for every value: 12 µs, so only where it can matter.
        # Behind its counterparts, translate() drops what has none: invisible characters.
        narrowed = (
            f"translate({text}, {quote_text(_FULL_WIDTH + _INVISIBLE)}, {quote_text(_HALF_WIDTH)})"
        )
        text = f"CASE WHEN strlen({text}) = length({text}) THEN {text} ELSE {narrowed} END"
    trimmed = f"trim({text}, {quote_text(_BLANKS)})"
    if column.check_digit:
        trimmed = f"upper({trimmed})"
    return f"nullif({trimmed}, '')"


def _choose(forms: list[tuple[str, str, str]]) -> Reading:
    """From (name, condition, value) in order of preference."""
    form = "CASE " + " ".join(f"WHEN {when} THEN {quote_text(name)}" for name, when, _ in forms)
    value = "CASE " + " ".join(f"WHEN {when} THEN {what}" for _, when, what in forms)
    return Reading(f"{form} END", f"{value} END")


def _matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {quote_text(pattern)})"


def _date(text: str) -> list[tuple[str, str, str]]:
    def cast(expression: str) -> str:
        return f"try_cast({expression} AS DATE)"

    return [
        ("YYYY-MM-DD", _matches(text, r"\d{4}-\d{1,2}-\d{1,2}"), cast(text)),
        (
            "YYYYMMDD",
            _matches(text, r"\d{8}"),
            cast(f"{text}[1:4] || '-' || {text}[5:6] || '-' || {text}[7:8]"),
        ),
        (
            "YYYY/M/D",
            _matches(text, r"\d{4}/\d{1,2}/\d{1,2}"),
            cast(f"replace({text}, '/', '-')"),
        ),
        (
            "YYYY.M.D",
            _matches(text, r"\d{4}\.\d{1,2}\.\d{1,2}"),
            cast(f"replace({text}, '.', '-')"),
        ),
        (
            "YYYY年M月D日",
            _matches(text, r"\d{4}年\d{1,2}月\d{1,2}日"),
            cast(f"translate({text}, '年月日', '--')"),
        ),
        (
            "Excel serial",
            _matches(text, r"[1-7]\d{4}(\.0+)?"),
            f"DATE '1899-12-30' + try_cast({text}[1:5] AS INTEGER)",
        ),
    ]


def _without_midnight(text: str) -> str:
    """Spreadsheets hand out a date with the time 00:00:00 behind it."""
    return rf"regexp_replace({text}, '[ T]0?0:00(:00(\.0+)?)?$', '')"


def _timestamp(text: str) -> list[tuple[str, str, str]]:
    day = f"regexp_extract({text}, '^{_DATE_PART}', 1)"
    date = _choose(_date(day)).value
    whole = rf"{_DATE_PART}(?:[ T]+{_TIME_PART}\s*{_OFFSET}?)?"
    time = rf"regexp_extract({text}, '[ T]+{_TIME_PART}\s*{_OFFSET}?$', 1)"
    offset = rf"regexp_extract({text}, '[ T]+{_TIME_PART}\s*{_OFFSET}?$', 2)"
    local = f"(({date})::VARCHAR || ' ' || coalesce(nullif({time}, ''), '00:00:00'))"
    digits = (
        f"({text}[1:4] || '-' || {text}[5:6] || '-' || {text}[7:8] || ' ' || "
        f"{text}[9:10] || ':' || {text}[11:12] || ':' || {text}[13:14])"
    )
    return [
        (
            "local time with offset",
            f"{_matches(text, whole)} AND {offset} <> ''",
            f"timezone('UTC', try_cast({local} || replace({offset}, 'Z', '+00') AS TIMESTAMPTZ))",
        ),
        (
            "Beijing time",
            _matches(text, whole),
            f"try_cast({local} AS TIMESTAMP) - {BEIJING}",
        ),
        (
            "YYYYMMDDHHMMSS, Beijing time",
            _matches(text, r"\d{14}"),
            f"try_cast({digits} AS TIMESTAMP) - {BEIJING}",
        ),
        (
            "Excel serial, Beijing time",
            _matches(text, r"[1-7]\d{4}(\.\d+)?"),
            "TIMESTAMP '1899-12-30' + "
            f"to_seconds(round(try_cast({text} AS DOUBLE) * 86400)::BIGINT) - {BEIJING}",
        ),
    ]


def _month(text: str) -> list[tuple[str, str, str]]:
    def cast(year: str, month: str) -> str:
        return f"strftime(try_cast({year} || '-' || {month} || '-01' AS DATE), '%Y-%m')"

    year, month = f"{text}[1:4]", rf"regexp_extract({text}, '^\d{{4}}\D(\d{{1,2}})', 1)"
    first_day = _choose(_date(_without_midnight(text))).value
    return [
        ("YYYY-MM", _matches(text, r"\d{4}[-/.]\d{1,2}"), cast(year, month)),
        ("YYYY年M月", _matches(text, r"\d{4}年\d{1,2}月"), cast(year, month)),
        ("YYYYMM", _matches(text, r"\d{6}"), cast(year, f"{text}[5:6]")),
        (
            "first day of the month",
            f"day({first_day}) = 1",
            f"strftime({first_day}, '%Y-%m')",
        ),
    ]


def numbers(column: Column, text: str) -> list[tuple[str, str, str]]:
    """(name, condition, value) of the ways to write a number, the plain one first."""
    if column.type == "int":
        tail = r"(\.0+)?"
        value = f"try_cast(regexp_replace(replace({text}, ',', ''), '\\.0*$', '') AS INTEGER)"
    else:
        _, scale = _scale(column)
        tail = rf"(\.\d{{0,{scale}}}0*)?"
        value = f"try_cast(replace({text}, ',', '') AS {column.sql_type})"
    return [
        ("number", _matches(text, rf"[+-]?\d+{tail}"), value),
        ("thousands separators", _matches(text, rf"[+-]?\d{{1,3}}(,\d{{3}})+{tail}"), value),
    ]


def _truth(text: str) -> Reading:
    def among(words: tuple[str, ...]) -> str:
        return f"lower({text}) IN ({', '.join(map(quote_text, words))})"

    return Reading(
        f"CASE WHEN {among(TRUE_WORDS + FALSE_WORDS)} THEN lower({text}) END",
        f"CASE WHEN {among(TRUE_WORDS)} THEN true WHEN {among(FALSE_WORDS)} THEN false END",
    )


def reading(column: Column, text: str, original: str) -> Reading:
    """How to read tidied `text` (SQL, not null) of a column without code table.

    `original` is the untouched text: for strings the form tells whether tidying changed it.
    """
    if column.type in ("string", "text"):
        return Reading(f"CASE WHEN {text} = {original} THEN 'as it stands' ELSE 'tidied' END", text)
    if column.type == "bool":
        return _truth(text)
    return _choose(choices(column, text))


def choices(column: Column, text: str) -> list[tuple[str, str, str]]:
    """(name, condition, value) of each form of a date, time, month or number, in order."""
    if column.type == "date":
        return _date(_without_midnight(text))
    if column.type == "timestamp":
        return _timestamp(text)
    if column.type == "month":
        return _month(text)
    return numbers(column, text)


def to_text(column: Column, value: str) -> str:
    """The plain text of a value: what a clean row's file held, as far as it matters."""
    if column.type == "timestamp":
        return f"({value} + {BEIJING})::VARCHAR"
    return f"{value}::VARCHAR"
