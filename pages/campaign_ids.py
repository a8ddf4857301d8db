"""Ids of the Campaign page: what its layout, its panels and its wires call each other by."""

from __future__ import annotations

from enum import StrEnum

from pages.live import Ids as LiveIds

LIVE = LiveIds("campaign")


class Ids(StrEnum):
    """Ids of the Campaign page."""

    CAMPAIGN = "campaign-id"  # the campaign that the page is about
    SEEN = "campaign-seen"  # set once the first panels are drawn: the others ask then
    SCOPE = "campaign-scope"
    CARDS = "campaign-cards"
    STEPS = "campaign-steps"
    TREND = "campaign-trend"
    TREND_OPENER = "campaign-trend-opener"
    TREND_TABLE = "campaign-trend-table"
    CHANNELS = "campaign-channels"
    WAVES = "campaign-waves"
    VARIANTS = "campaign-variants"
    MEMBERS = "campaign-members"
    MEMBERS_BY = "campaign-members-by"
    DAYPARTS = "campaign-dayparts"
    ARMS = "campaign-arms"
    COHORTS = "campaign-cohorts"
    WATERFALL = "campaign-waterfall"
    CURVE = "campaign-curve"
    CURVE_OPENER = "campaign-curve-opener"
    CURVE_TABLE = "campaign-curve-table"
    RESPONSE = "campaign-response"
    COST = "campaign-cost"
    FIND = "campaign-find"
    FOUND = "campaign-found"


class Record(StrEnum):
    """Ids of the record and its history."""

    PANEL = "campaign-record"
    ASK = "campaign-record-ask"  # {do, group, values, base} as the browser asks
    SAVED = "campaign-record-saved"
    SAID = "campaign-record-said"
    HISTORY = "campaign-history"
    HISTORY_OPENER = "campaign-history-opener"


class Notes(StrEnum):
    """Ids of the notes on the time axis."""

    LIST = "campaign-notes"
    ASK = "campaign-notes-ask"  # {do, id, day, text, whole} as the browser asks
    CHANGED = "campaign-notes-changed"
    SAID = "campaign-notes-said"
    TOAST = "campaign-notes-toast"


def group_id(group: str) -> str:
    """Id of the place of one group of the record's fields."""
    return f"campaign-group-{group}"
