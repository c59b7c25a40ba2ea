"""The kinds of chart that pages draw, in the house style of `warehouse.charts`."""

from warehouse.charts.kinds import bars, calendar, lines, spark, trend

__all__ = ["bars", "calendar", "lines", "spark", "trend"]
