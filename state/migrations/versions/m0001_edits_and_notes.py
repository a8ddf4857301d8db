"""Edits of campaign records, and notes on the time axis."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "edits",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign", sa.String, nullable=False),
        sa.Column("changed_us", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.Column("undo_of", sa.Integer, sa.ForeignKey("edits.id")),
        sqlite_autoincrement=True,
    )
    op.create_index("edits_of_campaign", "edits", ["campaign", "changed_us"], unique=True)
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign", sa.String),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("removed_us", sa.BigInteger),
        sa.Column("removed_by", sa.String),
        sqlite_autoincrement=True,
    )
    op.create_index("notes_by_day", "notes", ["day"])


def downgrade() -> None:
    op.drop_table("notes")
    op.drop_table("edits")
