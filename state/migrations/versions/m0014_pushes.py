"""Targets of the monthly export, and what was pushed to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "push_targets",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("circuit", sa.String, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("began_us", sa.BigInteger),
        sa.Column("tried_us", sa.BigInteger),
        sa.Column("succeeded_us", sa.BigInteger),
        sa.Column("next_us", sa.BigInteger),
        sa.Column("wrong", sa.String, nullable=False),
    )
    op.create_table(
        "pushes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("month", sa.String, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("snapshot", sa.Integer, nullable=False),
        sa.Column("definitions", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("manifest", sa.String, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("pushes_of_target", "pushes", ["target", "at_us"])


def downgrade() -> None:
    op.drop_table("pushes")
    op.drop_table("push_targets")
