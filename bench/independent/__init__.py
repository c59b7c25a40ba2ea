"""Every indicator once more, in polars, from the landed extracts alone.

Nothing here reads a model, a table of the warehouse or SQL of the project: what holds the figures
to their definitions must not share their mistakes. It may be slow and plain.
"""

from . import (  # noqa: F401 (they register their indicators)
    assets,
    canteen,
    cohorts,
    finance,
    library,
    life,
    people,
    profile,
    research,
    space,
    study,
    teaching,
)
from .extracts import Extracts
from .registry import covered, figures

__all__ = ["Extracts", "covered", "figures"]
