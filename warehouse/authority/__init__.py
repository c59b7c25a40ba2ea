"""Who owns what: annexes 1–4 as data (Articles 4, 6, 7 and 10)."""

from warehouse.authority.loader import load_authority
from warehouse.authority.model import Authority, Dataset, Item, System

__all__ = ["Authority", "Dataset", "Item", "System", "load_authority"]
