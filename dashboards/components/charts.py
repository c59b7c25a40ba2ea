"""Charts as plain specifications: written once with Altair, kept as dictionaries without data.

Building an Altair chart in each run of a page costs a second under load; a dictionary costs
nothing. The kept specification holds no figures: those are put in at each use, so that nobody's
data stays behind in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt

# Altair looks whether pandas is loaded; found half loaded by another session's thread, it fails.
import pandas  # noqa: F401

from dashboards.theme import DARK, FONT, LIGHT

__all__ = ["bars", "calendar", "trend"]

_ROW = 28


def _finish(chart: alt.TopLevelMixin, colours: dict[str, str]) -> dict[str, Any]:
    axis = {
        "labelColor": colours["ink"],
        "titleColor": colours["muted"],
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": 13,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "domain": False,
        "ticks": False,
        "grid": False,
        "labelPadding": 8,
    }
    spec = chart.to_dict()
    spec.pop("datasets", None)
    for part in (spec, *spec.get("layer", ())):
        part.pop("data", None)
    spec["background"] = "transparent"
    spec["autosize"] = {"type": "fit", "contains": "padding"}
    spec["config"] = {
        "view": {"stroke": None},
        "axis": axis,
        "legend": {
            "labelColor": colours["ink"],
            "titleColor": colours["muted"],
            "labelFont": FONT,
            "titleFont": FONT,
            "titleFontWeight": "normal",
        },
        "text": {"font": FONT, "fontSize": 13, "color": colours["ink"]},
        "font": FONT,
    }
    return spec


def _with(spec: dict[str, Any], rows: Sequence[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {**spec, "data": {"values": list(rows)}, **more}


@cache
def _bars(dark: bool, selectable: bool, target: bool) -> dict[str, Any]:
    colours = DARK if dark else LIGHT
    order = alt.Y("name:N", sort=None, title=None).axis(labelLimit=150)
    bar = (
        alt.Chart(alt.InlineData(values=[]))
        .mark_bar(height=15, cornerRadiusEnd=2, cursor="pointer" if selectable else "default")
        .encode(
            y=order,
            x=alt.X("value:Q", title=None, scale=alt.Scale(zero=True)).axis(None),
            color=alt.Color("missed:N", legend=None).scale(
                domain=[False, True], range=[colours["bar"], colours["bar_bad"]]
            ),
            tooltip=[
                alt.Tooltip("name:N", title=" "),
                alt.Tooltip("shown:N", title="  "),
                alt.Tooltip("change:N", title="±"),
            ],
        )
    )
    if selectable:
        # The selection stands inside one layer: at the top of a layered chart nothing is drawn.
        pick = alt.selection_point(name="pick", fields=["unit"], on="click")
        bar = bar.add_params(pick)
    before = (
        alt.Chart(alt.InlineData(values=[]))
        .mark_tick(thickness=2, height=15, color=colours["band"])
        .encode(y=order, x="before:Q")
    )
    figure = (
        alt.Chart(alt.InlineData(values=[]))
        .mark_text(align="right", fontWeight=600, color=colours["ink"])
        .encode(y=order, x=alt.value("width"), text="label:N")
    )
    # An unseen point keeps the longest bar clear of the figures at the right.
    room = (
        alt.Chart(alt.InlineData(values=[]))
        .mark_point(opacity=0, size=0)
        .encode(y=order, x="room:Q")
    )
    layers = [bar, before, room, figure]
    if target:
        layers.insert(
            2,
            alt.Chart(alt.InlineData(values=[]))
            .mark_rule(strokeDash=[4, 4], color=colours["ink"])
            .encode(x="target:Q"),
        )
    return _finish(alt.layer(*layers), colours)


def bars(
    rows: Sequence[dict[str, Any]], *, dark: bool, selectable: bool, room: float = 1.22
) -> dict[str, Any]:
    """Horizontal bars from zero, figures in a column at the right. `room` is the whole width by
    the longest bar's: longer figures need more.

    Rows: unit, name, value, label, before (or None), missed, target (or None), shown, change.
    """
    top = max((row["value"] for row in rows), default=0)
    with_room = [{**row, "room": top * room} for row in rows]
    has_target = any(row.get("target") is not None for row in rows)
    return _with(
        _bars(dark, selectable, has_target), with_room, width="container", height=_ROW * len(rows)
    )


@cache
def _trend(dark: bool, series: bool) -> dict[str, Any]:
    colours = DARK if dark else LIGHT
    across = alt.X("period:O", title=None).axis(labelAngle=0, labelOverlap=True)
    up = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True, nice=True)).axis(
        grid=True,
        gridColor=colours["line"],
        tickCount=4,
        labelExpr="format(datum.value, ',')",
    )
    line = (
        alt.Chart(alt.InlineData(values=[]))
        .mark_line(strokeWidth=2.5, color=colours["bar"])
        .encode(x=across, y=up)
    )
    point = (
        alt.Chart(alt.InlineData(values=[]))
        .mark_point(filled=True, size=70, opacity=1, color=colours["bar"])
        .encode(
            x=across,
            y=up,
            tooltip=[alt.Tooltip("period:N", title=" "), alt.Tooltip("shown:N", title="  ")],
        )
    )
    label = (
        alt.Chart(alt.InlineData(values=[]))
        .mark_text(dy=-14, fontWeight=600, color=colours["ink"])
        .encode(x=across, y=up, text="label:N")
    )
    layers = [line, point, label]
    if series:
        layers.insert(
            0,
            alt.Chart(alt.InlineData(values=[]))
            .mark_rule(strokeDash=[4, 4], color=colours["ink"])
            .encode(y="target:Q"),
        )
    return _finish(alt.layer(*layers), colours)


def trend(rows: Sequence[dict[str, Any]], *, dark: bool, height: int = 230) -> dict[str, Any]:
    """One figure over the periods, from zero, each point with its value.

    Rows: period, value (None breaks the line), label, shown, target (or None).
    """
    has_target = any(row.get("target") is not None for row in rows)
    return _with(
        _trend(dark, has_target),
        rows,
        width="container",
        height=height,
        # The highest point's figure stands above the plot.
        padding={"left": 4, "top": 18, "right": 4, "bottom": 4},
    )


@cache
def _calendar(dark: bool, scale_title: str, days: tuple[str, ...]) -> dict[str, Any]:
    colours = DARK if dark else LIGHT
    ramp = ["#26323A", "#3F6C8C", "#8CC4EC"] if dark else ["#DCE8EF", "#7FA9C2", "#123A56"]
    rect = (
        alt.Chart(alt.InlineData(values=[]))
        .mark_rect(cornerRadius=2, stroke=colours["page"], strokeWidth=2)
        .encode(
            x=alt.X("week:O", title=None, sort=None).axis(
                labelAngle=0, labelOverlap=True, labelFontSize=12
            ),
            y=alt.Y("weekday:O", title=None, sort=None)
            .scale(domain=list(days))
            .axis(labelFontSize=12),
            color=alt.Color("amount:Q", title=scale_title)
            .scale(range=ramp, domainMin=0, nice=True)
            .legend(
                orient="top",
                direction="horizontal",
                gradientLength=110,
                gradientThickness=7,
                titleOrient="left",
                tickCount=2,
                titleFontSize=12,
                labelFontSize=12,
            ),
            tooltip=[alt.Tooltip("day:N", title=" "), alt.Tooltip("shown:N", title="  ")],
        )
    )
    return _finish(rect, colours)


def calendar(
    rows: Sequence[dict[str, Any]],
    *,
    dark: bool,
    scale_title: str,
    days: tuple[str, ...],
    weeks: Sequence[str],
) -> dict[str, Any]:
    """Weeks across, weekdays down, darker for more; those without a row keep their place.

    Rows: week (one of `weeks`), weekday (one of `days`), amount, day, shown.
    """
    spec = _calendar(dark, scale_title, days)
    across = {**spec["encoding"]["x"], "scale": {"domain": list(weeks)}}
    return _with(
        {**spec, "encoding": {**spec["encoding"], "x": across}},
        rows,
        width="container",
        height=200,
        padding={"left": 4, "top": 10, "right": 4, "bottom": 4},
    )
