"""Issued reports with their period in words, which the list shows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("reports", sa.Column("period", sa.String, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("reports", "period")
