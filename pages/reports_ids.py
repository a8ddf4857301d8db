"""Ids of the Reports page."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Ids of the Reports page."""

    VIEW = "reports-view"  # what the address asks for
    ONE = "reports-one"
    CONTENT = "reports-content"
    MOVED = "reports-moved"
    LIST = "reports-list"
    ASK = "reports-ask"  # {do, report, text}: what the browser wants
    SAID = "reports-said"
    CHANGED = "reports-changed"
    COMMENT = "reports-comment"
    SCHEDULES = "reports-schedules"
    PLAN = "reports-plan"  # {do, report, ...}: what the browser wants of a schedule
    PREVIEW = "reports-preview"
    WHAT = "reports-what"
    PERIOD = "reports-period"
    FORM = "reports-form"
    NARROWING = "reports-narrowing"
    EVERY = "reports-every"
    WEEKDAY = "reports-weekday"
    MONTHDAY = "reports-monthday"
    HOUR = "reports-hour"
    TO = "reports-to"
    ROLES = "reports-roles"
