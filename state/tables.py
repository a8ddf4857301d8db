"""The tables of the state store; `state/migrations` makes them, and a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

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

EXPORTS = Table(
    "exports",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("by", String, nullable=False),
    Column("role", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("permissions", JSON, nullable=False),
    Column("page", String, nullable=False),
    Column("name", String, nullable=False),
    Column("title", String, nullable=False),
    Column("words", String, nullable=False),
    Column("query", JSON, nullable=False),
    Column("format", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("snapshot", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("ended_us", BigInteger),
    Column("expires_us", BigInteger),
    Column("total", BigInteger),
    Column("rows", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", String),
    Column("file_name", String, nullable=False),
    Column("said", String, nullable=False),
    Index("exports_by_who", "by", "made_us"),
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

REPORTS = Table(
    "reports",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("title", String, nullable=False),
    Column("period", String, nullable=False, server_default=""),
    Column("page", String, nullable=False),
    Column("query", JSON, nullable=False),
    Column("scope", String, nullable=False),
    Column("by", String, nullable=False),
    Column("role", String, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("snapshot", Integer, nullable=False),
    Column("definitions", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("state", String, nullable=False),
    Column("comment", String, nullable=False),
    Column("comment_by", String, nullable=False),
    Column("approved_us", BigInteger),
    Column("approved_by", String),
    Column("content", LargeBinary, nullable=False),
    Index("reports_by_kind", "kind", "made_us"),
    Index("reports_by_content", "sha256"),
    sqlite_autoincrement=True,
)

REPORT_MOVES = Table(
    "report_moves",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("report", String, ForeignKey("reports.id"), nullable=False),
    Column("snapshot", Integer, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("cause", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("changes", JSON, nullable=False),
    Index("moves_of_report", "report", "snapshot", unique=True),
    sqlite_autoincrement=True,
)

REPORT_DEFINITIONS = Table(
    "report_definitions",
    METADATA,
    Column("version", String, primary_key=True),
    Column("metrics", JSON, nullable=False),
)

PUSH_TARGETS = Table(
    "push_targets",
    METADATA,
    Column("name", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("place", String, nullable=False),
    Column("plan", String, nullable=False),
    Column("circuit", String, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("began_us", BigInteger),
    Column("tried_us", BigInteger),
    Column("succeeded_us", BigInteger),
    Column("next_us", BigInteger),
    Column("wrong", String, nullable=False),
)

PUSHES = Table(
    "pushes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("target", String, nullable=False),
    Column("month", String, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("snapshot", Integer, nullable=False),
    Column("definitions", String, nullable=False),
    Column("content", String, nullable=False),
    Column("manifest", String, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Index("pushes_of_target", "target", "at_us"),
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
