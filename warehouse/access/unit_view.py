"""Which units have a responsible head and a contact, and which lack one (Article 12)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from warehouse.access.colleagues import colleagues
from warehouse.access.reader import Reader
from warehouse.access.unit_heads import heads_by_unit
from warehouse.authority import load_authority
from warehouse.governance.appointments import UNIT_ROLES, appointments, school_day
from warehouse.governance.protection import hidden_from
from warehouse.governance.roles import holders
from warehouse.home import Home

__all__ = ["list_units"]

#: What the annexes name among the owners and what is no unit: every college stands in the list by
#: its own code once somebody was appointed for it, and staff answer for themselves.
_NO_UNIT = frozenset({"colleges", "staff_self"})


def list_units(
    opened: Session,
    reader: Reader,
    home: Home,
    now: datetime,
    *,
    viewer: int,
    only: Collection[str] | None = None,
) -> list[dict[str, Any]]:
    """Units of the annexes and every other one somebody was appointed for, in that order, or
    those of `only`. Each with systems, datasets, items (how many it owns), heads, contacts and
    `lacks`: head, contact, or contact_undertaking where no contact has signed. A protected person
    is counted and not named, but to `viewer` themself and who answers for the protection."""
    authority = load_authority(home=home)
    by_hr = heads_by_unit(reader)
    appointed = [
        one
        for one in appointments(opened, day=school_day(now))
        if one.unit_code and one.role in UNIT_ROLES
    ]
    named = [unit for unit in authority.units if unit not in _NO_UNIT]
    listed = dict.fromkeys([*named, *sorted({str(one.unit_code) for one in appointed})])
    contacts: dict[str, list[int]] = {}
    for one in appointed:
        if one.role == "unit_officer":
            contacts.setdefault(str(one.unit_code), []).append(one.person_key)
    heads = {
        unit: [
            held
            for held in holders(opened, "unit_head", unit, now, head_by_hr=by_hr.get(unit))
            if held.principal_key is None
        ]
        for unit in listed
    }
    active = {
        unit: {held.person_key for held in holders(opened, "unit_officer", unit, now)}
        for unit in contacts
    }
    people = colleagues(
        reader,
        {held.person_key for found in heads.values() for held in found}
        | {key for found in contacts.values() for key in found},
        hidden=hidden_from(opened, viewer, now),
    )
    return [
        {
            "unit": unit,
            "name": authority.units.get(unit, unit),
            "systems": sum(system.owner_id == unit for system in authority.systems),
            "datasets": sum(unit in dataset.owner_ids for dataset in authority.datasets),
            "items": sum(item.owner_id == unit for item in authority.items),
            "heads": [
                {**people[held.person_key].shown, "source": held.source} for held in heads[unit]
            ],
            "contacts": [
                {**people[key].shown, "signed": key in active[unit]}
                for key in contacts.get(unit, [])
            ],
            "lacks": _lacks(bool(heads[unit]), contacts.get(unit, []), active.get(unit, set())),
        }
        for unit in listed
        if only is None or unit in only
    ]


def _lacks(has_head: bool, contacts: list[int], active: set[int]) -> list[str]:
    found = [] if has_head else ["head"]
    if not contacts:
        found.append("contact")
    elif not active:
        found.append("contact_undertaking")
    return found
