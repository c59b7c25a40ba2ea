"""What staff keep up themselves, and archives to take along.

An edit is only ever added to: the database refuses its change. Removing one stays possible, since
a purge must, when the retention of the items is over.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_FIXED = {"own_edit": ("id",), "own_edit_refusal": ("edit_id",), "own_extract": ("batch_id",)}
_MESSAGE = "an edit is never changed"


def upgrade() -> None:
    op.create_table(
        "own_edit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_own_edit_person_key"), "own_edit", ["person_key"], unique=False)
    op.create_index("ix_own_edit_record", "own_edit", ["table_name", "record", "at"])
    op.create_table(
        "own_edit_refusal",
        sa.Column("edit_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["edit_id"], ["own_edit.id"]),
        sa.PrimaryKeyConstraint("edit_id"),
    )
    op.create_table(
        "own_extract",
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id"),
    )
    op.create_index(op.f("ix_own_extract_table_name"), "own_extract", ["table_name"], unique=False)
    op.create_table(
        "personal_archive",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("release", sa.String(length=40), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("content_sha256", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("taken_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_personal_archive_person_key"), "personal_archive", ["person_key"], unique=False
    )
    {"sqlite": _fix_sqlite, "postgresql": _fix_postgresql}[op.get_bind().dialect.name]()


def _fix_sqlite() -> None:
    for table, key in _FIXED.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        for name, when in (
            ("update", f"BEFORE UPDATE ON {table}"),
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


def _fix_postgresql() -> None:
    op.execute(
        sa.text(
            "CREATE FUNCTION own_edits_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$"
        )
    )
    for table in _FIXED:
        op.execute(
            sa.text(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION own_edits_refuse()"
            )
        )
