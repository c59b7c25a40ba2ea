"""When rows that could be read still condemn their file."""

import pytest

from warehouse.ingest.thresholds import ends_too_many, refuses_too_many


@pytest.mark.parametrize(
    ("total", "refused", "waiting", "whole"),
    [
        (100, 20, 0, False),
        (100, 21, 0, True),
        (100, 100, 100, False),
        (100, 50, 30, False),
        (100, 51, 30, True),
        (0, 0, 0, False),
    ],
)
def test_share_of_refused_rows_leaves_out_those_that_wait(total, refused, waiting, whole):
    assert refuses_too_many(total, refused, waiting, 0.2) is whole


@pytest.mark.parametrize(
    ("before", "ended", "whole"), [(10, 2, False), (10, 3, True), (0, 0, False), (1, 1, True)]
)
def test_snapshot_may_end_a_share_of_the_keys(before, ended, whole):
    assert ends_too_many(before, ended, 0.2) is whole
