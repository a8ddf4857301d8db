"""Undoings of loads that were asked for, and files that were brought in the app."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "undos",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("load_id", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("asked_us", sa.BigInteger, nullable=False),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("approved_us", sa.BigInteger),
        sa.Column("approved_by", sa.String),
        sa.Column("ended_us", sa.BigInteger),
        sa.Column("mapping_sha256", sa.String),
        sa.Column("found", sa.JSON(none_as_null=True)),
        sqlite_autoincrement=True,
    )
    op.create_index("undos_of_load", "undos", ["load_id"])
    op.create_table(
        "uploads",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("mapping", sa.String),
        sa.Column("found", sa.JSON(none_as_null=True)),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("load_id", sa.BigInteger),
        sa.Column("ended_us", sa.BigInteger),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("uploads")
    op.drop_table("undos")
