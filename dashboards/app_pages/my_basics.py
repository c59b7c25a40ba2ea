"""What does the college have on record about me, and who answers for it?"""

import streamlit as st

from dashboards import auth, formats
from dashboards.components import blocks, frame, markup, own_edit
from dashboards.components.guard import guarded
from dashboards.text import TEXT, language, say

visit = guarded("basics")
answer = auth.own_data(visit, "basics")
tables = blocks.Tables(answer)
tongue, today = language(), frame.today()
frame.top(say("page.basics"), say("basics.wrong"))
if blocks.nothing_here(tables):
    st.stop()


def shown(name: str, value: object) -> str:
    """A field's value as it is read."""
    text = str(value)
    if name.endswith(("_date", "_graduation", "_month")):
        return formats.day(text, today, tongue) if len(text) >= 10 else formats.month(text, tongue)
    return formats.number(value) if isinstance(value, float) else str(value)


for table in ("student", "staff"):
    record = tables.first(table)
    if not record:
        continue
    with frame.card(table):
        st.html(markup.title(say(f"basics.{table}")))
        pairs = [
            (say(f"field.{name}"), shown(name, value))
            for name, value in record.items()
            if f"field.{name}" in TEXT and name != "id_card_no" and value not in (None, "")
        ]
        number = record.get("id_card_no")
        hidden = [(say("field.id_card_no"), say("basics.hidden"), str(number))] if number else []
        st.html(markup.facts(pairs, hidden))
        blocks.source_line(tables, table)

own_edit.boxes(visit, tables)

items = answer.get("items") or []
if items:
    with frame.card("items"):
        st.html(markup.title(say("basics.items")))
        st.html(markup.note(say("basics.items_body")))
        st.html(
            markup.entries(
                markup.Entry(
                    item["name"],
                    " · ".join(
                        str(item[part]) for part in ("owner", "deadline", "note") if item.get(part)
                    ),
                    remark=item["code"],
                    side=say("basics.item_held")
                    if item.get("holders")
                    else say("basics.item_not_yet"),
                    state="good" if item.get("holders") else "",
                )
                for item in items
            )
        )
