"""Consents: what members said about being tracked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("subject", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("purpose", sa.String, primary_key=True),
        sa.Column("permitted", sa.Integer, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("source", sa.String, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("consents")
