"""The grade of the posts of teachers and technical staff: that of the title they hold."""

from __future__ import annotations

import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.work.titles import make_titles

__all__ = ["with_title_grades"]

#: title_level → post_grade of GB/T 12407
_GRADES = {"1": "411", "2": "412", "3": "420", "4": "434", "5": "435"}


def with_title_grades(plan: Plan, staff: Staff, posts: pl.DataFrame) -> pl.DataFrame:
    """Posts (one row per staff and effective_date) of teachers and technical staff, graded by the
    title held: a title engaged in a post that leads nothing begins a new row of the same post; 499
    stands until there is a title."""
    titles = make_titles(plan, staff)
    people = staff.people.filter(pl.col("role").is_in(["teacher", "external", "support"]))
    technical = pl.col("position_type").is_null() & pl.col("staff").is_in(people["staff"].implode())
    engaged = titles.records.select("staff", "engaged").drop_nulls()
    begun = (
        engaged.join(people.select("staff", "joined"), on="staff")
        .filter(pl.col("engaged") > pl.col("joined"))
        .sort("engaged")
        .join_asof(posts.sort("effective_date"), left_on="engaged", right_on="effective_date",
                   by="staff", check_sortedness=False)
        .filter(technical)
        .with_columns(effective_date="engaged")
        .select(posts.columns)
    )  # fmt: skip
    rows = pl.concat([posts, begun]).unique(
        ["staff", "effective_date"], keep="first", maintain_order=True
    )
    found = titles.held(rows.sort("staff", "effective_date"), "effective_date")
    grade = pl.col("title_level").replace_strict(_GRADES, default="499", return_dtype=pl.String)
    return found.with_columns(
        position_grade=pl.when(technical).then(grade.fill_null("499")).otherwise("position_grade")
    ).select(posts.columns)
