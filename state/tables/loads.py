"""What is brought, and what is asked of loads: totals, uploads, consents, replays and undos."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table

from state.tables.metadata import METADATA

TOTALS = Table(
    "totals",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("name", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("rows", JSON, nullable=False),
    Column("removed_us", BigInteger),
    Column("removed_by", String),
    sqlite_autoincrement=True,
)


def _of_loads(name: str) -> Table:
    """What is asked of a load, looked at, and approved by somebody."""
    return Table(
        name,
        METADATA,
        Column("id", Integer, primary_key=True),
        Column("load_id", BigInteger, nullable=False),
        Column("state", String, nullable=False),
        Column("asked_us", BigInteger, nullable=False),
        Column("asked_by", String, nullable=False),
        Column("approved_us", BigInteger),
        Column("approved_by", String),
        Column("ended_us", BigInteger),
        Column("mapping_sha256", String),
        Column("found", JSON(none_as_null=True)),
        Index(f"{name}_of_load", "load_id"),
        sqlite_autoincrement=True,
    )


REPLAYS, UNDOS = _of_loads("replays"), _of_loads("undos")

UPLOADS = Table(
    "uploads",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("by", String, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("name", String, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", String, nullable=False),
    Column("state", String, nullable=False),
    Column("mapping", String),
    Column("found", JSON(none_as_null=True)),
    Column("done", Integer, nullable=False),
    Column("load_id", BigInteger),
    Column("ended_us", BigInteger),
    sqlite_autoincrement=True,
)

CONSENTS = Table(
    "consents",
    METADATA,
    Column("subject", BigInteger, primary_key=True, autoincrement=False),
    Column("purpose", String, primary_key=True),
    Column("permitted", Integer, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("source", String, nullable=False),
)
