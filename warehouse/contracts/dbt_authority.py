"""First drafts of the published base datasets (annex 2): what follows from a contract.

Every landed table that feeds a row of annex 2 is a table of that row's schema: a projection of its
staging model, codes not labels, with the two keys of the hub, the person (`person_key`) and the
college that grants are limited by (`college_code`). Drafts belong to whoever edits them; a file
that is there is never written again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from warehouse.authority import Authority, Dataset
from warehouse.authority.sensitive import sensitive_columns
from warehouse.contracts.dbt_staging import published_name
from warehouse.contracts.model import Column, Contracts, Table

__all__ = ["base_tables", "missing_base_models", "published_columns", "write_missing_base_models"]

#: Rows 16–23 are statistics. Beside their figures they publish registers and returns that hold no
#: person's data; all else that feeds them arrives as figures, their `upstream` and `support` too.
REGISTERS = (
    "building",
    "course",
    "e_resource_usage",
    "instrument_usage",
    "laboratory",
    "land_parcel",
    "major",
    "room",
    "school_basic_fact",
    "statistics_return",
    "teaching_state_return",
    "union_activity",
)
#: Registers that a row counts and another row publishes, and returns that do not speak of a row.
COUNTED_ONLY = (
    ("A2-20", "statistics_return"),
    ("A2-21", "statistics_return"),
    ("A2-22", "statistics_return"),
    ("A2-23", "room"),
)
#: An ID number leaves its one table only as a keyed hash under this name.
HASHED = {"id_card_no": "id_card_hash"}
_DOCS = ("class_no", "course_code", "major_code", "staff_no", "student_no", "term_code")
_SUBJECTS = {"student_status.student_no": "student", "staff_basic.staff_no": "staff"}


def base_tables(contracts: Contracts, authority: Authority) -> Iterator[tuple[Dataset, Table, str]]:
    """(dataset, landed table, role) for every table that a dataset's schema publishes as such.

    `role` is lead, part, upstream (an earlier stage, of another unit) or support (no unit of the
    row), as the contract's `feeds` say.
    """
    for dataset in authority.datasets:
        for table in contracts:
            for fed in table.feeds:
                code, _, role = fed.partition(":")
                if code != dataset.code:
                    continue
                role = role.partition(":")[0]
                if _is_published(dataset, table, role):
                    yield dataset, table, role


def _is_published(dataset: Dataset, table: Table, role: str) -> bool:
    if not dataset.is_statistics:
        return True
    wanted = role in ("lead", "part") and table.name in REGISTERS
    return wanted and (dataset.code, table.name) not in COUNTED_ONLY


def missing_base_models(
    project: Path, contracts: Contracts, authority: Authority
) -> dict[str, str]:
    """Content by path below the dbt project, for each model and yml not there yet."""
    drafts = {}
    for dataset, table, role in base_tables(contracts, authority):
        path = f"models/published/authority/{dataset.id}/{dataset.id}__{table.name}"
        drafts[f"{path}.sql"] = _sql(dataset, table)
        drafts[f"{path}.yml"] = _yml(dataset, table, role)
    return {path: text for path, text in drafts.items() if not (project / path).exists()}


def write_missing_base_models(
    project: Path, contracts: Contracts, authority: Authority
) -> list[str]:
    """Write the drafts that are missing; returns their paths."""
    drafts = missing_base_models(project, contracts, authority)
    for path, text in drafts.items():
        target = project / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    return sorted(drafts)


def published_columns(dataset: Dataset, table: Table) -> dict[str, Column]:
    """Published name → column of the contract: all but sensitive ones that the list does not name,
    and in statistics those about a person. A hashed column comes under the hash's name."""
    kept = sensitive_columns()["authority"].get(f"{dataset.id}.{table.name}", frozenset())
    columns: dict[str, Column] = {}
    for column in table.columns:
        name = published_name(table, column)
        if column.privacy == "sensitive" and name not in kept:
            if column.name in HASHED:
                columns[HASHED[column.name]] = column
            continue
        if dataset.is_statistics and column.privacy != "none":
            continue
        columns[name] = column
        if column.name in HASHED:
            columns[HASHED[column.name]] = column
    return columns


