"""The words of each notice; pure.

A mail travels in the clear and lies in mailboxes that nobody here watches, so it says that
something waits and where, and names no person, no data and no reason: those are read after
signing in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["KINDS", "STAGE_TITLES", "notice_words"]

STAGE_TITLES = {
    "unit_head": "申请单位负责人签字",
    "supervising_leader": "主管校领导审批",
    "leading_group": "领导小组审核",
    "working_group": "工作小组授权",
}
_FORM = "数据使用申请"


def _waiting(about: Mapping[str, Any]) -> tuple[str, str]:
    stage = STAGE_TITLES.get(str(about.get("stage")), "处理")
    return f"有一份{_FORM}等待您处理", f"一份{_FORM}已到“{stage}”环节，等待您处理。"


def _reminder(about: Mapping[str, Any]) -> tuple[str, str]:
    stage = STAGE_TITLES.get(str(about.get("stage")), "处理")
    return f"提醒：有一份{_FORM}仍在等待您处理", f"一份{_FORM}停留在“{stage}”环节，仍在等待您处理。"


def _returned(_about: Mapping[str, Any]) -> tuple[str, str]:
    return f"您的{_FORM}已退回", f"您的{_FORM}已退回。请登录查看意见，修改后可再次提交。"


def _rejected(_about: Mapping[str, Any]) -> tuple[str, str]:
    return f"您的{_FORM}未获批准", f"您的{_FORM}未获批准。请登录查看意见。"


def _authorised(_about: Mapping[str, Any]) -> tuple[str, str]:
    return (
        f"一份{_FORM}已授权",
        f"一份与您有关的{_FORM}已授权。使用数据前，请登录并签署数据保密承诺书。",
    )


_CORRECTION = "数据更正申请"


def _unit_reported(_about: Mapping[str, Any]) -> tuple[str, str]:
    return f"有一份{_CORRECTION}等待贵单位处理", f"一份{_CORRECTION}已送到贵单位，等待处理。"


def _unit_changed(_about: Mapping[str, Any]) -> tuple[str, str]:
    return f"一份{_CORRECTION}有了变化", f"贵单位的一份{_CORRECTION}有了变化，请登录查看。"


def _contested(_about: Mapping[str, Any]) -> tuple[str, str]:
    return f"有一份{_CORRECTION}等待工作小组裁定", f"一份{_CORRECTION}有异议，等待工作小组裁定。"


def _correction_step(_about: Mapping[str, Any]) -> tuple[str, str]:
    return f"您的{_CORRECTION}有了进展", f"您的{_CORRECTION}有了进展，请登录查看。"


def _correction_late(_about: Mapping[str, Any]) -> tuple[str, str]:
    return f"提醒：一份{_CORRECTION}已过期限", f"一份{_CORRECTION}已过期限，仍在等待处理。"


def _told(_about: Mapping[str, Any]) -> tuple[str, str]:
    return (
        "贵单位授权使用的数据有更正",
        "贵单位按授权取得的数据中有一处已经更正。请登录查看是哪一处，并更新已取走的数据。",
    )


def _other(_about: Mapping[str, Any]) -> tuple[str, str]:
    return "您有一条数据管理通知", "您有一条数据管理通知，请登录查看。"


#: Kind → (its words, the page it leads to). A kind that is not here is told in general words.
KINDS: dict[str, tuple[Callable[[Mapping[str, Any]], tuple[str, str]], str]] = {
    "application.waiting": (_waiting, "inbox"),
    "application.reminder": (_reminder, "inbox"),
    "application.returned": (_returned, "applications"),
    "application.rejected": (_rejected, "applications"),
    "application.authorised": (_authorised, "applications"),
    "correction.unit_reported": (_unit_reported, "issues"),
    "correction.unit_contested": (_unit_changed, "issues"),
    "correction.unit_withdrawn": (_unit_changed, "issues"),
    "correction.unit_overturned": (_unit_reported, "issues"),
    "correction.contested": (_contested, "issues"),
    "correction.late": (_correction_late, "issues"),
    "correction.told": (_told, "issues"),
    **{
        f"correction.{step}": (_correction_step, "tickets")
        for step in ("acknowledged", "corrected", "refused", "upheld", "overturned", "closed")
    },
}


def notice_words(
    kind: str, about: Mapping[str, Any], *, school: str, public_url: str | None
) -> tuple[str, str]:
    """(subject, text) of a notice. `about` is what the notice holds: ids and stages."""
    words, page = KINDS.get(kind, (_other, ""))
    subject, sentence = words(about)
    lines = [sentence, ""]
    if application := about.get("application"):
        lines.append(f"申请编号：{application}")
    if correction := about.get("correction"):
        lines.append(f"更正编号：{correction}")
    if grant := (about.get("grant") if kind == "correction.told" else None):
        lines.append(f"授权编号：{grant}")
    if public_url:
        lines.append(f"登录处理：{public_url.rstrip('/')}/{page}")
    lines += ["", f"{school}数据中心", "此邮件由系统发出，请勿回复。"]
    return subject, "\n".join(lines) + "\n"
