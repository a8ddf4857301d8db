"""The definitions that issued reports were counted by, and a report found by what it says."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_index("reports_by_content", "reports", ["sha256"])
    op.create_table(
        "report_definitions",
        sa.Column("version", sa.String, primary_key=True),
        sa.Column("metrics", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("report_definitions")
    op.drop_index("reports_by_content", "reports")
