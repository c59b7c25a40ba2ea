"""How far are the ministry's tables, and what do they still lack?"""

import streamlit as st

from dashboards import data, formats
from dashboards.components import frame, markup
from dashboards.components.address import from_address, into_address
from dashboards.components.guard import guarded
from dashboards.text import language, say

visit = guarded("ministry")
answer = data.ministry(visit.token, st.query_params.get("year", ""))
frame.top(say("page.ministry"), say("ministry.intro"))
frame.as_of_badge(answer["release"])

newest = str(max([answer["year"], *answer["years"]]))
years = sorted({str(year) for year in answer["years"]} | {str(answer["year"])}, reverse=True)
if len(years) > 1:
    from_address("year", years, str(answer["year"]))
    chosen = st.segmented_control(
        say("ministry.year"),
        years,
        required=True,
        format_func=lambda year: say("ministry.year_name", year=year),
        key="year",
        label_visibility="collapsed",
    )
    if chosen != str(answer["year"]):
        into_address("year", chosen, newest)
        st.rerun()

_STATES = {"filled": "good", "partly": "watch", "unfilled": "bad"}


def entry(table: dict) -> markup.Entry:
    today, tongue = frame.today(), language()
    due = say(
        "ministry.due",
        counted=formats.day(table["counted_on"], today, tongue),
        unit=table["filed_by_name"],
        due=formats.day(table["due"], today, tongue),
    )
    if table["due_sure"] == "remembered":
        due += say("ministry.due_remembered")
    layout = "remembered" if "remembered" in table["columns_sure"] else "read"
    known = say(
        "ministry.sure",
        table=say(f"ministry.sure.{table['sure']}"),
        columns=say(f"ministry.sure.{layout}"),
    )
    return markup.Entry(
        f"{table['number']} {table['title']}" if table["kind"] == "return" else table["title"],
        say("ministry.filled", filled=table["filled"], cells=table["cells"]),
        due,
        known,
        side=say(f"ministry.state.{table['state']}"),
        state=_STATES[table["state"]],
        more=gaps(table["missing"]),
    )


def gaps(missing: list[dict]) -> str:
    if not missing:
        return ""
    lines = []
    for gap in missing:
        line = say("ministry.gap", cell=gap["cell"], reason=say(f"ministry.reason.{gap['reason']}"))
        if gap["unit_name"]:
            line += say("ministry.gap_unit", unit=gap["unit_name"])
        lines.append(f"{line}{'。' + gap['why'] if gap['why'] else ''}")
    press = say("ministry.missing", count=len(missing))
    return markup.folded(press, markup.bullets(lines))


for kind, title in (("return", "ministry.returns"), ("report", "ministry.report")):
    with frame.card(kind):
        st.html(markup.title(say(title)))
        for table in answer["tables"]:
            if table["kind"] != kind:
                continue
            st.html(markup.entries([entry(table)]))
            if table["may_fetch"] and table["filled"]:
                st.link_button(
                    say("ministry.fetch"),
                    f"/files/ministry/{table['table']}-{answer['year']}.xlsx",
                    icon=":material/download:",
                )
        if kind == "return":
            st.html(markup.note(say("ministry.only_filer")))
st.html(markup.note(say("ministry.check")))
