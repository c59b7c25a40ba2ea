"""A statement before it is run: is it one that may be, and what of it may stand in the log.

Neither is the boundary: what a query can reach is decided by its file and its process.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

import sqlglot
from sqlglot import exp

from warehouse.access.sql_failure import explain_syntax
from warehouse.engine import statement_kinds
from warehouse.errors import QueryRefused

__all__ = ["LONGEST", "check_statement", "for_the_log"]

#: Bytes of UTF-8. It also fits a pipe's buffer, so handing it to the process never blocks.
LONGEST = 40_000
_LONGEST_TO_PARSE = 10_000
_DEEPEST = 200
_PLAIN_WORD = re.compile(r"[a-zA-Z_]+")


def check_statement(sql: str) -> None:
    """Raise `QueryRefused` unless the text is exactly one SELECT or EXPLAIN."""
    if "\x00" in sql or any("\ud800" <= c <= "\udfff" for c in sql):
        raise QueryRefused(
            "The query holds a character that no text has.", next_step="Type it anew."
        )
    if len(sql.encode()) > LONGEST:
        raise QueryRefused(
            f"A query is text of {LONGEST // 1000} kB at most.",
            next_step="Shorten it: join a list of values as a query over the grant instead.",
        )
    if _depth(sql) > _DEEPEST:
        raise QueryRefused(
            f"The query has more than {_DEEPEST} brackets inside each other.",
            next_step="Name its parts with: with part as (select …) select …",
        )
    kinds = statement_kinds(sql)
    if kinds is None:
        text, next_step = explain_syntax(sql)
        raise QueryRefused(text, next_step=next_step)
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
