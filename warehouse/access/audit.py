"""The log under the name that access knows it by; it is written in `warehouse.audit`."""

from warehouse.audit import Audit, audited_read, head_file, person

__all__ = ["Audit", "audited_read", "head_file", "person"]
