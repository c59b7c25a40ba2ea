"""What do people say is wrong in the data that my unit answers for?"""

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup, ticket_view
from dashboards.components.address import from_address, into_address
from dashboards.components.guard import guarded
from dashboards.components.ticket_steps import show_steps
from dashboards.text import language, say

visit = guarded("issues")
today = frame.today()
scopes = [
    scope
    for scope, roles in {
        "unit": {"unit_officer", "unit_head"},
        "group": {"working_group", "auditor"},
    }.items()
    if roles & visit.roles
]


def overview() -> None:
    scope = from_address("scope", scopes, scopes[0])
    intro = "issues.intro" if scope == "unit" else "issues.intro_group"
    frame.top(say("page.issues"), say(intro))
    if len(scopes) > 1:
        st.segmented_control(
            say("issues.scope"),
            scopes,
            required=True,
            format_func=lambda key: say(f"issues.{key}"),
            key="scope",
            label_visibility="collapsed",
        )
    into_address("scope", scope, scopes[0])
    rows = data.corrections(visit.token, scope)
    parts = {
        "running": [row for row in rows if row["waits_for"]],
        "over": [row for row in rows if not row["waits_for"]],
    }
    if not rows:
        body = "issues.none_body" if scope == "unit" else "issues.none_group"
        st.html(markup.empty(say("issues.none"), say(body)))
    for name, some in parts.items():
        if some:
            with frame.card(name):
                st.html(markup.title(say(f"ticket.{name}")))
                ordered = sorted(some, key=lambda row: (not row["late"], row["due_on"] or "9"))
                ticket_view.listed(scope, ordered, today)
    if scope == "unit":
        told()


def told() -> None:
    """Values that changed after the unit had them under a grant."""
    rows = data.corrections_told(visit.token)
    if not rows:
        return
    with frame.card("told"):
        st.html(markup.title(say("issues.told")) + markup.note(say("issues.told_note")))
        st.html(
            markup.entries(
                markup.Entry(
                    say(
                        "issues.told_line",
                        table=row["table_title"],
                        column=row["column_title"] or say("issues.whole_row"),
                    ),
                    say("issues.told_about", grant=row["grant"], pseudonym=row["pseudonym"])
                    if row["pseudonym"] is not None
                    else say("issues.told_about_nobody", grant=row["grant"]),
                    side=formats.day_of(row["at"], today, language()),
                )
                for row in rows
            )
        )


if chosen := st.query_params.get("id"):
    frame.top(say("page.issues"), chosen)
    found = ticket_view.opened(visit.token, chosen)
    if found is not None:
        left, right = st.columns([7, 5], gap="small")
        with left:
            ticket_view.show_reported(found, today)
            show_steps(visit.token, found, today)
        with right:
            ticket_view.show_progress(found, today)
else:
    overview()
