"""Whose data a grant held, from when to when, and who is named by an entry of the log.

Which people a grant's file held outlives the file from here on. Queries of before are in the log
under their grant alone: whom its file held then is not known any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

#: Append-only table → its key.
_CLOSED = {"people_version": ("id",), "audit_person": ("person_key", "seq")}
_MESSAGE = "whom an entry concerns is append-only"


def upgrade() -> None:
    op.create_table(
        "people_set",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("no"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "people_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_no", sa.Integer(), nullable=False),
        sa.Column("release", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column("entered", sa.BigInteger(), nullable=False),
        sa.Column("left", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["set_no"], ["people_set.no"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_people_version_set", "people_version", ["set_no", "id"])
    op.create_table(
        "people_member",
        sa.Column("person_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("set_no", sa.Integer(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["set_no"], ["people_set.no"]),
        sa.PrimaryKeyConstraint("person_key", "set_no", "since"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_people_member_now",
        "people_member",
        ["set_no"],
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "people_use",
        sa.Column("set_no", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["set_no"], ["people_set.no"]),
        sa.PrimaryKeyConstraint(
            "set_no", "day", "version", "action", "actor_kind", "about", "result"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_person",
        sa.Column("person_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_key", "seq"),
        sqlite_with_rowid=False,
    )
    op.add_column("grant_build", sa.Column("people_version", sa.Integer(), nullable=True))
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
    op.execute(
        sa.text(
            "CREATE FUNCTION people_uses_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$"
        )
    )
    for table in _CLOSED:
        for name, when, each in (
            ("change", "UPDATE OR DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        ):
            op.execute(
                sa.text(
                    f"CREATE TRIGGER {table}_no_{name} BEFORE {when} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION people_uses_refuse()"
                )
            )
