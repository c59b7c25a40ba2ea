"""Reads contract files and code tables from disk."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from open_data_contract_standard.model import OpenDataContractStandard
from pydantic import ValidationError

from warehouse.contracts.document import describe_source
from warehouse.contracts.model import CodeTable, Contracts, Source
from warehouse.errors import ContractError

__all__ = [
    "CONTRACT_FOLDER",
    "contract_files",
    "load_code_tables",
    "load_contracts",
    "read_document",
    "read_yaml",
]

CONTRACT_FOLDER = Path(__file__).parent / "odcs"
_CODE_TABLES = Path(__file__).parent / "code_tables.yaml"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """A YAML file as plain values; `ValueError` names the line where it cannot be read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}" if mark else ""
        what = getattr(error, "problem", None) or "not UTF-8"
        raise ValueError(f"cannot be read as YAML{place}: {what}") from None


def contract_files(folder: Path | None = None) -> list[Path]:
    """The contract files of a folder, in order of name."""
    return sorted((folder or CONTRACT_FOLDER).glob("*.odcs.yaml"))


def read_document(path: Path) -> OpenDataContractStandard:
    """One file as an ODCS document. Raises `ValueError`, one fault a line."""
    values = read_yaml(path)
    if not isinstance(values, dict):
        raise ValueError("holds no mapping")
    try:
        return OpenDataContractStandard(**values)
    except ValidationError as error:
        raise ValueError(
            "\n".join(
                f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
                for fault in error.errors(include_input=False, include_url=False)
            )
        ) from None


@lru_cache(maxsize=8)
def load_contracts(folder: Path | None = None) -> Contracts:
    """All contracts of a folder (default: those of this package) with all code tables.

    Cached. Raises `ContractError` with every file that cannot be read. What is readable but
    wrong is the matter of `lint_contracts`.
    """
    sources: list[Source] = []
    problems: list[str] = []
    for path in contract_files(folder):
        try:
            sources.append(describe_source(read_document(path)))
        except ValueError as error:
            problems += [f"{path.name}: {line}" for line in str(error).splitlines()]
    if not sources and not problems:
        problems.append(f"{folder or CONTRACT_FOLDER}: no file named <source>.odcs.yaml")
    if problems:
        raise ContractError(problems, next_step="See them all with: campus contract lint")
    # Systems before forms, as in annex 1.
    sources.sort(key=lambda source: (not source.code.startswith("S"), source.code))
    listed = load_code_tables()
    tables = {name: table.codes for name, table in listed.items()}
    old = {name: table.old for name, table in listed.items() if table.old}
    return Contracts(tuple(sources), tables, old)


@lru_cache(maxsize=1)
def load_code_tables() -> dict[str, CodeTable]:
    """The code tables by id, with what fixes each and how sure that is."""
    return {
        entry["id"]: CodeTable(
            id=entry["id"],
            title=entry["zh"],
            standard=entry["std"],
            origin=entry["src"],
            certainty=entry["sure"],
            note=entry.get("note", ""),
            codes=dict(entry["codes"]) if "codes" in entry else _listed_codes(entry["file"]),
            old=dict(entry.get("old", {})),
        )
        for entry in read_yaml(_CODE_TABLES)["tables"]
    }


def _listed_codes(file: str) -> dict[str, str]:
    """Codes too many for the YAML file, from a CSV with the columns code and full_name."""
    with (_CODE_TABLES.parent / file).open(encoding="utf-8", newline="") as rows:
        return {row["code"]: row["full_name"] for row in csv.DictReader(rows)}
