"""Where the working group enters a signature that came on paper, with its scan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import data
from dashboards.components import frame, markup
from dashboards.components.scan_field import scan_field
from dashboards.text import say

__all__ = ["record_paper"]

_DECISIONS = ("approve", "return", "reject")
#: Refusals of the gateway by their code → what the page says.
_REFUSALS = {
    "conflict": "paper.moved",
    "forbidden": "paper.may_not",
    "not_found": "paper.moved",
    "usage_error": "paper.wrong",
}


def record_paper(token: str, found: Mapping[str, Any]) -> None:
    """What is signed, by whom, its scan; entered once, for the application as it was seen."""
    choices = _to_sign(found)
    if not choices:
        return
    # Each entry changes one of the two, so that the next one begins with empty fields.
    done = sum(user["signed"] for user in found["undertakings"]["users"])
    key = f"{found['id']}_{len(found['history'])}_{len(choices)}_{done}"
    with frame.card("paper"):
        st.html(markup.title(say("paper.title")) + markup.note(say("paper.note")))
        what = st.selectbox(
            say("paper.what"), choices, format_func=lambda one: _named(found, one),
            key=f"paper_what_{key}",
        )  # fmt: skip
        with st.form(f"paper_{key}_{what}", border=False):
            number = ""
            if what != "vendor":
                number = st.text_input(say("paper.number"), max_chars=32).strip()
            decision, reason = "approve", ""
            if what == "stage":
                decision = st.selectbox(
                    say("paper.decision"),
                    _DECISIONS,
                    format_func=lambda one: say(f"paper.decision.{one}"),
                )
                reason = st.text_area(say("inbox.reason"), max_chars=1000, height=90)
            scan = scan_field(say("paper.scan"))
            pressed = st.form_submit_button(say("paper.enter"), type="primary", width="stretch")
        if not pressed:
            return
        if what != "vendor" and not number:
            st.error(say("paper.no_number"))
        elif scan is None:
            st.error(say("paper.no_scan"))
        elif decision != "approve" and not reason.strip():
            st.error(say("inbox.no_reason"))
        elif what == "stage" and decision == "approve" and (missing := _missing_at_the_end(found)):
            st.error(say("inbox.missing", parties=missing))
        elif problem := _enter(token, found, what, number, decision, reason, scan):
            st.error(problem)
        else:
            st.toast(say("paper.entered"))
            st.rerun()


def _to_sign(found: Mapping[str, Any]) -> list[str]:
    """`stage` while it is open, then the parties whose undertaking is missing."""
    signed = found["undertakings"]
    return [
        *(["stage"] if found["stage"] else []),
        *(party for party in ("unit", "vendor") if signed[party] is False),
        *([] if all(user["signed"] for user in signed["users"]) else ["person"]),
    ]


def _missing_at_the_end(found: Mapping[str, Any]) -> str:
    """Whose undertaking keeps the last stage from authorising, in words; empty before it."""
    if found["stage"] != found["stages"][-1]["stage"]:
        return ""
    return say("grant.and").join(
        say(f"app.undertaking_{party}")
        for party in ("unit", "vendor")
        if found["undertakings"][party] is False
    )


def _named(found: Mapping[str, Any], what: str) -> str:
    if what == "stage":
        return say("paper.what.stage", stage=say(f"stage.{found['stage']}"))
    return say(f"paper.what.{what}")


def _enter(
    token: str,
    found: Mapping[str, Any],
    what: str,
    number: str,
    decision: str,
    reason: str,
    scan: Any,
) -> str | None:
    """Keep the scan, then enter the signature; what is wrong with it, or None."""
    content = scan.getvalue()
    media_type = _media_type(content)
    if media_type is None:
        return say("paper.no_picture")
    try:
        kept = data.keep_scan(token, content, media_type)
        if what == "stage":
            data.record_paper(token, dict(found), number, decision, reason, kept)
        else:
            data.record_paper_undertaking(token, dict(found), what, number, kept)
    except data.Refused as refusal:
        return say(_REFUSALS.get(refusal.code, "paper.wrong"))
    return None


def _media_type(content: bytes) -> str | None:
    """By the first bytes, as the gateway looks too: a file's name says nothing."""
    for magic, media_type in (
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
    ):
        if content.startswith(magic):
            return media_type
    return None
