"""The state database: what happened, and who may do what. Of people's data only what they said
themselves, sealed (`own_edits`)."""

from warehouse.state import archives, briefings, own_edits  # noqa: F401 - their tables belong to the schema
from warehouse.state.database import open_state, schema_revision, session

__all__ = ["open_state", "schema_revision", "session"]
