"""The house style: specifications that hold, colours that eyes and paper can tell apart."""

from __future__ import annotations

import ast
import itertools
import json
import time
from pathlib import Path

import altair as alt
import numpy as np
import pytest

from dashboards import theme
from warehouse.charts import kinds, on_paper
from warehouse.charts.palette import (
    CATEGORICAL_DARK,
    CATEGORICAL_LIGHT,
    DARK,
    DASHES,
    LIGHT,
    ON_PAPER,
    RAMP_DARK,
    RAMP_LIGHT,
    SHAPES,
)
from warehouse.errors import PaperError

BARS = [
    {
        "unit": f"college:0{place}",
        "name": f"第{place}学院",
        "value": 10.0 + place,
        "label": str(10 + place),
        "before": None,
        "missed": place > 2,
        "target": 12.0,
        "threshold": 14.0,
        "shown": "x",
        "change": "",
    }
    for place in range(5)
]
TREND = [
    {
        "period": f"{year}年",
        "value": None if year == 2024 else year - 2010.0,
        "label": "",
        "shown": "x",
        "target": 12.0,
    }
    for year in range(2021, 2027)
]
LINES = [
    {"period": str(year), "series": f"第{place}学院", "value": 1.0 * place, "shown": "x"}
    for place in range(6)
    for year in (2024, 2025)
]
DAYS = ("周一", "周二")
CALENDAR = [{"week": "1", "weekday": "周一", "amount": 3, "day": "1日", "shown": "3"}]


def every_kind(dark: bool) -> dict[str, dict]:
    return {
        "bars": kinds.bars(BARS, dark=dark, selectable=True),
        "bars, plain": kinds.bars(
            [{**row, "target": None, "threshold": None} for row in BARS],
            dark=dark,
            selectable=False,
        ),
        "trend": kinds.trend(TREND, dark=dark),
        "lines": kinds.lines(LINES, dark=dark),
        "spark": kinds.spark([1, 2, None, 3], dark=dark, state="bad"),
        "calendar": kinds.calendar(
            CALENDAR, dark=dark, scale_title="次", days=DAYS, weeks=("1", "2")
        ),
        "titled": kinds.titled(kinds.trend(TREND, dark=dark), "生师比连年上升", "虚线为目标"),
    }


@pytest.mark.parametrize("dark", [False, True])
def test_every_specification_is_one_that_vega_lite_knows(dark):
    for kind, spec in every_kind(dark).items():
        alt.Chart.from_dict(spec)  # raises for what the schema does not have
        assert spec["background"] == "transparent", kind
        assert json.loads(json.dumps(spec)) == spec, kind


def test_a_kept_specification_holds_no_figures():
    first = kinds.bars(BARS, dark=False, selectable=False)
    second = kinds.bars(BARS[:1], dark=False, selectable=False)
    assert len(first["data"]["values"]) == 5
    assert len(second["data"]["values"]) == 1
    assert "data" not in kinds._bars(False, False, True, True)


def test_drawing_from_a_kept_specification_costs_next_to_nothing():
    kinds.bars(BARS, dark=False, selectable=False)
    begun = time.process_time()
    for _ in range(200):
        kinds.bars(BARS, dark=False, selectable=False)
    assert (time.process_time() - begun) / 200 < 0.001  # 0.02 ms measured; building takes 30 ms


def test_bars_begin_at_zero_and_a_trend_too():
    bars = kinds.bars(BARS, dark=False, selectable=False)["layer"][0]["encoding"]["x"]
    trend = kinds.trend(TREND, dark=False)
    ups = [layer["encoding"]["y"] for layer in trend["layer"] if "value" in str(layer["encoding"])]
    assert bars["scale"]["zero"] is True
    assert ups
    assert all(up["scale"]["zero"] is True for up in ups)


def test_target_and_threshold_are_two_dashes():
    rules = [
        layer
        for layer in kinds.bars(BARS, dark=False, selectable=False)["layer"]
        if layer["mark"]["type"] == "rule"
    ]
    assert {layer["encoding"]["x"]["field"] for layer in rules} == {"target", "threshold"}
    assert len({str(layer["mark"]["strokeDash"]) for layer in rules}) == 2


def test_series_differ_in_colour_dash_and_shape():
    assert len(set(DASHES)) == len(set(SHAPES)) == len(CATEGORICAL_LIGHT) == len(CATEGORICAL_DARK)
    line, point = kinds.lines(LINES, dark=False)["layer"]
    dashes = line["encoding"]["strokeDash"]["scale"]["range"]
    assert len({str(dash) for dash in dashes}) == 6
    assert len(set(point["encoding"]["shape"]["scale"]["range"])) == 6
    one_more = [*LINES, {**LINES[0], "series": "第六学院"}]
    with pytest.raises(ValueError, match="7 series"):
        kinds.lines(one_more, dark=False)


# -- colours, by our own reckoning


def rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])


def linear(colour: np.ndarray) -> np.ndarray:
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2's ratio of relative luminances."""
    bright = sorted(
        (float(linear(rgb(c)) @ [0.2126, 0.7152, 0.0722]) for c in (one, other)), reverse=True
    )
    return (bright[0] + 0.05) / (bright[1] + 0.05)


