"""A contract as plain values. `loader` reads them from ODCS files, `lint` judges them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

__all__ = [
    "TECHNICAL_COLUMNS",
    "CodeTable",
    "Column",
    "Contracts",
    "Reference",
    "Rule",
    "Source",
    "Table",
]

#: Optional in every file; filled from the delivery where absent. Name → DuckDB type.
TECHNICAL_COLUMNS: Mapping[str, str] = {
    "source_system": "VARCHAR",
    "extracted_at": "TIMESTAMP",
    "source_updated_at": "TIMESTAMP",
    "is_deleted": "BOOLEAN",
}

_SQL_TYPES = {
    "string": "VARCHAR",
    "text": "VARCHAR",
    "int": "INTEGER",
    "date": "DATE",
    "month": "VARCHAR",
    "timestamp": "TIMESTAMP",
    "bool": "BOOLEAN",
}


@dataclass(frozen=True)
class Column:
    """One column of an extract.

    `type` is string, text, int, decimal(p,s), date, month (held as 'YYYY-MM'), timestamp
    (delivered in Beijing time, landed in UTC) or bool. `foreign_key` is 'table.column'; the
    table is looked up in the same source first, then anywhere. `privacy` is none, personal or
    sensitive (PIPL article 28). `allowed` are literal values where no code table exists.
    `check_digit` names the standard of the last character (GB 11643); it binds only rows for
    which `check_digit_when`, SQL over the row's typed columns, is true (None: every row).
    `standard` fixes the values where they are too many to hold as a code table. `items` are the
    rows of annexes 3 and 4 this column holds; empty where the table as a whole does.
    """

    name: str
    type: str
    title: str
    required: bool = False
    unique: bool = False
    code_table: str | None = None
    foreign_key: str | None = None
    allowed: tuple[str, ...] = ()
    pattern: str | None = None
    check_digit: str | None = None
    check_digit_when: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    privacy: str = "none"
    description: str | None = None
    standard: str | None = None
    items: tuple[str, ...] = ()

    @property
    def sql_type(self) -> str:
        return self.type.upper() if self.type.startswith("decimal") else _SQL_TYPES[self.type]


@dataclass(frozen=True)
class CodeTable:
    """A list of codes. `standard` fixes it, `origin` is where it was read (legend in the file),
    `certainty` how sure that reading is: some entries are from memory or the college's own. `old`
    maps codes and labels no longer in force to the code that took their place."""

    id: str
    title: str
    standard: str
    origin: str
    certainty: str
    note: str
    codes: Mapping[str, str]
    old: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """A row's pointer at a row of another table, or of its own.

    `columns` of the row name the parent's `match` columns in the same order; the parent is looked
    up like that of a foreign key. It binds only rows for which `when`, SQL over the row's typed
    columns, is true (None: every row) and in which no column of `columns` is null.
    """

    name: str
    columns: tuple[str, ...]
    to: str
    match: tuple[str, ...]
    when: str | None = None


@dataclass(frozen=True)
class Rule:
    """A rule over several columns of one row, or over a row and one parent of it.

    `expression` is SQL over the table's typed columns, true for a good row; null counts as good.
    `kind` is cross_column, range (a bound that depends on another column) or cross_table: then
    `through` names a column with a foreign key or one of the table's references, and the
    expression may also use `parent.<column>` of the table so referred to.
    """

    id: str
    expression: str
    message: str
    kind: str = "cross_column"
    through: str | None = None


@dataclass(frozen=True)
class Table:
    """One table of one source. `source` and `name` are those of the inbox path."""

    source: str
    name: str
    title: str
    grain: str
    key: tuple[str, ...]
    kind: str  # snapshot | history | event
    owner_unit: str
    level: str  # L1 … L5
    columns: tuple[Column, ...]
    subject_key: str | None = None
    cadence: str = "daily"
    cadence_note: str = ""
    legal_basis: str = ""
    retention: str = ""
    feeds: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    declared_references: tuple[Reference, ...] = ()
    refuse_above: float = 0.2
    end_above: float = 0.2
    version: str = "1.0.0"

    @property
    def id(self) -> str:
        return f"{self.source}/{self.name}"

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.id} has no column {name}")

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every pointer at a parent: the columns' foreign keys, then the declared ones."""
        plain = []
        for column in self.columns:
            if column.foreign_key:
                parent, _, name = column.foreign_key.partition(".")
                plain.append(Reference(column.name, (column.name,), parent, (name,)))
        return (*plain, *self.declared_references)

    @property
    def row_rules(self) -> tuple[Rule, ...]:
        """The rules that a row answers alone."""
        return tuple(rule for rule in self.rules if rule.kind != "cross_table")

    @property
    def parent_rules(self) -> tuple[Rule, ...]:
        """The rules that need a parent of the row."""
        return tuple(rule for rule in self.rules if rule.kind == "cross_table")


@dataclass(frozen=True)
class Source:
    """A business system (S01–S20) or a form (F01–F10)."""

    id: str
    code: str
    title: str
    owner_unit: str
    tables: tuple[Table, ...] = ()
    version: str = "1.0.0"


@dataclass(frozen=True)
class Contracts:
    """All contracts in force, the code tables they name (id → code → label), and for these the
    codes and labels no longer in force (id → old → present code)."""

    sources: tuple[Source, ...]
    code_tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    old_codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Table]:
        for source in self.sources:
            yield from source.tables

    def table(self, source: str, name: str) -> Table:
        for table in self:
            if table.source == source and table.name == name:
                return table
        raise KeyError(f"{source}/{name}")

    def parent(self, table: Table, foreign_key: str) -> tuple[Table, str] | None:
        """The table and column a foreign key names, or None where no contract declares it yet."""
        name, _, column = foreign_key.partition(".")
        found = self.parent_table(table, name)
        return (found, column) if found else None

    def parent_table(self, table: Table, name: str) -> Table | None:
        """The table that a reference names: of the same source first, then of any; None where no
        contract declares it yet."""
        found = [other for other in self if other.name == name]
        found.sort(key=lambda other: other.source != table.source)
        return found[0] if found else None

    def holders(self, item: str) -> list[tuple[Table, tuple[str, ...]]]:
        """The tables and columns that hold a row of annex 3 or 4; empty where none feeds it yet.

        Columns that name the item hold it; where none does, the whole row but the subject key.
        """
        found = []
        for table in self:
            if item in table.feeds:
                named = tuple(column.name for column in table.columns if item in column.items)
                whole = tuple(name for name in table.column_names if name != table.subject_key)
                found.append((table, named or whole))
        return found

    def parents_first(self) -> list[Table]:
        """All tables, each behind those its references name; cycles and self-references
        are cut in the order of the files."""
        order: list[Table] = []
        seen: set[str] = set()

        def visit(table: Table) -> None:
            if table.id in seen:
                return
            seen.add(table.id)
            for reference in table.references:
                if parent := self.parent_table(table, reference.to):
                    visit(parent)
            order.append(table)

        for table in self:
            visit(table)
        return order
