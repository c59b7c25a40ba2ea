"""Which schema of the working file goes to which audience, and what must be in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from warehouse.authority import load_authority

__all__ = ["FORBIDDEN_COLUMNS", "Audience", "audiences"]


@dataclass(frozen=True)
class Audience:
    """One released file.

    `schemas` maps a schema of the working file to the schema it has in the released one.
    `required` tables must be there and hold rows, or the candidate is refused. `stamped` tables
    say in the column `release` since which release each row is what it is (see `stamping`).
    """

    name: str
    schemas: dict[str, str]
    required: tuple[str, ...] = ()
    stamped: tuple[str, ...] = ()


@cache
def audiences() -> tuple[Audience, ...]:
    """The four released files. `authority` has one schema per base dataset (annex 2), empty
    ones too: a missing table is then told from a missing dataset."""
    datasets = {dataset.id: dataset.id for dataset in load_authority().datasets}
    figures = ("indicator", "indicator_value")
    return (
        Audience("public", {"public_statistics": "main"}, figures, ("indicator_value",)),
        Audience(
            "statistics",
            {"statistics": "main"},
            figures,
            ("indicator_value", "indicator_correction"),
        ),
        Audience("personal", {"personal": "main"}, ("person", "person_number", "item")),
        Audience("authority", datasets),
    )


#: Columns that may never stand in statistics, whatever a model says.
FORBIDDEN_COLUMNS = frozenset({"person_key", "staff_no", "student_no", "id_card_no", "card_no"})
