"""An undertaking as the paper of annex 6: the very words that were signed, or are to be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from warehouse.access.application_desk import unit_name
from warehouse.access.application_paper import CHANNEL_TITLES, chinese_day
from warehouse.access.persons import names_of
from warehouse.access.reader import Cursor, Reader
from warehouse.errors import NotFound
from warehouse.governance.appointments import school_day
from warehouse.governance.undertaking_text import text_sha256
from warehouse.papers import typeset
from warehouse.settings import Settings
from warehouse.state import session
from warehouse.state.models import SignedText, Undertaking

__all__ = ["blank_undertaking_pdf", "own_id_card", "undertaking_pdf", "unsigned_undertaking_pdf"]

_BEIJING = ZoneInfo("Asia/Shanghai")
#: The two paragraphs of annex 6 below its first sentence, which the blank form spells itself.
_PROMISE = (
    "对于所管理（申请使用）的数据承诺未经授权不传播给其他单位或个人使用，不用于申请授权范围外的用途；"
    "对于所管理的数据库承诺不将用户名、密码、授权方式等能造成数据泄露的信息向其他单位和个人泄露。",
    "如违反以上承诺造成所管理数据泄密，自愿承担所有责任，造成严重后果的将承担法律责任。",
)
_EMPTY: Mapping[str, Any] = {
    "number": "",
    "check": "",
    "signer": "",
    "unit": "",
    "id_card": "",
    "head": "",
    "signer_day": "",
    "head_day": "",
    "footer": [],
    "blank": False,
}


def undertaking_pdf(
    settings: Settings,
    engine: Engine,
    reader: Reader,
    undertaking_id: int,
    *,
    now: datetime,
    id_card: str = "",
) -> bytes:
    """The paper of a signed undertaking. The caller has checked who asks, and notes it.

    `id_card` is for the signer's own print alone: the state keeps no such number.
    """
    with session(engine, read_only=True) as opened:
        found = opened.get(Undertaking, undertaking_id)
        words = opened.get(SignedText, found.text_sha256) if found is not None else None
    if found is None or words is None:
        raise NotFound("There is no such undertaking.", next_step="See: campus undertaking list")
    with reader.open("personal") as (cursor, _release):
        names = names_of(cursor, {found.signer_key} if found.signer_key is not None else set())
    document = _signed(settings, found, words.text, names) | {"id_card": id_card}
    return typeset("undertaking", document, now=now)


def unsigned_undertaking_pdf(settings: Settings, text: str, *, now: datetime) -> bytes:
    """Words that are to be signed by hand; what is signed then is `text`, by its sha256."""
    document = {
        **_words(settings, text),
        "check": text_sha256(text)[:12].upper(),
        "status": "草稿（待签署）",
        "footer": [f"待签文本 SHA-256：{text_sha256(text)}"],
    }
    return typeset("undertaking", document, now=now)


def blank_undertaking_pdf(settings: Settings, *, now: datetime) -> bytes:
    """The form of annex 6 to be filled in by hand."""
    document = {
        **_EMPTY,
        "college": settings.school_name,
        "title": f"{settings.school_name}数据保密承诺书",
        "lines": list(_PROMISE),
        "status": "空白表",
        "blank": True,
    }
    return typeset("undertaking", document, now=now)


def own_id_card(cursor: Cursor, person_key: int) -> str:
    """The signer's own ID number in the current release, empty where it holds none."""
    for table in ("staff", "student"):
        row = cursor.execute(
            f"select id_card_no from {table} where person_key = ? and id_card_no is not null",
            [person_key],
        ).fetchone()
        if row is not None:
            return str(row[0])
    return ""


def _words(settings: Settings, text: str) -> dict[str, Any]:
    """The first line of a text is its title."""
    title, *lines = [line for line in text.splitlines() if line.strip()]
    return {**_EMPTY, "college": settings.school_name, "title": title, "lines": lines}


def _signed(
    settings: Settings, found: Undertaking, text: str, names: Mapping[int, str]
) -> dict[str, Any]:
    day = chinese_day(school_day(found.signed_at))
    at = found.signed_at.astimezone(_BEIJING)
    name = "" if found.signer_key is None else names.get(found.signer_key) or "姓名不详"
    unit = unit_name(found.unit_code, settings.paths) if found.unit_code else ""
    by_unit = found.party == "unit"
    footer = [
        f"所签文本 SHA-256：{found.text_sha256}",
        f"签署时间：{day} {at:%H:%M}（{CHANNEL_TITLES[found.channel]}）",
    ]
    if found.application_id is not None:
        footer[1] += f"　申请编号 {found.application_id}"
    if found.ended_at is not None:
        footer[1] += f"　已于 {chinese_day(school_day(found.ended_at))} 终止"
    return {
        **_words(settings, text),
        "number": str(found.id),
        "check": found.text_sha256[:12].upper(),
        "status": "已签署" if found.ended_at is None else "已终止",
        "signer": name,
        "signer_day": day,
        "unit": found.vendor or unit or settings.school_name,
        "head": name if by_unit else "",
        "head_day": day if by_unit else "",
        "footer": footer,
    }
