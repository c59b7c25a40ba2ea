"""领导干部任免: what the organization department reports of the posts that 人事处 keeps.

Both tables are read off the same posts: an appointment bears the number and date of the post's
document, a dismissal those of the document that ended it: the next post's, or its own where the
person leaves or moves to another leading post under the same document.
"""

from __future__ import annotations

import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.work.clock import known_by

__all__ = ["cadre_rows"]

_COLUMNS = ("document_no", "document_date", "staff_no", "action", "position_name",
            "position_type", "position_grade", "unit_code", "probation_end")  # fmt: skip


def cadre_rows(plan: Plan, posts: pl.DataFrame) -> pl.DataFrame:
    """cadre_appointment: one row for each leading post begun or ended before the cut.

    Appointed on trial for a year (党政领导干部选拔任用工作条例, article 44 as remembered).
    """
    leading = pl.col("position_type").is_not_null()
    linked = posts.sort("staff", "effective_date").with_columns(
        next_no=pl.col("document_no").shift(-1).over("staff"),
        next_date=pl.col("document_date").shift(-1).over("staff"),
        next_leads=leading.shift(-1).over("staff").fill_null(False),
        next_begins=pl.col("effective_date").shift(-1).over("staff"),
    )
    led = linked.filter(leading)
    begun = led.with_columns(
        action=pl.lit("任"), probation_end=pl.col("effective_date").dt.offset_by("1y")
    )
    moved = pl.col("next_begins") == pl.col("end_date")
    ended = led.filter(pl.col("end_date").is_not_null()).sort("end_date", "staff_no")
    year = pl.col("end_date").dt.year()
    own = pl.format("组免〔{}〕{}号", year, pl.int_range(1, pl.len() + 1).over(year))
    named = (moved & ~pl.col("next_leads")).fill_null(False)
    ended = ended.with_columns(
        document_no=pl.when(named).then("next_no").otherwise(own),
        document_date=pl.when(named).then("next_date").otherwise("end_date"),
        action=pl.lit("免"),
        probation_end=pl.lit(None, dtype=pl.Date),
    )
    frame = pl.concat([begun.select(_COLUMNS), ended.select(_COLUMNS)])
    return known_by(
        plan,
        frame.sort("document_date", "document_no", "staff_no").with_columns(
            source_updated_at=pl.col("document_date").dt.combine(pl.time(16, 30))
        ),
    )
