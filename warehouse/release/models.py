"""What a release takes from a run of dbt: results, compiled SQL, what each model says of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse.authority import Authority, load_authority
from warehouse.months import ViewOfGrowing
from warehouse.release.audience import Audience
from warehouse.settings import Settings

__all__ = ["BuiltModels", "ModelFact", "facts_of", "receipts", "run_models", "table_facts"]

#: dbt's sources that no unit delivers.
_OWN_SOURCES = ("hub",)


@dataclass(frozen=True)
class ModelFact:
    """A model's table and its meta: `sort` columns, `owner`, the responsible unit's name, the data
    `level`, `subject`, the column that says whose data a row is, and `cadence`. `sources` are the
    landed tables ('system.table') its rows come from. `day` is the column by whose months a large
    table is compared; `of_growing` says of which growing table each row is one. `only_for` is the
    unit's id where nobody else may be granted the table."""

    schema: str
    table: str
    sort: tuple[str, ...]
    owner: str | None
    level: str | None = None
    subject: str | None = None
    cadence: str | None = None
    sources: tuple[str, ...] = ()
    only_for: str | None = None
    day: str | None = None
    of_growing: ViewOfGrowing | None = None


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
    def days(self) -> dict[str, str]:
        """'schema.table' → the column of the day, for tables that are compared by months."""
        return {f"{fact.schema}.{fact.table}": fact.day for fact in self.facts.values() if fact.day}

    @property
    def only_for(self) -> dict[str, str]:
        """'schema.table' → id of the one unit that may be granted it."""
        return {
            f"{fact.schema}.{fact.table}": fact.only_for
            for fact in self.facts.values()
            if fact.only_for
        }


def run_models(
    file: Path,
    settings: Settings,
    *,
    as_of: datetime,
    prepare: Callable[[Any], None],
    manifest: Any = None,
) -> BuiltModels:
    """Run every model, seed and check in `file`. `prepare` gets a connection to it first;
    `manifest` is the project, where it was read before."""
    from warehouse.transform import build_models

    result = build_models(
        file, settings, as_of=as_of, prepare=prepare, keep_marks=True, manifest=manifest
    )
    authority = load_authority(as_of, settings.paths)
    return BuiltModels(result.nodes, result.compiled, facts_of(result.manifest, authority))


def facts_of(manifest: Mapping[str, Any], authority: Authority) -> dict[str, ModelFact]:
    """Read the models' facts from dbt's manifest.json. `meta.owner` is a unit's id or its name;
    `meta.source` names the landed table that holds the rows, where the model has just one."""
    units = authority.units
    facts = {}
    for key, node in manifest.get("nodes", {}).items():
        if node.get("resource_type") != "model":
            continue
        meta = {**(node.get("meta") or {}), **(node.get("config", {}).get("meta") or {})}
        owner = meta.get("owner")
        facts[node["name"]] = ModelFact(
            schema=node["schema"],
            table=node.get("alias") or node["name"],
            sort=tuple(meta.get("sort") or ()),
            owner=units.get(owner, owner) if isinstance(owner, str) else None,
            level=meta.get("level"),
            subject=meta.get("subject"),
            cadence=meta.get("cadence"),
            sources=(meta["source"],) if "source" in meta else _sources_behind(manifest, key),
            only_for=owner if meta.get("owner_only") else None,
            day=meta.get("parts"),
            of_growing=_of_growing(manifest, key, meta),
        )
    return facts


def _of_growing(
    manifest: Mapping[str, Any], key: str, meta: Mapping[str, Any]
) -> ViewOfGrowing | None:
    if "parts" not in meta or "rows_of" not in meta:
        return None
    growing = f"{key.rpartition('.')[0]}.{meta['rows_of']}"
    node = manifest["nodes"][growing]
    others = set(manifest["nodes"][key]["depends_on"]) - {growing}
    table = node.get("alias") or node["name"]
    return ViewOfGrowing(key, growing, table, tuple(sorted(others)), meta["parts"])


def _sources_behind(manifest: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """'system.table' of all that lies behind a node."""
    seen: set[str] = set()
    waiting = [key]
    while waiting:
        if (at := waiting.pop()) not in seen:
            seen.add(at)
            waiting += manifest["nodes"].get(at, {}).get("depends_on", ())
    landed = (at.split(".")[2:4] for at in seen if at.startswith("source."))
    return tuple(sorted(".".join(pair) for pair in landed if pair[0] not in _OWN_SOURCES))


def table_facts(
    built: BuiltModels, audience: Audience, batches: Iterable[Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What a manifest says of each table of one audience, by the name it has in the file: who owns
    it, its level, whose data a row is, how often it comes, from which landed tables, and `as_of`,
    the latest extraction of these (null where none has been delivered)."""
    newest: dict[str, str] = {}
    for batch in batches:
        label = f"{batch['source']}.{batch['table']}"
        newest[label] = max(newest.get(label, ""), batch["extracted_at"])
    described = {}
    for fact in built.facts.values():
        if fact.schema not in audience.schemas:
            continue
        target = audience.schemas[fact.schema]
        moments = [newest[source] for source in fact.sources if source in newest]
        described[fact.table if target == "main" else f"{target}.{fact.table}"] = {
            "owner": fact.owner,
            "level": fact.level,
            "subject": fact.subject,
            "cadence": fact.cadence,
            "sources": list(fact.sources),
            "as_of": max(moments, default=None),
        }
    return dict(sorted(described.items()))


def receipts(built: BuiltModels, readers: Iterable[Audience]) -> dict[str, str]:
    """Compiled SQL that a manifest keeps: tables published to any of `readers`, and the
    computations of indicators."""
    published = {schema for audience in readers for schema in audience.schemas}
    return {
        model: sql
        for model, sql in sorted(built.compiled.items())
        if model.startswith("int_statistics__")
        or (model in built.facts and built.facts[model].schema in published)
    }
