"""Judges a candidate. Whatever it finds stops publication."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.authority.sensitive import sensitive_columns
from warehouse.release.audience import FORBIDDEN_COLUMNS, Audience
from warehouse.release.contents import PublishedTable

__all__ = ["Check", "checks_of", "judge_checks", "judge_tables"]

ID_NUMBER = "id_card_no"
_KINDS = {"test": "check", "unit_test": "unit test", "model": "model", "seed": "seed"}


@dataclass(frozen=True)
class Check:
    """The result of one dbt node as the manifest keeps it. `failures` counts rows; null means
    the node could not be run. `owner` is the responsible unit of `model`, null if none is named.
    """

    name: str
    kind: str
    model: str | None
    status: str
    severity: str
    failures: int | None
    description: str
    message: str
    owner: str | None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "model": self.model,
            "status": self.status,
            "severity": self.severity,
            "failures": self.failures,
            "description": self.description,
        }


def checks_of(nodes: Iterable[Any], owner_of: Callable[[str], str | None]) -> list[Check]:
    """dbt's results as checks. `owner_of` gives the responsible unit of a model."""
    checks = []
    for node in nodes:
        model = node.name if node.kind == "model" else node.attached_model
        checks.append(
            Check(
                name=node.name,
                kind=node.kind,
                model=model,
                status=node.status,
                severity=(node.severity or "error").lower(),
                failures=node.failures,
                description=node.description or "",
                message=node.message or "",
                owner=owner_of(model) if model else None,
            )
        )
    return checks


def judge_checks(checks: Sequence[Check]) -> list[str]:
    """One line per model, seed or check that forbids publication.

    A check of severity warn that fails has the status warn and is published with its number; one
    that could not run at all forbids publication whatever its severity.
    """
    broken = [check for check in checks if check.status in ("fail", "error")]
    if not broken:
        skipped = [check for check in checks if check.status == "skipped"]
        return [
            f"{_KINDS.get(check.kind, check.kind)} {check.name} was skipped" for check in skipped
        ]
    return [_line(check) for check in broken]


def judge_tables(
    audience: Audience,
    tables: Sequence[PublishedTable],
) -> list[str]:
    """One line per fault in what an audience would get: a table missing or empty, a column that
    names people in statistics, or an ID number outside the one table that needs it."""
    rows: Mapping[str, int] = {table.label: table.rows for table in tables}
    problems = [
        f"{audience.name}.{name} is {'empty' if name in rows else 'missing'}"
        for name in audience.required
        if not rows.get(name)
    ]
    allowed = sensitive_columns().get(audience.name, {})
    for table in tables:
        for column, _ in table.columns:
            if table.target in audience.nameless and column in FORBIDDEN_COLUMNS:
                problems.append(
                    f"{audience.name}.{table.label} has the column {column}, which names people"
                )
            elif column == ID_NUMBER and column not in allowed.get(table.label, ()):
                problems.append(
                    f"{audience.name}.{table.label} has the column {column}, which stands in one "
                    "table only; elsewhere use its keyed hash (warehouse/authority/sensitive.yaml)"
                )
    return problems


def _line(check: Check) -> str:
    """What failed, of which model, how often, what the check means, and who is responsible."""
    subject = f"{_KINDS.get(check.kind, check.kind)} {check.name}"
    if check.model and check.model != check.name:
        subject += f" of {check.model}"
    found = check.message or (f"{check.failures} row(s)" if check.failures else "")
    sentences = [f"{subject}: {found}" if found else subject, check.description]
    if check.owner:
        sentences.append(f"Responsible: {check.owner}")
    return " ".join(text.strip().rstrip(".") + "." for text in sentences if text.strip())
