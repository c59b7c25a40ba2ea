"""导出: the page as a file, made only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboards import auth
from dashboards.components import markup
from dashboards.exports import ExportPage
from dashboards.exports.shelf import SHELF
from dashboards.pages import by_address
from dashboards.text import language, say

__all__ = ["export_box"]

_FORMS = (
    ("xlsx", ":material/table_view:"),
    ("pdf", ":material/picture_as_pdf:"),
    ("png", ":material/image:"),
)


def export_box(visit: auth.Visit, page: Callable[[], ExportPage], key: str = "export") -> None:
    """A quiet button that opens onto the kinds of file. `page` puts the content together and is
    called only when the button was pressed; `key` is unique within the page.

    The files are made when their link is followed (`exports.route`), outside of the page's run.
    """
    opened = st.popover(
        say("export.press"),
        icon=":material/download:",
        type="tertiary",
        wrap=False,
        key=key,
        on_change="rerun",
    )
    if not opened.open:
        return
    content = page()
    allowed_by = by_address(content.address.partition("?")[0].strip("/")).allowed_by
    name = SHELF.put(content, token=visit.token, language=language(), allowed_by=allowed_by)
    with opened:
        what = "export.what" if allowed_by is not None else "export.what_public"
        st.html(markup.note(say(what)))
        for form, icon in _FORMS:
            st.link_button(
                say(f"export.{form}"),
                f"/files/exports/{name}.{form}",
                key=f"{key}_{form}",
                icon=icon,
                width="stretch",
            )
