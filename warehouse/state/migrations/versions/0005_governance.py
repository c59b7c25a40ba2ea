"""Governance: applications, undertakings, grants with their events, protection, incidents.

What happened is only ever added to: the tables of events, the texts that were signed and the
files that left are append-only in the database itself. A grant of before this revision rests on
no application that is known here, so it is kept, with its rows and its end, and is never live.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

#: Append-only table → its key.
_CLOSED = {
    "application_event": ("application_id", "seq"),
    "grant_event": ("grant_id", "seq"),
    "incident_event": ("incident_id", "seq"),
    "signed_text": ("sha256",),
    "return_receipt": ("id",),
    "export": ("id",),
}
_MESSAGE = "what happened is append-only"


def upgrade() -> None:
    _create_tables()
    with op.batch_alter_table("appointment") as table:
        table.add_column(sa.Column("delegated_from", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "appointment_delegated_from_fkey", "appointment", ["delegated_from"], ["id"]
        )
    _change_grants()
    op.create_index("ix_audit_action", "audit", ["action", "at"])
    close = {"sqlite": _close_sqlite, "postgresql": _close_postgresql}[op.get_bind().dialect.name]
    close()


def _change_grants() -> None:
    with op.batch_alter_table("grant") as table:
        table.add_column(sa.Column("application_id", sa.String(length=32), nullable=True))
        table.add_column(
            sa.Column("content_sha256", sa.String(length=64), nullable=False, server_default="")
        )
        table.add_column(sa.Column("rows", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("returns", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("limits", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("vendor", sa.String(length=128), nullable=True))
    grant = sa.table(
        "grant",
        sa.column("id", sa.String),
        sa.column("row_filter", sa.JSON),
        sa.column("rows", sa.JSON),
        sa.column("revoked_at", sa.DateTime),
        sa.column("revoked_reason", sa.Text),
    )
    event = sa.table(
        "grant_event",
        sa.column("grant_id", sa.String),
        sa.column("seq", sa.Integer),
        sa.column("at", sa.DateTime),
        sa.column("kind", sa.String),
        sa.column("reason", sa.Text),
        sa.column("by", sa.String),
    )
    bind = op.get_bind()
    for row in bind.execute(sa.select(grant)).all():
        bind.execute(
            grant.update()
            .where(grant.c.id == row.id)
            .values(rows={"students": {}, "staff": {}, "columns": row.row_filter})
        )
        if row.revoked_at is not None:
            bind.execute(
                event.insert().values(
                    grant_id=row.id,
                    seq=1,
                    at=row.revoked_at,
                    kind="revoked",
                    reason=row.revoked_reason or "",
                    by="unknown",
                )
            )
    with op.batch_alter_table("grant") as table:
        table.create_unique_constraint("grant_application_id_key", ["application_id"])
        table.create_foreign_key(
            "grant_application_id_fkey", "application", ["application_id"], ["id"]
        )
        table.alter_column("content_sha256", server_default=None)
        table.alter_column("rows", server_default=None)
        table.alter_column("returns", server_default=None)
        table.alter_column("limits", server_default=None)
        for column in ("row_filter", "revoked_at", "revoked_reason"):
            table.drop_column(column)


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
            "CREATE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS "
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
                    f"FOR EACH {each} EXECUTE FUNCTION events_refuse()"
                )
            )


def _create_tables() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("applicant_key", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reference"),
    )
    op.create_index(
        op.f("ix_application_applicant_key"), "application", ["applicant_key"], unique=False
    )

    op.create_table(
        "attachment",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("next_at", sa.DateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_notice_person_key"), "notice", ["person_key"], unique=False)

    op.create_table(
        "office_message",
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("nonce"),
    )
    op.create_table(
        "protection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("owner_unit", sa.String(length=32), nullable=False),
        sa.Column("valid_from", sa.DateTime(), nullable=False),
        sa.Column("valid_to", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_protection_person_key"), "protection", ["person_key"], unique=False)

    op.create_table(
        "signed_text",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "application_draft",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_application_draft_person_key"), "application_draft", ["person_key"], unique=False
    )

    op.create_table(
        "application_event",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=True),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("principal_key", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("attachment", sa.String(length=64), nullable=True),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
        sa.ForeignKeyConstraint(["attachment"], ["attachment.sha256"]),
        sa.PrimaryKeyConstraint("application_id", "seq"),
    )
    op.create_table(
        "undertaking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=8), nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=True),
        sa.Column("unit_code", sa.String(length=32), nullable=True),
        sa.Column("vendor", sa.String(length=128), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("application_id", sa.String(length=32), nullable=True),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=True),
        sa.Column("signer_key", sa.BigInteger(), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("attachment", sa.String(length=64), nullable=True),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
        sa.ForeignKeyConstraint(["attachment"], ["attachment.sha256"]),
        sa.ForeignKeyConstraint(["text_sha256"], ["signed_text.sha256"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_undertaking_application_id"), "undertaking", ["application_id"], unique=False
    )
    op.create_index(op.f("ix_undertaking_person_key"), "undertaking", ["person_key"], unique=False)

    op.create_table(
        "export",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("grant_id", sa.String(length=32), nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("release", sa.String(length=40), nullable=False),
        sa.Column("format", sa.String(length=16), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_export_content_sha256"), "export", ["content_sha256"], unique=False)
    op.create_index(op.f("ix_export_grant_id"), "export", ["grant_id"], unique=False)
    op.create_index(op.f("ix_export_mark"), "export", ["mark"], unique=False)

    op.create_table(
        "grant_build",
        sa.Column("grant_id", sa.String(length=32), nullable=False),
        sa.Column("release", sa.String(length=40), nullable=False),
        sa.Column("inputs_sha256", sa.String(length=64), nullable=False),
        sa.Column("protected_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_mark", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column("built_at", sa.DateTime(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"]),
        sa.PrimaryKeyConstraint("grant_id", "release"),
    )
    op.create_table(
        "grant_event",
        sa.Column("grant_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("cause", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"]),
        sa.PrimaryKeyConstraint("grant_id", "seq"),
    )
    op.create_table(
        "incident_event",
        sa.Column("incident_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("grant_id", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"]),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"]),
        sa.PrimaryKeyConstraint("incident_id", "seq"),
    )
    op.create_table(
        "return_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=128), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_return_receipt_grant_id"), "return_receipt", ["grant_id"], unique=False
    )
