"""One account for every student and staff number, and one mailbox beside it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.campus.draws import Draws
from warehouse.simulate.campus.members import UNITS, Members
from warehouse.simulate.plan import Plan, last_day

__all__ = ["accounts_at", "mailboxes", "mailboxes_at"]

_CLOSING = np.timedelta64(180, "D")
"A mailbox is kept for half a year after its owner has left."
_FAR = np.datetime64("2150-01-01", "D")


def accounts_at(plan: Plan, members: Members, moment: datetime) -> pl.DataFrame:
    """identity_account: who graduated stays as 校友 without an end; who left otherwise is closed
    on that day; retired staff keep theirs. The account is the number."""
    draws = Draws(plan, "accounts")
    day = np.datetime64(last_day(moment), "D")
    here = np.flatnonzero(members.since <= day)
    gone = members.end[here] <= day
    student, dropped = members.student[here], members.dropped[here]
    alumni = gone & student & ~dropped
    closed = gone & dropped
    key, since = members.key[here], members.since[here]
    # Who has not finished in time keeps the account for another year at a time.
    late = (members.due[here] <= day) & student & ~gone
    due = np.where(late, members.due[here] + 366, members.due[here])
    expires = np.where(closed, np.maximum(members.end[here], since), due)
    unlimited = alumni | (~student & ~closed)
    bound = since + draws.integers("bound", 0, 40, key)
    has_phone = (draws.uniform("phone", key) < 0.94) & (bound <= day)
    changed = np.where(gone, members.end[here], np.where(has_phone, bound, since))
    changed = np.where(late, np.maximum(members.due[here], changed), changed)
    return pl.DataFrame(
        {
            "account": members.number[here],
            "person_no": members.number[here],
            "person_kind": np.where(alumni, "校友", np.where(student, "学生", "教职工")),
            "id_verified": np.ones(len(here), dtype=bool),
            "phone_bound": has_phone,
            "status": np.where(closed, "注销", "正常"),
            "opened_date": since,
            "expires_date": expires,
            "unlimited": unlimited,
            "changed": changed,
        }
    ).with_columns(
        expires_date=pl.when(~pl.col("unlimited")).then("expires_date"),
        source_updated_at=pl.col("changed").dt.combine(pl.time(9, 0)),
    )


def mailboxes(plan: Plan, members: Members) -> pl.DataFrame:
    """Every mailbox ever: of students, staff, and one for each unit. `who` is the member (null for
    a unit), `created` and `ends` (null: never) its days."""
    draws = Draws(plan, "mailboxes")
    mark = np.where(members.student, "s", "t")
    domain = np.where(members.student, "@stu.example.edu", "@mail.example.edu")
    key = members.key
    double = draws.uniform("factor", key) < np.where(members.student, 0.18, 0.62)
    ends = pl.Series(members.end)
    people = pl.DataFrame(
        {
            "who": np.arange(len(key)),
            "key": key,
            "mailbox": np.char.add(np.char.add(mark, members.number), domain),
            "owner_no": members.number,
            "owner_kind": np.where(members.student, "学生", "教职工"),
            "created_date": members.since,
            "ends": ends,
            "quota_mb": np.where(members.student, 4_096, 20_480),
            "two_factor": double,
        }
    ).with_columns(ends=pl.when(pl.col("ends") < date(2150, 1, 1)).then("ends"))
    units = pl.DataFrame(
        {
            "who": None,
            "key": [int(code) for code in UNITS],
            "mailbox": [f"u{code}@mail.example.edu" for code in UNITS],
            "owner_no": list(UNITS),
            "owner_kind": "部门",
            "created_date": date(2012, 9, 1),
            "ends": None,
            "quota_mb": 51_200,
            "two_factor": True,
        },
        schema=people.schema,
    )
    return pl.concat([people, units])


def mailboxes_at(boxes: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """mail_account as it stood: 停用 from the day its owner left, 注销 half a year later."""
    day = last_day(moment)
    ended = (pl.col("ends") <= day).fill_null(False)
    half = timedelta(days=int(_CLOSING.astype(int)))
    erased = (pl.col("ends") <= day - half).fill_null(False)
    changed = (
        pl.when(erased).then(pl.col("ends") + half).when(ended).then("ends")
        .otherwise("created_date")
    )  # fmt: skip
    return boxes.filter(pl.col("created_date") <= day).with_columns(
        status=pl.when(erased).then(pl.lit("注销")).when(ended).then(pl.lit("停用"))
        .otherwise(pl.lit("正常")),
        source_updated_at=pl.max_horizontal("created_date", changed).dt.combine(pl.time(9, 5)),
    )  # fmt: skip
