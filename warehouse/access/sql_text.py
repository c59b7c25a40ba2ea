"""A statement before it is run: is it one that may be, and what of it may stand in the log.

Neither is the boundary: what a query can reach is decided by its file and its process.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlglot
from sqlglot import exp

from warehouse.engine import statement_kinds
from warehouse.errors import QueryRefused

__all__ = ["LONGEST", "check_statement", "explain_failure", "for_the_log"]

#: Bytes of UTF-8. It also fits a pipe's buffer, so handing it to the process never blocks.
LONGEST = 40_000
_LONGEST_TO_PARSE = 10_000
_DEEPEST = 200
_PLAIN_WORD = re.compile(r"[a-zA-Z_]+")
_UNKNOWN_COLUMN = re.compile(r'column "([^"]+)"')
_UNKNOWN_TABLE = re.compile(r"Table with name ([\w.]+) does not exist")


def check_statement(sql: str) -> None:
    """Raise `QueryRefused` unless the text is exactly one SELECT or EXPLAIN."""
    if len(sql.encode("utf-8", "replace")) > LONGEST or "\x00" in sql:
        raise QueryRefused(f"A query may be {LONGEST // 1000} kB long at most.")
    if _depth(sql) > _DEEPEST:
        raise QueryRefused("The query is nested too deeply.")
    kinds = statement_kinds(sql)
    if kinds is None:
        raise QueryRefused(
            "The query is not valid SQL.", next_step="Check its spelling and its brackets."
        )
    if len(kinds) != 1:
        raise QueryRefused(
            "The query must be exactly one statement.", next_step="Run one SELECT at a time."
        )
    if kinds[0] not in {"SELECT", "EXPLAIN"}:
        raise QueryRefused(
            f"A {kinds[0]} statement is not run here.",
            next_step="Only SELECT and EXPLAIN read a grant.",
        )


def _depth(sql: str) -> int:
    depth = deepest = 0
    for character in sql:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest


def for_the_log(sql: str, known: Iterable[str] = ()) -> dict[str, Any]:
    """The statement without its literals, for the audit log.

    Comments go, literals become `?`, and so does every name that is neither in `known` nor a
    plain word: a value typed in the wrong quotes is a name to SQL. Where the text does not parse,
    only its hash and length remain.
    """
    about = {"sql_sha256": hashlib.sha256(sql.encode("utf-8", "replace")).hexdigest()}
    about_length = {**about, "sql_length": len(sql)}
    if len(sql) > _LONGEST_TO_PARSE:
        return about_length
    names = {part.lower() for name in known for part in (name, *name.split("."))}
    try:
        trees = sqlglot.parse(sql, read="duckdb")
        if len(trees) != 1 or trees[0] is None or isinstance(trees[0], exp.Command):
            return about_length
        return {**about, "sql": trees[0].transform(_blank, names).sql("duckdb", comments=False)}
    except Exception:
        return about_length  # also RecursionError: whatever the parser trips over, no text is kept


_LITERALS = (exp.Literal, exp.RawString, exp.National, exp.HexString, exp.BitString, exp.ByteString)


def _blank(node: exp.Expression, names: set[str]) -> exp.Expression:
    if isinstance(node, _LITERALS):
        return exp.Placeholder()
    if isinstance(node, exp.Identifier):
        word = node.name
        if word.lower() not in names and not _PLAIN_WORD.fullmatch(word):
            return exp.to_identifier("_")
    return node


def explain_failure(
    kind: str, message: str, columns: Mapping[str, Sequence[str]]
) -> tuple[str, str | None]:
    """(message, next step) for a query that DuckDB refused; names of the grant are kept, any
    other quoted text is taken out, since a conversion error quotes what it could not read."""
    granted = {name for names in columns.values() for name in names}
    known = granted | set(columns) | {table.partition(".")[2] for table in columns}
    first = message.strip().splitlines()[0] if message.strip() else kind
    if found := _UNKNOWN_COLUMN.search(first):
        word = found.group(1)
        near = difflib.get_close_matches(word, granted, 3)
        return (
            f"The grant has no column {_safe(word)}.",
            f"Did you mean {', '.join(near)}?" if near else f"Columns: {_listed(granted)}.",
        )
    if found := _UNKNOWN_TABLE.search(first):
        word = found.group(1)
        near = [
            table
            for table in columns
            if difflib.get_close_matches(word, [table, table.partition(".")[2]], 1)
        ]
        return (
            f"The grant has no table {_safe(word)}.",
            f"Did you mean {near[0]}?" if near else f"Tables: {_listed(columns)}.",
        )
    return _without_values(first, known), None


def _safe(word: str) -> str:
    return word if re.fullmatch(r"[A-Za-z_][\w.]{0,63}", word, re.ASCII) else "of that name"


def _listed(names: Iterable[str]) -> str:
    words = sorted(names)
    return ", ".join(words[:20]) + (" …" if len(words) > 20 else "")


def _without_values(text: str, known: set[str]) -> str:
    def keep(found: re.Match[str]) -> str:
        return found.group(0) if found.group(0).strip("'\"") in known else "…"

    text = re.sub(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", keep, text)
    text = re.sub(r"/\S+", "…", text)
    return re.sub(r"\d{4,}", "…", text)[:300]
