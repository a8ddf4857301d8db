"""Decides at publish which groups of members may be told apart; every answer is a sum of whole groups.

A group is a set of members of one campaign, channel and month, told apart by time or by one cut. A
count is released in a group when it is 0 or at least the threshold, and so is its difference to every
count it is nested in. Where a group fails, its whole block moves up a ladder: days, weeks inside the
month, runs of weeks (the smallest neighbours join first), the month; then the smallest values of the cut
are pooled; then the count is withheld. Rungs and pools are the same for every count, so that the groups
of two counts are nested in each other.
"""

from __future__ import annotations

from data.release.decide import Terms, release
from data.release.ladder import BLOCK, CUT, DAY, MONTH, NEVER, POOL, WEEK
from data.release.rules import NESTED_IN, OPERATIONAL
from data.release.views import FIXED, NONE, OPERATIONS, POOLED, TOGETHER, View, label, pair_name, parts, views

__all__ = [
    "BLOCK", "CUT", "DAY", "FIXED", "MONTH", "NESTED_IN", "NEVER", "NONE", "OPERATIONAL", "OPERATIONS",
    "POOL", "POOLED", "TOGETHER", "WEEK", "Terms", "View", "label", "pair_name", "parts", "release", "views",
]  # fmt: skip
