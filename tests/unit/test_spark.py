"""A trend as a small picture."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest

from dashboards.spark import spark_line
from dashboards.theme import DARK, LIGHT


def drawn(values: list[float], **look) -> str:
    kind, _, content = spark_line(values, **{"dark": False, **look}).partition(";base64,")
    assert kind == "data:image/svg+xml"
    return b64decode(content).decode()


def heights(values: list[float]) -> list[float]:
    points = re.search(r'points="([^"]+)"', drawn(values)).group(1)
    return [float(point.split(",")[1]) for point in points.split()]


def test_a_larger_value_stands_higher():
    low, high, middle = heights([1.0, 3.0, 2.0])
    assert high < middle < low


def test_values_that_do_not_move_make_a_level_line():
    assert len(set(heights([5.0, 5.0, 5.0]))) == 1


@pytest.mark.parametrize(("dark", "colours"), [(False, LIGHT), (True, DARK)])
def test_the_colour_is_that_of_the_state_in_the_theme(dark, colours):
    assert colours["bad"] in drawn([1, 2], dark=dark, state="bad")
    assert colours["bar"] in drawn([1, 2], dark=dark, state="plain")
