"""Every model of mental-health data is known by its name, by which operators are refused."""

import re
from pathlib import Path

import pytest

from warehouse.access.operator_marts import is_care_model

MODELS = Path(__file__).resolve().parents[2] / "dbt_project" / "models"
NAMED = [file for layer in ("marts", "published") for file in (MODELS / layer).rglob("*.sql")]


def reaches(file: Path, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a model reads the staging of mental health, itself or through another."""
    text = file.read_text(encoding="utf-8")
    if "stg_student_mental_health__" in text:
        return True
    names = set(re.findall(r"ref\('([a-z0-9_]+)'\)", text)) - seen
    return any(reaches(ALL[name], seen | names) for name in names if name in ALL)


ALL = {file.stem: file for file in MODELS.rglob("*.sql")}


@pytest.mark.parametrize("file", NAMED, ids=lambda file: file.stem)
def test_what_reads_mental_health_is_shut_to_operators(file: Path):
    assert is_care_model(file.stem) == reaches(file)


def test_there_are_such_models():
    assert sum(is_care_model(file.stem) for file in NAMED) == 6
