"""What every other test of the shared college relies on."""

from __future__ import annotations

from warehouse.release import current
from warehouse.settings import Settings


def test_the_test_college_is_built_in_five_processor_minutes(college_seconds: float) -> None:
    assert college_seconds < 300


def test_a_clean_delivery_is_accepted_whole(college: Settings) -> None:
    batches = current(college).manifest["batches"]
    assert {batch["refused_rows"] for batch in batches} == {0}
    assert len({(batch["source"], batch["table"]) for batch in batches}) == 101
