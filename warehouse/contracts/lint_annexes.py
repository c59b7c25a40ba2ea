"""Checks of contracts against the annexes: one source for each item, one lead for each dataset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from warehouse.authority import Authority
from warehouse.contracts.finding import Finding
from warehouse.contracts.model import Source, Table

__all__ = ["check_annexes"]

_ROLES = ("lead", "part", "upstream", "support")


def check_annexes(sources: list[tuple[str, Source]], authority: Authority) -> Iterator[Finding]:
    """Article 10 over all contracts together: what feeds a row, and whether it may."""
    leads: dict[str, list[tuple[str, Table]]] = defaultdict(list)
    fed: set[str] = set()
    for file, source in sources:
        for table in source.tables:
            for feed in table.feeds:
                fault = _fault_of(feed, source, table, authority)
                if fault:
                    yield Finding(file, table.name, f"feeds {feed}: {fault[0]}", fault[1])
                    continue
                row, _, role = feed.partition(":")
                fed.add(row)
                if role == "lead":
                    leads[row].append((file, table))
    for row, found in leads.items():
        if len(found) > 1:
            names = ", ".join(table.id for _, table in found)
            for file, table in found:
                yield Finding(
                    file,
                    table.name,
                    f"{row} has {len(found)} leads: {names}",
                    "leave one lead, make the others part",
                )
    for dataset in authority.datasets:
        if dataset.code in fed and dataset.code not in leads:
            yield Finding(
                "(all)",
                dataset.code,
                f"{dataset.id} has parts but no declared lead yet",
                "nothing to do until its lead table has a contract",
                is_note=True,
            )


def _fault_of(
    feed: str, source: Source, table: Table, authority: Authority
) -> tuple[str, str] | None:
    """What is wrong with one entry of `feeds`, and how to mend it."""
    row, *rest = feed.split(":")
    if row not in authority.row_codes:
        return "no such row", "name a row of annexes 2 to 4, for example A2-01:lead or A3-01"
    if row.startswith("A2-"):
        role = rest[0] if rest else ""
        if role not in _ROLES:
            return f"role {role or '(none)'} is unknown", f"use {', '.join(_ROLES)}"
        owners = authority.dataset(row).owner_ids
        if role == "lead" and table.owner_unit not in owners:
            return f"{table.owner_unit} is no owner of that row", "feed it as upstream or support"
        if role == "part" and (len(rest) != 2 or rest[1] not in owners):
            return "names no owner of that row", f"write part:<unit> with one of {list(owners)}"
        return None
    if rest:
        return "an item has no role", f"write {row}"
    item = authority.item(row)
    if source.code != item.source_code:
        return (
            f"that item comes from {item.source_code}, and from one source only (Article 10)",
            "take it out, or change item_sources.yaml",
        )
    return None
