"""Ids of the Data page."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Ids of the Data page."""

    VIEW = "data-view"  # {source, campaign, loads, reasons, ...}: what is chosen, and pages
    SOURCE = "data-source"
    CAMPAIGN = "data-campaign"
    EMPTY = "data-empty"
    STATE = "data-state"
    WRONG = "data-wrong"
    WRONG_MARK = "data-wrong-mark"  # what the panel was drawn of
    CLOCKS = "data-clocks"
    SOURCES = "data-sources"
    PULLS = "data-pulls"
    PULLS_MARK = "data-pulls-mark"  # what the panel was drawn of
    LOADS = "data-loads"
    LOADS_MARK = "data-loads-mark"  # what the panel was drawn of
    UNDO_ASK = "data-undo-ask"
    UNDO_SAID = "data-undo-said"
    UNDO_TICK = "data-undo-tick"  # ticks while something is being undone
    REASONS = "data-reasons"
    WAITING = "data-waiting"
    CHECKS = "data-checks"
    RUNS = "data-runs"
    UNLINKED = "data-unlinked"
    COVERAGE = "data-coverage"
    VOLUMES = "data-volumes"
    OF_VOLUME = "data-of-volume"
    VOLUMES_OPENER = "data-volumes-opener"
    VOLUMES_TABLE = "data-volumes-table"
    TRACE = "data-trace"
    OF_METRIC = "data-of-metric"
    OF_CAMPAIGN = "data-of-campaign"
    OF_CHANNEL = "data-of-channel"
    OF_MONTH = "data-of-month"
    TOUCHED = "data-touched"
    OF_LOAD = "data-of-load"
    TOTALS = "data-totals"  # what was brought, and the bridge of the chosen one
    BRING = "data-bring"
    BRING_FORM = "data-bring-form"
    BRING_ASK = "data-bring-ask"
    BRING_SAID = "data-bring-said"
    BROUGHT = "data-brought"  # {id}: which totals are chosen; changes with every one that is brought
    TOTALS_ASK = "data-totals-ask"
    TOTALS_SAID = "data-totals-said"
    REPLAYS = "data-replays"
    REPLAY_ASK = "data-replay-ask"
    REPLAY_SAID = "data-replay-said"
    REPLAY_MARK = "data-replay-mark"  # what the panel was drawn of


TURN = "data-turn"
