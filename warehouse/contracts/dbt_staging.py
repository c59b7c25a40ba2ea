"""First drafts of the staging models: what follows from a contract without a thought.

A draft is written once and then belongs to whoever edits it; `missing_models` never touches a file
that is there. The shape is that of every staging model: one landed table in, the version that
holds, columns renamed, codes with their labels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from warehouse.contracts.model import Column, Contracts, Table

__all__ = ["missing_models", "published_name", "write_missing_models"]

_GROUPS = ("ids", "text", "numbers", "booleans", "dates")
_RENAMED = {"id_doc_type": "id_document_type", "probation_end": "probation_end_date"}
#: Words too bare to stand beside those of other tables, by table and column.
_RENAMED_IN = {
    "major": {"level": "cultivation_level"},
    "course_grade": {"passed": "passed"},
    "meal_merchant": {"kind": "merchant_kind"},
    "library_item": {
        "class_no": "book_class",
        "language": "book_language",
        "status": "book_status",
    },
    "building": {
        "use": "building_use",
        "structure": "building_structure",
        "condition": "building_condition",
    },
    "room": {"use": "room_use", "status": "room_status"},
}
_ID_ENDINGS = ("_no", "_code", "_id")
_ID_NAMES = ("account", "mailbox", "barcode")


def missing_models(project: Path, contracts: Contracts) -> dict[str, str]:
    """Content by path below the dbt project, for each staging and history model not there yet."""
    drafts = {}
    for table in contracts:
        folder = f"models/staging/{table.source}"
        name = f"stg_{table.source}__{table.name}"
        drafts[f"{folder}/{name}.sql"] = _staging(table)
        drafts[f"{folder}/{name}_history.sql"] = _history(table)
    return {path: text for path, text in drafts.items() if not (project / path).exists()}


def write_missing_models(project: Path, contracts: Contracts) -> list[str]:
    """Write the drafts that are missing; returns their paths."""
    drafts = missing_models(project, contracts)
    for path, text in drafts.items():
        target = project / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    return sorted(drafts)


def _staging(table: Table) -> str:
    if table.kind == "snapshot":
        rows, technical = "snapshot_rows", "ended_at"
    else:
        rows, technical = "latest_rows", "batch_id"
    call = f"{rows}({_source(table)}, {_key(table)})"
    return _model("", call, table, ["{{ updated_at() }} as updated_at", technical])


def _history(table: Table) -> str:
    heading = f"-- Grain: one version of {'、'.join(table.key)}, valid from <= moment < to.\n"
    if table.kind == "snapshot":
        tracked = [name for name in table.column_names if name not in table.key]
        before = "{% set tracked = [\n" + _wrapped(tracked) + "\n] %}\n\n"
        call = f"snapshot_spans({_source(table)}, {_key(table)}, tracked)"
    else:
        before = ""
        call = f"row_spans({_source(table)}, {_key(table)})"
    return _model(heading + before, call, table, ["valid_from", "valid_to", "is_deleted"])


def _model(before: str, call: str, table: Table, technical: list[str]) -> str:
    columns = "\n".join(_columns(table, technical))
    return (
        f"{before}with source as (\n\n    {{{{ {call} }}}}\n\n),\n\n"
        f"renamed as (\n\n    select\n{columns}\n    from source\n\n)\n\nselect * from renamed\n"
    )


def _columns(table: Table, technical: list[str]) -> Iterator[str]:
    grouped: dict[str, list[str]] = {group: [] for group in _GROUPS}
    for column in table.columns:
        grouped[_group(table, column)] += _expressions(table, column)
    listed = [(group, lines) for group, lines in grouped.items() if lines]
    listed.append(("technical", technical))
    for position, (group, lines) in enumerate(listed):
        yield f"        -- {group}"
        for number, line in enumerate(lines):
            last = position == len(listed) - 1 and number == len(lines) - 1
            yield f"        {line}{'' if last else ','}"


def _group(table: Table, column: Column) -> str:
    if column.type in ("date", "timestamp", "month"):
        return "dates"
    if column.type == "bool":
        return "booleans"
    if column.type in ("string", "text"):
        named = column.name.endswith(_ID_ENDINGS) or column.name in _ID_NAMES
        return "ids" if (named or column.foreign_key) and not column.code_table else "text"
    return "ids" if column.name in table.key else "numbers"


def published_name(table: Table, column: Column) -> str:
    """What a staging model, and all that read it, call the column."""
    if own := _RENAMED_IN.get(table.name, {}).get(column.name):
        return own
    name = _RENAMED.get(column.name, column.name)
    if column.type == "bool" and not name.startswith(("is_", "has_")):
        name = f"is_{name}"
    return name


def _expressions(table: Table, column: Column) -> Iterator[str]:
    name = published_name(table, column)
    source = f"upper({column.name})" if column.check_digit else column.name
    yield source if source == name else f"{source} as {name}"
    if column.code_table:
        yield f"{{{{ label('{column.name}', '{column.code_table}') }}}} as {name}_label"


def _wrapped(names: list[str]) -> str:
    quoted = ", ".join(f"'{name}'" for name in names)
    return textwrap.fill(quoted, 100, initial_indent="    ", subsequent_indent="    ")


def _source(table: Table) -> str:
    return f"source('{table.source}', '{table.name}')"


def _key(table: Table) -> str:
    return _list(table.key)


def _list(names: tuple[str, ...] | list[str]) -> str:
    return "[" + ", ".join(f"'{name}'" for name in names) + "]"
