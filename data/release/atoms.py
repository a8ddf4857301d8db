"""The finest groups of each view: what a reader who knew everything could tell apart."""

from __future__ import annotations

import polars as pl

from data.release.rules import INTERNAL, SUMS
from data.release.views import NONE, OPERATIONS, TOGETHER, View

BLOCK = ["campaign", "channel", "origin", "month", "result"]
"""What is decided at a time: a campaign's members in a channel and month; `result` names the outcome that the
block counts, where it is one of several."""
CUT = ["view", *BLOCK]
"""A block in one of its cuts."""

ORIGIN = pl.when(pl.col("kind") == "aggregate").then(pl.lit("counts")).otherwise(pl.lit("rows"))
RESULT = pl.when(pl.col("kind") == "outcome").then(pl.col("outcome")).otherwise(pl.lit(""))
BEHIND = [name for name in INTERNAL if name.startswith("behind_")]
ADDED = [*SUMS, *(name for name in INTERNAL if name.startswith("first_"))]
FINE = ["day", "wave", "variant"]


def atoms_of(view: View, cells: pl.DataFrame) -> pl.DataFrame:
    """One row per block and value (without a cut: and day), with every count and the members behind.

    Who is in several waves or variants stands behind each of them: the largest is a lower bound of all.
    """
    own = cells.filter(pl.col("kind").is_in(view.kinds)).with_columns(origin=ORIGIN, result=RESULT)
    own = _valued(view, own)
    keys = [*BLOCK, "value"] if view.columns else [*BLOCK, "day"]
    fine = list(dict.fromkeys([*keys, *FINE]))
    cells_of = own.group_by(fine).agg(pl.col(ADDED).sum(), pl.col(BEHIND).sum())
    return cells_of.group_by(keys).agg(pl.col(ADDED).sum(), pl.col(BEHIND).max())


def _valued(view: View, own: pl.DataFrame) -> pl.DataFrame:
    if not view.columns:
        return own
    # Rows without a value stand with the others as a value of their own: left out, they could be derived.
    own = own.drop_nulls(list(view.columns))
    named = pl.any_horizontal(pl.col(c) != "" for c in view.columns)
    own = own.filter(named.any().over("campaign", "channel"))
    parts = [pl.when(pl.col(c) == "").then(pl.lit(NONE)).otherwise(pl.col(c)) for c in view.columns]
    return own.with_columns(value=pl.concat_str(parts, separator=TOGETHER))


def meetings_of(view: View, cells: pl.DataFrame) -> pl.DataFrame:
    """Which values of a scheduled view went out on which day: block, day and value."""
    own = cells.filter(pl.col("kind").is_in(view.kinds) & (pl.col("sent") > 0))
    own = _valued(view, own.with_columns(origin=ORIGIN, result=RESULT))
    return own.select(*BLOCK, "day", "value").unique()


def campaign_base(cells: pl.DataFrame) -> pl.DataFrame:
    """The members behind a campaign's messages: a lower bound that no filter can lower."""
    messages = cells.filter(pl.col("kind").is_in(OPERATIONS.kinds))
    waves = messages.group_by("campaign", "channel", *FINE).agg(pl.col("behind_sent", "members_sent").sum())
    return waves.group_by("campaign").agg(
        campaign_base=pl.max_horizontal(pl.col("behind_sent").max(), pl.col("members_sent").sum())
    )
