"""How do I take along everything the college holds on me?"""

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.components.guard import guarded
from dashboards.components.refusals import said
from dashboards.text import language, say

_PASSWORD = "_archive_password"  # noqa: S105 - the name of a place
_REFUSALS = {"too_often": "down.too_often", "conflict": "down.busy"}

visit = guarded("downloads")
frame.top(say("page.downloads"), say("down.intro"))


def size(count: int) -> str:
    """Kilo- and megabytes as files are named."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count // 1000, 1)} KB"


def ask() -> None:
    try:
        st.session_state[_PASSWORD] = data.ask_archive(visit.token)
    except data.Refused as refusal:
        word = _REFUSALS.get(refusal.code)
        st.session_state["_archive_problem"] = say(word) if word else said(refusal)


def show_password(archive: str) -> None:
    """Once, until it is written down or the page's session ends."""
    kept = st.session_state.get(_PASSWORD)
    if not kept or kept["id"] != archive:
        return
    st.html(markup.paragraph(say("down.password")))
    st.code(kept["password"], language=None)
    st.html(markup.note(say("down.lost")))
    st.button(
        say("down.noted"), key="down_noted", on_click=lambda: st.session_state.pop(_PASSWORD, None)
    )


def show(found: dict) -> None:
    archive = found["archive"] or {"state": "none", "id": ""}
    state = archive["state"]
    if state == "preparing":
        done, steps = archive["steps_done"], max(archive["steps"], 1)
        st.progress(min(done / steps, 1.0), say("down.preparing", done=done, steps=steps))
    elif state == "ready":
        until = formats.moment(archive["expires_at"], frame.today(), language())
        st.html(
            markup.tag(say("down.is_ready"), "good")
            + markup.note(say("down.ready", size=size(archive["bytes"]), until=until))
        )
        st.link_button(
            say("down.fetch"),
            f"/files/archives/{archive['id']}.zip",
            type="primary",
            icon=":material/download:",
        )
    elif state in ("failed", "interrupted"):
        st.warning(say(f"down.{state}"))
    elif state == "expired":
        st.html(markup.note(say("down.expired")))
    show_password(archive["id"])
    if problem := st.session_state.pop("_archive_problem", None):
        st.warning(problem)
    if state != "preparing":
        word = say("down.again" if state == "ready" else "down.ask")
        disabled = found["left_today"] == 0
        kind = "secondary" if state == "ready" else "primary"
        if st.button(word, key="down_ask", type=kind, disabled=disabled):
            ask()
            st.rerun()  # the whole page: it has to look again every two seconds now
        if disabled:
            st.html(markup.note(say("down.too_often")))


with frame.card("archive"):
    st.html(markup.title(say("down.title")) + markup.paragraph(say("down.what")))
    first = data.my_archive(visit.token)
    st.html(
        markup.note(say("down.rules", hours=first["hours"], per_day=first["per_day"]))
        + markup.note(say("down.how"))
    )
    under_way = (first["archive"] or {}).get("state") == "preparing"

    @st.fragment(run_every=2.0 if under_way else None)
    def progress() -> None:
        """Asked anew every two seconds while it is prepared; then the page is drawn as it is."""
        found = data.my_archive(visit.token) if under_way else first
        if under_way and (found["archive"] or {}).get("state") != "preparing":
            st.rerun()
        show(found)

    progress()
