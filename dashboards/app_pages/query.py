"""What do the data that my unit was granted say?"""

import pandas as pd
import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.components.address import from_address, into_address
from dashboards.components.guard import guarded
from dashboards.components.query_run import QueryRun, watch
from dashboards.components.refusals import said
from dashboards.text import TEXT, language, say

visit = guarded("query")
tongue, today = language(), frame.today()
frame.top(say("sql.title"), say("sql.intro"))
answer = data.grants(visit.token)
held = answer["grants"] if isinstance(answer, dict) else answer
if not held:
    with frame.card("no_grant"):
        st.html(markup.empty(say("sql.none"), say("sql.none_body")))
    st.stop()


def purpose(grant: dict) -> str:
    key = f"uses.purpose.{grant.get('purpose')}"
    text = grant.get("purpose_text") or (say(key) if key in TEXT else "")
    # The list is one line: unit and day are to be seen beside a long purpose.
    return text if len(text) <= 24 else f"{text[:23]}…"


def named(grant_id: str) -> str:
    grant = grants[grant_id]
    until = formats.last_day(grant.get("expires_at"), today, tongue)
    about = say(
        "sql.granted",
        unit=grant.get("unit_name") or grant.get("unit") or formats.MISSING,
        purpose=purpose(grant),
        day=until,
    )
    return f"{about} · {grant_id}"


def put(statement: str) -> None:
    st.session_state["statement"] = statement


def show(ended: QueryRun) -> None:
    try:
        result = ended.answer()
    except data.SignedOut:
        raise
    except data.GatewayError as error:
        if error.code == "query_cancelled":
            st.info(say("sql.cancelled"))
            return
        st.error(said(error))
        return
    rows, seconds = formats.number(result["row_count"], 0), formats.number(result["seconds"], 2)
    st.html(markup.note(say("sql.result", rows=rows, seconds=seconds)))
    if result["truncated"]:
        st.warning(say("sql.truncated", rows=formats.number(len(result["rows"]), 0)))
    if not result["rows"]:
        st.html(markup.note(say("sql.no_rows")))
        return
    names = [column["name"] for column in result["columns"]]
    st.dataframe(
        pd.DataFrame.from_records(result["rows"], columns=names),
        hide_index=True,
        alt=say("sql.result_alt"),
    )


grants = {grant["id"]: grant for grant in held}
# A statement that was meant for a grant that is gone is not run under another one.
gone = st.session_state.get("grant") not in (None, *grants)
if gone:
    st.error(say("sql.grant_gone", id=st.session_state["grant"]))
chosen = from_address("grant", list(grants), held[0]["id"])
st.selectbox(say("sql.grant"), list(grants), format_func=named, key="grant")
into_address("grant", chosen, held[0]["id"])
tables = grants[chosen].get("tables") or []

left, right = st.columns([7, 5], gap="small")
with left, frame.card("bench"):
    with st.form("query", border=False):
        statement = st.text_area(
            say("sql.statement"),
            key="statement",
            height=180,
            max_chars=20_000,
            placeholder="select … from … group by …",
            help=say("sql.limits"),
        )
        run = st.form_submit_button(say("sql.run"), type="primary", icon=":material/play_arrow:")
    running: QueryRun | None = st.session_state.get("query_run")
    if running is not None and (run or gone or not running.belongs_to(visit.token, chosen)):
        running.cancel()
        del st.session_state["query_run"]
        running = None
    if run and not (statement or "").strip():
        st.warning(say("sql.empty"))
    elif run and not gone:
        running = st.session_state["query_run"] = QueryRun(visit.token, chosen, statement)
    if running is None:
        st.html(markup.note(say("sql.first")))
    elif not running.wait():
        watch(running)
    else:
        del st.session_state["query_run"]
        show(running)

with right, frame.card("tables"):
    st.html(markup.title(say("sql.tables")))
    for number, table in enumerate(tables):
        columns = table.get("columns") or []
        with st.expander(f"{table.get('title') or table['name']} · `{table['name']}`"):
            st.html(
                markup.columns_table(
                    [say("sql.column"), say("sql.type"), say("sql.meaning")],
                    [
                        [
                            column["name"],
                            str(column.get("type") or ""),
                            " ".join(
                                str(part)
                                for part in (
                                    column.get("title"),
                                    column.get("description"),
                                    f"[{column['code_table']}]" if column.get("code_table") else "",
                                )
                                if part
                            ),
                        ]
                        for column in columns
                    ],
                )
            )
            listed = ", ".join(column["name"] for column in columns[:6]) or "*"
            st.button(
                say("sql.insert"),
                key=f"put_{number}",
                icon=":material/add:",
                on_click=put,
                args=(f"select {listed}\nfrom {table['name']}\nlimit 20",),
            )
