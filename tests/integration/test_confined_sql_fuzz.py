"""Statements at random: whatever they are, each ends in time, in rows or in a clear refusal, with
nothing written, disclosed or left behind.

Half a minute in the suite; longer by hand:

    CAMPUS_TEST_FUZZ_SECONDS=600 pytest tests/integration/test_confined_sql_fuzz.py -s
"""

from __future__ import annotations

import os
import time
from collections import Counter

import pytest
from confined_sql import confined_bench, neighbour
from hypothesis import HealthCheck, Phase, given, settings
from sql_grammar import statements

SECONDS = float(os.environ.get("CAMPUS_TEST_FUZZ_SECONDS", "30"))


class Over(Exception):
    """The time for this run is up."""


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 300)
def test_any_statement_ends_in_rows_or_a_refusal(tmp_path):
    ends: Counter[str] = Counter()
    deadline = time.monotonic() + SECONDS
    with confined_bench(tmp_path, sql_seconds=1.0, sql_pool=1) as bench:

        @settings(
            max_examples=1_000_000,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(statements())
        def attacked(sql: str) -> None:
            if time.monotonic() > deadline:
                raise Over
            try:
                ends[bench.attack(sql)] += 1
            except Exception as error:
                raise AssertionError(f"{type(error).__name__}: {error}\n{sql!r}") from error

        with neighbour(bench, pause=1.0), pytest.raises(Over):
            attacked()
    print(f"\n{sum(ends.values())} statements in {SECONDS:g} s: {dict(ends)}")
    assert ends["check"] and ends["engine"] and ends["harmless"], "the grammar reaches everything"
