"""What a release takes from a run of dbt: results, compiled SQL, what each model says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse.authority import load_authority
from warehouse.release.audience import audiences
from warehouse.settings import Settings

__all__ = ["BuiltModels", "ModelFact", "facts_of", "receipts", "run_models"]


@dataclass(frozen=True)
class ModelFact:
    """A model's table and its meta: `sort` columns, `owner`, the responsible unit's name, and the
    unit's id where nobody else may be granted the table (`only_for`)."""

    schema: str
    table: str
    sort: tuple[str, ...]
    owner: str | None
    only_for: str | None = None


@dataclass(frozen=True)
class BuiltModels:
    """`nodes` are dbt's results, `compiled` and `facts` are by model name."""

    nodes: Sequence[Any]
    compiled: Mapping[str, str]
    facts: Mapping[str, ModelFact]

    def owner(self, model: str) -> str | None:
        fact = self.facts.get(model)
        return fact.owner if fact else None

    @property
    def sorts(self) -> dict[str, list[str]]:
        """'schema.table' → columns, for every model that says how it is sorted."""
        return {
            f"{fact.schema}.{fact.table}": list(fact.sort)
            for fact in self.facts.values()
            if fact.sort
        }

    @property
    def only_for(self) -> dict[str, str]:
        """'schema.table' → id of the one unit that may be granted it."""
        return {
            f"{fact.schema}.{fact.table}": fact.only_for
            for fact in self.facts.values()
            if fact.only_for
        }


def run_models(
    file: Path, settings: Settings, *, as_of: datetime, prepare: Callable[[Any], None]
) -> BuiltModels:
    """Run every model, seed and check in `file`. `prepare` gets a connection to it first."""
    from warehouse.transform import build_models

    result = build_models(file, settings, as_of=as_of, prepare=prepare)
    return BuiltModels(result.nodes, result.compiled, facts_of(result.manifest))


def facts_of(manifest: Mapping[str, Any]) -> dict[str, ModelFact]:
    """Read the models' facts from dbt's manifest.json. `meta.owner` is a unit's id or its name."""
    units = load_authority().units
    facts = {}
    for node in manifest.get("nodes", {}).values():
        if node.get("resource_type") != "model":
            continue
        meta = {**(node.get("meta") or {}), **(node.get("config", {}).get("meta") or {})}
        owner = meta.get("owner")
        facts[node["name"]] = ModelFact(
            schema=node["schema"],
            table=node.get("alias") or node["name"],
            sort=tuple(meta.get("sort") or ()),
            owner=units.get(owner, owner) if isinstance(owner, str) else None,
            only_for=owner if meta.get("owner_only") else None,
        )
    return facts


def receipts(built: BuiltModels) -> dict[str, str]:
    """Compiled SQL that a manifest keeps: published tables and the computations of indicators."""
    published = {schema for audience in audiences() for schema in audience.schemas}
    return {
        model: sql
        for model, sql in sorted(built.compiled.items())
        if model.startswith("int_statistics__")
        or (model in built.facts and built.facts[model].schema in published)
    }
