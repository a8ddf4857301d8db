"""Schedules of reports, and each sending of one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "report_schedules",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uid", sa.String, nullable=False, unique=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("page", sa.String, nullable=False),
        sa.Column("query", sa.JSON, nullable=False),
        sa.Column("every", sa.String, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("addresses", sa.JSON, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("next_us", sa.BigInteger, nullable=False),
        sa.Column("paused_us", sa.BigInteger),
        sa.Column("removed_us", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "report_sendings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uid", sa.String, nullable=False, unique=True),
        sa.Column("schedule", sa.Integer, sa.ForeignKey("report_schedules.id"), nullable=False),
        sa.Column("due_us", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("report", sa.String, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_us", sa.BigInteger, nullable=False),
        sa.Column("claimed_us", sa.BigInteger),
        sa.Column("ended_us", sa.BigInteger),
        sa.Column("sent_to", sa.Integer, nullable=False),
        sa.Column("said", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("sendings_of_schedule", "report_sendings", ["schedule", "due_us"], unique=True)


def downgrade() -> None:
    op.drop_table("report_sendings")
    op.drop_table("report_schedules")
