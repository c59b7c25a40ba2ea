"""A form as its page holds it: read into the form of annex 5, and looked through before it goes.

The page names users by their numbers; the form holds their keys.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from warehouse.access.colleagues import Colleague, colleagues, find_colleague
from warehouse.access.form_catalogue import column_title
from warehouse.access.grant_catalogue import table_title
from warehouse.access.grant_scope import (
    CONDITIONS,
    WHO,
    Available,
    authority_columns,
    is_about_people,
    reserved_tables,
    scope_problems,
)
from warehouse.access.minors import minors, wanted
from warehouse.access.own_units import own_units
from warehouse.access.reader import Reader
from warehouse.access.scope_advice import Suggestion, least_that_serves, sensitive_in
from warehouse.access.scope_counts import scope_choices, scope_counts
from warehouse.authority.sensitive import never_granted
from warehouse.errors import NotFound, UsageError
from warehouse.governance.application import Actor
from warehouse.governance.applications import MAY_SUBMIT
from warehouse.governance.appointments import school_day
from warehouse.governance.content import Content, read_content
from warehouse.governance.protection import protected_people
from warehouse.state import session

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


def check_form(
    desk: FormDesk, document: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Colleague]]:
    """Everything the page shows beside the form, and whom it shows: each look at a person is for
    the log, whether it was one number or a hundred.

    `problems` keep it from being submitted: a code each and what it is about; `proposals` ask for
    less; `choices` and `counts` are of who is in the scope; `people` are the users by number.
    """
    content, people = desk.read(document)
    available = authority_columns(desk.reader)
    unknown = [number for number in document.get("users") or [] if number not in people]
    problems = [{"code": code, "about": ""} for code in content.problem_codes(school_day(desk.now))]
    problems += [{"code": "unknown_user", "about": number} for number in unknown]
    problems += [{"code": code, "about": ""} for code in _applicant_problems(content, desk)]
    problems += _table_problems(desk.reader, content)
    can_be_given = not scope_problems(available, content.columns, content.rows.model_dump())
    if not can_be_given and not any(table in never_granted() for table in content.columns):
        problems.append({"code": "scope", "about": ""})
    sensitive = sensitive_in(content.columns)
    problems += [
        {"code": "reason", "about": _titled(path)}
        for path in sensitive
        if not content.reasons.get(path, "").strip()
    ]
    with session(desk.engine, read_only=True) as opened:
        protected = protected_people(opened, desk.now)
    if not wanted(content.reasons):
        protected |= minors(desk.reader).keys()
    choices = _choices(desk.reader, content, available, protected)
    colleges = {
        value["value"]
        for choice in choices
        if choice["column"] == "college_code"
        for value in choice["values"]
    }
    shown = {
        "problems": problems,
        "sensitive": [
            {"column": path, "title": _titled(path), "why": why} for path, why in sensitive.items()
        ],
        "proposals": [
            _described(one)
            for one in least_that_serves(
                content, available, school_day(desk.now), colleges=colleges
            )
            if one.code != "no_reason"
        ],
        "choices": choices,
        "counts": (
            scope_counts(desk.reader, content, protected=protected)
            if can_be_given and content.columns
            else None
        ),
        "people": {number: one.shown for number, one in people.items()},
    }
    return shown, list(people.values())


def _table_problems(reader: Reader, content: Content) -> list[dict[str, str]]:
    with reader.open("authority") as (_cursor, release):
        manifest = release.manifest
    reserved = [
        table for table in content.columns if reserved_tables(manifest, {table: []}, content.unit)
    ]
    never = [table for table in content.columns if table in never_granted()]
    return [{"code": "never", "about": table_title(table) or table} for table in never] + [
        {"code": "reserved", "about": table_title(table) or table}
        for table in reserved
        if table not in never
    ]


def _choices(
    reader: Reader, content: Content, available: Available, protected: frozenset[int]
) -> list[dict[str, Any]]:
    """Conditions on the kinds of people that the chosen tables are about, with their values."""
    about = {
        kind
        for table in content.columns
        if table in available and is_about_people(available, table)
        for kind in WHO
        if table.startswith(_PREFIX[kind])
    }
    return [
        {
            "part": kind,
            "column": column,
            "title": column_title(WHO[kind], column),
            "values": values,
        }
        for kind in WHO
        if kind in about
        for column in CONDITIONS[kind]
        if 1
        < len(values := scope_choices(reader, kind, column, protected=protected))
        <= _MOST_VALUES
    ]


#: Kind of person → how the datasets of annex 2 about them begin.
_PREFIX = {"students": "student_", "staff": "staff_"}
#: A list longer than this is no list to choose from.
_MOST_VALUES = 300


def _described(one: Suggestion) -> dict[str, Any]:
    table = one.table or ""
    return {
        "code": one.code,
        "table": one.table,
        "table_title": table_title(table) or table,
        "columns": list(one.columns),
        "titles": [column_title(table, name) for name in one.columns],
        "instead": one.instead,
    }


def form_document(reader: Reader, content: Content, *, hidden: Collection[int]) -> dict[str, Any]:
    """The form as a page holds it, from one that was submitted; a user who is `hidden` is left out
    and has to be named anew."""
    known = colleagues(reader, content.users, hidden=hidden)
    document = content.document
    document["users"] = [one.number for one in known.values() if one.number]
    return document


def _applicant_problems(content: Content, desk: FormDesk) -> list[str]:
    actor = desk.actor
    if content.kind == "unit":
        held = {unit for role, unit, _principal in actor.roles if role in MAY_SUBMIT}
        return [] if not content.unit or held & {content.unit, None} else ["not_your_unit"]
    if content.kind == "individual":
        found = [] if content.users in ([], [actor.person_key]) else ["only_yourself"]
        if content.unit and content.unit not in own_units(desk.reader, actor.person_key):
            found.append("not_your_own_unit")
        return found
    holds = any(role == "working_group" for role, _unit, _principal in actor.roles)
    return [] if holds else ["legal_by_working_group"]


def _titled(path: str) -> str:
    table, _, name = path.rpartition(".")
    return f"{table_title(table) or table} · {column_title(table, name)}"
