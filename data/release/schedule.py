"""Cuts that the calendar of sending decides: which of their groups went out on which day, and meet whose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import polars as pl

from data.release import links
from data.release.atoms import BLOCK, CUT, meetings_of
from data.release.rules import SUMS, twins
from data.release.views import View

BESIDE = pl.DataFrame(
    [(count, one) for count in SUMS for one in twins(count)], schema=["count", "beside"], orient="row"
)
"""Each count with itself and with the one of its messages or members."""


def days_of(cuts: Iterable[View], cells: pl.DataFrame) -> pl.DataFrame:
    """Which values of scheduled cuts went out on which day: view, block, day and value."""
    return pl.concat([meetings_of(view, cells).with_columns(view=pl.lit(view.name)) for view in cuts])


def in_stars(groups: pl.DataFrame, days: pl.DataFrame, cuts: Sequence[str]) -> pl.DataFrame:
    """The groups without the counts whose groups meet those of an earlier scheduled cut in chains."""
    for earlier, later in combinations(cuts, 2):
        chains = _chains(groups, days, earlier, later)
        groups = _without(groups, chains)
    return groups


def met_on_days(groups: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Per count, which groups of the scheduled cuts went out on which day.

    Columns: count, view, beside (the count that the groups are of), block, day and group.
    """
    own = _long(groups).filter(pl.col("group").n_unique().over(*CUT, "beside") > 1)
    met = days.join(own, on=[*CUT, "value"], nulls_equal=True).drop("value").unique()
    return met.join(BESIDE, on="beside")


def _long(groups: pl.DataFrame) -> pl.DataFrame:
    """One row per view, block, value and count: `beside` and its `group`."""
    names = [name for name in groups.columns if name.startswith("group ")]
    long = groups.unpivot(names, index=[*CUT, "value"], variable_name="beside", value_name="group")
    return long.drop_nulls("group").with_columns(pl.col("beside").str.strip_prefix("group "))


def _chains(groups: pl.DataFrame, days: pl.DataFrame, earlier: str, later: str) -> pl.DataFrame:
    """The blocks and counts of the later cut whose groups meet those of the earlier one in chains."""
    first, second = (days.filter(view=name).drop("view") for name in (earlier, later))
    met = second.join(first, on=[*BLOCK, "day"], suffix=" other", nulls_equal=True)
    met = met.select(*BLOCK, "value", "value other").unique()
    long = _long(groups.filter(pl.col("view").is_in([earlier, later])))
    own = long.filter(view=later).drop("view").rename({"beside": "count"})
    other = long.filter(view=earlier).drop("view").rename({"value": "value other", "group": "other"})
    pairs = met.join(own, on=[*BLOCK, "value"], nulls_equal=True).join(BESIDE, on="count")
    pairs = pairs.join(other, on=[*BLOCK, "value other", "beside"], nulls_equal=True)
    found = links.holds(pairs, [*BLOCK, "count", "beside"], "group", "other").filter(~pl.col("holds"))
    return found.select(*BLOCK, "count", view=pl.lit(later)).unique()


def _without(groups: pl.DataFrame, chains: pl.DataFrame) -> pl.DataFrame:
    if chains.is_empty():
        return groups
    listed = chains.group_by(CUT).agg(chained="count")
    marked = groups.join(listed, on=CUT, how="left", nulls_equal=True)
    names = [name for name in groups.columns if name.startswith("group ")]
    chained = pl.col("chained").fill_null([])
    return marked.with_columns(
        pl.when(~chained.list.contains(name.removeprefix("group "))).then(pl.col(name)).alias(name)
        for name in names
    ).drop("chained")
