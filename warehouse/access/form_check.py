"""A form as its page holds it: read into the form of annex 5, and looked through before it goes.

The page names users by their numbers; the form holds their keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from warehouse.access.colleagues import Colleague, colleagues, find_colleague
from warehouse.access.form_catalogue import column_title, sensitive_of
from warehouse.access.form_scope import least_that_serves, scope_choices, scope_counts
from warehouse.access.grant_catalogue import table_title
from warehouse.access.grant_files import authority_columns, reserved_tables, scope_problems
from warehouse.access.reader import Reader
from warehouse.errors import NotFound, UsageError
from warehouse.governance.application import Actor
from warehouse.governance.applications import MAY_SUBMIT
from warehouse.governance.appointments import school_day
from warehouse.governance.content import Content, read_content

__all__ = ["FormDesk", "check_form", "form_document"]


@dataclass(frozen=True)
class FormDesk:
    """What reading a form needs: who fills it in, the data, the registry, the time (UTC)."""

    actor: Actor
    reader: Reader
    engine: Engine
    now: datetime

    def read(self, document: Mapping[str, Any]) -> tuple[Content, dict[str, Colleague]]:
        """The form and its users by number. Raises `UsageError` where it is no form, or a number
        in it is nobody's."""
        users = document.get("users") or []
        if not isinstance(users, list) or not all(isinstance(one, str) for one in users):
            raise UsageError("users must be a list of staff or student numbers.")
        found = {}
        for number in users[:_MOST_USERS]:
            try:
                found[number] = find_colleague(self.reader, self.engine, number, self.now)
            except NotFound:
                continue
        content = read_content({**document, "users": [one.person_key for one in found.values()]})
        return content, found


_MOST_USERS = 100


def check_form(desk: FormDesk, document: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the page shows beside the form.

    `problems` keep it from being submitted: a code each and what it is about; `proposals` ask for
    less; `choices` and `counts` are of the rows; `people` are the users by number.
    """
    content, people = desk.read(document)
    problems = [{"code": code, "about": ""} for code in content.problem_codes(school_day(desk.now))]
    problems += [
        {"code": "unknown_user", "about": number}
        for number in document.get("users") or []
        if number not in people
    ]
    problems += [{"code": code, "about": ""} for code in _applicant_problems(content, desk.actor)]
    with desk.reader.open("authority") as (_cursor, release):
        only_for = release.manifest.get("only_for", {})
        reserved = reserved_tables(release.manifest, content.columns, content.unit)
    if reserved:
        problems += [
            {"code": "reserved", "about": table_title(table) or table}
            for table in content.columns
            if only_for.get(table, content.unit) != content.unit
        ]
    available = authority_columns(desk.reader)
    if scope_problems(available, content.columns, content.rows.columns):
        problems.append({"code": "scope", "about": ""})
    sensitive = sensitive_of(content.columns)
    problems += [
        {"code": "reason", "about": _titled(path)}
        for path in sensitive
        if not content.reasons.get(path, "").strip()
    ]
    return {
        "problems": problems,
        "sensitive": [{"column": path, "title": _titled(path)} for path in sensitive],
        "proposals": least_that_serves(desk.reader, content.columns),
        "choices": scope_choices(desk.reader, content.columns),
        "counts": scope_counts(desk.reader, content.columns, content.rows.model_dump()),
        "people": {number: one.shown for number, one in people.items()},
    }


def form_document(reader: Reader, content: Content) -> dict[str, Any]:
    """The form as a page holds it, from one that was submitted."""
    known = colleagues(reader, content.users)
    document = content.document
    document["users"] = [one.number for one in known.values() if one.number]
    return document


def _applicant_problems(content: Content, actor: Actor) -> list[str]:
    if content.kind == "unit":
        held = {unit for role, unit, _principal in actor.roles if role in MAY_SUBMIT}
        return [] if not content.unit or held & {content.unit, None} else ["not_your_unit"]
    if content.kind == "individual":
        return [] if content.users in ([], [actor.person_key]) else ["only_yourself"]
    holds = any(role == "working_group" for role, _unit, _principal in actor.roles)
    return [] if holds else ["legal_by_working_group"]


def _titled(path: str) -> str:
    table, _, name = path.rpartition(".")
    return f"{table_title(table) or table} · {column_title(table, name)}"
