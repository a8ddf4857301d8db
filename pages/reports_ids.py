"""Ids of the Reports page."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Ids of the Reports page."""

    VIEW = "reports-view"  # what the address asks for
    ONE = "reports-one"
    CONTENT = "reports-content"
    LIST = "reports-list"
    ASK = "reports-ask"  # {do, report, text}: what the browser wants
    SAID = "reports-said"
    CHANGED = "reports-changed"
    COMMENT = "reports-comment"
