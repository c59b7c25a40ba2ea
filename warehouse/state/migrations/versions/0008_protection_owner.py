"""Who answers for a protection by name. One of before this revision has a unit alone."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("protection") as table:
        table.add_column(sa.Column("owner_key", sa.BigInteger(), nullable=True))
    op.create_index("ix_protection_owner_key", "protection", ["owner_key"])
