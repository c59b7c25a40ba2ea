"""The audit log: who did or read what, and for what. Every layer above the state writes it."""

from warehouse.audit.actors import command, job, person
from warehouse.audit.concern import Concern, named, of_sets
from warehouse.audit.entry import Entry
from warehouse.audit.log import Audit, audited_read, head_file

__all__ = [
    "Audit",
    "Concern",
    "Entry",
    "audited_read",
    "command",
    "head_file",
    "job",
    "named",
    "of_sets",
    "person",
]
