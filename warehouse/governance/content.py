"""What an application asks for: the form of annex 5 as a value that is checked and hashed.

Everything that is signed is bound to `Content.sha256`; changing one character of a form makes it
another form, which must be signed anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from warehouse.errors import UsageError

__all__ = [
    "CHANNELS",
    "KINDS",
    "PROBLEMS",
    "PURPOSES",
    "Contact",
    "Content",
    "LegalCase",
    "Limits",
    "ReturnItem",
    "Rows",
    "Vendor",
    "read_content",
]

#: Article 22.
PURPOSES = ("teaching", "research", "management", "legal_case")
#: How data may be used: 接口数据, 文件数据 (annex 5), and governed SQL.
CHANNELS = ("interface", "file", "sql")
#: A unit's application; a member's own (Article 22: 个人); a court's or the police's (法律案件).
KINDS = ("unit", "individual", "legal_case")

#: More than the data have, and more than any unit names.
MOST_TABLES = 500
MOST_USERS = 1000
MOST_RETURNS = 100
Text = Annotated[str, Field(max_length=2000)]
Line = Annotated[str, Field(max_length=128)]
Values = dict[Line, list[Line]]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Contact(_Part):
    """A name and a telephone number as the form asks for them."""

    name: Line = ""
    phone: Line = ""

    @property
    def complete(self) -> bool:
        return bool(self.name and self.phone)


class Vendor(_Part):
    """供应商信息: the company that works for the unit, and its people who will see the data."""

    name: Line
    head: Contact = Contact()
    contact: Contact = Contact()
    people: list[Line] = []


class ReturnItem(_Part):
    """回传数据项: derived data that goes back to the data center, free of charge (Article 8)."""

    name: Line
    description: Text = ""
    every: Literal["once", "month", "term", "year"] = "once"
    first_due: date


class LegalCase(_Part):
    """A request of a court, a procuratorate or the police, on an official letter."""

    authority: Line
    case_number: Line
    officers: list[Line] = []
    keep_silent_until: date | None = None
    "The people concerned are told after this day where the letter forbids to tell them before."


class Rows(_Part):
    """Which rows. `students` and `staff` say who is in the scope, by columns of the tables that
    say what a person is; `columns` limits every table that has such a column.

    Each maps a column to the values that are let through; an empty mapping lets all through.
    """

    students: Values = {}
    staff: Values = {}
    columns: Values = {}


class Limits(_Part):
    """How much each user may take in a day of the school; None: no limit of the grant's own. What
    the interface, a query and a file may hold at once is limited for everybody (`Settings`)."""

    rows_per_day: Annotated[int, Field(ge=1)] | None = None
    exports_per_day: Annotated[int, Field(ge=1)] | None = None


class Content(_Part):
    """One application. Fields as on the form of annex 5, in its order."""

    kind: Literal["unit", "individual", "legal_case"] = "unit"
    unit: Line
    "申请单位: id of annex 1, or the code of a unit in the HR system."
    channels: list[Literal["interface", "file", "sql"]] = []
    "申请数据类型."
    columns: Annotated[dict[Line, list[Line]], Field(max_length=MOST_TABLES)] = {}
    "获取数据项: 'dataset.table' of the authoritative data → columns."
    reasons: dict[Line, Text] = {}
    "'dataset.table.column' of each sensitive column → why it is needed."
    rows: Rows = Rows()
    limits: Limits = Limits()
    returns: Annotated[list[ReturnItem], Field(max_length=MOST_RETURNS)] = []
    "回传数据项."
    purpose: Literal["", "teaching", "research", "management", "legal_case"] = ""
    purpose_text: Text = ""
    "申请用途."
    first_day: date | None = None
    last_day: date | None = None
    users: Annotated[list[int], Field(max_length=MOST_USERS)] = []
    "person_key of each person who will use the data."
    vendor: Vendor | None = None
    system_owner: Contact = Contact()
    "业务系统责任人."
    contact: Contact = Contact()
    "联系人."
    legal: LegalCase | None = None
    extends: Line | None = None
    "The grant whose term is to be extended: nothing but the term may differ."

    @property
    def document(self) -> dict[str, Any]:
        """As plain JSON values, sorted where order means nothing."""
        found = self.model_dump(mode="json")
        found["channels"] = sorted(set(self.channels))
        found["users"] = sorted(set(self.users))
        found["columns"] = {table: list(names) for table, names in sorted(self.columns.items())}
        return found

    @property
    def sha256(self) -> str:
        """Over the canonical JSON of everything the form says."""
        text = json.dumps(self.document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def problems(self, today: date) -> list[str]:
        """What keeps it from being submitted, in the order of the form; pure."""
        return [PROBLEMS[code] for code in self.problem_codes(today)]

    def problem_codes(self, today: date) -> list[str]:
        """The same as keys of `PROBLEMS`, for pages that say it in their own words."""
        found = []
        if not self.unit:
            found.append("unit")
        if not self.channels:
            found.append("channels")
        if not self.columns or not all(self.columns.values()):
            found.append("columns")
        if not self.purpose:
            found.append("purpose")
        if not self.purpose_text:
            found.append("purpose_text")
        if (self.purpose == "legal_case") != (self.kind == "legal_case"):
            found.append("legal_way")
        if self.last_day is None or self.last_day < today:
            found.append("last_day")
        elif self.first_day is not None and self.last_day < self.first_day:
            found.append("term_backwards")
        elif (self.last_day - today).days > MOST_DAYS:
            found.append("term_too_long")
        if not self.users:
            found.append("users")
        if self.vendor is not None and not (self.vendor.name and self.vendor.contact.complete):
            found.append("vendor")
        if not self.contact.complete:
            found.append("contact")
        if self.kind == "legal_case" and self.legal is None:
            found.append("legal")
        return found


#: Two years; our rule, the regulation names no longest term.
MOST_DAYS = 731

PROBLEMS = {
    "unit": "the applying unit is missing",
    "channels": "choose at least one of interface, file and SQL",
    "columns": "choose at least one column of each table",
    "purpose": "choose the purpose (Article 22)",
    "purpose_text": "describe the purpose",
    "legal_way": "a legal case goes the way of legal cases, and nothing else does",
    "last_day": "the last day of the term must not lie in the past",
    "term_backwards": "the term ends before it begins",
    "term_too_long": f"a term is {MOST_DAYS} days at most; it can be extended",
    "users": "name at least one person who will use the data",
    "vendor": "the vendor needs its name and a contact with a telephone number",
    "contact": "the applying unit's contact needs a name and a telephone number",
    "legal": "name the authority and the case number of its letter",
}


def read_content(document: Mapping[str, Any]) -> Content:
    """The form from plain values. Raises `UsageError` that names each wrong field, no value."""
    try:
        return Content.model_validate(document)
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        ]
        raise UsageError("The application's form is wrong: " + "; ".join(lines) + ".") from None
