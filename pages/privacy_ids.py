"""Ids of the Privacy page."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Ids of the Privacy page."""

    TERMS = "privacy-terms"
    HISTORY = "privacy-history"
    FORM = "privacy-form"
    THRESHOLD = "privacy-threshold"
    PROFILE = "privacy-profile"
    REASON = "privacy-reason"
    PREVIEW = "privacy-preview"
    ASK = "privacy-ask"  # {do: "review" or "raise", threshold, profile, reason}: what the browser wants
    SAID = "privacy-said"
    DIALOG = "privacy-dialog"
    RAISED = "privacy-raised"  # what was last raised here: all that shows terms listens
