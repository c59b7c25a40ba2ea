"""Checks of one source's tables and columns against each other and the code tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from warehouse.authority import Authority
from warehouse.contracts.finding import Finding
from warehouse.contracts.model import TECHNICAL_COLUMNS, Column, Contracts, Source, Table
from warehouse.contracts.retention import read_retention

__all__ = ["CADENCES", "CHECK_DIGITS", "KINDS", "LEVELS", "check_classification", "check_tables"]

LEVELS = ("L1", "L2", "L3", "L4", "L5")
KINDS = ("snapshot", "history", "event")
CADENCES = ("daily", "weekly", "monthly", "term", "yearly", "on_change")
CHECK_DIGITS = ("GB 11643",)
_PRIVACY = ("none", "personal", "sensitive")
_SECRET = re.compile(r"secret|秘密|机密|绝密|涉密|^(MM|JM|UM)$", re.IGNORECASE)
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_TYPE = re.compile(r"^(string|text|int|date|month|timestamp|bool|decimal\((\d+),(\d+)\))$")


@dataclass(frozen=True)
class _Place:
    """Makes findings about one place."""

    file: str
    name: str

    def fault(self, what: str, mend: str) -> Finding:
        return Finding(self.file, self.name, what, mend)

    def note(self, what: str, mend: str) -> Finding:
        return Finding(self.file, self.name, what, mend, is_note=True)


def check_tables(
    file: str, source: Source, contracts: Contracts, authority: Authority
) -> Iterator[Finding]:
    yield from _duplicates(_Place(file, ""), "table", (table.name for table in source.tables))
    for table in source.tables:
        place = _Place(file, table.name)
        yield from _check_table(place, table, authority)
        yield from _check_subject(place, table)
        for column in table.columns:
            at = _Place(file, f"{table.name}.{column.name}")
            yield from _check_column(at, table, column, contracts)
            yield from _check_foreign_key(at, table, column, contracts)


def check_classification(file: str, name: str, level: str | None) -> Iterator[Finding]:
    """A column's own classification: L1–L5, and never a state secret (Article 11)."""
    if level is not None:
        yield from _check_level(_Place(file, name), "classification", level)


def _check_table(place: _Place, table: Table, authority: Authority) -> Iterator[Finding]:
    if not _NAME.match(table.name):
        yield place.fault("is no plain name", "use lower-case letters, digits and _")
    if table.kind not in KINDS:
        yield place.fault(f"kind is {table.kind or 'missing'}", f"use {', '.join(KINDS)}")
    yield from _check_level(place, "level", table.level)
    if table.cadence not in CADENCES:
        yield place.fault(
            f"cadence is {table.cadence or 'missing'}",
            "add an slaProperty frequency with this element: unit d, w, m, y, or a value of "
            + ", ".join(CADENCES),
        )
    if not table.grain:
        yield place.fault("states no grain", "fill dataGranularityDescription")
    if table.owner_unit not in authority.units:
        yield place.fault(f"unit {table.owner_unit} is unknown", "name a unit of the annexes")
    for name, value in (("refuseAbove", table.refuse_above), ("endAbove", table.end_above)):
        if not 0 < value <= 1:
            yield place.fault(f"{name} is {value}", "use a share above 0 and at most 1")
    if not table.columns:
        yield place.fault("has no columns", "declare its properties")
    if not table.key:
        yield place.fault("has no key", "set primaryKey and primaryKeyPosition on its columns")
    for name in table.key:
        if not table.column(name).required:
            yield _Place(place.file, f"{table.name}.{name}").fault(
                "is part of the key but not required", "set required: true"
            )
    yield from _duplicates(place, "column", table.column_names)
    yield from _duplicates(place, "rule", (rule.id for rule in table.rules))
    headings = [column.title for column in table.columns if column.title != column.name]
    yield from _duplicates(place, "Chinese heading", headings)
    for clash in set(table.column_names) & {*TECHNICAL_COLUMNS, "batch_id", "batch_row"}:
        yield place.fault(f"declares {clash}", "leave it out: every extract carries it anyway")


def _check_level(place: _Place, name: str, level: str | None) -> Iterator[Finding]:
    if level in LEVELS:
        return
    if level and _SECRET.search(level):
        yield place.fault(
            f"{name} {level} is a state secret",
            "remove it: state secrets are never taken in (Article 11)",
        )
    else:
        yield place.fault(f"{name} is {level or 'missing'}", f"use {', '.join(LEVELS)}")


