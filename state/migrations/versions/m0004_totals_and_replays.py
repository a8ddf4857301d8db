"""Totals of sending platforms to reconcile with, and replays of refused rows that were asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "totals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("rows", sa.JSON, nullable=False),
        sa.Column("removed_us", sa.BigInteger),
        sa.Column("removed_by", sa.String),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "replays",
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
    op.create_index("replays_of_load", "replays", ["load_id"])


def downgrade() -> None:
    op.drop_table("replays")
    op.drop_table("totals")