#: Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
CONES = {
    "all": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.95047], [1.0], [1.08883]])


def lab(colour: str, cones: np.ndarray) -> np.ndarray:
    seen = np.clip(cones @ linear(rgb(colour)), 0, 1)
    x, y, z = (
        float(v) ** (1 / 3) if v > 0.008856 else 7.787 * float(v) + 16 / 116 for v in _XYZ @ seen
    )
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("cones", CONES)
@pytest.mark.parametrize(
    ("series", "least"), [(CATEGORICAL_LIGHT, 20), (CATEGORICAL_DARK, 20)], ids=["light", "dark"]
)
def test_series_can_be_told_apart_by_every_eye(series, least, cones):
    distances = {
        (one, other): float(np.linalg.norm(lab(one, CONES[cones]) - lab(other, CONES[cones])))
        for one, other in itertools.combinations(series, 2)
    }
    nearest = min(distances, key=distances.get)
    assert distances[nearest] >= least, (nearest, distances[nearest])


@pytest.mark.parametrize(
    ("series", "page"),
    [(CATEGORICAL_LIGHT, LIGHT["page"]), (CATEGORICAL_DARK, DARK["page"])],
    ids=["light", "dark"],
)
def test_series_stand_out_on_their_page(series, page):
    assert min(contrast(colour, page) for colour in series) >= 3


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_states_can_be_read(colours):
    for token in ("ink", "muted", "good", "watch", "bad", "info"):
        assert contrast(colours[token], colours["page"]) >= 4.5, token
    for token in ("good", "watch", "bad", "info"):
        assert contrast(colours[token], colours[f"{token}_back"]) >= 4.5, token
    assert contrast(colours["bar"], colours["page"]) >= 3
    assert contrast(colours["bar_bad"], colours["page"]) >= 3


@pytest.mark.parametrize("cones", CONES)
def test_a_missed_bar_differs_from_one_that_meets_its_target(cones):
    for colours in (LIGHT, DARK):
        apart = lab(colours["bar"], CONES[cones]) - lab(colours["bar_bad"], CONES[cones])
        assert float(np.linalg.norm(apart)) >= 20


def test_charts_and_site_share_their_tokens():
    options = theme.streamlit_options(address="127.0.0.1", port=1)
    assert options["theme.chartCategoricalColors"] == list(CATEGORICAL_LIGHT)
    assert options["theme.dark.chartCategoricalColors"] == list(CATEGORICAL_DARK)
    assert theme.LIGHT is LIGHT


# -- on paper


def colours_of(value) -> set[str]:
    return {
        part
        for part in json.dumps(value).split('"')
        if part.startswith("#") and len(part) in (4, 7)
    }


def test_every_colour_of_the_dark_theme_has_one_of_paper():
    dark = [*DARK.values(), *CATEGORICAL_DARK, *RAMP_DARK]
    light = [*LIGHT.values(), *CATEGORICAL_LIGHT, *RAMP_LIGHT]
    assert len(set(DARK.values())) == len(DARK)  # or two tokens would become one
    assert [ON_PAPER[colour] for colour in dark] == light


def test_a_dark_screen_prints_like_a_light_one():
    for kind, spec in every_kind(True).items():
        light = every_kind(False)[kind]
        printed = on_paper.for_paper(spec, font="Noto Sans CJK SC")
        assert printed == on_paper.for_paper(light, font="Noto Sans CJK SC"), kind
        assert printed["background"] == "#FFFFFF"
        assert printed["width"] == on_paper.WIDTH
        assert not colours_of(printed) & (set(DARK.values()) - set(LIGHT.values())), kind
        assert "PingFang" not in json.dumps(printed), kind


def test_paper_takes_the_values_as_they_are():
    rows = [{**BARS[0], "name": DARK["ink"]}]
    printed = on_paper.for_paper(kinds.bars(rows, dark=False, selectable=True))
    assert printed["data"]["values"][0]["name"] == DARK["ink"]
    assert "params" not in json.dumps(printed)


def test_charts_are_drawn_by_a_child_with_chinese_words_and_their_order():
    first, second = on_paper.draw(
        [
            on_paper.for_paper(kinds.trend(TREND, dark=True), font="Noto Sans CJK SC"),
            on_paper.for_paper(kinds.bars(BARS, dark=True, selectable=True)),
        ]
    )
    assert first.startswith("<svg")
    assert "2026年" in first
    assert "第4学院" in second
    assert on_paper.draw([]) == []


def test_a_chart_that_takes_too_long_is_given_up():
    spec = on_paper.for_paper(kinds.trend(TREND, dark=False))
    with pytest.raises(PaperError, match="1 charts"):
        on_paper.draw([spec], seconds=0.05)


def test_a_chart_fetches_nothing():
    spec = {"data": {"url": "http://127.0.0.1:9/figures.json"}, "mark": "bar", "encoding": {}}
    with pytest.raises(PaperError):
        on_paper.draw([spec])


def test_every_chart_of_the_site_says_in_words_what_it_shows():
    drawn = 0
    for file in Path("dashboards").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in ("vega_lite_chart", "altair_chart"):
                drawn += 1
                assert any(word.arg == "alt" for word in node.keywords), f"{file}:{node.lineno}"
    assert drawn
