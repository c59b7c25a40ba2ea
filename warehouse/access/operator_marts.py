"""An operator's read of a mart as of a day: noted in the audit log before and after."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from warehouse.access.desk import Desk
from warehouse.access.people_sets import everybody_version
from warehouse.audit import Concern, audited_read, of_sets
from warehouse.engine import Connection, open_work, quote_text
from warehouse.errors import Forbidden, UsageError
from warehouse.release.as_of import Rebuilt, model_named, rebuilt
from warehouse.state import session
from warehouse.state.uses import EVERYBODY

__all__ = ["FORMATS", "MartRead", "is_care_model", "read_mart"]

#: Format → what DuckDB's COPY is told.
FORMATS = {
    "csv": "format csv, header true",
    "json": "format json, array true",
    "parquet": "format parquet",
}

#: How the columns end by which a mart's rows belong to persons.
_PERSON = ("person_key", "student_no", "staff_no")


@dataclass(frozen=True)
class MartRead:
    """`is_about_people` says whether it has rows of persons. `rows` counts the whole mart. Of
    format table `columns` and the first rows are in `shown`; of any other the file was written.
    """

    model: str
    rows: int
    is_about_people: bool = False
    columns: tuple[str, ...] = ()
    shown: tuple[tuple[Any, ...], ...] = ()


def is_care_model(model: str) -> bool:
    """Whether a model holds mental-health data; a test walks what each is made of."""
    return "__psych_" in model


def read_mart(
    desk: Desk,
    name: str,
    day: date,
    *,
    form: str = "table",
    target: Path | None = None,
    valid_on: date | None = None,
    limit: int = 200,
) -> MartRead:
    """Rebuild the mart as known at the end of `day` and read it.

    `form` is table (the first `limit` rows come back) or one of `FORMATS`, written to `target`,
    a file that is not there yet and that its owner alone may read. Mental-health data are read by
    nobody here (`access.care`): `Forbidden`. `valid_on` keeps the rows whose
    span holds that day. Raises `UsageError` for a wrong name, format or target.
    """
    if form != "table" and form not in FORMATS:
        raise UsageError(
            f"There is no format {form}.", next_step="Choose table, csv, json or parquet."
        )
    if target is not None and target.exists():
        raise UsageError("The file is there already.", next_step="Name another with --out.")
    if form != "table" and target is None:
        raise UsageError(f"The format {form} needs a file.", next_step="Name it with --out.")
    model = model_named(desk.settings.project_folder, name)
    if is_care_model(model):
        raise Forbidden(
            "Mental-health data are read by the person and the counsellor on record alone.",
            next_step="Name another mart.",
        )

    def read() -> MartRead:
        with rebuilt(desk.settings, model, day) as found:
            return _read(found, form, target, valid_on, limit)

    with session(desk.engine, read_only=True) as opened:
        everybody = everybody_version(opened)

    def concern(answer: MartRead | None) -> Concern | None:
        if answer is None or not answer.is_about_people or everybody is None:
            return None
        return of_sets([everybody], about=model[:64])

    return audited_read(
        desk.audit,
        desk.actor,
        "mart.read",
        read,
        subject=EVERYBODY,
        detail={
            "mart": model,
            "as_of": day.isoformat(),
            "valid_on": valid_on.isoformat() if valid_on else None,
            "format": form,
        },
        result=lambda found: {"rows": found.rows},
        concern=concern,
    )


def _read(
    found: Rebuilt, form: str, target: Path | None, valid_on: date | None, limit: int
) -> MartRead:
    connection = open_work(found.file, read_only=True, temp_directory=found.folder / "spill")
    try:
        rows = f"select * from {found.relation}{_valid(connection, found, valid_on)}"
        counted = connection.execute(f"select count(*) from ({rows})").fetchone()
        assert counted is not None
        described = connection.execute(f"describe {found.relation}").fetchall()
        is_about_people = any(column[0].endswith(_PERSON) for column in described)
        if form == "table" or target is None:
            cursor = connection.execute(f"{rows} order by all limit {limit}")
            names = tuple(column[0] for column in cursor.description)
            return MartRead(
                found.model, counted[0], is_about_people, names, tuple(cursor.fetchall())
            )
        written = found.folder / f"mart.{form}"
        connection.execute(f"copy ({rows} order by all) to {quote_text(written)} ({FORMATS[form]})")
    finally:
        connection.close()
    _hand_over(written, target)
    return MartRead(found.model, counted[0], is_about_people)


def _valid(connection: Connection, found: Rebuilt, day: date | None) -> str:
    if day is None:
        return ""
    columns = {row[0] for row in connection.execute(f"describe {found.relation}").fetchall()}
    if not {"valid_from", "valid_to"} <= columns:
        raise UsageError(
            f"{found.model} has no valid_from and valid_to.", next_step="Leave --valid-on out."
        )
    on = f"date {quote_text(day.isoformat())}"
    return f" where valid_from <= {on} and {on} < coalesce(valid_to, date '9999-12-31')"


def _hand_over(written: Path, target: Path) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file, written.open("rb") as source:
        shutil.copyfileobj(source, file)
