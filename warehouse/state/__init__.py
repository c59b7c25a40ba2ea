"""The state database: what happened, and who may do what. Never people's data."""

from warehouse.state.database import open_state, schema_revision, session

__all__ = ["open_state", "schema_revision", "session"]
