"""The privacy officer's terms of release, as a history that only grows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "release_policy",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("threshold", sa.Integer, nullable=False),
        sa.Column("profile", sa.String, nullable=False),
        sa.Column("was_threshold", sa.Integer, nullable=False),
        sa.Column("was_profile", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("release_policy")
