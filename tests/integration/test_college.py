"""What every other test of the shared college relies on."""

from __future__ import annotations

from warehouse.release import ReleaseReader, current
from warehouse.settings import Settings


def test_the_test_college_is_built_in_five_processor_minutes(college_seconds: float) -> None:
    assert college_seconds < 300


def test_a_clean_delivery_is_accepted_whole(college: Settings) -> None:
    batches = current(college).manifest["batches"]
    assert {batch["refused_rows"] for batch in batches} == {0}
    assert len({(batch["source"], batch["table"]) for batch in batches}) == 101


def test_the_ministrys_tables_say_the_same_of_the_first_of_september(college: Settings) -> None:
    """What several of them count agrees; a check held them to the indicators of 30 September."""
    release = current(college)
    checks = {test["name"]: test["status"] for test in release.manifest["tests"]}
    for schema in ("people", "asset", "property"):
        assert checks[f"school_{schema}_statistics__ministry_cell_holds"] in ("pass", "success")
    reader = ReleaseReader(college)
    with reader.open("authority") as (cursor, _release):
        rows = cursor.execute(
            "select return_year, table_no, line, column_id, value "
            "from school_people_statistics.ministry_cell"
        ).fetchall()
    reader.close()
    years = {row[0] for row in rows}
    assert max(years) == 2026

    def total(year: int, table: str, column: str, line: str | None = None) -> float:
        return sum(
            value
            for at, number, of, name, value in rows
            if (at, number, name) == (year, table, column) and line in (None, of)
        )

    for year in years:
        undergraduates = total(year, "312", "enrolled")
        assert undergraduates == total(year, "321", "total", "undergraduate") > 0
        assert undergraduates == total(year, "322", "enrolled_undergraduate")
        assert undergraduates == total(year, "331", "closing", "undergraduate")
        assert undergraduates == sum(total(year, "312", f"grade_{grade}") for grade in range(1, 6))
        teachers = total(year, "411", "teachers", "staff_total")
        assert teachers == total(year, "422", "all", "teachers_total") > 0
        assert teachers == total(year, "423", "total", "teachers_total")
