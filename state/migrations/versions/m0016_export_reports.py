"""Exports with the ID that reopens what they hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("exports", sa.Column("report", sa.String, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("exports", "report")