def _check_subject(place: _Place, table: Table) -> Iterator[Finding]:
    """Who a row is about must be known wherever it holds more than a duty-holder's number."""
    private = [column for column in table.columns if column.privacy != "none"]
    sensitive = [column for column in private if column.privacy == "sensitive"]
    if table.subject_key is None:
        if sensitive or (private and table.level not in ("L1", "L2")):
            yield place.fault("holds personal data but names no subject", "set subjectKey")
        elif private:
            yield place.note(
                "names people but has no subject of its own", "nothing to do at level L1 or L2"
            )
    elif table.subject_key not in table.column_names:
        yield place.fault(f"subjectKey {table.subject_key} is no column", "name one of its columns")
    else:
        subject = table.column(table.subject_key)
        if not subject.required:
            yield place.fault(
                f"subjectKey {subject.name} may be empty", "set required: true on that column"
            )
        if not table.legal_basis:
            yield place.fault("names no legal basis", "set legalBasis (PIPL article 13)")
        if not table.retention:
            yield place.fault("names no retention", "add an slaProperty retention")
        elif read_retention(table.retention) is None:
            yield place.fault(
                "names a retention that cannot be read",
                "write for example: 毕业或离校后 5 年, or 长期",
            )
    for column in sensitive:
        if table.level in ("L1", "L2"):
            yield _Place(place.file, f"{table.name}.{column.name}").fault(
                f"is sensitive in a table of level {table.level}", "raise the level to L3 or more"
            )


def _check_column(
    place: _Place, table: Table, column: Column, contracts: Contracts
) -> Iterator[Finding]:
    if not _NAME.match(column.name):
        yield place.fault("is no plain name", "use lower-case letters, digits and _")
    kind = _TYPE.match(column.type)
    if not kind:
        yield place.fault(
            f"type {column.type} is unknown",
            "use string, text, int, decimal(p,s), date, month, timestamp or bool",
        )
    elif kind.group(2) and not int(kind.group(3)) <= int(kind.group(2)) <= 38:
        yield place.fault(f"type {column.type} cannot be held", "use a precision of 38 at most")
    is_number = column.type == "int" or column.type.startswith("decimal")
    if column.code_table and column.code_table not in contracts.code_tables:
        yield place.fault(
            f"code table {column.code_table} is unknown", "add it to code_tables.yaml or mend it"
        )
    if column.code_table and column.allowed:
        yield place.fault("has a code table and an enum", "keep one of the two")
    if (column.code_table or column.allowed or column.pattern) and column.type != "string":
        yield place.fault(
            "has codes or a pattern but is no string", "make it string or remove them"
        )
    if (column.minimum is not None or column.maximum is not None) and not is_number:
        yield place.fault("has a range but is no number", "remove minimum and maximum")
    if (
        column.minimum is not None
        and column.maximum is not None
        and column.minimum > column.maximum
    ):
        yield place.fault("minimum is above maximum", "exchange them")
    if column.check_digit and column.check_digit not in CHECK_DIGITS:
        yield place.fault(
            f"check digit {column.check_digit} is unknown", f"use {', '.join(CHECK_DIGITS)}"
        )
    if column.privacy not in _PRIVACY:
        yield place.fault(f"privacy is {column.privacy}", f"use {', '.join(_PRIVACY)}")
    for item in column.items:
        if item not in table.feeds:
            yield place.fault(f"holds {item}, which the table does not feed", "add it to feeds")


def _check_foreign_key(
    place: _Place, table: Table, column: Column, contracts: Contracts
) -> Iterator[Finding]:
    if not column.foreign_key:
        return
    found = contracts.parent(table, column.foreign_key)
    if found is None:
        yield place.note(
            f"points at {column.foreign_key}, which no contract declares yet",
            "it is not checked until one does",
        )
        return
    parent, name = found
    if name not in parent.column_names:
        yield place.fault(f"points at {parent.name}.{name}, which is no column", "mend the name")
    elif name not in parent.key and not parent.column(name).unique:
        # A part of a composite key is enough: the check asks whether the value exists there.
        yield place.fault(f"points at {parent.name}.{name}, which is no key", "name its key")
    elif parent.column(name).type != column.type:
        yield place.fault(
            f"is {column.type}, but {parent.name}.{name} is {parent.column(name).type}",
            "give both the same type",
        )


def _duplicates(place: _Place, what: str, names: Iterable[str]) -> Iterator[Finding]:
    for name, count in Counter(names).items():
        if count > 1:
            yield place.fault(f"{what} {name} appears {count} times", "give each its own name")
