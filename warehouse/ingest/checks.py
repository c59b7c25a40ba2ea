"""The checks of a row, as SQL built from its table's contract."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from warehouse.contracts.model import TECHNICAL_COLUMNS, Column, Contracts, Table
from warehouse.engine import quote, quote_text
from warehouse.ingest.headings import fold

__all__ = [
    "CROSS_TABLE",
    "DUPLICATE_KEY",
    "ORPHAN",
    "REASONS",
    "bit",
    "check_digit",
    "code_meanings",
    "column_faults",
    "delivered_column",
    "holds",
    "is_required",
    "old_meanings",
    "reasons_list",
    "row_faults",
    "technical_column",
    "technical_defaults",
]

#: Row reasons; the position is the bit in a row's mask.
REASONS = (
    "type",
    "required",
    "duplicate_key",
    "code",
    "orphan",
    "range",
    "pattern",
    "check_digit",
    "cross_column",
    "cross_table",
)

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def bit(reason: str) -> int:
    """The mask bit of a reason."""
    return 1 << REASONS.index(reason)


DUPLICATE_KEY = bit("duplicate_key")
ORPHAN = bit("orphan")
CROSS_TABLE = bit("cross_table")


def reasons_list(mask: str) -> str:
    """SQL for the VARCHAR[] of reasons of a mask, in the order of `REASONS`."""
    cases = ", ".join(
        f"CASE WHEN {mask} & {bit(reason)} > 0 THEN {quote_text(reason)} END" for reason in REASONS
    )
    return f"list_filter([{cases}], lambda x: x IS NOT NULL)"


def technical_column(name: str) -> Column:
    """A technical column in the terms of a contract."""
    kinds = {"VARCHAR": "string", "TIMESTAMP": "timestamp", "BOOLEAN": "bool"}
    return Column(name=name, type=kinds[TECHNICAL_COLUMNS[name]], title=name)


def technical_defaults(table: Table, extracted_at: datetime) -> dict[str, str]:
    """SQL of what stands in a technical column where the file says nothing, in their order:
    source_system by the table's source, `extracted_at`, is_deleted by false."""
    moment = quote_text(extracted_at.strftime("%Y-%m-%d %H:%M:%S.%f"))
    defaults = {
        "source_system": quote_text(table.source),
        "extracted_at": f"TIMESTAMP {moment}",
        "source_updated_at": "NULL::TIMESTAMP",
        "is_deleted": "false",
    }
    return {name: defaults[name] for name in TECHNICAL_COLUMNS if name not in table.column_names}


def delivered_column(table: Table, name: str) -> Column:
    """The contract's column of that name, or the technical one."""
    if name in TECHNICAL_COLUMNS and name not in table.column_names:
        return technical_column(name)
    return table.column(name)


def is_required(table: Table, column: Column) -> bool:
    """A key column is required whether or not the contract says so."""
    return column.required or column.name in table.key


def code_meanings(contracts: Contracts, column: Column) -> dict[str, str] | None:
    """Text a file may hold → the value that lands: codes, and labels that stand for one code.

    A label may leave out 族 or 性 at its end (汉 for 汉族, 男 for 男性). None where nothing
    fixes the column's values.
    """
    if column.allowed:
        return {fold(value): value for value in column.allowed}
    codes: Mapping[str, str] | None = contracts.code_tables.get(column.code_table or "")
    if not codes:
        return None
    known = _meanings.get(id(codes))
    if known is None or known[0] is not codes:
        known = _meanings[id(codes)] = (codes, _meanings_of(codes))
    return known[1]


#: By identity of the code table, which is kept with it; asked for at every column of every file.
_meanings: dict[int, tuple[Mapping[str, str], dict[str, str]]] = {}


def _meanings_of(codes: Mapping[str, str]) -> dict[str, str]:
    labels: dict[str, set[str]] = {}
    for code, label in codes.items():
        whole = fold(str(label))
        labels.setdefault(whole, set()).add(str(code))
        if len(whole) > 1 and whole[-1] in "族性":
            labels.setdefault(whole[:-1], set()).add(str(code))
    meanings = {label: next(iter(found)) for label, found in labels.items() if len(found) == 1}
    meanings.update({fold(str(code)): str(code) for code in codes})
    return meanings


