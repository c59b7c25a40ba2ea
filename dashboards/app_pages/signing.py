"""Do the figures that my unit answers for stand?"""

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup, signing_view
from dashboards.components.address import from_address, into_address
from dashboards.components.guard import guarded
from dashboards.text import language, say

visit = guarded("signing")
answer = data.sign_offs(visit.token)
frame.top(say("page.signing"), say("signing.intro"))
frame.as_of_badge(answer["release"])
sheets = {f"{sheet['dataset']}:{sheet['period']}": sheet for sheet in answer["sheets"]}
if not sheets:
    st.html(markup.empty(say("signing.none"), say("signing.none_body")))
    st.stop()

# What waits for a word comes first.
order = {"changed": 0, "unsigned": 1, "rejected": 2, "signed": 3, "running": 4}
mine = {unit["unit"]: unit["name"] for unit in answer["units"]}
listed = sorted(sheets, key=lambda key: order[signing_view.own_state(sheets[key], mine)])


def named(key: str) -> str:
    sheet = sheets[key]
    period = formats.year_name(sheet["period"], language())
    word = say(f"signed.{signing_view.own_state(sheet, mine)}")
    return f"{sheet['name']} · {period} · {word}"


chosen = from_address("sheet", listed, listed[0])
st.selectbox(say("signing.sheet"), listed, format_func=named, key="sheet")
into_address("sheet", chosen, listed[0])
sheet = sheets[chosen]
found = data.sign_off_figures(visit.token, sheet["dataset"], sheet["period"])

left, right = st.columns([8, 4], gap="small")
with left, frame.card("figures"):
    signing_view.figures_table(found)
with right:
    with frame.card("stands"):
        signing_view.stands(sheet)
    with frame.card("decide"):
        signing_view.decide(visit, sheet, found["content"], mine)
