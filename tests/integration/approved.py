"""A grant that went the whole way: applied for, undertaken, signed by four who are nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from warehouse.audit import Audit
from warehouse.governance.application import PATHS, Actor
from warehouse.governance.applications import application_state, decide, submit
from warehouse.governance.content import read_content
from warehouse.governance.undertakings import sign_for_application
from warehouse.state import session

__all__ = ["approved_grant"]

_OFFICER, _HEAD = 9000, 9001


def approved_grant(audit: Audit, now: datetime, **changes: Any) -> str:
    """The id of a live grant. `changes` are fields of the form of annex 5."""
    unit = changes.get("unit", "academic_affairs_office")
    content = read_content(
        {
            "unit": unit,
            "channels": ["sql"],
            "purpose": "management",
            "purpose_text": "分析成绩",
            "last_day": (now + timedelta(days=30)).date(),
            "contact": {"name": "联络人", "phone": "0000"},
            **changes,
        }
    )
    # What a court asks for, the working group enters.
    is_legal = content.kind == "legal_case"
    office = ("working_group", None, None) if is_legal else ("unit_officer", unit, None)
    officer = Actor(_OFFICER, (office,))
    by = {"recorded_by": "command:test", "now": now}
    made = submit(audit, content, officer, **by)
    with session(audit.engine, read_only=True) as opened:
        state = application_state(opened, made)
    units = [] if is_legal else [("unit", _HEAD)]
    for party, signer in (*units, *(("person", user) for user in content.users)):
        sign_for_application(
            audit, made, state, party, signer_key=signer, text="承诺书", actor="command:test",
            heads=[_HEAD], now=now,
        )  # fmt: skip
    done = None
    for number, stage in enumerate(PATHS[content.kind], start=_HEAD):
        signer = Actor(number, ((stage, unit, None), (stage, None, None)))
        seen = {"stage": stage, "content_sha256": state.content_sha256}
        done = decide(audit, made, signer, "approve", **seen, **by)
    assert done is not None and done.grant is not None
    return done.grant
