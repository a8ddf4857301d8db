"""Ids of the Administration page."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Ids of the Administration page."""

    KEYS = "admin-keys"
    NAME = "admin-key-name"
    ROLE = "admin-key-role"
    LINES = "admin-key-lines"
    PROGRAMS = "admin-key-programs"
    DAYS = "admin-key-days"
    MAKE = "admin-key-make"
    SAID = "admin-key-said"
    ASKED = "admin-key-asked"
    CHANGED = "admin-key-changed"  # counts what was made and revoked here: the list follows
    FIND = "admin-session-find"
    SESSIONS = "admin-sessions"
    SESSION_ASKED = "admin-session-asked"
    SESSION_CHANGED = "admin-session-changed"
    SESSION_END = "admin-session-end"
    SESSION_SURE = "admin-session-sure"
    SESSION_KEEP = "admin-session-keep"
    SCHEDULES = "admin-schedules"
    MAPPING = "admin-mapping"
    REVOKE = "admin-key-revoke"
    SURE = "admin-key-sure"
    KEEP = "admin-key-keep"
    SETTINGS = "admin-settings"
    TOPIC = "admin-settings-topic"
