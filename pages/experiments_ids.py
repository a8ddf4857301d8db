"""Ids of the Experiments page."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Everything on the page that a wire ends on."""

    SCOPE = "experiments-scope"
    LIST = "experiments-list"
    EFFECT = "experiments-effect"
    READINGS = "experiments-readings"
    CHECKS = "experiments-checks"
    WHOM = "experiments-whom"
    PLAN = "experiments-plan"
