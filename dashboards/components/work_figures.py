"""The figures above the page 工作: how things stand, or, for who has left, how they were."""

from __future__ import annotations

from datetime import date

from dashboards import formats
from dashboards.components.blocks import Tables
from dashboards.components.listing import day, joined, text
from dashboards.components.work_posts import days_to_end, left_on, running_contract
from dashboards.text import language, say

__all__ = ["figures", "whole_years"]


def figures(tables: Tables, today: date) -> list[tuple]:
    """Post, years here, end of the contract and classes of who works here; how it ended, years,
    last post and title of who has left. For `markup.tiles`."""
    over = left_on(tables)
    if over:
        return [*_ended(tables), *_years(tables, over), *_last_post(tables), *_title(tables)]
    return [*_post(tables), *_years(tables, today), *_contract(tables, today), *_classes(tables)]


def whole_years(begin: date, end: date) -> int:
    """Years completed between two days."""
    return end.year - begin.year - ((end.month, end.day) < (begin.month, begin.day))


def _years(tables: Tables, end: date) -> list[tuple]:
    staff = tables.first("staff")
    joined_on = formats.from_iso_date(staff.get("joined_school_date"))
    if not joined_on:
        return []
    tongue = language()
    below = say("tile.since", day=formats.month(joined_on, tongue))
    if staff.get("left_date"):
        below = f"{formats.month(joined_on, tongue)} – {formats.month(end, tongue)}"
    years = str(whole_years(joined_on, end))
    return [(say("tile.years"), years, say("unit.years"), below)]


def _post(tables: Tables) -> list[tuple]:
    current = [row for row in tables.rows("staff_position") if row.get("is_current")]
    if not current:
        return []
    newest = max(current, key=lambda row: str(row.get("effective_date") or ""))
    name = str(newest.get("position_name") or newest.get("post_category") or formats.MISSING)
    since = formats.month(newest.get("effective_date"), language())
    return [
        (
            say("tile.position"),
            name,
            "",
            joined(newest.get("unit_name"), say("tile.since", day=since)),
        )
    ]


def _contract(tables: Tables, today: date) -> list[tuple]:
    contract = running_contract(tables, today)
    left = days_to_end(contract, today) if contract else None
    if contract is None or left is None:
        return []
    below = say("work.until", day=day(contract, "end_date"))
    return [(say("work.contract"), formats.number(left, 0), say("unit.days"), below)]


def _classes(tables: Tables) -> list[tuple]:
    classes = tables.rows("teaching")
    if not classes:
        return []
    latest = max(str(row.get("term_code") or "") for row in classes)
    mine = [row for row in classes if row.get("term_code") == latest]
    return [
        (
            say("work.classes"),
            str(len(mine)),
            say("unit.classes"),
            formats.term(latest, language()),
        )
    ]


def _ended(tables: Tables) -> list[tuple]:
    staff = tables.first("staff")
    when = say("work.left_on", day=day(staff, "left_date"))
    return [(say("work.status"), text(staff, "on_post_status"), "", when)]


def _last_post(tables: Tables) -> list[tuple]:
    posts = tables.rows("staff_position")
    if not posts:
        return []
    last = max(posts, key=lambda row: str(row.get("effective_date") or ""))
    name = str(last.get("position_name") or last.get("post_category") or formats.MISSING)
    return [(say("work.last_post"), name, "", str(last.get("unit_name") or ""))]


def _title(tables: Tables) -> list[tuple]:
    titles = tables.rows("staff_title")
    if not titles:
        return []
    last = max(titles, key=lambda row: str(row.get("award_date") or ""))
    return [(say("work.title"), text(last, "title"), "", str(last.get("title_level") or ""))]
