"""Judges contract files and reports every problem at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from jsonschema.validators import validator_for
from open_data_contract_standard.model import OpenDataContractStandard

from warehouse.authority import Authority, load_authority
from warehouse.contracts.document import (
    COLUMN_PROPERTIES,
    CONTRACT_PROPERTIES,
    RULE_PROPERTIES,
    TABLE_PROPERTIES,
    describe_source,
)
from warehouse.contracts.finding import Finding
from warehouse.contracts.lint_annexes import check_annexes
from warehouse.contracts.lint_rules import check_expressions
from warehouse.contracts.lint_tables import check_classification, check_tables
from warehouse.contracts.loader import (
    CONTRACT_FOLDER,
    contract_files,
    load_code_tables,
    read_document,
    read_yaml,
)
from warehouse.contracts.model import Contracts, Source

__all__ = ["find_problems", "lint_contracts"]


def lint_contracts(folder: Path | None = None) -> list[str]:
    """Every fault of a folder's contracts, one line each; notes are left out."""
    return [str(finding) for finding in find_problems(folder) if not finding.is_note]


def find_problems(folder: Path | None = None, authority: Authority | None = None) -> list[Finding]:
    """Faults and notes, in order of file and place.

    A file that is no ODCS document is reported and left aside; the others are judged without it.
    """
    authority = authority or load_authority()
    codes = {name: table.codes for name, table in load_code_tables().items()}
    findings: list[Finding] = []
    sources: list[tuple[str, Source]] = []
    paths = contract_files(folder)
    if not paths:
        where = str(folder or CONTRACT_FOLDER)
        return [Finding(where, "", "holds no contract", "add a file named <source>.odcs.yaml")]
    for path in paths:
        faults, source = _read(path)
        findings += faults
        if source is not None:
            sources.append((path.name, source))
    contracts = Contracts(tuple(source for _, source in sources), codes)
    for name, source in sources:
        findings += _check_identity(name, source, authority)
        findings += check_tables(name, source, contracts, authority)
        findings += check_expressions(name, source, contracts)
    findings += _check_unique_sources(sources)
    findings += check_annexes(sources, authority)
    return sorted(findings, key=lambda finding: (finding.is_note, finding.file, finding.place))


def _read(path: Path) -> tuple[list[Finding], Source | None]:
    """A file's faults as an ODCS document, and its source where it could be understood."""
    mend = "write it as the Open Data Contract Standard v3 says"
    try:
        values = read_yaml(path)
    except ValueError as error:
        return [Finding(path.name, "", str(error), "mend the YAML")], None
    findings = [Finding(path.name, place, what, mend) for place, what in _standard_faults(values)]
    try:
        document = read_document(path)
        findings += _check_names_and_classes(path.name, document)
        return findings, describe_source(document)
    except (ValueError, TypeError) as error:
        findings += [Finding(path.name, "", line, mend) for line in str(error).splitlines()]
        return findings, None


@lru_cache(maxsize=1)
def _validator() -> Any:
    package = resources.files("open_data_contract_standard")
    schema = json.loads((package / "schema.json").read_text(encoding="utf-8"))
    return validator_for(schema)(schema)


def _standard_faults(values: Any) -> Iterator[tuple[str, str]]:
    """Where a document departs from the standard's JSON schema, and how."""
    if not isinstance(values, dict):
        yield "", "holds no mapping"
        return
    for fault in _validator().iter_errors(values):
        yield _readable_path(values, list(fault.absolute_path)), fault.message[:200]
    if values.get("kind") != "DataContract":
        yield "kind", "is not DataContract"
    if not str(values.get("apiVersion", "")).startswith("v3."):
        yield "apiVersion", "is not v3.x"


def _readable_path(values: Any, path: list[str | int]) -> str:
    """`schema, 0, properties, 3, required` as `staff_basic.sex.required`."""
    parts: list[str] = []
    for step in path:
        values = values[step]
        if isinstance(step, int) and isinstance(values, dict):
            name = values.get("name") or values.get("property")
            parts.append(str(name or step))
        elif step not in ("schema", "properties"):
            parts.append(str(step))
    return ".".join(parts)


def _check_names_and_classes(file: str, document: OpenDataContractStandard) -> Iterator[Finding]:
    """A custom property nobody reads is a slip of the pen, for example `codetable`; a column's
    classification is judged here because the model keeps only the table's level."""
    places: list[tuple[str, Any, frozenset[str]]] = [("", document, CONTRACT_PROPERTIES)]
    for table in document.schema_ or ():
        places.append((str(table.name), table, TABLE_PROPERTIES))
        for rule in table.quality or ():
            places.append((f"{table.name} rule {rule.name}", rule, RULE_PROPERTIES))
        for column in table.properties or ():
            places.append((f"{table.name}.{column.name}", column, COLUMN_PROPERTIES))
    for place, holder, known in places:
        for entry in holder.customProperties or ():
            if entry.property not in known:
                yield Finding(
                    file,
                    place,
                    f"unknown custom property {entry.property}",
                    f"use one of {', '.join(sorted(known))}",
                )
        yield from _check_values(file, place, holder)
        yield from check_classification(file, place, getattr(holder, "classification", None))


def _check_values(file: str, place: str, holder: Any) -> Iterator[Finding]:
    """Values that YAML reads as something else than meant: 01 becomes 1, a list becomes text."""
    for entry in getattr(holder, "enum", None) or ():
        if not isinstance(entry.value, str):
            yield Finding(file, place, "has an enum value that is not text", "put it in quotes")
    options = getattr(holder, "logicalTypeOptions", None) or {}
    for name in ("minimum", "maximum"):
        value = options.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield Finding(file, place, f"{name} is no number", "write a number")


def _check_identity(file: str, source: Source, authority: Authority) -> Iterator[Finding]:
    if file != f"{source.id}.odcs.yaml":
        yield Finding(file, "id", f"is {source.id}", f"name the file {source.id}.odcs.yaml")
    if source.owner_unit not in authority.units:
        yield Finding(
            file,
            "ownerUnit",
            f"unit {source.owner_unit or '(none)'} is unknown",
            "name a unit of warehouse/authority/annexes.yaml",
        )
    if not source.tables:
        yield Finding(file, "schema", "declares no table", "declare one or remove the file")
    for system in authority.systems:
        if source.code == system.code and source.id != system.id:
            yield Finding(file, "sourceCode", f"{source.code} is {system.id}", "mend id or code")
        if source.id == system.id and source.code != system.code:
            yield Finding(file, "sourceCode", "does not fit the id", f"write {system.code}")
        if source.id == system.id and source.owner_unit != system.owner_id:
            yield Finding(
                file,
                "ownerUnit",
                f"annex 1 gives {system.code} to {system.owner_id}",
                f"write {system.owner_id}",
            )


def _check_unique_sources(sources: list[tuple[str, Source]]) -> Iterator[Finding]:
    for attribute in ("id", "code"):
        counts = Counter(getattr(source, attribute) for _, source in sources)
        for file, source in sources:
            value = getattr(source, attribute)
            if counts[value] > 1:
                yield Finding(file, attribute, f"{value} is declared twice", "give each its own")
