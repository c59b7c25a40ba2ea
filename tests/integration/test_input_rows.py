"""What is landed changes the figures whose definition lists it, and no others.

Rows of one landed table go: a third of the keys, and where that moves too little all of them. An
indicator that changes without listing the table, or lists it and never changes, has a definition
that does not say what it is computed from: mend `inputs` in seeds/indicator.csv, or the model.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.integration.input_rows import LISTED, Figures
from warehouse.engine import open_work
from warehouse.settings import Settings

#: They say who is where and what belongs to whom: nearly every figure rests on them, listed or not.
STANDING = {
    "student_status",
    "student_status_change",
    "staff_basic",
    "staff_position_record",
    "org_unit",
}
#: What the test college cannot show. Table → indicator → why.
NOT_SHOWN = {
    "graduation_result": {"cet4_pass_rate": "needs records of four years before a graduation"},
    "student_certificate": {"cet4_pass_rate": "needs records of four years before a graduation"},
    "it_availability_daily": {
        "campus_bandwidth_per_student": "counts only in years of which nothing was declared"
    },
    "course": {"professors_teaching_share": "only courses named 讲座 count, and there are none"},
    "room": {"lab_space_per_student": "every room of that use belongs to a registered laboratory"},
}


@pytest.fixture(scope="module")
def figures(college: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Figures]:
    copy = tmp_path_factory.mktemp("rows") / "warehouse.duckdb"
    shutil.copy(college.paths.warehouse_file, copy)
    compiled = college.paths.work / "dbt" / "target" / "compiled" / "campus" / "models"
    with open_work(copy) as connection:
        yield Figures(connection, compiled)


#: Their hundreds of thousands of rows take more than ten seconds on a busy machine.
LARGE = {"meal_merchant", "meal_transaction"}


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(table, marks=pytest.mark.slow if table in LARGE else ())
        for table in sorted(set(LISTED) - STANDING)
    ],
)
def test_rows_change_exactly_the_indicators_that_list_their_table(
    figures: Figures, table: str
) -> None:
    changed = figures.changed_without(table, "hash({key}) % 3 = 0")
    assert changed <= LISTED[table]
    due = LISTED[table] - set(NOT_SHOWN.get(table, ()))
    if not due <= changed:
        changed |= figures.changed_without(table, "true")
    assert due <= changed


def test_without_a_row_missing_nothing_changes(figures: Figures) -> None:
    assert figures.changed_without("student_award", "false") == set()
