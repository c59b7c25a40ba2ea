"""Where a student or a member of staff was on a day, and as what.

Every snapshot and every dated event is an observation. What was so on a day is what the last
observation up to that day says, or, before the first one, what the next says was so before it.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from .extracts import Extracts, beijing_date

__all__ = ["DEPARTED", "EMPLOYED", "ENROLLED", "colleges_of_units", "staff_on", "students_on"]

#: 在读, 复学, 公派出国.
ENROLLED = ("01", "05", "13")
#: 毕业, 结业, 肄业: they come with the end of the course and without a change of status.
COMPLETED = ("07", "08", "09")
#: And 退学, 流失, 转出, 死亡, 开除.
ENDED = (*COMPLETED, "03", "06", "10", "11", "14")
#: 在职, 延聘, 待退休, 长病假, 因公出国, 停薪留职, 待岗.
EMPLOYED = ("11", "12", "13", "14", "15", "16", "17")
#: 退休, 离休, 死亡, 调出, 辞职, 离职, 开除, 下落不明.
DEPARTED = ("01", "02", "03", "05", "06", "07", "08", "09")


def _as_seen(
    observations: pl.DataFrame, who: str, columns: list[str], asked: pl.DataFrame
) -> pl.DataFrame:
    """`asked` (`who`, `day`) with each of `columns`. Observations have `who`, `day`, `place`
    (order within a day) and per column `<column>_before` and `<column>_after`."""
    asked = asked.with_columns(_next=pl.col("day") + pl.duration(days=1)).sort("day")
    ordered = observations.sort("day", "place")
    for column in columns:
        known = ordered.filter(pl.col(f"{column}_after").is_not_null())
        later = ordered.filter(pl.col(f"{column}_before").is_not_null())
        asked = (
            asked.join_asof(
                known.select(who, "day", pl.col(f"{column}_after").alias("_after")),
                on="day",
                by=who,
                check_sortedness=False,
            )
            .join_asof(
                later.select(
                    who, pl.col("day").alias("_next"), pl.col(f"{column}_before").alias("_before")
                ),
                on="_next",
                by=who,
                strategy="forward",
                check_sortedness=False,
            )
            .with_columns(pl.coalesce("_after", "_before").alias(column))
            .drop("_after", "_before")
        )
    return asked.drop("_next")


def _from_then_on(observed: pl.DataFrame, who: str, first: pl.DataFrame) -> pl.DataFrame:
    """Observations of before somebody came count as of the first day, in their order."""
    return (
        observed.join(first, on=who)
        .with_columns(
            place=pl.concat_str(
                pl.col("place").str.head(1), pl.col("day").cast(pl.String), "place"
            ),
            day=pl.max_horizontal("day", "first"),
        )
        .drop("first")
    )


_STUDENT = ["college_code", "major_code", "class_code", "current_status"]


@cache
def _student_observations(extracts: Extracts) -> pl.DataFrame:
    student = extracts.held("student_status")
    changes = extracts.held("student_status_change").filter(
        pl.col("effective_date") <= extracts.as_of
    )
    nothing = [
        pl.lit(None, pl.String).alias(f"{column}_{side}")
        for column in _STUDENT
        for side in ("before", "after")
    ]
    entered = student.filter(pl.col("entry_date").is_not_null()).select(
        "student_no", pl.col("entry_date").alias("day"), pl.lit("0").alias("place"), *nothing
    )
    seen = extracts.landed("student_status").select(
        "student_no",
        beijing_date("extracted_at").alias("day"),
        pl.concat_str(pl.lit("1"), pl.col("extracted_at").cast(pl.String)).alias("place"),
        *[
            pl.col(column).alias(f"{column}_{side}")
            for column in _STUDENT
            for side in ("before", "after")
        ],
    )
    dropped = changes.filter(pl.col("to_status").is_in(ENDED))
    finished = (
        student.filter(pl.col("current_status").is_in(COMPLETED))
        .join(dropped, on="student_no", how="anti")
        .with_columns(day=(pl.col("expected_graduation") + "-01").str.to_date().dt.month_end())
        .filter(pl.col("day") <= beijing_date(pl.coalesce("source_updated_at", "extracted_at")))
        .select("student_no", "day", "current_status", place=pl.lit("2"))
        .with_columns(
            *[column for column in nothing if "status" not in column.meta.output_name()],
            current_status_before=pl.lit("01"),
            current_status_after=pl.col("current_status"),
        )
    )
    changed = changes.select(
        "student_no",
        pl.col("effective_date").alias("day"),
        pl.concat_str(pl.lit("3"), "change_id").alias("place"),
        *[
            pl.col(f"{way}_{name}").alias(f"{column}_{side}")
            for name, column in zip(("college", "major", "class", "status"), _STUDENT, strict=True)
            for way, side in (("from", "before"), ("to", "after"))
        ],
    )
    columns = entered.columns
    observed = pl.concat([frame.select(columns) for frame in (entered, seen, finished, changed)])
    return _from_then_on(observed, "student_no", student.select("student_no", first="entry_date"))


def students_on(
    extracts: Extracts, asked: pl.DataFrame, *, last_known: bool = False
) -> pl.DataFrame:
    """`asked` (`student_no`, `day`, more) with college, major, class and status of that day.

    Rows of days on which the student was not yet, or no longer, in the extracts are left out;
    with `last_known` they keep their row and get what was known last.
    """
    student = extracts.held("student_status")
    day = pl.col("day")
    observed = _student_observations(extracts)
    found = _as_seen(observed, "student_no", _STUDENT, asked).join(
        student.select(
            "student_no",
            "entry_date",
            _ended=beijing_date("ended_at"),
            _last=pl.lit(extracts.as_of),
        ),
        on="student_no",
    )
    began = observed.group_by("student_no").agg(_began=pl.col("day").min())
    found = found.join(began, on="student_no").with_columns(
        _began=pl.coalesce("entry_date", "_began")
    )
    inside = (day >= pl.col("_began")) & (day < pl.col("_ended").fill_null(date.max))
    if last_known:
        known = _as_seen(
            observed,
            "student_no",
            _STUDENT,
            found.select(
                "student_no",
                day=pl.when(inside).then(day).otherwise("_last"),
                _row=pl.int_range(pl.len()),
            ),
        ).sort("_row")
        found = found.with_columns(known[column] for column in _STUDENT)
        return found.drop("_began", "_ended", "_last", "entry_date")
    return found.filter(inside).drop("_began", "_ended", "_last", "entry_date")


@cache
def colleges_of_units(extracts: Extracts) -> pl.DataFrame:
    """`unit_code`, `college_code`: the unit or the nearest above it that is a college (单位类别 1);
    where there is none, the highest below the school."""
    rows = extracts.held("org_unit").to_dicts()
    parent = {row["unit_code"]: row["parent_unit_code"] for row in rows}
    kind = {row["unit_code"]: row["unit_type"] for row in rows}
    tops = [row["unit_code"] for row in rows if not row["parent_unit_code"] and not row["ended_at"]]
    school = tops[0] if len(tops) == 1 and kind[tops[0]] != "1" else None

    def college(unit: str) -> str:
        line = [unit]
        while parent.get(line[-1]) in kind:
            line.append(parent[line[-1]])
        for above in line:
            if kind[above] == "1":
                return above
        below_school = [above for above in line if above != school]
        return below_school[-1] if below_school else unit

    return pl.DataFrame(
        {"unit_code": list(kind), "college_code": [college(unit) for unit in kind]},
        schema={"unit_code": pl.String, "college_code": pl.String},
    )


_STAFF = ["on_post_status", "staff_category", "unit_code"]


@cache
def _staff_observations(extracts: Extracts) -> pl.DataFrame:
    staff = extracts.held("staff_basic")
    sides = [f"{column}_{side}" for column in _STAFF for side in ("before", "after")]

    def observed(
        frame: pl.DataFrame, day: pl.Expr, place: pl.Expr, **values: pl.Expr
    ) -> pl.DataFrame:
        return frame.select(
            "staff_no",
            day.alias("day"),
            place.alias("place"),
            *[values.get(side, pl.lit(None, pl.String)).alias(side) for side in sides],
        )

    landed = extracts.landed("staff_basic")
    seen = {
        f"{column}_{side}": pl.col(column)
        for column in ("on_post_status", "staff_category")
        for side in ("before", "after")
    }
    left = staff.filter(pl.col("left_date").is_not_null(), pl.col("on_post_status").is_in(DEPARTED))
    posts = extracts.held("staff_position_record").filter(
        pl.col("effective_date") <= extracts.as_of, pl.col("unit_code").is_not_null()
    )
    unit = pl.col("unit_code")
    observed_all = pl.concat(
        [
            observed(staff, pl.col("joined_school_date"), pl.lit("0")).drop_nulls("day"),
            observed(
                landed,
                beijing_date("extracted_at"),
                pl.concat_str(pl.lit("1"), pl.col("extracted_at").cast(pl.String)),
                **seen,
            ),
            observed(
                left,
                pl.col("left_date"),
                pl.lit("2"),
                on_post_status_before=pl.lit("11"),
                on_post_status_after=pl.col("on_post_status"),
            ),
            observed(
                posts,
                pl.col("effective_date"),
                pl.concat_str(pl.lit("3"), (9999 - pl.col("seq")).cast(pl.String)),
                unit_code_before=unit,
                unit_code_after=unit,
            ),
        ]
    )
    joined = staff.select("staff_no", first="joined_school_date")
    return _from_then_on(observed_all, "staff_no", joined)


def staff_on(extracts: Extracts, asked: pl.DataFrame, *, even_left: bool = False) -> pl.DataFrame:
    """`asked` (`staff_no`, `day`, more) with status, category, unit and `college_code` of the day;
    who had not come yet or was gone is left out, with `even_left` who was gone is not."""
    staff = extracts.held("staff_basic").select(
        "staff_no", "joined_school_date", "left_date", _ended=beijing_date("ended_at")
    )
    observed = _staff_observations(extracts)
    began = observed.group_by("staff_no").agg(_began=pl.col("day").min())
    day = pl.col("day")
    return (
        _as_seen(observed, "staff_no", _STAFF, asked)
        .join(staff, on="staff_no")
        .join(began, on="staff_no")
        .filter(
            day >= pl.coalesce("joined_school_date", "_began"),
            day < pl.coalesce("_ended", pl.lit(date.max)),
            pl.lit(even_left) | (day < pl.coalesce("left_date", pl.lit(date.max))),
        )
        .drop("joined_school_date", "left_date", "_ended", "_began")
        .join(colleges_of_units(extracts), on="unit_code", how="left")
    )
