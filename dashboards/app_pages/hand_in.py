"""Which items does my unit keep up by hand, and are they open now?"""

from datetime import date

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.components.guard import guarded
from dashboards.components.refusals import said
from dashboards.text import language, say

_MOST_MEGABYTES = 20

visit = guarded("hand-in")
today, tongue = frame.today(), language()
frame.top(say("page.hand_in"), say("hand.intro"))
tables = data.hand_in_tables(visit.token)
if not tables:
    st.html(markup.empty(say("hand.none"), say("hand.none_body")))


def month_day(day: str) -> str:
    """12月1日: a window comes back every year."""
    found = date.fromisoformat(day)
    return f"{found.month}月{found.day}日" if tongue == "zh" else formats.day(day, today, "en")


def window(table: dict) -> str:
    if table["opens_on"]:
        return markup.tag(say("hand.opens", day=month_day(table["opens_on"])), "watch")
    if table["last_day"]:
        return markup.tag(say("hand.open_until", day=month_day(table["last_day"])), "good")
    return markup.tag(say("hand.always"), "good")


def outcome(row: dict) -> markup.Entry:
    when = formats.moment(row["at"], today, tongue)
    reasons = "、".join(row["reasons"])
    if row["result"] == "accepted":
        words = say("hand.accepted", rows=row["accepted_rows"], refused=row["refused_rows"])
        return markup.Entry(words, reasons, remark=when)
    word = "hand.duplicate" if row["result"] == "duplicate" else "hand.whole"
    return markup.Entry(say(word), reasons, remark=when)


def send(table: dict) -> None:
    """The form of an open table."""
    with st.form(f"hand_in_{table['table']}", border=False, clear_on_submit=True):
        if table["kind"] == "snapshot":
            st.html(markup.note(say("hand.snapshot")))
        with st.container(key=f"scan_{tongue}_{table['table']}"):
            file = st.file_uploader(
                say("hand.file"), type=["csv", "xlsx"], max_upload_size=_MOST_MEGABYTES
            )
        pressed = st.form_submit_button(say("hand.send"), type="primary")
    if not pressed:
        return
    if file is None:
        st.error(say("hand.no_file"))
        return
    try:
        data.hand_in(visit.token, table["source"], table["table"], file.getvalue())
    except data.Refused as refusal:
        st.error(say("hand.refused", reason=said(refusal)))
        return
    st.success(say("hand.sent"))


for table in tables:
    with frame.card(f"hand_in_{table['table']}"):
        items = "、".join(item["name"] for item in table["items"])
        due = "；".join(dict.fromkeys(i["deadline"] for i in table["items"] if i["deadline"]))
        line = say("hand.item", items=items, deadline=due or formats.MISSING)
        st.html(markup.title(table["title"]) + window(table) + markup.note(line))
        if not table["opens_on"]:
            send(table)
        if table["waiting"]:
            st.html(markup.note(say("hand.waiting", count=table["waiting"])))
        if table["latest"]:
            with st.expander(say("hand.last")):
                st.html(markup.entries(outcome(row) for row in table["latest"]))
