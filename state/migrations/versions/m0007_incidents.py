"""Incidents: what is or was wrong, and who is to be told of it and was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uid", sa.String, nullable=False, unique=True),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("urgent", sa.Integer, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("opened_us", sa.BigInteger, nullable=False),
        sa.Column("recovered_us", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("incidents_by_end", "incidents", ["recovered_us"])
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uid", sa.String, nullable=False, unique=True),
        sa.Column("incident", sa.Integer, sa.ForeignKey("incidents.id"), nullable=False),
        sa.Column("says", sa.String, nullable=False),
        sa.Column("way", sa.String, nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("next_us", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("claimed_us", sa.BigInteger),
        sa.Column("told_us", sa.BigInteger),
        sa.Column("dropped_us", sa.BigInteger),
        sa.Column("failed", sa.String),
        sqlite_autoincrement=True,
    )
    op.create_index("notices_of_incident", "notices", ["incident", "says", "way"], unique=True)


def downgrade() -> None:
    op.drop_table("notices")
    op.drop_table("incidents")
