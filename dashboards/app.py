"""The router: who is there, which pages exist for them, and which one is shown."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboards import auth, data, faults
from dashboards.components import frame, states
from dashboards.pages import PAGES, landing
from dashboards.text import read_language, say

FOLDER = Path(__file__).resolve().parent

st.set_page_config(
    page_title=data.school_name(),
    page_icon=str(FOLDER / "assets" / "icon.png"),
    layout="wide",
    menu_items={"about": None, "get help": None, "report a bug": None},
)
read_language()
frame.style()
visit = auth.begin_visit()
start = landing(visit.pages)

INSTEAD = {
    "anonymous": states.show_sign_in,
    "ended": states.show_ended,
    "refused": states.show_door,
    "away": states.show_away,
}


def home() -> None:
    """The bare address leads to where this person begins."""
    if visit.state in ("anonymous", "signed_in"):
        st.switch_page(registered[start.address])
    INSTEAD[visit.state]()


registered = {}
# One office or none: all pages stand in a row. Several: one's own data folds into one heading.
offices = {page.address for page in PAGES if page.listed and page.group is None}
offices &= {page.address for page in PAGES if page.allowed_by in visit.pages}
folds = bool(offices - {"applications"})
grouped: dict[str, list] = {"": []}
for page in PAGES:
    may_open = page.allowed_by is None or page.allowed_by in visit.pages
    instead = INSTEAD.get(visit.state, states.show_refused)
    entry = st.Page(
        FOLDER / "app_pages" / page.file if may_open else instead,
        title=say(page.text),
        icon=page.icon,
        url_path=page.address,
        visibility="visible" if may_open and page.listed else "hidden",
    )
    registered[page.address] = entry
    grouped.setdefault(say(page.group) if page.group and folds else "", []).append(entry)

st.session_state["_start"] = registered[start.address]
st.session_state["_pages"] = registered
st.session_state["_open"] = {p.address for p in PAGES if p.allowed_by in visit.pages}
grouped[""].append(st.Page(home, title=data.school_name(), default=True, visibility="hidden"))
phone = frame.is_phone()
chosen = st.navigation(grouped, position="hidden" if phone else "top")
st.session_state["_came_from"] = st.session_state.get("_address")
st.session_state["_address"] = chosen.url_path
try:
    frame.actions(visit.state)
    if visit.me.get("waiting") and chosen is not registered["applications"]:
        st.page_link(registered["applications"], label=say("words.wait"), icon=":material/draw:")
    if visit.me.get("person", {}).get("left_on"):
        frame.left_banner(visit.me["person"]["left_on"])
    chosen.run()
except data.GatewayError as error:
    states.show_problem(error)
except Exception as error:
    faults.note(error)
    states.show_fault()
if phone:
    frame.phone_bar(registered, frame.allowed_pages(visit.pages))
