"""Which schema of the working file goes to which audience, and what must be in it."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.authority import Authority, issued_authority

__all__ = ["FORBIDDEN_COLUMNS", "Audience", "audiences"]


@dataclass(frozen=True)
class Audience:
    """One released file.

    `schemas` maps a schema of the working file to the schema it has in the released one.
    `required` tables must be there and hold rows, or the candidate is refused. In the released
    schemas `nameless` no column may name a person (`FORBIDDEN_COLUMNS`).
    `stamped` tables say in the column `release` since which release each row is what it is (see
    `stamping`).
    """

    name: str
    schemas: dict[str, str]
    required: tuple[str, ...] = ()
    nameless: frozenset[str] = frozenset()
    stamped: tuple[str, ...] = ()


def audiences(authority: Authority | None = None) -> tuple[Audience, ...]:
    """The four released files. `authority` has one schema per base dataset of annex 2 as it is in
    force in the given registry (None: as issued), empty ones too: a missing table is then told
    from a missing dataset."""
    datasets = (authority or issued_authority()).datasets
    figures = ("indicator", "indicator_value")
    nameless = frozenset({"main"})
    return (
        Audience("public", {"public_statistics": "main"}, figures, nameless, ("indicator_value",)),
        Audience(
            "statistics",
            {"statistics": "main"},
            figures,
            nameless,
            ("indicator_value", "indicator_correction"),
        ),
        Audience("personal", {"personal": "main"}, ("person", "person_number", "item")),
        Audience(
            "authority",
            {dataset.id: dataset.id for dataset in datasets},
            nameless=frozenset(dataset.id for dataset in datasets if dataset.is_statistics),
        ),
    )


#: Columns that may never stand in statistics, whatever a model says: every person's key and number,
#: and what contracts classify as sensitive. (`level` is a figure's own word.)
FORBIDDEN_COLUMNS = frozenset(
    {
        *("person_key", "display_name", "phone", "address"),
        *("account", "card_no", "exam_no", "keeper_staff_no", "mailbox", "owner_no", "person_no"),
        *("reader_no", "staff_no", "student_no", "id_card_no", "id_card_hash", "bank_card_tail"),
        *("basic_pay", "performance_pay", "allowance", "social_insurance", "housing_fund"),
        *("tax", "net_pay", "height_cm", "weight_kg", "is_exempt"),
        *("health_status", "is_chronic_flag", "is_infectious_positive", "is_follow_up"),
        *("screening_level", "is_follow_up_required", "problem_class", "is_referred", "outcome"),
    }
)
