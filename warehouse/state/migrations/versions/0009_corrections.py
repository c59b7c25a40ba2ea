"""Corrections: reports of what is wrong, their steps, and the units that were told.

Append-only in the database itself; where a correction stands follows from its steps.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

#: Append-only table → its key.
_CLOSED = {
    "correction": ("id",),
    "correction_event": ("correction_id", "seq"),
    "correction_told": ("id",),
}
_MESSAGE = "what happened is append-only"


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("unit_code", sa.String(length=32), nullable=False),
        sa.Column("item_code", sa.String(length=8), nullable=True),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("source_table", sa.String(length=64), nullable=False),
        sa.Column("column_name", sa.String(length=64), nullable=True),
        sa.Column("row_mark", sa.String(length=64), nullable=False),
        sa.Column("value_mark", sa.String(length=64), nullable=False),
        sa.Column("alike", sa.Integer(), nullable=False),
        sa.Column("wanted_mark", sa.String(length=64), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("release", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reference"),
    )
    op.create_index(op.f("ix_correction_person_key"), "correction", ["person_key"], unique=False)
    op.create_index(op.f("ix_correction_unit_code"), "correction", ["unit_code"], unique=False)
    op.create_table(
        "correction_event",
        sa.Column("correction_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("release", sa.String(length=40), nullable=True),
        sa.Column("attachment", sa.String(length=64), nullable=True),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["attachment"], ["attachment.sha256"]),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"]),
        sa.PrimaryKeyConstraint("correction_id", "seq"),
    )
    op.create_index(
        "ix_correction_event_attachment", "correction_event", ["attachment"], unique=False
    )
    op.create_table(
        "correction_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.String(length=32), nullable=False),
        sa.Column("grant_id", sa.String(length=32), nullable=False),
        sa.Column("unit_code", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("sure", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"]),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("correction_id", "grant_id"),
    )
    op.create_index(
        op.f("ix_correction_told_unit_code"), "correction_told", ["unit_code"], unique=False
    )
    close = {"sqlite": _close_sqlite, "postgresql": _close_postgresql}[op.get_bind().dialect.name]
    close()


def _close_sqlite() -> None:
    for table, key in _CLOSED.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        for name, when in (
            ("update", f"BEFORE UPDATE ON {table}"),
            ("delete", f"BEFORE DELETE ON {table}"),
            # INSERT OR REPLACE would overwrite a row without an UPDATE.
            (
                "replace",
                f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})",
            ),
        ):
            op.execute(
                sa.text(
                    f"CREATE TRIGGER {table}_no_{name} {when} "
                    f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
                )
            )


def _close_postgresql() -> None:
    # `events_refuse` was made with revision 0005.
    for table in _CLOSED:
        for name, when, each in (
            ("change", "UPDATE OR DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        ):
            op.execute(
                sa.text(
                    f"CREATE TRIGGER {table}_no_{name} BEFORE {when} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION events_refuse()"
                )
            )
