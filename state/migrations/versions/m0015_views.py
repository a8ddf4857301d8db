"""Saved views of pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "views",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("query", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("shared", sa.String, nullable=False),
        sa.Column("is_default", sa.Boolean, nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("removed_us", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("views_of_owner", "views", ["by", "path"])
    op.create_index("views_shared", "views", ["shared"])


def downgrade() -> None:
    op.drop_table("views")
