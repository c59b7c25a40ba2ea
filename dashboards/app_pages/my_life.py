"""What do meals, books and fees look like for me?"""

import streamlit as st

from dashboards import auth, formats
from dashboards.components import blocks, frame, living, markup
from dashboards.components.guard import guarded
from dashboards.text import language, say

visit = guarded("life")
tables = blocks.Tables(auth.own_data(visit, "life"))
frame.top(say("page.life"))
if blocks.nothing_here(tables):
    st.stop()

left, right = st.columns(2, gap="small")
with left:
    living.fees_card(tables)
    living.loans_card(tables)
with right:
    accounts = tables.rows("meal_account")
    if accounts:
        with frame.card("account"):
            st.html(markup.title(say("life.card")))
            st.html(
                markup.entries(
                    markup.Entry(
                        say(
                            "life.card_no",
                            number=row.get("card_no") or "—",
                            status=row.get("card_status") or "—",
                        ),
                        side=formats.money(row.get("balance"), language()),
                        score=True,
                    )
                    for row in accounts
                )
            )
            blocks.source_line(tables, "meal_account")
    living.meal_calendar(tables)
    living.transactions_card(tables)
