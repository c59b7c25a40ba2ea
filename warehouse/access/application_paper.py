"""An application as the paper of annex 5, with the detailed lists its rows refer to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from warehouse.access.application_desk import PURPOSE_TITLES, unit_name
from warehouse.access.form_catalogue import column_privacy, column_title
from warehouse.access.grant_catalogue import table_owner, table_title
from warehouse.access.minors import REASON as MINORS
from warehouse.access.minors import wanted
from warehouse.access.persons import names_of
from warehouse.access.reader import Reader
from warehouse.governance.application import State, Step
from warehouse.governance.applications import application_state
from warehouse.governance.appointments import school_day
from warehouse.governance.content import Contact, Content, Rows
from warehouse.home import Home
from warehouse.papers import typeset
from warehouse.settings import Settings
from warehouse.state import session

__all__ = [
    "CHANNEL_TITLES",
    "application_document",
    "application_pdf",
    "blank_application_pdf",
    "chinese_day",
    "people_of",
]

CHANNEL_TITLES = {"site": "电子签署", "command": "工作小组录入", "oa": "OA", "paper": "纸质"}
_STATUS = {
    "open": "草稿（签署中）",
    "returned": "草稿（已退回）",
    "rejected": "已否决",
    "withdrawn": "已撤回",
    "authorised": "已签署",
}
#: Boxes of annex 5 → the stages that sign in them. The form knows no box of the leading group,
#: which reviews before the working group authorises (Article 8): it signs in the last one.
_BOXES = (
    ("申请单位负责人签字盖章：", {"unit_head": "同意。"}),
    ("申请单位主管校领导审批意见：", {"supervising_leader": "同意。"}),
    (
        "授权单位负责人审批意见：",
        {
            "leading_group": "网络安全和信息化领导小组审核：同意。",
            "working_group": "数据集成与信息维护工作小组授权：同意。",
        },
    ),
)
_NOTES = (
    "申请单位要严格遵守《{college}网络数据管理办法》。",
    "数据管理单位为我校各单位提供统一的数据交换接口，申请数据获取的单位不得将获取数据传播给其他单位使用，"
    "不得将数据信息用于申请用途外的活动。",
    "申请单位要严格落实对供应商数据安全监督管理责任。申请单位应与供应商签订保密承诺书并在申请时提交"
    "数据管理单位备案。",
    "违反上述约定，申请单位将负相关责任。",
)
_EVERY = {"once": "一次", "month": "每月", "term": "每学期", "year": "每年"}
_NOBODY = {"name": "", "phone": ""}


def application_pdf(
    settings: Settings, engine: Engine, reader: Reader, application_id: str, *, now: datetime
) -> bytes:
    """The paper of an application as it stands. The caller has checked who asks, and notes it."""
    with session(engine, read_only=True) as opened:
        state = application_state(opened, application_id)
    with reader.open("personal") as (cursor, _release):
        names = names_of(cursor, people_of(state))
    document = application_document(settings, application_id, state, names)
    return typeset("application_form", document, now=now)


def blank_application_pdf(settings: Settings, *, now: datetime) -> bytes:
    """The form to be filled in by hand."""
    document = {
        **_frame(settings),
        "number": "",
        "check": "",
        "status": "空白表",
        "blank": True,
        "unit": "",
        "channels": [],
        "items_line": "",
        "returns_line": "",
        "purpose": "",
        "term": "",
        "vendor": {"name": "", "head": _NOBODY, "contact": _NOBODY},
        "system_owner": _NOBODY,
        "contact": _NOBODY,
        "boxes": [{"label": label, "signatures": [], "skipped": ""} for label, _ in _BOXES],
        "particulars": [],
        "tables": [],
        "returns": [],
    }
    return typeset("application_form", document, now=now)


def application_document(
    settings: Settings, application_id: str, state: State, names: Mapping[int, str]
) -> dict[str, Any]:
    """What the template prints; pure. `names` maps person_key to a name; who is not in it left
    the data and is printed as 姓名不详."""
    content, home = state.content, settings.paths
    count = sum(len(columns) for columns in content.columns.values())
    vendor = content.vendor
    return {
        **_frame(settings),
        "number": application_id,
        "check": state.content_sha256[:12].upper(),
        "status": _STATUS[state.status],
        "blank": False,
        "unit": _applicant(content, state, names, home),
        "channels": sorted(set(content.channels)),
        "items_line": f"，共 {len(content.columns)} 张表、{count} 项，见附页",
        "returns_line": f"，共 {len(content.returns)} 项，见附页" if content.returns else "，无",
        "purpose": f"{PURPOSE_TITLES.get(content.purpose, '')}：{content.purpose_text}",
        "term": _term(content),
        "vendor": {
            "name": vendor.name if vendor else "",
            "head": _contact(vendor.head) if vendor else _NOBODY,
            "contact": _contact(vendor.contact) if vendor else _NOBODY,
        },
        "system_owner": _contact(content.system_owner),
        "contact": _contact(content.contact),
        "boxes": [_box(label, stages, state, names) for label, stages in _BOXES],
        "particulars": _particulars(content, names),
        "tables": [
            _table(table, columns, content.reasons, home)
            for table, columns in sorted(content.columns.items())
        ],
        "returns": [
            {
                "name": item.name,
                "description": item.description,
                "every": _EVERY[item.every],
                "first_due": chinese_day(item.first_due),
            }
            for item in content.returns
        ],
    }


def people_of(state: State) -> set[int]:
    """Everybody whose name the paper bears."""
    signers = {step.person_key for step in state.steps}
    principals = {step.principal_key for step in state.steps if step.principal_key is not None}
    return {state.applicant_key, *state.content.users, *signers, *principals}


def chinese_day(day: date) -> str:
    """2026年10月8日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _frame(settings: Settings) -> dict[str, Any]:
    college = settings.school_name
    return {
        "college": college,
        "footer": [],
        "notes": [note.format(college=college) for note in _NOTES],
    }


