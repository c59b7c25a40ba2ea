"""Who signs a sheet is whoever answered for its dataset as of the data."""

from __future__ import annotations

from warehouse.access.signing import read_sheets
from warehouse.engine import open_work

_FIGURES = (
    "create table indicator as select 'i' as id, 'A2-17' as row_code, 'f' as formula, '人' as unit",
    "create table indicator_value as select 'i' as indicator, '2025' as period, 'school' as level, "
    "'school' as unit, 1.0 as numerator, null::double as denominator, 1.0 as value, "
    "date '2025-09-30' as as_of_date",
)


def test_a_sheet_waits_for_the_owners_that_its_release_names() -> None:
    with open_work() as connection:
        connection.execute("attach ':memory:' as w; use w")
        for statement in _FIGURES:
            connection.execute(statement)
        manifest = {"as_of": "2026-11-20T02:00:00+08:00"}
        [issued] = read_sheets(connection, manifest)
        [changed] = read_sheets(connection, manifest | {"owners": {"A2-17": ["library"]}})
    assert len(issued.owners) == 4 and "hr_office" in issued.owners
    assert changed.owners == ("library",)
    assert (changed.content, changed.closed) == (issued.content, True)