def _subject(table: Table) -> tuple[str, str] | None:
    """(published column, kind of number) of the person a row is about, where a key says so."""
    if not table.subject_key:
        return None
    column = table.column(table.subject_key)
    named = column.foreign_key or f"{table.name}.{column.name}"
    return (column.name, _SUBJECTS[named]) if named in _SUBJECTS else None


def _sql(dataset: Dataset, table: Table) -> str:
    ended = "\n    where ended_at is null" if table.kind == "snapshot" else ""
    read = f"    select * from {{{{ ref('stg_{table.source}__{table.name}') }}}}{ended}"
    columns = published_columns(dataset, table)
    subject = _subject(table)
    listed = [
        f"{{{{ keyed_hash('source.{column.name}') }}}} as {name}"
        if name in HASHED.values()
        else f"source.{name}"
        for name, column in columns.items()
    ]
    listed.append("source.updated_at")
    scope = join = ""
    if subject:
        number, kind = subject
        listed.insert(0, "scope.person_key")
        if "college_code" not in columns:
            listed.insert(-1, "scope.college_code")
        scope = (
            "scope as (\n\n    select * from {{ ref('brg_number_scope') }}\n"
            f"    where kind = '{kind}'\n\n),\n\n"
        )
        join = f"left join scope on source.{number} = scope.number\n"
    body = f"with source as (\n\n{read}\n\n),\n\n{scope}".removesuffix(",\n\n")
    chosen = ",\n".join(f"    {line}" for line in listed)
    return f"{body}\n\nselect\n{chosen}\nfrom source\n{join}"


def _yml(dataset: Dataset, table: Table, role: str) -> str:
    columns = published_columns(dataset, table)
    subject = _subject(table)
    key = [published_name(table, table.column(name)) for name in table.key]
    described = [
        (name, _type(name, column), _text(name, column)) for name, column in columns.items()
    ]
    described.append(("updated_at", "timestamp", _doc("updated_at")))
    if subject:
        described.insert(0, ("person_key", "bigint", _doc("person_key")))
        if "college_code" not in columns:
            described.insert(-1, ("college_code", "varchar", _doc("college_code")))
    name = f"{dataset.id}__{table.name}"
    sort = dict.fromkeys([*([subject[0]] if subject else []), *key])
    meta = {
        "owner": table.owner_unit,
        "level": table.level,
        "role": role,
        "source": table.id.replace("/", "."),
        "cadence": table.cadence,
        **({"subject": subject[0]} if subject else {}),
        "sort": f"[{', '.join(sort)}]",
    }
    return "\n".join(
        [
            "models:",
            f"  - name: {name}",
            "    description: >-",
            f"      {table.title}（权威数据）：{table.grain}。",
            f"      Grain: one row per {', '.join(key)}. Codes, not labels.",
            "    config:",
            "      contract: {enforced: true}",
            "      meta:",
            *(f"        {word}: {value}" for word, value in meta.items()),
            "    columns:",
            *(
                f"      - name: {column}\n        data_type: {kind}\n"
                f"        description: {_quoted(text)}"
                for column, kind, text in described
            ),
            "    data_tests:",
            "      - combined:",
            f"          name: {name}_holds",
            '          description: "行的粒度成立，更新时间不空"',
            "          arguments:",
            f"            grain: [{', '.join(key)}]",
            "            not_null: [updated_at]",
            "",
        ]
    )


def _doc(name: str) -> str:
    return f"{{{{ doc('{name}') }}}}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _type(name: str, column: Column) -> str:
    return "varchar" if name in HASHED.values() else column.sql_type.lower()


def _text(name: str, column: Column) -> str:
    if name in HASHED.values():
        return f"{column.title}的密钥散列：同一证件号相同，不可还原"
    if name in _DOCS:
        return _doc(name)
    return column.title + ("（代码）" if column.code_table else "")
