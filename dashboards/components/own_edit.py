"""What a member of staff keeps up in place: the boxes with their forms, and what was changed.

Fields, choices and checks are the contract's; the gateway hands them over with the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboards import auth, data, formats
from dashboards.components import frame, markup
from dashboards.components.blocks import Tables, source_line
from dashboards.text import language, say

__all__ = ["boxes"]

_KEPT = "_own_items"
_CONSENT = "consent_recorded"
_LONGEST = 300
_FIRST_DAY = date(1950, 1, 1)
_STATE = {
    "pending": "watch", "landed": "info", "published": "good", "replaced": "", "refused": "bad",
}  # fmt: skip
#: Refusals of the gateway by their code → what the form says.
_REFUSALS = {"conflict": "own.stale", "forbidden": "own.may_not", "usage_error": "own.unchanged"}


def boxes(visit: auth.Visit, tables: Tables, only: Sequence[str] = ()) -> None:
    """The boxes of the reader's own items and their history, nothing for who is no staff. `only`
    names the tables that a page shows; none: all."""
    if "staff" not in visit.kinds:
        return
    found = _own_items(visit)
    shown = [table for table in found["tables"] if not only or table["table"] in only]
    for table in shown:
        with frame.card(f"own_{table['table']}"):
            if table["one"]:
                _one(visit, table, found["number"])
            else:
                _records(visit, table, found["number"])
            source_line(tables, table["table"])
    names = {table["table"] for table in shown}
    _history([line for line in found["history"] if line["table"] in names])


def _own_items(visit: auth.Visit) -> dict[str, Any]:
    """Kept for release and token, so that a click elsewhere on the page does not read it again."""
    key = (visit.token, visit.me["release"]["id"])
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != key:
        kept = st.session_state[_KEPT] = (key, data.own_items(visit.token))
    return kept[1]


def _head(table: Mapping[str, Any], state: str = "published") -> None:
    tags = markup.tag(say("own.items"), "info")
    if state != "published":
        tags += " " + markup.tag(say(f"own.state.{state}"), _STATE[state])
    st.html(markup.title(table["title"]) + tags)


def _one(visit: auth.Visit, table: Mapping[str, Any], number: str | None) -> None:
    row = table["rows"][0] if table["rows"] else {"record": "", "values": {}, "shown": {}}
    values = row["values"] or {}
    _head(table, row.get("state", "published"))
    pairs = [(f["title"], values[f["name"]]) for f in table["fields"] if values.get(f["name"])]
    st.html(markup.facts(pairs) if pairs else markup.note(say("own.nothing")))
    _still_shown(table, row)
    if number and st.button(
        say("own.edit"), key=f"own_edit_{table['table']}", icon=":material/edit:"
    ):
        _dialog(visit, table, row, say("own.edit_one", name=table["title"]))


def _records(visit: auth.Visit, table: Mapping[str, Any], number: str | None) -> None:
    _head(table)
    if not table["rows"]:
        st.html(markup.note(say("own.nothing")))
    for row in table["rows"]:
        _record(visit, table, row, number)
    if number and st.button(say("own.add"), key=f"own_add_{table['table']}", icon=":material/add:"):
        empty = {"record": "", "values": {}, "shown": {}}
        _dialog(visit, table, empty, f"{say('own.add')} · {table['title']}")


def _record(
    visit: auth.Visit, table: Mapping[str, Any], row: Mapping[str, Any], number: str | None
) -> None:
    values = row["values"] or {}
    name, about = _named(table, values)
    ends = row["values"] is None
    word = say("own.ends") if ends else say(f"own.state.{row['state']}")
    side = "" if row["state"] == "published" and not ends else word
    st.html(markup.entries([markup.Entry(name, about, side=side, state=_STATE[row["state"]])]))
    if ends or not number:
        return
    key = f"{table['table']}_{row['record']}"
    with st.container(key=f"own_row_{key}", horizontal=True, gap="small"):
        if st.button(say("own.edit"), key=f"own_edit_{key}", type="tertiary"):
            _dialog(visit, table, row, say("own.edit_one", name=markup.literal(name)))
        if st.button(say("own.remove"), key=f"own_remove_{key}", type="tertiary"):
            _dialog_remove(visit, table, row, name)


def _named(table: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[str, str]:
    """A record by its first required field, and the rest of it in one line."""
    first = next((f["name"] for f in table["fields"] if f["required"]), None)
    name = values.get(first) if first else None
    rest = [
        f"{f['title']} {values[f['name']]}"
        for f in table["fields"]
        if f["name"] != first and values.get(f["name"])
    ]
    return str(name or "—"), " · ".join(rest)


def _still_shown(table: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    titles = {f["name"]: f["title"] for f in table["fields"]}
    lines = [
        say("own.was", title=titles[name], value=was or formats.MISSING)
        for name, was in row["shown"].items()
        if name in titles
    ]
    if lines:
        st.html(markup.bullets(lines))


def _dialog(
    visit: auth.Visit, table: Mapping[str, Any], row: Mapping[str, Any], heading: str
) -> None:
    seen = {f["name"]: (row["values"] or {}).get(f["name"]) for f in table["fields"]}
    key = f"{table['table']}_{row['record'] or 'new'}"
    st.session_state.pop(f"own_faults_{key}", None)

    @st.dialog(heading)
    def opened() -> None:
        faults = st.session_state.get(f"own_faults_{key}", {})
        said: dict[str, str | None] = {}
        with st.form(f"own_form_{key}", border=False):
            for field in table["fields"]:
                said[field["name"]] = _field(field, seen[field["name"]], key)
                _faults(faults.get("fields", {}).get(field["name"], ()))
            _faults(faults.get("rules", ()))
            st.html(markup.note(say("own.after")))
            pressed = st.form_submit_button(say("own.save"), type="primary", width="stretch")
        if pressed:
            told = _save(visit, table, row["record"], "set", said, seen)
            if told is not None:
                st.session_state[f"own_faults_{key}"] = told
                st.rerun(scope="fragment")

    opened()


def _dialog_remove(
    visit: auth.Visit, table: Mapping[str, Any], row: Mapping[str, Any], name: str
) -> None:
    @st.dialog(f"{say('own.remove')} · {markup.literal(name)}")
    def opened() -> None:
        st.html(markup.paragraph(say("own.remove_sure")))
        if st.button(say("own.remove"), type="primary", width="stretch", key="own_remove_sure"):
            told = _save(visit, table, row["record"], "remove", row["values"], row["values"])
            _faults((told or {}).get("rules", ()))

    opened()


def _faults(words: Sequence[str]) -> None:
    """What is wrong, right below the field it is about."""
    if words:
        st.html("".join(f"<p>{markup.tag(one, 'bad')}</p>" for one in words))


def _field(field: Mapping[str, Any], held: str | None, key: str) -> str | None:
    """One widget; what it holds now as the form's text, None where empty."""
    name, title = field["name"], field["title"]
    label = say("own.required", title=title) if field["required"] else title
    place = f"own_{key}_{name}"
    if field["type"] == "bool":
        words = say("own.consent", title=title) if name == _CONSENT else label
        ticked = st.checkbox(words, value=held == "是", key=place)
        return "是" if ticked else ("否" if held is not None else None)
    if field["options"]:
        choices = [None, *field["options"]]
        return st.selectbox(
            label,
            choices,
            index=choices.index(held) if held in choices else 0,
            format_func=lambda one: say("own.empty_choice") if one is None else one,
            key=place,
        )
    if field["type"] == "date":
        day = st.date_input(
            label,
            value=date.fromisoformat(held) if held else None,
            min_value=_FIRST_DAY,
            max_value=date(frame.today().year + 20, 12, 31),
            format="YYYY-MM-DD",
            key=place,
        )
        return day.isoformat() if day else None
    hint = field["hint"] or None
    return st.text_input(label, value=held or "", max_chars=_LONGEST, help=hint, key=place) or None


