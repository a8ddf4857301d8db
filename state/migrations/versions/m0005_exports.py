"""Exports: what was taken out, by whom and why; and the jobs that write files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("permissions", sa.JSON, nullable=False),
        sa.Column("page", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("query", sa.JSON, nullable=False),
        sa.Column("format", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("snapshot", sa.Integer, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("ended_us", sa.BigInteger),
        sa.Column("expires_us", sa.BigInteger),
        sa.Column("total", sa.BigInteger),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String),
        sa.Column("file_name", sa.String, nullable=False),
        sa.Column("said", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("exports_by_who", "exports", ["by", "made_us"])


def downgrade() -> None:
    op.drop_table("exports")
