"""I have left: what is still kept of me, by which promise, and until when?"""

from itertools import groupby

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.components.guard import guarded
from dashboards.text import language, say

visit = guarded("kept")
today, tongue = frame.today(), language()
found = data.my_kept(visit.token)
frame.top(
    say("page.my_kept"),
    say("kept.intro", day=formats.day(found["left_on"], today, tongue)),
    say("kept.over"),
)


def until(one: dict) -> str:
    if one["permanent"]:
        return say("kept.forever")
    if one["until"] is None:
        return say("kept.open")
    return say("kept.until", day=formats.day(one["until"], today, tongue))


def order(one: dict) -> tuple[bool, str]:
    """What ends first comes first."""
    return (one["permanent"], one["until"] or "9999")


for number, (when, same) in enumerate(groupby(sorted(found["kept"], key=order), key=until)):
    with frame.card(f"kept_{number}"):
        st.html(markup.title(when))
        st.html(
            markup.entries(
                markup.Entry(
                    "、".join(one["items"]) or one["source_name"] or formats.MISSING,
                    " · ".join(part for part in (one["owner"], one["source_name"]) if part),
                    one["retention"],
                    side=say("kept.rows", count=one["rows"]),
                )
                for one in same
            )
        )
