"""Figures of closed periods as they were first published, and the corrections of them.

Append-only in the database itself: a kept figure is replaced by a later row, never changed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_KEYS = {
    "census_release": ("release",),
    "census_figure": ("release", "indicator", "period", "level", "unit"),
    "figure_correction": ("id",),
}
_MESSAGE = "published figures are append-only"


def upgrade() -> None:
    op.create_table(
        "census_release",
        sa.Column("release", sa.String(length=40), nullable=False),
        sa.Column("before", sa.String(length=40), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("release"),
    )
    op.create_table(
        "census_figure",
        sa.Column("release", sa.String(length=40), nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("parent_unit", sa.String(length=64), nullable=True),
        sa.Column("numerator", sa.Float(53), nullable=True),
        sa.Column("denominator", sa.Float(53), nullable=True),
        sa.Column("value", sa.Float(53), nullable=True),
        sa.Column("as_of_date", sa.Date(), nullable=False),
        sa.Column("smallest_group", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["release"], ["census_release.release"]),
        sa.PrimaryKeyConstraint("release", "indicator", "period", "level", "unit"),
    )
    op.create_table(
        "figure_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    make = {"sqlite": _close_sqlite, "postgresql": _close_postgresql}[op.get_bind().dialect.name]
    make()


def _close_sqlite() -> None:
    for table, key in _KEYS.items():
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
            "CREATE FUNCTION published_figures_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$"
        )
    )
    for table in _KEYS:
        for name, when, each in (
            ("change", "UPDATE OR DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        ):
            op.execute(
                sa.text(
                    f"CREATE TRIGGER {table}_no_{name} BEFORE {when} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION published_figures_refuse()"
                )
            )