def _name(names: Mapping[int, str], key: int) -> str:
    return names.get(key) or "姓名不详"


def _applicant(content: Content, state: State, names: Mapping[int, str], home: Home) -> str:
    unit = unit_name(content.unit, home)
    if content.kind == "individual":
        return f"{unit}（个人申请：{_name(names, state.applicant_key)}）"
    if content.legal is not None:
        return f"{unit}（{content.legal.authority}，{content.legal.case_number}）"
    return unit


def _term(content: Content) -> str:
    if content.last_day is None:
        return ""
    begins = chinese_day(content.first_day) if content.first_day else "授权之日"
    words = f"使用期限：{begins}至{chinese_day(content.last_day)}"
    return f"{words}（延长授权 {content.extends}）" if content.extends else words


def _contact(contact: Contact) -> dict[str, str]:
    return {"name": contact.name, "phone": contact.phone}


def _box(
    label: str, stages: Mapping[str, str], state: State, names: Mapping[int, str]
) -> dict[str, Any]:
    return {
        "label": label,
        "signatures": [
            _signature(step, stages[step.stage], names)
            for step in state.steps
            if step.stage in stages
        ],
        "skipped": "" if set(stages) & set(state.path) else "此类申请不经此环节",
    }


def _signature(step: Step, opinion: str, names: Mapping[int, str]) -> dict[str, str]:
    return {
        "opinion": opinion,
        "name": _name(names, step.person_key),
        "principal": _name(names, step.principal_key) if step.principal_key is not None else "",
        "day": chinese_day(school_day(step.at)),
        "channel": CHANNEL_TITLES[step.channel],
    }


def _particulars(content: Content, names: Mapping[int, str]) -> list[list[str]]:
    found = [
        ["数据范围", _scope(content.rows)],
        ["数据使用人", "、".join(_name(names, key) for key in sorted(set(content.users)))],
    ]
    if wanted(content.reasons):
        found.append(["含未满 18 岁的人，理由", content.reasons[MINORS]])
    if content.vendor is not None and content.vendor.people:
        found.append(["供应商接触数据人员", "、".join(content.vendor.people)])
    limits = [
        words.format(most)
        for words, most in (
            ("{} 行", content.limits.rows_per_day),
            ("导出 {} 次", content.limits.exports_per_day),
        )
        if most is not None
    ]
    if limits:
        found.append(["每人每天上限", "、".join(limits)])
    return found


def _scope(rows: Rows) -> str:
    words = [
        f"{who}{column_title(table, name)}为 {'、'.join(values)}"
        for who, table, conditions in (
            ("学生", "student_enrollment_data.student_status", rows.students),
            ("教职工", "staff_basic_data.staff_basic", rows.staff),
            ("", "", rows.columns),
        )
        for name, values in sorted(conditions.items())
    ]
    return "；".join(words) or "全部"


def _table(
    table: str, columns: list[str], reasons: Mapping[str, str], home: Home
) -> dict[str, Any]:
    owner = table_owner(table)
    rows = []
    for name in columns:
        rows.append(
            {
                "name": name,
                "title": column_title(table, name),
                "owner": unit_name(owner, home) if owner else "",
                "sensitive": column_privacy(table, name) == "sensitive",
                "reason": reasons.get(f"{table}.{name}", ""),
            }
        )
    return {"title": table_title(table) or table, "name": table, "columns": rows}
