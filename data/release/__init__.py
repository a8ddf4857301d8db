"""Decides at publish which groups of members may be told apart; every answer is a sum of whole groups.

Views form a star: operations (campaign, channel, day) and single cuts (campaign, channel, month, one cut).
They meet in the totals of a campaign, channel and month alone. A count is told in a group when it is 0 or of
at least as many members as the threshold asks, and so is what it leaves of every count that it is nested in.
Unsafe groups are joined: along time inside the month, or over values. docs/privacy.md has the argument.
"""

from __future__ import annotations

from data.release.atoms import BLOCK, CUT
from data.release.common import common_groups
from data.release.decide import release
from data.release.reach import held_reach
from data.release.rules import ANCESTORS, NESTED_IN, OPERATIONAL, SUMS, wait
from data.release.rungs import DAY, MONTH, WEEK, rung
from data.release.standing import Clock, completed
from data.release.told import EARLY, FEW, RULE, Case, Terms, Told
from data.release.utility import COUNTED, totals, utility
from data.release.views import (
    CUTS,
    FIXED,
    NO_PROFILE,
    NONE,
    OPERATIONS,
    POOLED,
    TOGETHER,
    UNKNOWN,
    View,
    label,
    pair_name,
    parts,
    views,
)
from data.release.withdrawn import totals_alone, withdrawn

__all__ = [
    "ANCESTORS",
    "BLOCK",
    "COUNTED",
    "CUT",
    "CUTS",
    "DAY",
    "EARLY",
    "FEW",
    "FIXED",
    "MONTH",
    "NESTED_IN",
    "NONE",
    "NO_PROFILE",
    "OPERATIONAL",
    "OPERATIONS",
    "POOLED",
    "RULE",
    "SUMS",
    "TOGETHER",
    "UNKNOWN",
    "WEEK",
    "Case",
    "Clock",
    "Terms",
    "Told",
    "View",
    "common_groups",
    "completed",
    "held_reach",
    "label",
    "pair_name",
    "parts",
    "release",
    "rung",
    "totals",
    "totals_alone",
    "utility",
    "views",
    "wait",
    "withdrawn",
]  # fmt: skip
