"""The Altair theme of the house: `campus_light` for screens and paper, `campus_dark` for screens.

`with alt.theme.enable("campus_light"):` gives it to a chart drawn in a notebook; the kinds of
this package carry its configuration in their specifications.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

# Altair looks whether pandas is loaded; found half loaded by another session's thread, it fails.
import pandas  # noqa: F401

from warehouse.charts.palette import (
    CATEGORICAL_DARK,
    CATEGORICAL_LIGHT,
    DARK,
    FONT,
    LIGHT,
    SEQUENTIAL,
)

__all__ = ["EMPTY", "configuration", "finish"]

#: Where a kept specification has its data.
EMPTY = alt.InlineData(values=[])


def configuration(colours: Mapping[str, str], series: Sequence[str]) -> dict[str, Any]:
    """Vega-Lite's `config` for one set of tokens: no frame, no ticks, words in ink."""
    words = {"labelFont": FONT, "titleFont": FONT, "titleFontWeight": "normal"}
    inks = {"labelColor": colours["ink"], "titleColor": colours["muted"]}
    return {
        "view": {"stroke": None},
        "axis": {
            **words,
            **inks,
            "labelFontSize": 13,
            "titleFontSize": 12,
            "domain": False,
            "ticks": False,
            "grid": False,
            "labelPadding": 8,
        },
        "legend": {**words, **inks, "labelFontSize": 13},
        "title": {
            "font": FONT,
            "subtitleFont": FONT,
            "color": colours["ink"],
            "subtitleColor": colours["muted"],
            "fontSize": 15,
            "subtitleFontSize": 12,
            "anchor": "start",
        },
        "text": {"font": FONT, "fontSize": 13, "color": colours["ink"]},
        "range": {"category": list(series), "ramp": list(SEQUENTIAL)},
        "font": FONT,
    }


@alt.theme.register("campus_light", enable=False)
def campus_light() -> alt.theme.ThemeConfig:
    """On white, on screens and on paper."""
    config = configuration(LIGHT, CATEGORICAL_LIGHT)
    return alt.theme.ThemeConfig(background=LIGHT["page"], config=config)


@alt.theme.register("campus_dark", enable=False)
def campus_dark() -> alt.theme.ThemeConfig:
    """On the dark page."""
    config = configuration(DARK, CATEGORICAL_DARK)
    return alt.theme.ThemeConfig(background=DARK["page"], config=config)


def finish(chart: alt.TopLevelMixin, *, dark: bool) -> dict[str, Any]:
    """The chart as a dictionary without data, in the style of the theme, on whatever lies below."""
    spec = chart.to_dict()
    spec.pop("datasets", None)
    for part in (spec, *spec.get("layer", ())):
        part.pop("data", None)
    theme = campus_dark() if dark else campus_light()
    return {
        **spec,
        "background": "transparent",
        "autosize": {"type": "fit", "contains": "padding"},
        "config": theme["config"],
    }
