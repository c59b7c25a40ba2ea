"""The part of the form that picks data: a catalogue to search, columns, whose rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import formats
from dashboards.components import frame, markup
from dashboards.components.form_state import Form, bind
from dashboards.text import say

__all__ = ["pick_rows", "pick_tables"]

_MOST_FOUND = 6
_MARKS = {"sensitive": ":material/shield:", "identifying": ":material/badge:"}


def pick_tables(form: Form, found: Mapping[str, Any]) -> None:
    """获取数据项: what is chosen, then the catalogue to add from."""
    datasets = form.known()["datasets"]
    tables = {table["name"]: table for dataset in datasets for table in dataset["tables"]}
    with frame.card("items"):
        st.html(markup.title(say("form.items")))
        for name in list(form.content["columns"]):
            if name in tables:
                _chosen(form, tables[name], found)
            else:
                # A release later than the draft no longer has it.
                _dropped(form, name)
        _catalogue(form, datasets)


def _chosen(form: Form, table: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    name = table["name"]
    columns = {column["name"]: column for column in table["columns"]}
    with st.container(key=f"chosen_{name.replace('.', '_')}", border=True, gap="small"):
        with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
            owner = say("form.table_line", owner=table["owner"] or "—", count=len(columns))
            st.html(markup.entries([markup.Entry(table["title"], _dataset(form, name), owner)]))
            st.button(
                say("form.remove"),
                key=f"drop_{name}",
                type="tertiary",
                on_click=_drop,
                args=(form, name),
            )
        held = [one for one in form.content["columns"][name] if one in columns]
        st.pills(
            say("form.columns"),
            list(columns),
            selection_mode="multi",
            format_func=lambda one: _column_label(columns[one]),
            key=bind(f"columns_{name}", held),
        )
        if any(column["privacy"] in _MARKS for column in columns.values()):
            st.caption(say("form.marks"))
        with st.expander(say("form.meaning")):
            st.html(
                markup.columns_table(
                    [say("app.column"), say("sql.meaning"), say("app.kind")],
                    [
                        [
                            column["name"],
                            " ".join(p for p in (column["title"], column["description"]) if p),
                            say(f"privacy.{column['privacy']}"),
                        ]
                        for column in columns.values()
                    ],
                )
            )
        for one in found["sensitive"]:
            path = one["column"]
            if path.rpartition(".")[0] == name:
                st.text_input(
                    say("form.why", column=columns[path.rpartition(".")[2]]["title"]),
                    key=bind(f"why_{path}", form.content["reasons"].get(path, "")),
                    placeholder=say("form.why_hint"),
                    help=one["why"],
                    max_chars=1000,
                )


def _column_label(column: Mapping[str, Any]) -> str:
    mark = _MARKS.get(column["privacy"], "")
    return f"{mark} {column['title']}".strip()


def _dropped(form: Form, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(markup.paragraph(name) + markup.note(say("form.problem.scope")))
        st.button(
            say("form.remove"), key=f"drop_{name}", type="tertiary", on_click=_drop,
            args=(form, name),
        )  # fmt: skip


def _catalogue(form: Form, datasets: list[dict[str, Any]]) -> None:
    titles = {dataset["id"]: dataset["title"] for dataset in datasets}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox(
            say("form.dataset"),
            ["", *titles],
            format_func=lambda one: titles.get(one, say("form.all_datasets")),
            key="catalogue_dataset",
            width=240,
        )
        word = st.text_input(
            say("form.search"),
            key="catalogue_word",
            placeholder=say("form.search_hint"),
            max_chars=40,
        )
    word = word.strip().lower()
    if not chosen and not word:
        st.html(markup.note(say("form.search_first")))
        return
    matching = [
        (dataset, table, matched)
        for dataset in datasets
        if chosen in ("", dataset["id"])
        for table in dataset["tables"]
        if (matched := _matches(dataset, table, word)) is not None
    ]
    hits = [hit for hit in matching if hit[1]["name"] not in form.content["columns"]]
    # What is called so comes before what merely has a column called so.
    hits.sort(key=lambda hit: word not in hit[1]["title"].lower())
    for dataset, table, matched in hits[:_MOST_FOUND]:
        _hit(form, dataset, table, matched)
    if not hits:
        st.html(markup.note(say("form.found_chosen" if matching else "form.found_none")))
    elif len(hits) > _MOST_FOUND:
        st.html(markup.note(say("form.found_more", count=len(hits) - _MOST_FOUND)))


def _matches(dataset: Mapping[str, Any], table: Mapping[str, Any], word: str) -> list[str] | None:
    """Titles of the columns that match; empty where the table or dataset does; None for no."""
    if not word or word in f"{table['title']} {table['name']} {dataset['title']}".lower():
        return []
    matched = [
        column["title"]
        for column in table["columns"]
        if word in f"{column['title']} {column['name']} {column['description'] or ''}".lower()
    ]
    return matched or None


def _hit(
    form: Form, dataset: Mapping[str, Any], table: Mapping[str, Any], matched: list[str]
) -> None:
    refused = ""
    if table["never"]:
        refused = say("form.never", law=table["never"])
    elif table["only_for"] and table["only_for"] != form.content["unit"]:
        refused = say("form.only_for", unit=table["only_for_name"])
    owner = say("form.table_line", owner=table["owner"] or "—", count=len(table["columns"]))
    about = say("form.matches", columns=say("grant.and").join(matched[:4])) if matched else ""
    with st.container(
        key=f"row_{table['name'].replace('.', '_')}",
        horizontal=True,
        wrap=False,
        vertical_alignment="center",
    ):
        st.html(
            markup.entries(
                [markup.Entry(table["title"], f"{dataset['title']} · {owner}", about, refused)]
            )
        )
        st.button(
            say("form.add"),
            key=f"add_{table['name']}",
            type="tertiary",
            icon=":material/add:",
            disabled=bool(refused),
            on_click=_add,
            args=(form, table["name"]),
        )


def _dataset(form: Form, name: str) -> str:
    wanted = name.partition(".")[0]
    return next((one["title"] for one in form.known()["datasets"] if one["id"] == wanted), wanted)


def _add(form: Form, table: str) -> None:
    form.content["columns"].setdefault(table, [])


def _drop(form: Form, table: str) -> None:
    form.content["columns"].pop(table, None)


def pick_rows(form: Form, found: Mapping[str, Any]) -> None:
    """行的范围: conditions on who is in the scope, with how many each value has."""
    with frame.card("rows"):
        st.html(markup.title(say("form.rows")))
        if not form.content["columns"]:
            st.html(markup.note(say("form.rows_none")))
            return
        if not found["choices"]:
            st.html(markup.note(say("form.rows_not_people")))
            return
        for part in ("students", "staff"):
            choices = [choice for choice in found["choices"] if choice["part"] == part]
            if not choices:
                continue
            grid = st.grid(3, min_column_width=220)
            for choice in choices:
                with grid.cell():
                    _condition(form, part, choice)
        st.html(markup.note(say("form.rows_note")))
        st.text_input(
            say("form.minors"),
            key=bind("why_minors", form.content["reasons"].get("minors", "")),
            help=say("form.minors_help"),
            max_chars=1000,
        )


def _condition(form: Form, part: str, choice: Mapping[str, Any]) -> None:
    labels = {one["value"]: _value_label(one) for one in choice["values"]}
    held = form.content["rows"][part].get(choice["column"], [])
    st.multiselect(
        f"{say(f'form.part.{part}')} · {choice['title']}",
        list(labels),
        format_func=lambda value: labels[value],
        key=bind(f"rows_{part}_{choice['column']}", [one for one in held if one in labels]),
        placeholder=say("form.all_datasets"),
        select_all=False,  # its word is English
    )


def _value_label(one: Mapping[str, Any]) -> str:
    label = one["label"] or one["value"]
    people = one["people"]
    shown = say("app.few") if people is None else formats.number(people, 0)
    return say("form.value", label=label, count=shown)
