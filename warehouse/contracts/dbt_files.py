"""The dbt files that follow from contracts and annexes: sources and seeds.

They are generated and committed, so that dbt needs nothing but its project folder and a reader
sees them; a test holds them in step. Write them with `campus contract sync`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from warehouse.authority import Authority
from warehouse.contracts.dbt_seeds import Seed, seed_contents
from warehouse.contracts.model import TECHNICAL_COLUMNS, Contracts, Source, Table

__all__ = ["out_of_step", "render", "write"]

_MARK = "# Generated from warehouse/contracts by: campus contract sync. Do not edit.\n"

_TECHNICAL_TEXT = {
    "source_system": "来源系统",
    "extracted_at": "抽取时间（UTC）",
    "source_updated_at": "来源中的最后更新时间（UTC），来源未给时为空",
    "is_deleted": "来源已删除此行",
    "batch_id": "批次",
    "batch_row": "在文件中的数据行号，从 1 起",
}
_TECHNICAL_TYPES = {**TECHNICAL_COLUMNS, "batch_id": "VARCHAR", "batch_row": "BIGINT"}


def render(contracts: Contracts, authority: Authority) -> dict[str, str]:
    """Content by path below the dbt project; the same input gives the same text."""
    files = {
        f"models/staging/{source.id}/_{source.id}__sources.yml": _sources_yml(source, authority)
        for source in contracts.sources
    }
    seeds = seed_contents(contracts, authority)
    for name, seed in seeds.items():
        files[f"seeds/{name}.csv"] = _csv(list(seed.columns), seed.rows)
    files["seeds/_contracts__seeds.yml"] = _seeds_yml(seeds)
    files["models/_groups.yml"] = _groups_yml(authority)
    return files


def _groups_yml(authority: Authority) -> str:
    """A dbt group for each unit of the annexes: who answers for a model is its group's owner."""
    groups = [{"name": unit, "owner": {"name": title}} for unit, title in authority.units.items()]
    return _yaml({"version": 2, "groups": groups})


def out_of_step(project: Path, contracts: Contracts, authority: Authority) -> list[str]:
    """Paths whose content on disk differs from `render`, missing and left-over ones included."""
    wanted = render(contracts, authority)
    differing = [
        path
        for path, text in wanted.items()
        if not (project / path).is_file() or (project / path).read_text(encoding="utf-8") != text
    ]
    return sorted(differing + _left_over(project, wanted))


def write(project: Path, contracts: Contracts, authority: Authority) -> list[str]:
    """Bring the project in step; returns the paths that were written or removed."""
    wanted = render(contracts, authority)
    changed = out_of_step(project, contracts, authority)
    for path in changed:
        target = project / path
        if path in wanted:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(wanted[path], encoding="utf-8", newline="\n")
        else:
            target.unlink()
    return changed


def _left_over(project: Path, wanted: dict[str, str]) -> list[str]:
    """Generated source files of a source that no contract declares any more."""
    found = project.glob("models/staging/*/_*__sources.yml")
    return [
        path.relative_to(project).as_posix()
        for path in found
        if path.relative_to(project).as_posix() not in wanted
        and path.read_text(encoding="utf-8").startswith(_MARK)
    ]


def _sources_yml(source: Source, authority: Authority) -> str:
    owner = authority.unit_title(source.owner_unit)
    return _yaml(
        {
            "version": 2,
            "sources": [
                {
                    "name": source.id,
                    "schema": source.id,
                    "description": f"{source.title}（{source.code}），数据责任单位：{owner}",
                    "tables": [_source_table(table) for table in source.tables],
                }
            ],
        }
    )


def _source_table(table: Table) -> dict[str, Any]:
    columns = [
        {
            "name": column.name,
            "description": column.title + (f"。{column.description}" if column.description else ""),
            "data_type": column.sql_type.lower(),
        }
        for column in table.columns
    ]
    columns += [
        {"name": name, "description": text, "data_type": _TECHNICAL_TYPES[name].lower()}
        for name, text in _TECHNICAL_TEXT.items()
    ]
    return {
        "name": table.name,
        "description": f"{table.title}。{table.grain}；各批次原样，取当前版本由 staging 完成。",
        "config": {
            "meta": {
                "key": list(table.key),
                "kind": table.kind,
                "level": table.level,
                "owner_unit": table.owner_unit,
                "subject_key": table.subject_key,
            }
        },
        "columns": columns,
    }


def _seeds_yml(seeds: dict[str, Seed]) -> str:
    return _yaml(
        {
            "version": 2,
            "seeds": [
                {
                    "name": name,
                    "description": seed.description,
                    "config": {"column_types": dict.fromkeys(seed.columns, "varchar")},
                    "columns": [
                        {"name": column, "description": text}
                        for column, text in seed.columns.items()
                    ],
                }
                for name, seed in seeds.items()
            ],
        }
    )


def _yaml(document: dict[str, Any]) -> str:
    return _MARK + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()
