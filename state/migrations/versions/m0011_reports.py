"""Issued reports with what they said, and what has moved since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("page", sa.String, nullable=False),
        sa.Column("query", sa.JSON, nullable=False),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("snapshot", sa.Integer, nullable=False),
        sa.Column("definitions", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("comment", sa.String, nullable=False),
        sa.Column("comment_by", sa.String, nullable=False),
        sa.Column("approved_us", sa.BigInteger),
        sa.Column("approved_by", sa.String),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("reports_by_kind", "reports", ["kind", "made_us"])
    op.create_table(
        "report_moves",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("report", sa.String, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("snapshot", sa.Integer, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("changes", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("moves_of_report", "report_moves", ["report", "snapshot"], unique=True)


def downgrade() -> None:
    op.drop_table("report_moves")
    op.drop_table("reports")
