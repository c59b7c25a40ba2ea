"""A synthetic college: deterministic, whole, and made of nobody."""

from warehouse.simulate.college import simulate, simulate_day
from warehouse.simulate.plan import SOURCE_SYSTEM, Plan

__all__ = ["SOURCE_SYSTEM", "Plan", "simulate", "simulate_day"]
