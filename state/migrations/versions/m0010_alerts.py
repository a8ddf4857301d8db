"""Alerts on figures: what fired against which baseline, and what people did with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uid", sa.String, nullable=False, unique=True),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("metric", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("campaign", sa.String),
        sa.Column("urgent", sa.Integer, nullable=False),
        sa.Column("first_day", sa.Integer),
        sa.Column("last_day", sa.Integer),
        sa.Column("value", sa.Float),
        sa.Column("usual", sa.Float),
        sa.Column("low", sa.Float),
        sa.Column("high", sa.Float),
        sa.Column("chance", sa.Float),
        sa.Column("snapshot", sa.Integer, nullable=False),
        sa.Column("complete_through", sa.Integer),
        sa.Column("points", sa.JSON, nullable=False),
        sa.Column("fired_us", sa.BigInteger, nullable=False),
        sa.Column("seen_us", sa.BigInteger, nullable=False),
        sa.Column("over_us", sa.BigInteger),
        sa.Column("acknowledged_us", sa.BigInteger),
        sa.Column("acknowledged_by", sa.String),
        sa.Column("snoozed_until_us", sa.BigInteger),
        sa.Column("resolved_us", sa.BigInteger),
        sa.Column("resolved_by", sa.String),
        sa.Column("real", sa.Integer),
        sa.Column("judged_us", sa.BigInteger),
        sa.Column("judged_by", sa.String),
        sqlite_autoincrement=True,
    )
    op.create_index("alerts_by_end", "alerts", ["over_us"])
    op.create_table(
        "alert_acts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("alert", sa.Integer, sa.ForeignKey("alerts.id"), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("do", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("acts_of_alert", "alert_acts", ["alert"])
    op.create_table(
        "alert_looks",
        sa.Column("snapshot", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("published_us", sa.BigInteger, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("looked_at", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("alert_looks")
    op.drop_table("alert_acts")
    op.drop_table("alerts")
