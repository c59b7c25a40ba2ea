"""Colours by token, for text, screens and paper alike, and what else tells series apart.

Each series colour stands out on its page at 3 : 1 or more and from the others also to eyes that
lack one kind of cone (tests/unit/test_charts.py computes both). In grey print they would collide,
so each series has a dash and a shape as well.
"""

from __future__ import annotations

__all__ = [
    "CATEGORICAL_DARK",
    "CATEGORICAL_LIGHT",
    "DARK",
    "DASHES",
    "FONT",
    "LIGHT",
    "ON_PAPER",
    "RAMP_DARK",
    "RAMP_LIGHT",
    "SEQUENTIAL",
    "SHAPES",
]

FONT = "'PingFang SC','HarmonyOS Sans SC','MiSans','Microsoft YaHei','Noto Sans CJK SC',sans-serif"

LIGHT = {
    "ink": "#12181D",
    "muted": "#4A565D",
    "page": "#FFFFFF",
    "soft": "#F2F5F7",
    "line": "#D5DCE1",
    "primary": "#1B5E8C",
    "good": "#0A594E",
    "good_back": "#E2F3F0",
    "watch": "#7A4600",
    "watch_back": "#FDF1DD",
    "bad": "#8F2A12",
    "bad_back": "#FBEAE5",
    "info": "#134A70",
    "info_back": "#E4EFF6",
    "bar": "#1B4F72",
    "bar_bad": "#A8432B",
    "rest": "#C3D0D8",
    "band": "#83939D",
}
DARK = {
    "ink": "#E6ECEF",
    "muted": "#B9C4CA",
    "page": "#141B20",
    "soft": "#1F282E",
    "line": "#36424A",
    "primary": "#7DB9E3",
    "good": "#86D6C8",
    "good_back": "#14302C",
    "watch": "#F0C27F",
    "watch_back": "#35290F",
    "bad": "#F2A08A",
    "bad_back": "#3B211A",
    "info": "#A9D3F0",
    "info_back": "#1A3445",
    "bar": "#6FB1DC",
    "bar_bad": "#E0806A",
    "rest": "#37444C",
    "band": "#7E909B",
}
CATEGORICAL_LIGHT = ("#1B4F72", "#28A2B5", "#9E8016", "#AF5657", "#997CE4", "#333809")
CATEGORICAL_DARK = ("#6FB1DC", "#63F6D8", "#E3B366", "#DD6674", "#7372DC", "#66740D")
SEQUENTIAL = (
    "#EAF2F6",
    "#D2E3EC",
    "#B5D1DF",
    "#95BDD1",
    "#74A7C1",
    "#548FAF",
    "#38769A",
    "#256085",
    "#1B4F72",
    "#123A56",
)
#: From little to much, for days of a calendar.
RAMP_LIGHT = ("#DCE8EF", "#7FA9C2", "#123A56")
RAMP_DARK = ("#26323A", "#3F6C8C", "#8CC4EC")

#: In the order of the series, beside their colours.
DASHES = ((1, 0), (7, 3), (2, 2), (9, 3, 2, 3), (4, 2), (1, 4))
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")

#: Colour of the dark theme → the same thing's colour on white paper.
ON_PAPER = {
    **{DARK[token]: LIGHT[token] for token in DARK},
    **dict(zip(CATEGORICAL_DARK, CATEGORICAL_LIGHT, strict=True)),
    **dict(zip(RAMP_DARK, RAMP_LIGHT, strict=True)),
}
