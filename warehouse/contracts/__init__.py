"""What must be delivered, and what it must look like (Articles 6, 7 and 10)."""

from warehouse.contracts.loader import load_code_tables, load_contracts
from warehouse.contracts.model import (
    TECHNICAL_COLUMNS,
    CodeTable,
    Column,
    Contracts,
    Reference,
    Rule,
    Source,
    Table,
)

__all__ = [
    "TECHNICAL_COLUMNS",
    "CodeTable",
    "Column",
    "Contracts",
    "Reference",
    "Rule",
    "Source",
    "Table",
    "load_code_tables",
    "load_contracts",
]
