"""Who may come in: keys of other systems and sessions of people."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table

from state.tables.metadata import METADATA

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("digest", String, nullable=False, unique=True),
    Column("start", String, nullable=False),
    Column("role", String, nullable=False),
    Column("programs", JSON),
    Column("lines", JSON),
    Column("made_us", BigInteger, nullable=False),
    Column("made_by", String, nullable=False),
    Column("expires_us", BigInteger),
    Column("revoked_us", BigInteger),
    Column("revoked_by", String),
    Column("used_us", BigInteger),
    sqlite_autoincrement=True,
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("handle", String, nullable=False, unique=True),
    Column("terms", String, nullable=False),
    Column("issuer", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("programs", JSON(none_as_null=True)),
    Column("lines", JSON(none_as_null=True)),
    Column("provider_session", String, nullable=False),
    Column("sealed", String, nullable=False),
    Column("began_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
    Column("ended_us", BigInteger),
    Column("ended_why", String, nullable=False),
    Column("ended_by", String, nullable=False),
    Index("sessions_by_begin", "began_us"),
)

SPENT = Table(
    "spent",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("until_us", BigInteger, nullable=False),
)
