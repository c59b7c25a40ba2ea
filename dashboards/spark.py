"""A trend as a picture of a few hundred bytes: cards have no room, and no time, for a chart."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from dashboards.theme import DARK, LIGHT

__all__ = ["spark_line"]

_WIDTH, _HEIGHT, _EDGE = 220.0, 34.0, 4.0
_STATES = ("good", "watch", "bad")


def spark_line(values: Sequence[float], *, dark: bool, state: str = "plain") -> str:
    """A data URI (SVG, 220 × 34) of two or more values, the last with a point, in the colour of a
    state. It shows direction, not size: it does not begin at zero."""
    colours = DARK if dark else LIGHT
    colour = colours[state if state in _STATES else "bar"]
    low, span = min(values), (max(values) - min(values)) or 1.0
    step = (_WIDTH - 2 * _EDGE) / (len(values) - 1)
    flat = max(values) == min(values)
    points = [
        (
            _EDGE + place * step,
            _HEIGHT / 2 if flat else _HEIGHT - _EDGE - (value - low) / span * (_HEIGHT - 2 * _EDGE),
        )
        for place, value in enumerate(values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" '
        f'width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}">'
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2" '
        f'stroke-linejoin="round"/><circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
        "</svg>"
    )
    return "data:image/svg+xml;base64," + b64encode(drawn.encode()).decode()
