"""Sessions of those who are signed in, and what counts once, such as a logout token."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("handle", sa.String, nullable=False, unique=True),
        sa.Column("terms", sa.String, nullable=False),
        sa.Column("issuer", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("programs", sa.JSON(none_as_null=True)),
        sa.Column("lines", sa.JSON(none_as_null=True)),
        sa.Column("provider_session", sa.String, nullable=False),
        sa.Column("sealed", sa.String, nullable=False),
        sa.Column("began_us", sa.BigInteger, nullable=False),
        sa.Column("seen_us", sa.BigInteger, nullable=False),
        sa.Column("ended_us", sa.BigInteger),
        sa.Column("ended_why", sa.String, nullable=False),
        sa.Column("ended_by", sa.String, nullable=False),
    )
    op.create_index("sessions_by_begin", "sessions", ["began_us"])
    op.create_table(
        "spent",
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("until_us", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("spent")
    op.drop_table("sessions")
