"""Between an ODCS v3 document and the plain values of `model`. No file is touched here.

What the standard has a place for is written there: keys, types, `enum`, `relationships` (foreign
keys), `logicalTypeOptions` (pattern, minimum, maximum), `quality` (rules over one row),
`slaProperties` (cadence, retention). The rest stands under `customProperties`; the names are
listed in docs/contracts.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
    Team,
)

from warehouse.contracts.model import Column, Reference, Rule, Source, Table

__all__ = [
    "COLUMN_PROPERTIES",
    "CONTRACT_PROPERTIES",
    "RULE_PROPERTIES",
    "TABLE_PROPERTIES",
    "describe_source",
]

#: Names allowed under customProperties, by level; lint refuses any other as a likely slip.
CONTRACT_PROPERTIES = frozenset({"ownerUnit", "sourceCode"})
TABLE_PROPERTIES = frozenset(
    {
        "kind",
        "level",
        "subjectKey",
        "feeds",
        "legalBasis",
        "refuseAbove",
        "endAbove",
        "ownerUnit",
        "references",
    }
)
COLUMN_PROPERTIES = frozenset(
    {"codeTable", "checkDigit", "checkDigitWhen", "privacy", "standard", "items"}
)
RULE_PROPERTIES = frozenset({"reason", "through"})
_REFERENCE_PROPERTIES = frozenset({"name", "columns", "to", "match", "when"})


def describe_source(document: OpenDataContractStandard) -> Source:
    """The source a document declares. Faults that lint reports are carried over, not raised;
    a missing name or type raises `ValueError` with the place."""
    own = _custom(document.customProperties)
    owner = str(own.get("ownerUnit") or "")
    version = str(document.version or "")
    return Source(
        id=str(document.id or ""),
        code=str(own.get("sourceCode") or ""),
        title=str(document.name or _team_name(document.team) or ""),
        owner_unit=owner,
        version=version,
        tables=tuple(_table(document, item, owner, version) for item in document.schema_ or ()),
    )


def _table(
    document: OpenDataContractStandard, item: SchemaObject, owner: str, version: str
) -> Table:
    if not item.name:
        raise ValueError(f"a schema object of {document.id} has no name")
    own = _custom(item.customProperties)
    properties = item.properties or []
    keys = sorted(
        (entry for entry in properties if entry.primaryKey),
        key=lambda entry: entry.primaryKeyPosition or 0,
    )
    cadence, cadence_note = _cadence(document, item.name)
    return Table(
        source=str(document.id or ""),
        name=item.name,
        title=item.businessName or item.name,
        grain=item.dataGranularityDescription or "",
        key=tuple(str(entry.name) for entry in keys),
        kind=str(own.get("kind") or ""),
        owner_unit=str(own.get("ownerUnit") or owner),
        level=str(own.get("level") or ""),
        columns=tuple(_column(item.name, entry) for entry in properties),
        subject_key=_text(own.get("subjectKey")),
        cadence=cadence,
        cadence_note=cadence_note,
        legal_basis=_with_note(item.customProperties, "legalBasis"),
        retention=_retention(document, item.name),
        feeds=_texts(own.get("feeds")),
        rules=tuple(_rule(entry) for entry in item.quality or () if entry.type == "custom"),
        declared_references=tuple(
            _reference(item.name, value) for value in own.get("references") or ()
        ),
        refuse_above=float(own.get("refuseAbove", Table.refuse_above)),
        end_above=float(own.get("endAbove", Table.end_above)),
        version=version,
    )


def _column(table: str, entry: SchemaProperty) -> Column:
    if not entry.name or not entry.physicalType:
        raise ValueError(f"{table}.{entry.name or '?'} has no name or no physicalType")
    own = _custom(entry.customProperties)
    options = entry.logicalTypeOptions or {}
    relations = [relation.to for relation in entry.relationships or () if relation.to]
    return Column(
        name=entry.name,
        type=entry.physicalType,
        title=entry.businessName or entry.name,
        required=bool(entry.required),
        unique=bool(entry.unique),
        code_table=_text(own.get("codeTable")),
        foreign_key=str(relations[0]) if relations else None,
        allowed=tuple(str(allowed.value) for allowed in entry.enum or ()),
        pattern=_text(options.get("pattern")),
        check_digit=_text(own.get("checkDigit")),
        check_digit_when=_text(own.get("checkDigitWhen")),
        minimum=_number(options.get("minimum")),
        maximum=_number(options.get("maximum")),
        privacy=str(own.get("privacy") or "none"),
        description=entry.description,
        standard=_text(own.get("standard")),
        items=_texts(own.get("items")),
    )


def _reference(table: str, value: Any) -> Reference:
    if not isinstance(value, dict) or not value.get("name"):
        raise ValueError(f"{table}: an entry of references has no name")
    if unknown := sorted(set(value) - _REFERENCE_PROPERTIES):
        raise ValueError(f"{table}: reference {value['name']} has unknown {', '.join(unknown)}")
    columns = _texts(value.get("columns"))
    return Reference(
        name=str(value["name"]),
        columns=columns,
        to=str(value.get("to") or ""),
        match=_texts(value.get("match")) or columns,
        when=_text(value.get("when")),
    )


def _rule(entry: DataQuality) -> Rule:
    own = _custom(entry.customProperties)
    return Rule(
        id=str(entry.name or ""),
        expression=str(entry.implementation or "").strip(),
        message=str(entry.description or entry.name or ""),
        kind=str(own.get("reason") or "cross_column"),
        through=_text(own.get("through")),
    )


def _cadence(document: OpenDataContractStandard, table: str) -> tuple[str, str]:
    """The cadence as one word (daily, weekly, monthly, yearly, on_change) and the note on it."""
    words = {"d": "daily", "w": "weekly", "m": "monthly", "y": "yearly"}
    for promise in document.slaProperties or ():
        if promise.property == "frequency" and promise.element == table:
            word = words.get(promise.unit or "", str(promise.value))
            return word, promise.description or ""
    return "", ""


def _retention(document: OpenDataContractStandard, table: str) -> str:
    for promise in document.slaProperties or ():
        if promise.property == "retention" and promise.element == table:
            return promise.description or f"{promise.value} {promise.unit or ''}".strip()
    return ""


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _texts(value: Any) -> tuple[str, ...]:
    """A list as texts; a single value as one of one, so that lint can judge it."""
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _number(value: Any) -> float | None:
    """A bound; None for what is no number, which lint reports."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _custom(properties: Iterable[CustomProperty] | None) -> dict[str, Any]:
    return {str(entry.property): entry.value for entry in properties or ()}


def _with_note(properties: Iterable[CustomProperty] | None, name: str) -> str:
    for entry in properties or ():
        if entry.property == name:
            note = f"（{entry.description}）" if entry.description else ""
            return f"{entry.value}{note}"
    return ""


def _team_name(team: Any) -> str | None:
    return team.name if isinstance(team, Team) else None
