"""Between an application and the data: what it asks for, and the words signed about it."""

from __future__ import annotations

from collections.abc import Sequence

from warehouse.access.grant_catalogue import table_title
from warehouse.access.grant_scope import (
    authority_columns,
    reserved_tables,
    scope_problems,
)
from warehouse.access.own_units import own_units
from warehouse.access.policy import Standing
from warehouse.access.reader import Reader
from warehouse.access.scope_advice import reason_problems
from warehouse.authority import load_authority
from warehouse.errors import UsageError
from warehouse.governance.application import Actor, State
from warehouse.governance.content import Content
from warehouse.governance.undertaking_text import render
from warehouse.home import Home
from warehouse.settings import Settings

__all__ = [
    "PURPOSE_TITLES",
    "actor_of",
    "application_text",
    "check_content",
    "role_text",
    "unit_id",
    "unit_name",
]

_ROLE_TITLES = {
    "working_group": "数据集成与信息维护工作小组成员",
    "unit_officer": "数据管理联络人",
    "analyst": "数据分析人员",
    "auditor": "数据审计人员",
}
PURPOSE_TITLES = {
    "teaching": "教学",
    "research": "科研",
    "management": "管理",
    "legal_case": "法律案件",
}


def actor_of(standing: Standing) -> Actor:
    """The person as the rules of an application see them."""
    return Actor(
        standing.person_key,
        tuple((held.role, held.unit, held.principal_key) for held in standing.roles),
    )


def check_content(reader: Reader, content: Content, applicant_key: int) -> None:
    """Raise `UsageError` naming everything asked for that the current release cannot give, and
    every sensitive column that lacks a reason; an individual whose unit is not their own, since the
    unit decides who signs."""
    problems = scope_problems(authority_columns(reader), content.columns, content.rows.model_dump())
    with reader.open("authority") as (_cursor, release):
        problems += reserved_tables(release.manifest, content.columns, content.unit)
    problems += reason_problems(content)
    if content.kind == "individual" and content.unit not in own_units(reader, applicant_key):
        problems.append("an individual applies through the unit they belong to")
    if problems:
        raise UsageError("This cannot be granted: " + "; ".join(problems) + ".")


def unit_id(word: str, home: Home | None = None) -> str:
    """The id of a unit given by id or by Chinese name; a unit the annexes do not name, such as
    one college, stays as it was written."""
    try:
        return load_authority(home=home).unit_id(word)
    except KeyError:
        if not word.strip() or len(word) > 32:
            raise UsageError("That is not a unit.") from None
        return word.strip()


def unit_name(unit: str, home: Home | None = None) -> str:
    """The unit's Chinese name, or what it was written as."""
    return load_authority(home=home).units.get(unit, unit)


def role_text(settings: Settings, role: str | None, unit: str | None) -> str:
    """The undertaking that a role begins with, as it is put before its holder."""
    where = unit_name(unit, settings.paths) if unit else settings.school_name
    return render(
        "person",
        college=settings.school_name,
        name=where + _ROLE_TITLES[str(role)],
        data=[where + ("业务系统" if unit else "数据中心")],
        purpose="履行岗位职责",
        templates=settings.paths.templates,
    )


def application_text(settings: Settings, state: State, party: str) -> str:
    """The undertaking of a party for what an application asks now."""
    content = state.content
    unit = unit_name(content.unit, settings.paths)
    vendor = content.vendor.name if content.vendor else ""
    names = {"person": f"{unit}的数据使用人", "unit": unit, "vendor": vendor}
    return render(
        party,
        college=settings.school_name,
        name=names[party],
        data=_titles(content.columns),
        purpose=f"{PURPOSE_TITLES[content.purpose]}：{content.purpose_text}",
        templates=settings.paths.templates,
    )


def _titles(tables: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(table_title(table) or table for table in tables))
