"""Ids of the Alerts page."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Ids of the Alerts page."""

    VIEW = "alerts-view"  # what the address asks for
    ONE = "alerts-one"
    OPEN = "alerts-open"
    PAST = "alerts-past"
    OPENER = "alerts-values-opener"
    VALUES = "alerts-values"
    MARK = "alerts-mark"  # by what the lists were drawn
    ONE_MARK = "alerts-one-mark"
    ASK = "alerts-ask"  # {do, alert, days, text}: what the browser wants
    SAID = "alerts-said"
    CHANGED = "alerts-changed"
    COMMENT = "alerts-comment"
    DAYS = "alerts-days"
