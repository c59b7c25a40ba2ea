"""Charts as plain specifications: written once with Altair, kept as dictionaries without data.

Building an Altair chart in each run of a page costs a second under load; a dictionary costs
nothing. The kept specification holds no figures: those are put in at each use, so that nobody's
data stays behind in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt

from warehouse.charts.house_style import EMPTY, finish
from warehouse.charts.palette import (
    CATEGORICAL_DARK,
    CATEGORICAL_LIGHT,
    DARK,
    DASHES,
    LIGHT,
    RAMP_DARK,
    RAMP_LIGHT,
    SHAPES,
)

__all__ = ["bars", "calendar", "lines", "spark", "titled", "trend"]

_ROW = 28
_TARGET_DASH = [4, 4]
_THRESHOLD_DASH = [1, 3]
#: The highest point's figure stands above the plot.
_ABOVE = {"left": 4, "top": 18, "right": 4, "bottom": 4}
_STATES = ("good", "watch", "bad", "plain")


def _with(spec: dict[str, Any], rows: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    return {**spec, "data": {"values": list(rows)}, **more}


def _has(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    return any(row.get(name) is not None for row in rows)


def titled(spec: Mapping[str, Any], title: str, subtitle: str = "") -> dict[str, Any]:
    """With the finding as title and, below, what is drawn and what the lines mean. On pages the
    card says both; this is for charts that travel alone."""
    words = {"text": title, **({"subtitle": subtitle} if subtitle else {})}
    return {**spec, "title": words}


@cache
def _bars(dark: bool, selectable: bool, target: bool, threshold: bool) -> dict[str, Any]:
    colours = DARK if dark else LIGHT
    order = alt.Y("name:N", sort=None, title=None).axis(labelLimit=150)
    bar = (
        alt.Chart(EMPTY)
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
        alt.Chart(EMPTY)
        .mark_tick(thickness=2, height=15, color=colours["band"])
        .encode(y=order, x="before:Q")
    )
    figure = (
        alt.Chart(EMPTY)
        .mark_text(align="right", fontWeight=600, color=colours["ink"])
        .encode(y=order, x=alt.value("width"), text="label:N")
    )
    # An unseen point keeps the longest bar clear of the figures at the right.
    room = alt.Chart(EMPTY).mark_point(opacity=0, size=0).encode(y=order, x="room:Q")
    layers = [bar, before, room, figure]
    for wanted, name, dash in (
        (threshold, "threshold", _THRESHOLD_DASH),
        (target, "target", _TARGET_DASH),
    ):
        if wanted:
            rule = alt.Chart(EMPTY).mark_rule(strokeDash=dash, color=colours["ink"])
            layers.insert(2, rule.encode(x=f"{name}:Q"))
    return finish(alt.layer(*layers), dark=dark)


def bars(
    rows: Sequence[Mapping[str, Any]], *, dark: bool, selectable: bool, room: float = 1.22
) -> dict[str, Any]:
    """Horizontal bars from zero, figures in a column at the right. `room` is the whole width by
    the longest bar's: longer figures need more.

    Rows: unit, name, value, label, before (or None), missed, target (or None, dashed), shown,
    change, and where there is one the national threshold (dotted).
    """
    top = max((row["value"] for row in rows), default=0)
    with_room = [{**row, "room": top * room} for row in rows]
    spec = _bars(dark, selectable, _has(rows, "target"), _has(rows, "threshold"))
    return _with(spec, with_room, width="container", height=_ROW * len(rows))


def _axes(colours: Mapping[str, str]) -> tuple[alt.X, alt.Y]:
    across = alt.X("period:O", title=None, sort=None).axis(labelAngle=0, labelOverlap=True)
    up = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True, nice=True)).axis(
        grid=True,
        gridColor=colours["line"],
        tickCount=4,
        labelExpr="format(datum.value, ',')",
    )
    return across, up


@cache
def _trend(dark: bool, target: bool, threshold: bool) -> dict[str, Any]:
    colours = DARK if dark else LIGHT
    across, up = _axes(colours)
    line = alt.Chart(EMPTY).mark_line(strokeWidth=2.5, color=colours["bar"]).encode(x=across, y=up)
    point = (
        alt.Chart(EMPTY)
        .mark_point(filled=True, size=70, opacity=1, color=colours["bar"])
        .encode(
            x=across,
            y=up,
            tooltip=[alt.Tooltip("period:N", title=" "), alt.Tooltip("shown:N", title="  ")],
        )
    )
    label, around = (
        alt.Chart(EMPTY)
        .mark_text(dy=-14, fontWeight=600, color=colours["ink"], **halo)
        .encode(x=across, y=up, text="label:N")
        for halo in ({}, {"stroke": colours["page"], "strokeWidth": 4, "strokeJoin": "round"})
    )
    # The page's colour around a figure keeps it readable where a line crosses.
    layers = [line, point, around, label]
    for wanted, name, dash in (
        (threshold, "threshold", _THRESHOLD_DASH),
        (target, "target", _TARGET_DASH),
    ):
        if wanted:
            rule = alt.Chart(EMPTY).mark_rule(strokeDash=dash, color=colours["ink"])
            layers.insert(0, rule.encode(y=f"{name}:Q"))
    return finish(alt.layer(*layers), dark=dark)


def trend(rows: Sequence[Mapping[str, Any]], *, dark: bool, height: int = 230) -> dict[str, Any]:
    """One figure over the periods, from zero, each point with its value.

    Rows: period, value (None breaks the line), label, shown, target (or None, dashed), and where
    there is one the national threshold (dotted).
    """
    spec = _trend(dark, _has(rows, "target"), _has(rows, "threshold"))
    return _with(spec, rows, width="container", height=height, padding=_ABOVE)


@cache
def _lines(dark: bool, series: int) -> dict[str, Any]:
    colours = DARK if dark else LIGHT
    across, up = _axes(colours)
    hues = list((CATEGORICAL_DARK if dark else CATEGORICAL_LIGHT)[:series])
    # The dash of a line would fray the outline of its symbol.
    legend = alt.Legend(
        orient="top", direction="horizontal", title=None, symbolSize=80, symbolStrokeWidth=0
    )
    line = (
        alt.Chart(EMPTY)
        .mark_line(strokeWidth=2)
        .encode(
            x=across,
            y=up,
            color=alt.Color("series:N", sort=None, legend=legend).scale(range=hues),
            strokeDash=alt.StrokeDash("series:N", sort=None, legend=None).scale(
                range=[list(dash) for dash in DASHES[:series]]
            ),
        )
    )
    point = (
        alt.Chart(EMPTY)
        .mark_point(filled=True, size=60, opacity=1)
        .encode(
            x=across,
            y=up,
            color=alt.Color("series:N", sort=None, legend=legend).scale(range=hues),
            shape=alt.Shape("series:N", sort=None, legend=legend).scale(
                range=list(SHAPES[:series])
            ),
            tooltip=[
                alt.Tooltip("series:N", title=" "),
                alt.Tooltip("period:N", title="  "),
                alt.Tooltip("shown:N", title="   "),
            ],
        )
    )
    return finish(alt.layer(line, point), dark=dark)


def lines(rows: Sequence[Mapping[str, Any]], *, dark: bool, height: int = 230) -> dict[str, Any]:
    """Up to six series over the periods, each with a colour, a dash and a shape of its own.

    Rows: period, series, value (None breaks the line), shown. Raises `ValueError` for more series
    than can be told apart.
    """
    series = list(dict.fromkeys(row["series"] for row in rows))
    if len(series) > len(SHAPES):
        raise ValueError(f"{len(series)} series in one chart, and {len(SHAPES)} can be told apart")
    spec = _lines(dark, len(series))
    # Named in each scale, or the legends of colour and of shape stand beside each other.
    layers = [{**layer, "encoding": _named(layer["encoding"], series)} for layer in spec["layer"]]
    return _with({**spec, "layer": layers}, rows, width="container", height=height)


def _named(encoding: Mapping[str, Any], series: list[str]) -> dict[str, Any]:
    return {
        channel: {**way, "scale": {**way["scale"], "domain": series}}
        if channel in ("color", "shape", "strokeDash")
        else way
        for channel, way in encoding.items()
    }


@cache
def _spark(dark: bool, state: str) -> dict[str, Any]:
    colours = DARK if dark else LIGHT
    colour = colours["bar" if state == "plain" else state]
    across = alt.X("place:O", axis=None, sort=None)
    up = alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False))
    line = alt.Chart(EMPTY).mark_line(strokeWidth=2, color=colour).encode(x=across, y=up)
    last = (
        alt.Chart(EMPTY)
        .mark_point(filled=True, size=45, opacity=1, color=colour)
        .encode(x=across, y=up)
        .transform_filter("datum.last")
    )
    return finish(alt.layer(line, last), dark=dark)


def spark(
    values: Sequence[float | None], *, dark: bool, state: str = "plain", height: int = 44
) -> dict[str, Any]:
    """How a figure went, small and without axes, in the colour of its state (`good`, `watch`,
    `bad`, `plain`). It shows direction, not size: it does not begin at zero."""
    if state not in _STATES:
        raise ValueError(f"there is no state {state}")
    rows = [
        {"place": place, "value": value, "last": place == len(values) - 1}
        for place, value in enumerate(values)
    ]
    return _with(_spark(dark, state), rows, width="container", height=height)


@cache
def _calendar(dark: bool, scale_title: str, days: tuple[str, ...]) -> dict[str, Any]:
    colours = DARK if dark else LIGHT
    rect = (
        alt.Chart(EMPTY)
        .mark_rect(cornerRadius=2, stroke=colours["page"], strokeWidth=2)
        .encode(
            x=alt.X("week:O", title=None, sort=None).axis(
                labelAngle=0, labelOverlap=True, labelFontSize=12
            ),
            y=alt.Y("weekday:O", title=None, sort=None)
            .scale(domain=list(days))
            .axis(labelFontSize=12),
            color=alt.Color("amount:Q", title=scale_title)
            .scale(range=list(RAMP_DARK if dark else RAMP_LIGHT), domainMin=0, nice=True)
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
    return finish(rect, dark=dark)


def calendar(
    rows: Sequence[Mapping[str, Any]],
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
