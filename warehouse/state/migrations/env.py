"""Alembic environment. The connection comes from `warehouse.state.migration`; for a new revision
run: alembic -c warehouse/state/migrations/alembic.ini revision --autogenerate -m "…"
"""

from alembic import context
from sqlalchemy import create_engine

# Their tables belong to the schema too.
from warehouse.state import corrections, uses  # noqa: F401
from warehouse.state.models import Base


def _run(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


connection = context.config.attributes.get("connection")
if connection is not None:
    _run(connection)
else:
    with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as opened:
        _run(opened)
