"""The tables of the state store; `state/migrations` makes them, and a test holds the two together."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, MetaData, String, Table

METADATA = MetaData()

EDITS = Table(
    "edits",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("changed_us", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("changes", JSON, nullable=False),
    Column("undo_of", Integer, ForeignKey("edits.id")),
    Index("edits_of_campaign", "campaign", "changed_us", unique=True),
    sqlite_autoincrement=True,
)

NOTES = Table(
    "notes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("campaign", String),
    Column("day", Integer, nullable=False),
    Column("text", String, nullable=False),
    Column("by", String, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("removed_us", BigInteger),
    Column("removed_by", String),
    Index("notes_by_day", "day"),
    sqlite_autoincrement=True,
)

RELEASE_POLICY = Table(
    "release_policy",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("threshold", Integer, nullable=False),
    Column("profile", String, nullable=False),
    Column("was_threshold", Integer, nullable=False),
    Column("was_profile", String, nullable=False),
    Column("reason", String, nullable=False),
    sqlite_autoincrement=True,
)
