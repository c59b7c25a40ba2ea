"""What do I ask for, whose, for what, for how long, and for whom? (Annex 5)"""

from datetime import timedelta

import streamlit as st

from dashboards import formats
from dashboards.components import form_people, frame, markup
from dashboards.components.form_items import pick_rows, pick_tables
from dashboards.components.form_side import ready_panel
from dashboards.components.form_state import bind, forget_form, open_form
from dashboards.components.guard import guarded
from dashboards.components.limits import ask_limits
from dashboards.text import language, say

visit = guarded("apply")
tongue, today = language(), frame.today()
form = open_form(visit.token)
if form is None:
    frame.top(say("page.apply"))
    st.html(markup.empty(say("form.gone"), say("form.gone_body")))
    st.page_link(st.session_state["_pages"]["applications"], label=say("apps.back"))
    st.stop()

content, known = form.content, form.known()
if content["kind"] not in known["kinds"]:
    content["kind"] = known["kinds"][0]
form.keep()
found = form.check()

frame.top(say("page.apply"), say("form.intro"))
if form.conflict:
    st.error(say("form.conflict"))
    st.button(say("form.reload"), key="reload", on_click=forget_form)
elif form.saved_at:
    when = formats.moment(form.saved_at, today, tongue)
    st.html(markup.note(say("form.saved", time=when)))
else:
    st.html(markup.note(say("form.unsaved")))


def who_applies() -> None:
    with frame.card("who"):
        st.html(markup.title(say("form.who")))
        if len(known["kinds"]) > 1:
            st.segmented_control(
                say("form.kind"),
                known["kinds"],
                required=True,
                format_func=lambda key: say(f"kind.{key}"),
                key=bind("kind", content["kind"]),
            )
        choice = {"unit": "units", "individual": "own_units"}.get(content["kind"], "all_units")
        names = {u["unit"]: u["name"] for u in known[choice]}
        held = content["unit"] if content["unit"] in names else None
        if choice != "all_units" and len(names) == 1:
            held = next(iter(names))
        key = bind("unit", held)
        if st.session_state[key] not in names:
            st.session_state[key] = None
        st.selectbox(
            say("form.unit"),
            list(names),
            index=None,
            format_func=lambda unit: names[unit],
            placeholder=say("form.choose"),
            key=key,
        )
        st.pills(
            say("form.channels"),
            ["sql", "file", "interface"],
            selection_mode="multi",
            format_func=lambda one: say(f"channel.{one}"),
            key=bind("channels", content["channels"]),
        )


def purpose() -> None:
    with frame.card("purpose"):
        st.html(markup.title(say("form.purpose")))
        if content["kind"] != "legal_case":
            st.pills(
                say("form.purpose_kind"),
                ["teaching", "research", "management"],
                format_func=lambda one: say(f"purpose.{one}"),
                key=bind("purpose", content["purpose"] or None),
            )
        st.text_area(
            say("form.purpose_text"),
            key=bind("purpose_text", content["purpose_text"]),
            placeholder=say("form.purpose_hint"),
            max_chars=2000,
            height=100,
        )


def term() -> None:
    with frame.card("term"):
        st.html(markup.title(say("form.term")))
        left, right = st.columns(2, gap="small")
        left.date_input(
            say("form.first_day"),
            value=None,
            key=bind("first_day", formats.from_iso_date(content["first_day"])),
            format="YYYY-MM-DD",
        )
        right.date_input(
            say("form.last_day"),
            value=None,
            key=bind("last_day", formats.from_iso_date(content["last_day"])),
            format="YYYY-MM-DD",
        )


def returns() -> None:
    with frame.card("returns"):
        st.html(markup.title(say("form.returns")) + markup.note(say("form.returns_note")))
        for number, item in enumerate(content["returns"]):
            due = formats.day(item["first_due"], today, tongue)
            every = say(f"form.every.{item['every']}")
            with st.container(
                key=f"row_return_{number}", horizontal=True, wrap=False,
                vertical_alignment="center",
            ):  # fmt: skip
                st.html(
                    markup.entries(
                        [markup.Entry(item["name"], f"{every} · {due}", item["description"])]
                    )
                )
                st.button(
                    say("form.remove"), key=f"drop_return_{number}", type="tertiary",
                    on_click=content["returns"].pop, args=(number,),
                )  # fmt: skip
        with st.popover(say("form.return_add"), icon=":material/add:"):
            name = st.text_input(say("form.return_name"), key="return_name", max_chars=120)
            about = st.text_input(say("form.return_about"), key="return_about", max_chars=1000)
            every = st.selectbox(
                say("form.return_every"),
                ["once", "month", "term", "year"],
                format_func=lambda one: say(f"form.every.{one}"),
                key="return_every",
            )
            due = st.date_input(
                say("form.return_due"),
                value=today + timedelta(days=180),
                key="return_due",
                format="YYYY-MM-DD",
            )
            if st.button(say("form.add"), key="return_add"):
                if name.strip() and due:
                    content["returns"].append(
                        {
                            "name": name.strip(),
                            "description": about.strip(),
                            "every": every,
                            "first_due": due.isoformat(),
                        }
                    )
                    st.rerun()
                st.error(say("form.return_incomplete"))


left, right = st.columns([8, 4], gap="small")
with left:
    if content["extends"]:
        st.info(say("form.extension", grant=content["extends"]))
        term()
    else:
        who_applies()
        pick_tables(form, found)
        pick_rows(form, found)
        returns()
        purpose()
        if content["kind"] == "legal_case":
            form_people.name_legal(form)
        term()
        ask_limits(form)
        form_people.name_users(form, found)
        form_people.name_vendor(form)
        form_people.name_contacts(form)
with right:
    ready_panel(form, found, today)
