"""Papers, books, patents and prizes, and who made them.

Authors are teachers of the college on post on that day and students enrolled in it then. Prefixes
99 (ISSN) and 979-7 (ISBN) are given to nobody, so no number here is that of a real publication.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from warehouse.simulate.plan import Plan
from warehouse.simulate.staff import Staff
from warehouse.simulate.students import Students
from warehouse.simulate.work.clock import at, between, known_by, years_of
from warehouse.simulate.work.fields import Field, field_of
from warehouse.simulate.work.titles import Titles

__all__ = ["Outputs", "make_outputs"]

#: publication_type, what it is, share, most authors
_KINDS = (
    ("61", "paper", 0.60, 6), ("62", "paper", 0.05, 5), ("14", "book", 0.07, 4),
    ("11", "book", 0.03, 2), ("12", "book", 0.03, 3), ("99", "patent", 0.12, 5),
    ("71", "software", 0.03, 4), ("99", "prize", 0.04, 7), ("50", "report", 0.03, 4),
)  # fmt: skip
_RATE = {"1": 3.0, "2": 2.5, "3": 1.8, "4": 1.1, None: 0.8}
#: kind → role of one alone, of the first, of the others (code table research_role)
_ROLES = {
    "paper": ("200", "230", "230"), "book": ("200", "210", "220"), "patent": ("510", "510", "520"),
    "software": ("100", "110", "130"), "prize": ("410", "410", "420"),
    "report": ("100", "110", "130"),
}  # fmt: skip
_OUTPUT = {
    "output_no": pl.String, "output_type": pl.String, "title": pl.String,
    "published_date": pl.Date, "journal_or_press": pl.String, "journal_level": pl.String,
    "indexed_in": pl.String, "isbn_issn": pl.String, "patent_type": pl.String,
    "patent_no": pl.String, "award_class": pl.String, "award_level": pl.String,
    "award_grade": pl.String, "transfer_amount": pl.Float64, "unit_code": pl.String,
    "source_updated_at": pl.Datetime("us"),
}  # fmt: skip
_AUTHOR = {
    "output_no": pl.String, "author_order": pl.Int64, "staff_no": pl.String,
    "student_no": pl.String, "author_name": pl.String, "role": pl.String,
    "is_corresponding": pl.Boolean, "source_updated_at": pl.Datetime("us"),
}  # fmt: skip


@dataclass(frozen=True)
class Outputs:
    """The rows of research_output and research_output_author as of the cut."""

    outputs: pl.DataFrame
    authors: pl.DataFrame


@dataclass(frozen=True)
class _Pool:
    """People of one college with the days between which they belong to it."""

    number: np.ndarray
    name: np.ndarray
    since: np.ndarray
    until: np.ndarray

    def present(self, day: date) -> np.ndarray:
        moment = np.datetime64(day)
        return np.flatnonzero((self.since <= moment) & (moment < self.until))


def _pools(frame: pl.DataFrame, key: str) -> dict[str, _Pool]:
    far = pl.lit(date(2200, 1, 1))
    return {
        str(unit[0]): _Pool(
            own["number"].to_numpy(),
            own["name"].to_numpy(),
            own["since"].to_numpy().astype("datetime64[D]"),
            own.select(pl.col("until").fill_null(far)).to_series().to_numpy()
            .astype("datetime64[D]"),
        )
        for unit, own in frame.sort("number", "since").group_by(key, maintain_order=True)
    }  # fmt: skip


def _student_pools(students: Students) -> dict[str, _Pool]:
    """Spells in which a student was enrolled, by college."""
    spells = students.spells.with_columns(
        until=pl.col("since").shift(-1).over("student"),
        college=pl.lit("2") + pl.col("major_code").str.slice(0, 2),
    ).filter(pl.col("status") == "01")
    people = students.people.select("student", "name", number="student_no")
    return _pools(spells.join(people, on="student", maintain_order="left"), "college")


def _issn(draw: int) -> str:
    body = f"99{draw % 100000:05d}"
    rest = -sum(int(digit) * weight for digit, weight in zip(body, range(8, 1, -1), strict=True))
    return f"{body[:4]}-{body[4:]}{'X' if rest % 11 == 10 else rest % 11}"


def _isbn(draw: int) -> str:
    body = f"9797{draw % 10**8:08d}"
    rest = -sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(body))
    return f"979-7-{body[4:8]}-{body[8:]}-{rest % 10}"


def _facts(kind: str, label: str, rng: np.random.Generator) -> dict[str, object]:
    """What a kind of output bears beside title and day."""
    draw, number = rng.random(), int(rng.integers(0, 10**8))
    facts: dict[str, object] = {}
    if kind == "paper":
        place = int(np.searchsorted([0.07, 0.12, 0.3, 0.62, 0.85], draw))
        level = ("11", "12", "21", "22", "31", "42")[place]
        index = (("SCI", "EI", "SSCI"), ("EI", "SCI"), ("CSSCI", "CSCD"), ("其他",), (), ())[place]
        journal = (
            f"{label}{('国际评论', '国际通讯', '学报', '研究', '论坛', '学院学报')[place]}（例）"
        )
        facts = {"journal_level": level, "journal_or_press": journal, "isbn_issn": _issn(number),
                 "indexed_in": index[number % len(index)] if index else None}  # fmt: skip
    elif kind == "book":
        facts = {"journal_or_press": f"例示{('教育', '科技', '人文')[number % 3]}出版社",
                 "isbn_issn": _isbn(number)}  # fmt: skip
    elif kind == "patent":
        sort = "1" if draw < 0.35 else "2" if draw < 0.85 else "3"
        facts = {"patent_type": sort, "patent_no": f"ZL0000{sort}{number % 10**7:07d}.X"}
        if rng.random() < 0.09:
            facts["transfer_amount"] = float(np.round(np.exp(rng.normal(9.6, 0.8)), -2))
    elif kind == "prize":
        facts = {"award_class": str(rng.choice(["05", "04", "10", "01"])),
                 "award_level": str(rng.choice(["23", "31", "33"], p=[0.15, 0.35, 0.5])),
                 "award_grade": str(rng.choice(["2", "3", "4"], p=[0.2, 0.35, 0.45]))}  # fmt: skip
    return facts


def _authors(
    row: dict, kind: str, most: int, day: date, colleagues: _Pool, students: _Pool | None,
    rng: np.random.Generator,
) -> list[tuple]:  # fmt: skip
    """(staff_no, student_no, name), in order; the teacher who reports it is always among them."""
    draws, wanted = rng.random(2 * most + 2), 1 + int(rng.binomial(most - 1, 0.42))
    found = [(row["staff_no"], None, row["name"])]
    present = colleagues.present(day)
    enrolled = students.present(day) if students is not None and kind != "book" else present[:0]
    for place in range(1, wanted):
        if len(enrolled) and draws[place] < 0.3 and students is not None:
            pick = int(enrolled[int(draws[most + place] * len(enrolled))])
            entry = (None, str(students.number[pick]), str(students.name[pick]))
        else:
            pick = int(present[int(draws[most + place] * len(present))])
            entry = (str(colleagues.number[pick]), None, str(colleagues.name[pick]))
        if entry not in found:
            found.append(entry)
    # Now and then a student comes first, and the teacher corresponds.
    if kind == "paper" and draws[0] < 0.2:
        found.sort(key=lambda entry: entry[1] is None)
    return found


def make_outputs(plan: Plan, staff: Staff, students: Students, titles: Titles) -> Outputs:
    """Outputs of the window, entered within two weeks."""
    teachers = staff.people.filter(pl.col("role") == "teacher")
    pool = _pools(teachers.select("unit", "name", number="staff_no", since="joined", until="left"),
                  "unit")  # fmt: skip
    enrolled = _student_pools(students)
    shares = np.array([share for *_, share, _ in _KINDS])
    outputs, authors = [], []
    for year in years_of(plan):
        held = titles.held(teachers.with_columns(day=pl.lit(date(year, 1, 1))), "day")
        for row in held.iter_rows(named=True):
            count = plan.rng("work_outputs", 1, int(row["staff_no"]), year).poisson(
                _RATE.get(row["title_level"], 0.5)
            )
            for index in range(int(count)):
                rng = plan.rng("work_outputs", 2, int(row["staff_no"]), year, index)
                day = between(rng, date(year, 1, 5), date(year, 12, 28))
                known = at(day + timedelta(days=int(rng.integers(1, 14))), 14, 30)
                gone = row["left"] is not None and row["left"] <= day
                if day < plan.start or row["joined"] > day or gone or known >= plan.cut:
                    continue
                code, kind, _, most = _KINDS[int(rng.choice(len(_KINDS), p=shares / shares.sum()))]
                number = f"CG{year}{row['staff_no']}{index + 1:02d}"
                field = field_of(row["unit"], rng.random() * 0.8)
                facts = _facts(kind, field.major, rng)
                own = _authors(row, kind, most, day, pool[row["unit"]], enrolled.get(row["unit"]),
                               rng)  # fmt: skip
                outputs.append(_output(number, code, kind, row["unit"], day, known, field, facts,
                                       int(rng.integers(0, 1000))))  # fmt: skip
                authors += _signed(number, kind, own, known)
    return Outputs(
        known_by(plan, pl.DataFrame(outputs, schema=_OUTPUT, orient="row")),
        known_by(plan, pl.DataFrame(authors, schema=_AUTHOR, orient="row")),
    )


def _output(
    number: str, code: str, kind: str, unit: str, day: date, known: datetime, field: Field,
    facts: dict[str, object], draw: int,
) -> dict[str, object]:  # fmt: skip
    topic = field.topics[draw % len(field.topics)]
    endings = {"book": ("教程", "导论"), "patent": ("装置", "方法"), "software": ("系统V1.0",),
               "prize": ("成果",), "report": ("调研报告",)}  # fmt: skip
    choice = endings.get(kind, ("的现状与对策", "的实证分析", "的模型与方法", "研究"))
    base = dict.fromkeys(_OUTPUT) | facts
    return base | {
        "output_no": number, "output_type": code, "title": f"{topic}{choice[draw % len(choice)]}",
        "published_date": day, "unit_code": unit, "source_updated_at": known,
    }  # fmt: skip


def _signed(number: str, kind: str, own: list[tuple], known: datetime) -> list[tuple]:
    """Rows of the authors: numbered without a gap; one of them corresponds on a paper."""
    alone, first, other = _ROLES[kind]
    staff = [place for place, entry in enumerate(own) if entry[0] is not None]
    corresponds = staff[0] if kind == "paper" else None
    return [
        (number, place + 1, *entry, alone if len(own) == 1 else first if place == 0 else other,
         place == corresponds, known)
        for place, entry in enumerate(own)
    ]  # fmt: skip
