"""Ids of the page Exports."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Ids of the page Exports."""

    SCOPE = "exports-scope"
    WHAT = "exports-what"
    FORMAT = "exports-format"
    WHY = "exports-why"
    ASK = "exports-ask"  # {do: "start", "again", "cancel" or "remove", ...}: what the browser wants
    SAID = "exports-said"
    CHANGED = "exports-changed"  # what was last done here: the list listens
    LIST = "exports-list"
    TICK = "exports-tick"  # runs only while something is being written
