"""What changed between two states of the contracts, and what of it needs an application.

Article 7: once an interface stands, a change of structure needs a written application that the
working group approves. Structure is what decides whether a file is taken at all: tables, columns,
their types, the key. Checks decide which rows are taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from warehouse.contracts.model import Column, Contracts, Table

__all__ = ["Change", "compare", "unannounced"]


@dataclass(frozen=True)
class Change:
    """`kind` is structure, check or text. A breaking change refuses files or rows that met the
    contract before."""

    place: str
    what: str
    kind: str
    breaking: bool

    def __str__(self) -> str:
        mark = "breaking" if self.breaking else "harmless"
        return f"{self.place}: {self.what} ({self.kind}, {mark})"


def compare(old: Contracts, new: Contracts) -> list[Change]:
    """All changes, in order of place."""
    before = {table.id: table for table in old}
    after = {table.id: table for table in new}
    changes = [
        Change(name, "table removed", "structure", True) for name in before.keys() - after.keys()
    ]
    changes += [
        Change(name, "table added", "structure", False) for name in after.keys() - before.keys()
    ]
    for name in before.keys() & after.keys():
        changes += _compare_tables(before[name], after[name])
    return sorted(changes, key=lambda change: (change.place, change.what))


def unannounced(old: Contracts, new: Contracts) -> list[str]:
    """Sources with a breaking change whose version keeps its first number."""
    versions = {source.id: source.version for source in old.sources}
    broken = {change.place.split("/")[0] for change in compare(old, new) if change.breaking}
    return sorted(
        source.id
        for source in new.sources
        if source.id in broken
        and source.version.split(".")[0] == versions.get(source.id, "").split(".")[0]
    )


def _compare_tables(old: Table, new: Table) -> Iterator[Change]:
    before = {column.name: column for column in old.columns}
    after = {column.name: column for column in new.columns}
    for name in before.keys() - after.keys():
        yield Change(f"{new.id}.{name}", "column removed", "structure", True)
    for name in after.keys() - before.keys():
        yield Change(f"{new.id}.{name}", "column added", "structure", True)
    if old.key != new.key:
        yield Change(new.id, f"key {', '.join(old.key)} → {', '.join(new.key)}", "structure", True)
    if old.kind != new.kind:
        yield Change(new.id, f"kind {old.kind} → {new.kind}", "structure", True)
    for name in before.keys() & after.keys():
        yield from _compare_columns(f"{new.id}.{name}", before[name], after[name])
    yield from _compare_rules(old, new)
    yield from _compare_references(old, new)
    for attribute in ("refuse_above", "end_above"):
        was, now = getattr(old, attribute), getattr(new, attribute)
        if was != now:
            yield Change(new.id, f"{attribute} {was} → {now}", "check", now < was)
    for attribute in ("owner_unit", "level", "cadence", "legal_basis", "retention", "feeds"):
        if getattr(old, attribute) != getattr(new, attribute):
            yield Change(new.id, f"{attribute} changed", "text", False)


def _compare_columns(place: str, old: Column, new: Column) -> Iterator[Change]:
    if old.type != new.type:
        yield Change(place, f"type {old.type} → {new.type}", "structure", True)
    if old.required != new.required:
        word = "required" if new.required else "optional"
        yield Change(place, f"now {word}", "check", new.required)
    if old.unique != new.unique:
        yield Change(place, f"unique {old.unique} → {new.unique}", "check", new.unique)
    for attribute in ("code_table", "foreign_key", "pattern", "check_digit", "check_digit_when"):
        was, now = getattr(old, attribute), getattr(new, attribute)
        if was != now:
            yield Change(place, f"{attribute} {was} → {now}", "check", now is not None)
    if old.allowed != new.allowed:
        tighter = bool(new.allowed) and (
            not old.allowed or not set(old.allowed) <= set(new.allowed)
        )
        yield Change(place, "allowed values changed", "check", tighter)
    if old.minimum != new.minimum:
        tighter = new.minimum is not None and (old.minimum is None or new.minimum > old.minimum)
        yield Change(place, f"minimum {old.minimum} → {new.minimum}", "check", tighter)
    if old.maximum != new.maximum:
        tighter = new.maximum is not None and (old.maximum is None or new.maximum < old.maximum)
        yield Change(place, f"maximum {old.maximum} → {new.maximum}", "check", tighter)
    if old.privacy != new.privacy:
        yield Change(place, f"privacy {old.privacy} → {new.privacy}", "text", False)
    if old.title != new.title:
        yield Change(place, "Chinese heading changed", "structure", True)


def _compare_rules(old: Table, new: Table) -> Iterator[Change]:
    before = {rule.id: (rule.expression, rule.kind, rule.through) for rule in old.rules}
    after = {rule.id: (rule.expression, rule.kind, rule.through) for rule in new.rules}
    for name in before.keys() - after.keys():
        yield Change(f"{new.id} rule {name}", "removed", "check", False)
    for name in after.keys() - before.keys():
        yield Change(f"{new.id} rule {name}", "added", "check", True)
    for name in before.keys() & after.keys():
        if before[name] != after[name]:
            yield Change(f"{new.id} rule {name}", "changed", "check", True)


def _compare_references(old: Table, new: Table) -> Iterator[Change]:
    before = {reference.name: reference for reference in old.declared_references}
    after = {reference.name: reference for reference in new.declared_references}
    for name in before.keys() - after.keys():
        yield Change(f"{new.id} reference {name}", "removed", "check", False)
    for name in after.keys() - before.keys():
        yield Change(f"{new.id} reference {name}", "added", "check", True)
    for name in before.keys() & after.keys():
        if before[name] != after[name]:
            yield Change(f"{new.id} reference {name}", "changed", "check", True)
