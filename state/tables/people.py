"""What people change, note, decide and save."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table

from state.tables.metadata import METADATA

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

VIEWS = Table(
    "views",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("path", String, nullable=False),
    Column("title", String, nullable=False),
    Column("name", String, nullable=False),
    Column("query", String, nullable=False),
    Column("by", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("shared", String, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("removed_us", BigInteger),
    Index("views_of_owner", "by", "path"),
    Index("views_shared", "shared"),
    sqlite_autoincrement=True,
)