def check_digit(value: str) -> str:
    """True where the 18 characters end in the check character of GB 11643 (ISO 7064 MOD 11-2); null
    where there is no number, so that an empty one is `required` and not wrong besides."""
    total = " + ".join(
        f"(ascii({value}[{place}]) - 48) * {weight}" for place, weight in enumerate(_WEIGHTS, 1)
    )
    return (
        rf"CASE WHEN {value} IS NULL THEN NULL WHEN regexp_full_match({value}, '\d{{17}}[\dX]') "
        f"THEN substr('10X98765432', 1 + ({total}) % 11, 1) = {value}[18] ELSE false END"
    )


def _bounds(column: Column, value: str) -> list[str]:
    limits = []
    if column.minimum is not None:
        limits.append(f"{value} < {column.minimum!r}")
    if column.maximum is not None:
        limits.append(f"{value} > {column.maximum!r}")
    return limits


def column_faults(column: Column, value: str) -> list[tuple[str, str]]:
    """(reason, SQL true for a fault) of one column's typed value; null values have none."""
    faults = []
    if limits := _bounds(column, value):
        faults.append(("range", " OR ".join(limits)))
    if column.pattern:
        text = value if column.sql_type == "VARCHAR" else f"{value}::VARCHAR"
        faults.append(
            ("pattern", f"NOT regexp_full_match({text}, {quote_text(_whole(column.pattern))})")
        )
    if column.check_digit:
        fault = f"NOT ({check_digit(value)})"
        if column.check_digit_when:
            fault = f"coalesce(({column.check_digit_when}), true) AND {fault}"
        faults.append(("check_digit", fault))
    return faults


def old_meanings(contracts: Contracts, column: Column) -> dict[str, str]:
    """Text that stood for a code once and is not in force → the code that took its place."""
    present = code_meanings(contracts, column) or {}
    old = contracts.old_codes.get(column.code_table or "", {})
    return {text: code for told, code in old.items() if (text := fold(str(told))) not in present}


def _whole(pattern: str) -> str:
    """The pattern without anchors at its ends, which a full match makes needless."""
    return pattern.removeprefix("^").removesuffix("$") if "|" not in pattern else pattern


def row_faults(table: Table) -> list[tuple[str, str]]:
    """(reason, SQL true for a fault) of the rules that a row answers alone."""
    return [(rule.kind, f"NOT {holds(rule.expression)}") for rule in table.row_rules]


def holds(expression: str) -> str:
    """SQL of whether a rule holds; never null. One that is null says nothing and holds; one that
    cannot be worked out, because numbers or days run over, does not.

    The expression stands there once: DuckDB 1.5.5 works out what stands in a query twice outside
    of both TRYs.
    """
    return f"coalesce(TRY(coalesce({expression}, true)), false)"


def mask(faults: list[tuple[str, str]]) -> str:
    """SQL for the bit mask of faults; a fault that is null is none."""
    terms: dict[str, list[str]] = {}
    for reason, fault in faults:
        terms.setdefault(reason, []).append(f"coalesce({fault}, false)")
    if not terms:
        return "0"
    return " + ".join(
        f"CASE WHEN {' OR '.join(f'({one})' for one in found)} THEN {bit(reason)} ELSE 0 END"
        for reason, found in terms.items()
    )


#: Above this, DuckDB is asked to hash the texts: a list it goes through one by one, which took 7 s
#: for a million rows of divisions instead of 0.03 s.
_LITERALS = 100


def in_list(value: str, texts: list[str]) -> str:
    """SQL membership in literal texts.

    Never IN over literals: from five on DuckDB makes a join of it, and behind a join rows do not
    keep the order of the file, so that it must be asked for, at twice the work.
    """
    literals = ", ".join(map(quote_text, texts))
    if len(texts) > _LITERALS:
        return f"{value} IN (SELECT unnest([{literals}]))"
    return f"list_contains([{literals}], {value})"


def quoted(names: tuple[str, ...] | list[str]) -> str:
    """Column names, quoted and separated by commas."""
    return ", ".join(map(quote, names))