def _save(
    visit: auth.Visit,
    table: Mapping[str, Any],
    record: str,
    kind: str,
    values: Mapping[str, str | None],
    seen: Mapping[str, str | None],
) -> dict[str, Any] | None:
    """Save and begin the page anew; what was wrong where it was not taken."""
    try:
        told = data.save_own_item(visit.token, table["table"], record, kind, values, seen)
    except data.Refused as refusal:
        word = _REFUSALS.get(refusal.code)
        st.session_state.pop(_KEPT, None)
        reason = say(word) if word else say("own.refused", reason=refusal.message)
        return {"fields": {}, "rules": [reason]}
    if not told["accepted"]:
        return told
    st.session_state.pop(_KEPT, None)
    st.toast(say("own.saved"))
    st.rerun()
    return None


def _history(lines: Sequence[Mapping[str, Any]]) -> None:
    if not lines:
        return
    with frame.card("own_history"), st.expander(say("own.history")):
        st.html(markup.entries(_line(line) for line in lines))


def _line(line: Mapping[str, Any]) -> markup.Entry:
    changes = [
        say(
            "own.change",
            title=one["title"],
            old=one["from"] or formats.MISSING,
            new=one["to"] or formats.MISSING,
        )
        for one in line["changes"]
    ]
    if line["kind"] == "remove":
        changes = [say("own.removed"), *changes]
    when = formats.day_of(line["at"], frame.today(), language())
    return markup.Entry(
        line["title"],
        *changes,
        *line["words"],
        remark=f"{say('own.by_me')} · {when}",
        side=say(f"own.state.{line['state']}"),
        state=_STATE[line["state"]],
    )
