"""What is wrong and who is told of it, and what departs from its own past."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Float, ForeignKey, Index, Integer, String, Table

from state.tables.metadata import METADATA

INCIDENTS = Table(
    "incidents",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("uid", String, nullable=False, unique=True),
    Column("topic", String, nullable=False),
    Column("key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("urgent", Integer, nullable=False),
    Column("title", String, nullable=False),
    Column("words", String, nullable=False),
    Column("opened_us", BigInteger, nullable=False),
    Column("recovered_us", BigInteger),
    Index("incidents_by_end", "recovered_us"),
    sqlite_autoincrement=True,
)

NOTICES = Table(
    "notices",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("uid", String, nullable=False, unique=True),
    Column("incident", Integer, ForeignKey("incidents.id"), nullable=False),
    Column("says", String, nullable=False),
    Column("way", String, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("next_us", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("claimed_us", BigInteger),
    Column("told_us", BigInteger),
    Column("dropped_us", BigInteger),
    Column("failed", String),
    Index("notices_of_incident", "incident", "says", "way", unique=True),
    sqlite_autoincrement=True,
)

ALERTS = Table(
    "alerts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("uid", String, nullable=False, unique=True),
    Column("key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("metric", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("campaign", String),
    Column("urgent", Integer, nullable=False),
    Column("first_day", Integer),
    Column("last_day", Integer),
    Column("value", Float),
    Column("usual", Float),
    Column("low", Float),
    Column("high", Float),
    Column("chance", Float),
    Column("snapshot", Integer, nullable=False),
    Column("complete_through", Integer),
    Column("points", JSON, nullable=False),
    Column("fired_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
    Column("over_us", BigInteger),
    Column("acknowledged_us", BigInteger),
    Column("acknowledged_by", String),
    Column("snoozed_until_us", BigInteger),
    Column("resolved_us", BigInteger),
    Column("resolved_by", String),
    Column("real", Integer),
    Column("judged_us", BigInteger),
    Column("judged_by", String),
    Index("alerts_by_end", "over_us"),
    sqlite_autoincrement=True,
)

ALERT_ACTS = Table(
    "alert_acts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("alert", Integer, ForeignKey("alerts.id"), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("do", String, nullable=False),
    Column("text", String, nullable=False),
    Index("acts_of_alert", "alert"),
    sqlite_autoincrement=True,
)

ALERT_LOOKS = Table(
    "alert_looks",
    METADATA,
    Column("snapshot", Integer, primary_key=True, autoincrement=False),
    Column("published_us", BigInteger, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("looked_at", Integer, nullable=False),
)
