"""What a failed statement says to who wrote it: what is wrong, where, and what to do next.

A message keeps words of the statement and names of the grant and of the engine. It never keeps
text of a run, which may quote a person's value: those errors get a sentence of their own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from warehouse.engine import ErrorParts, read_error, syntax_error

__all__ = ["explain_failure", "explain_syntax"]

Columns = Mapping[str, Sequence[str]]

_NAME = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w.]{0,63}")
_NO_SUCH_COLUMN = re.compile(r'does not have a column named "([^"]+)"')
_NEAR = re.compile(r'at or near "([^"]+)"')
_SIGNATURE = re.compile(r"'(\w+\([A-Z0-9_, ()\[\]]*\))'")
_TYPE = re.compile(r"\bto (?:type )?((?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER|\d+)?)|[A-Z]{4,}\b)")
_CLOSED = re.compile(r"disabled (?:by|through|via) configuration|extension", re.IGNORECASE)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")

#: Kinds of error that only the statement and the catalogue decide, before any row is read.
_OF_THE_STATEMENT = {"Binder", "Catalog", "Parser", "Not implemented", "Syntax"}
_IN_A_RUN = {
    "Out of Range": (
        "A number grows out of the range of its type",
        "Cast to a wider type first, for example bigint or double.",
    ),
    "Invalid Input": (
        "A function was given a value that it cannot work with",
        "Check formats, patterns and arguments; try_cast and try_strptime give null instead.",
    ),
}


def explain_syntax(sql: str) -> tuple[str, str]:
    """(message, next step) for a text that does not parse."""
    parts = syntax_error(sql)
    message = parts.message if parts else ""
    near = _NEAR.search(message)
    word = f", near {near.group(1)}" if near and _NAME.fullmatch(near.group(1)) else ""
    place = _place(sql, parts.position if parts else None)
    if "unterminated" in message:
        return f"A quotation mark is not closed{place}.", "Close it, or double it inside a text."
    return f"The query is not valid SQL{place}{word}.", "Check the spelling and brackets there."


def explain_failure(kind: str, message: str, sql: str, columns: Columns) -> tuple[str, str | None]:
    """(message, next step) for a query that DuckDB gave up. `kind` is the exception's class,
    `message` its text, `columns` the grant's ('dataset.table' → columns)."""
    parts = read_error(message)
    position = parts.position
    if position is not None:  # of bytes, while a syntax error's is of characters
        position = len(sql.encode()[:position].decode(errors="ignore"))
    place = _place(sql, position)
    if kind in {"PermissionException", "IOException"} or _CLOSED.search(_bare(parts.message)):
        return (
            "The query reaches for something outside the grant, which is closed.",
            "A query reads the grant's tables and nothing else.",
        )
    if parts.kind == "Conversion":
        target = _TYPE.search(_bare(parts.message))
        into = f" to {target.group(1)}" if target else ""
        return (
            f"A value cannot be converted{into}{place}.",
            "try_cast gives null where a value does not convert.",
        )
    if parts.kind in _IN_A_RUN:
        text, next_step = _IN_A_RUN[parts.kind]
        return f"{text}{place}.", next_step
    if "expression depth" in parts.message:
        return "The query is nested too deeply.", "Name its parts: with part as (…) select …"
    if parts.kind not in _OF_THE_STATEMENT:
        return "The engine gave the query up.", "Write it in a simpler way, or in two steps."
    return _of_the_statement(parts, place, columns)


def _of_the_statement(parts: ErrorParts, place: str, columns: Columns) -> tuple[str, str | None]:
    granted = {name for names in columns.values() for name in names}
    column = _NO_SUCH_COLUMN.search(parts.message)
    if parts.missing == "Column" or column:
        word = column.group(1) if column else parts.name
        hint = _near(word, granted | set(parts.candidates))
        return (
            f"There is no column {_safe(word)}{place}.",
            f"Did you mean {hint}?" if hint else f"Columns of the grant: {_listed(granted)}.",
        )
    if parts.missing == "Table":
        near = _near_table(parts.name, columns)
        return (
            f"The grant has no table {_safe(parts.name)}{place}.",
            f"Did you mean {near}?" if near else f"Tables: {_listed(columns)}.",
        )
    if parts.missing is not None:
        what = parts.missing.lower()
        hint = ", ".join(filter(_NAME.fullmatch, parts.candidates))
        return (
            f"There is no {what} {_safe(parts.name)}{place}.",
            f"Did you mean {hint}?" if hint else "Check its spelling in the manual of DuckDB.",
        )
    if signature := _SIGNATURE.search(parts.message):
        return (
            f"No function matches {signature.group(1)}{place}.",
            "Check number and types of its arguments, and cast them where needed.",
        )
    known = granted | set(columns) | {table.partition(".")[2] for table in columns}
    next_step = None
    if "GROUP BY" in parts.message:
        next_step = "Add it to group by, or choose one value with any_value(…)."
    return f"{_without_values(parts.message, known).rstrip(chr(46))}{place}.", next_step


def _place(sql: str, position: int | None) -> str:
    if position is None or position > len(sql):
        return ""
    before = sql[:position]
    line = before.count("\n") + 1
    return f" (line {line}, column {position - (before.rfind(chr(10)) + 1) + 1})"


def _near(word: str, names: Iterable[str]) -> str:
    by_lower = {name.lower(): name for name in names}
    found = difflib.get_close_matches(word.lower(), by_lower, 3)
    return ", ".join(by_lower[name] for name in found if _NAME.fullmatch(name))


def _near_table(word: str, columns: Columns) -> str | None:
    for table in columns:
        ways = [table.lower(), table.partition(".")[2].lower()]
        if difflib.get_close_matches(word.lower(), ways, 1):
            return table
    return None


def _safe(word: str) -> str:
    return word if _NAME.fullmatch(word) else "of that name"


def _listed(names: Iterable[str]) -> str:
    words = sorted(names)
    return ", ".join(words[:20]) + (" …" if len(words) > 20 else "")


def _bare(text: str) -> str:
    """Without what is quoted: a value, or a name that whoever wrote the statement chose."""
    return _QUOTED.sub("…", text)


def _without_values(text: str, known: set[str]) -> str:
    def keep(found: re.Match[str]) -> str:
        return found.group(0) if found.group(0).strip("'\"") in known else "…"

    text = _QUOTED.sub(keep, text.strip().splitlines()[0] if text.strip() else "")
    text = re.sub(r"/\S+", "…", text)
    return re.sub(r"\d{4,}", "…", text)[:300]
