"""The form that is being filled in: what it holds, loaded from and saved to one's drafts.

What the widgets say is gathered before anything is drawn; then the draft is saved if it changed,
and looked through once. A lost connection loses nothing: the draft's id stands in the address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import streamlit as st

from dashboards import data

__all__ = ["BLANK", "Form", "bind", "forget_form", "open_form"]

_STATE = "_form"
_PREFIX = "form_"

BLANK: dict[str, Any] = {
    "kind": "unit",
    "unit": "",
    "channels": [],
    "columns": {},
    "reasons": {},
    "rows": {"students": {}, "staff": {}, "columns": {}},
    "limits": {"rows_per_day": None, "exports_per_day": None},
    "returns": [],
    "purpose": "",
    "purpose_text": "",
    "first_day": None,
    "last_day": None,
    "users": [],
    "vendor": None,
    "system_owner": {"name": "", "phone": ""},
    "contact": {"name": "", "phone": ""},
    "legal": None,
    "extends": None,
}


@dataclass
class Form:
    """`id` None: nothing was saved yet. `saved` is the content as the gateway has it."""

    token: str
    id: str | None = None
    version: int = 0
    application: str | None = None
    content: dict[str, Any] = field(default_factory=lambda: json.loads(json.dumps(BLANK)))
    saved: str = ""
    saved_at: str | None = None
    conflict: bool = False
    sending: bool = False
    refusal: str = ""
    "Why the last submission came to nothing; shown once."
    checked: tuple[str, dict[str, Any]] | None = None
    catalogue: dict[str, Any] | None = None

    def known(self) -> dict[str, Any]:
        """What can be applied for; asked for once while the form is open."""
        if self.catalogue is None:
            self.catalogue = data.form(self.token)
        return self.catalogue

    def keep(self) -> None:
        """Save the draft if it changed. The first saving gives it its address."""
        text = json.dumps(self.content, sort_keys=True)
        if text == self.saved or self.conflict:
            return
        try:
            answer = data.save_draft(self.token, self.id, self.version, self.content)
        except data.Refused as refusal:
            if refusal.status not in (404, 409):
                raise
            self.conflict = True
            return
        self.id, self.version, self.saved = answer["id"], answer["version"], text
        self.saved_at = answer["saved_at"]
        if st.query_params.get("draft") != self.id:
            st.query_params["draft"] = self.id

    def check(self) -> dict[str, Any]:
        """Problems, proposals, choices and counts, asked for anew when the form changed."""
        text = json.dumps(self.content, sort_keys=True)
        if self.checked is None or self.checked[0] != text:
            self.checked = (text, data.check_form(self.token, self.content))
        return self.checked[1]


def open_form(token: str) -> Form | None:
    """The form of the address, with what the widgets say now; None where that draft is gone."""
    asked = st.query_params.get("draft") or None
    held: Form | None = st.session_state.get(_STATE)
    if held is None or held.id != asked or held.token != token:
        held = _load(token, asked)
        if held is None:
            return None
        for key in [key for key in st.session_state if str(key).startswith(_PREFIX)]:
            del st.session_state[key]
        st.session_state[_STATE] = held
    _gather(held.content)
    return held


def forget_form() -> None:
    """Load it anew at the next run."""
    st.session_state.pop(_STATE, None)


def _load(token: str, draft_id: str | None) -> Form | None:
    form = Form(token)
    if draft_id is None:
        form.content.update(_first_words(form.known()))
        # Opening the form is not a change: a draft begins with what the reader says.
        form.saved = json.dumps(form.content, sort_keys=True)
        return form
    try:
        draft = data.draft(token, draft_id)
    except data.Refused:
        return None
    # A draft holds a form as a page left it; what it does not name yet is as in a blank one.
    form.content = {**form.content, **draft["content"]}
    form.content["users"] = list(dict.fromkeys(form.content["users"]))
    form.id, form.version, form.application = draft["id"], draft["version"], draft["application"]
    form.saved, form.saved_at = json.dumps(form.content, sort_keys=True), draft["saved_at"]
    return form


def _first_words(known: dict[str, Any]) -> dict[str, Any]:
    """What is certain before anything is said: the only kind, the only unit, the only user."""
    kind = known["kinds"][0]
    units = known["units"] if kind == "unit" else []
    return {
        "kind": kind,
        "unit": units[0]["unit"] if len(units) == 1 else "",
        "users": known["number"][:1] if kind == "individual" else [],
    }


def bind(name: str, value: Any) -> str:
    """The key of a widget whose value is `value` unless the reader has changed it."""
    key = _PREFIX + name
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def _said(name: str, otherwise: Any) -> Any:
    return st.session_state.get(_PREFIX + name, otherwise)


def _gather(content: dict[str, Any]) -> None:
    """Take over what the widgets of the last run say."""
    for name in ("kind", "unit", "purpose", "purpose_text"):
        content[name] = _said(name, content[name]) or ""
    content["channels"] = list(_said("channels", content["channels"]))
    content["limits"] = {
        name: _said(f"limit_{name}", most) for name, most in content["limits"].items()
    }
    for name in ("first_day", "last_day"):
        day = _said(name, content[name])
        content[name] = day.isoformat() if isinstance(day, date) else day
    for table, names in content["columns"].items():
        content["columns"][table] = list(_said(f"columns_{table}", names))
    before = dict(content["reasons"])
    for table, names in content["columns"].items():
        for name in names:
            path = f"{table}.{name}"
            if reason := _said(f"why_{path}", content["reasons"].get(path, "")):
                content["reasons"][path] = reason
    content["reasons"] = {
        path: reason
        for path, reason in content["reasons"].items()
        if path.rpartition(".")[2] in content["columns"].get(path.rpartition(".")[0], [])
    }
    if minors := _said("why_minors", before.get("minors", "")):
        content["reasons"]["minors"] = minors
    _gather_rows(content)
    _gather_people(content)


def _gather_rows(content: dict[str, Any]) -> None:
    for key in [str(key) for key in st.session_state]:
        if key.startswith(f"{_PREFIX}rows_"):
            part, _, column = key.removeprefix(f"{_PREFIX}rows_").partition("_")
            values = list(st.session_state[key])
            if values:
                content["rows"][part][column] = values
            else:
                content["rows"][part].pop(column, None)


def _gather_people(content: dict[str, Any]) -> None:
    for who in ("contact", "system_owner"):
        content[who] = _contact(who, content[who])
    vendor = content["vendor"] or {}
    if _said("has_vendor", bool(vendor)):
        content["vendor"] = {
            "name": _said("vendor_name", vendor.get("name", "")),
            "head": _contact("vendor_head", vendor.get("head", {})),
            "contact": _contact("vendor_contact", vendor.get("contact", {})),
            "people": _lines(_said("vendor_people", "\n".join(vendor.get("people", [])))),
        }
    else:
        content["vendor"] = None
    legal = content["legal"] or {}
    if content["kind"] == "legal_case":
        silent = _said("legal_silent", legal.get("keep_silent_until"))
        content["legal"] = {
            "authority": _said("legal_authority", legal.get("authority", "")),
            "case_number": _said("legal_case", legal.get("case_number", "")),
            "officers": _lines(_said("legal_officers", "\n".join(legal.get("officers", [])))),
            "keep_silent_until": silent.isoformat() if isinstance(silent, date) else silent,
        }
        content["purpose"] = "legal_case"
    else:
        content["legal"] = None
        content["purpose"] = content["purpose"].replace("legal_case", "")


def _contact(name: str, held: dict[str, str]) -> dict[str, str]:
    return {part: _said(f"{name}_{part}", held.get(part, "")) or "" for part in ("name", "phone")}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
