"""Who owns what: annexes 1–4 as data, with their changes (Articles 4, 6, 7 and 10)."""

from warehouse.authority.changes import Change
from warehouse.authority.loader import authority_changes, issued_authority, load_authority
from warehouse.authority.model import Authority, Dataset, Item, System

__all__ = [
    "Authority",
    "Change",
    "Dataset",
    "Item",
    "System",
    "authority_changes",
    "issued_authority",
    "load_authority",
]
