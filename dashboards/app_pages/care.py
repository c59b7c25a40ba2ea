"""Which students am I the counsellor of, and what do I need to know of one of them now?"""

import streamlit as st

from dashboards import auth, data, formats
from dashboards.components import care, frame, markup
from dashboards.components.blocks import Tables
from dashboards.components.guard import guarded
from dashboards.components.refusals import said
from dashboards.text import language, say

PURPOSES = ("session", "crisis", "referral", "follow_up")

visit = guarded("care")
today = frame.today()
tongue = language()
listed = auth.own_cases(visit)
cases = {case["number"]: case for case in listed["cases"]}
frame.top(say("page.care"), say("care.intro", days=listed["case_days"]))


def called(number: str) -> str:
    return f"{cases[number]['name'] or formats.MISSING} {number}"


def line(case: dict) -> markup.Entry:
    until = case["until"]
    return markup.Entry(
        case["name"] or formats.MISSING,
        " · ".join(
            (
                case["college"] or formats.MISSING,
                say("care.last", day=formats.day(case["last_session"], today, tongue)),
            )
        ),
        say("care.until", day=formats.day(until, today, tongue)) if until else "",
        remark=case["number"],
        side=say("care.alert") if case["has_alert"] else "",
        state="watch" if case["has_alert"] else None,
    )


if not cases:
    st.html(markup.empty(say("care.none"), say("care.none_body")))
    st.stop()

opened = None
left, right = st.columns([5, 7], gap="small")
with left:
    with frame.card("choose"), st.form("care_open", border=False):
        st.html(markup.title(say("care.choose")) + markup.note(say("care.told")))
        chosen = st.selectbox(
            say("care.student"), list(cases), format_func=called, key="care_student"
        )
        purpose = st.radio(
            say("care.purpose"),
            PURPOSES,
            index=None,
            format_func=lambda key: say(f"care.purpose.{key}"),
            key="care_purpose",
        )
        wanted = st.form_submit_button(say("care.open"), type="primary", width="stretch")
    if wanted and purpose is None:
        st.error(say("care.no_purpose"))
    elif wanted:
        try:
            opened = data.open_case(visit.token, chosen, purpose)
        except (data.Refused, data.GatewayAway) as refusal:
            st.error(say("care.gone") if refusal.status == 404 else said(refusal))
            auth.forget_own_data()
with right:
    if opened:
        # Shown in this run alone: whatever is pressed next, the records are gone from the screen.
        case = opened["case"]
        st.html(markup.title(called(case["number"])))
        care.show_records(Tables(opened), today)
        st.button(say("care.close"), key="care_close", width="stretch")
    else:
        with frame.card("cases"):
            st.html(markup.entries(line(case) for case in cases.values()))
