"""The tables of the state store; `state/migrations` makes them, and a test holds the two together."""

from __future__ import annotations

from state.tables.access import API_KEYS, SESSIONS, SPENT
from state.tables.alerts import ALERT_ACTS, ALERT_LOOKS, ALERTS, INCIDENTS, NOTICES
from state.tables.loads import CONSENTS, REPLAYS, TOTALS, UNDOS, UPLOADS
from state.tables.metadata import METADATA
from state.tables.people import EDITS, NOTES, RELEASE_POLICY, VIEWS
from state.tables.reports import (
    EXPORTS,
    PUSH_TARGETS,
    PUSHES,
    REPORT_DEFINITIONS,
    REPORT_MOVES,
    REPORT_SCHEDULES,
    REPORT_SENDINGS,
    REPORTS,
)

__all__ = [
    "ALERTS",
    "ALERT_ACTS",
    "ALERT_LOOKS",
    "API_KEYS",
    "CONSENTS",
    "EDITS",
    "EXPORTS",
    "INCIDENTS",
    "METADATA",
    "NOTES",
    "NOTICES",
    "PUSHES",
    "PUSH_TARGETS",
    "RELEASE_POLICY",
    "REPLAYS",
    "REPORTS",
    "REPORT_DEFINITIONS",
    "REPORT_MOVES",
    "REPORT_SCHEDULES",
    "REPORT_SENDINGS",
    "SESSIONS",
    "SPENT",
    "TOTALS",
    "UNDOS",
    "UPLOADS",
    "VIEWS",
]
