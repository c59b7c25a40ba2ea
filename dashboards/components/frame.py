"""What surrounds every page: style, language, signing in and out, the bar on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import streamlit as st

from dashboards import auth, formats
from dashboards.components import markup
from dashboards.pages import PAGES, SitePage
from dashboards.text import language, say, switch_language

__all__ = [
    "actions",
    "as_of_badge",
    "card",
    "is_phone",
    "left_banner",
    "phone_bar",
    "style",
    "today",
    "top",
]

_ASSETS = Path(__file__).resolve().parent.parent / "assets"


@cache
def _css() -> str:
    return (_ASSETS / "site.css").read_text(encoding="utf-8")


def style() -> None:
    """Our tokens and rules, and the theme that is in force (the browser's own choice would not
    follow Streamlit's switch)."""
    scheme = "dark" if st.context.theme.type == "dark" else "light"
    st.html(f"<style>{_css()}\n:root,body{{color-scheme:{scheme}}}</style>")


def is_phone() -> bool:
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def is_dark() -> bool:
    return st.context.theme.type == "dark"


def today() -> date:
    """The day that relative dates count from, see `formats.reading_day`."""
    release = auth.current_visit().me.get("release", {})
    return formats.reading_day(release.get("as_of"), datetime.now(UTC))


def data_day() -> date:
    """The Beijing day the data reach."""
    as_of = formats.from_iso_moment(auth.current_visit().me.get("release", {}).get("as_of"))
    return as_of.astimezone(formats.BEIJING).date() if as_of else today()


def card(key: str, *, stretch: bool = False, tight: bool = False):
    """A bordered box; `key` is unique within the page. `tight` where a screen is short of room."""
    return st.container(
        border=True,
        key=f"card_{key}",
        height="stretch" if stretch else "content",
        gap="xxsmall" if tight else "small",
    )


def top(text: str, *details: str) -> None:
    """The page's heading with one line below."""
    st.html(markup.head(text, details))


def left_banner(left_on: str) -> None:
    """Who has left is told so on every page, and why not all is there."""
    st.html(markup.note(say("kept.banner", day=formats.day(left_on, today(), language()))))


def actions(state: str) -> None:
    """Language and signing out, at the right of the navigation."""
    with st.container(key="frame_actions", horizontal=True, gap="xsmall", width="content"):
        st.button(
            say("frame.other_language"),
            key="switch_language",
            type="tertiary",
            help=say("frame.other_language_help"),
            on_click=switch_language,
        )
        if state in ("signed_in", "refused") and st.button(
            say("frame.sign_out"), key="sign_out", type="tertiary", icon=":material/logout:"
        ):
            auth.sign_out()
        elif state == "anonymous" and st.button(
            say("frame.sign_in"), key="sign_in_top", type="tertiary", icon=":material/login:"
        ):
            auth.sign_in()


def as_of_badge(release: Mapping, *, short: bool = False) -> None:
    """What day the data are of, and whether a check has not passed."""
    day = formats.from_iso_moment(release.get("as_of"))
    if day is None:
        return
    local = day.astimezone(formats.BEIJING)
    text = (
        f"{local.year}年{local.month}月{local.day}日"
        if language() == "zh"
        else formats.day(local.date(), date(1, 1, 1), "en")
    )
    st.badge(say("frame.as_of", moment=text), icon=":material/verified:", color="blue")
    failing = int(release.get("failing_checks") or 0)
    if failing and not short:
        st.badge(
            say("frame.checks_failing", count=failing), icon=":material/report:", color="orange"
        )


def phone_bar(registered: Mapping[str, object], allowed: list[SitePage]) -> None:
    """Three pages and the rest behind 更多, within reach of the thumb."""
    first = bar_pages(allowed)
    rest = [page for page in allowed if page not in first]
    with (
        st.bottom,
        st.container(
            key="phone_bar", horizontal=True, gap="xsmall", wrap=False, vertical_alignment="center"
        ),
    ):
        for page in first:
            st.page_link(
                registered[page.address], label=say(page.short or page.text), icon=page.icon
            )
        if rest:
            with st.popover(say("bar.more"), type="tertiary", icon=":material/menu:", wrap=False):
                for page in rest:
                    st.page_link(registered[page.address], label=say(page.text), icon=page.icon)


def bar_pages(allowed: list[SitePage]) -> list[SitePage]:
    """The three of the bar. Who signs for others finds there what waits for them."""
    inbox = [page for page in allowed if page.address == "inbox"]
    others = [page for page in allowed if page not in inbox and page.group != "page.topics"]
    return [*others[: 3 - len(inbox)], *inbox]


def allowed_pages(pages: frozenset[str]) -> list[SitePage]:
    """Pages a person may open, in the order of the navigation."""
    return [
        page
        for page in PAGES
        if page.listed and (page.allowed_by is None or page.allowed_by in pages)
    ]
