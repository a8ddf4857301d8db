"""The decision for a whole lake: released groups and withheld counts of every view."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from data.release.ladder import BLOCK, CUT, MONTH, ladder_of, levels_of, rows_of
from data.release.pools import pooled_rows_of, pools_of
from data.release.rules import BEHIND, OPERATIONAL, SUMS
from data.release.views import NONE, OPERATIONS, TOGETHER, View, views
from data.tables import COUNTS, RELEASED, WITHHELD, Column

ORIGIN = pl.when(pl.col("kind") == "aggregate").then(pl.lit("counts")).otherwise(pl.lit("rows"))


@dataclass(frozen=True)
class Terms:
    """The terms of release: threshold, profile (`default` or `strict`) and pairs of attributes."""

    threshold: int = 11
    profile: str = "default"
    pairs: tuple[tuple[str, str], ...] = ()


def release(
    cells: pl.DataFrame, attributes: list[str], coverage: pl.DataFrame, terms: Terms
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Released groups and withheld counts of `cells`.

    `cells` has the columns of the table of that name and one column `attribute <name>` per attribute
    (null where the campaign does not know it). Returns frames with the columns of `released` and `withheld`.
    """
    done = [_view(view, cells, coverage, terms) for view in views(attributes, terms.pairs)]
    released = pl.concat([part[0] for part in done])
    withheld = pl.concat([part[1] for part in done])
    return released, withheld


def _view(
    view: View, cells: pl.DataFrame, coverage: pl.DataFrame, terms: Terms
) -> tuple[pl.DataFrame, pl.DataFrame]:
    atoms = _atoms(view, cells)
    if atoms.is_empty():
        return _empty(RELEASED.columns), _empty(WITHHELD.columns)
    free = OPERATIONAL if view.name == "operations" and terms.profile == "default" else frozenset()
    base = _campaign_base(cells)
    counts = tuple(c for c in SUMS if c in view.counts)
    ladder = ladder_of(atoms, base)
    levels = levels_of(ladder, counts, terms.threshold, free)
    pools, prefixes = pools_of(ladder[MONTH], levels, counts, terms.threshold, free, view.overlapping)
    known = _known(coverage)
    rows = [rows_of(frame, level, levels, pools, counts) for level, frame in enumerate(ladder)]
    rows.append(pooled_rows_of(prefixes, pools, counts))
    found = pl.concat(rows, how="diagonal").join(known, on=["campaign", "channel", "origin"], how="left")
    open_columns = [pl.when(pl.col(f"known {c}")).then(pl.col(c)).alias(c) for c in counts]
    shaped = found.with_columns(*open_columns, view=pl.lit(view.name)).filter(
        pl.any_horizontal(pl.col(*counts).is_not_null())
    )
    return _shaped(shaped, RELEASED.columns), _withheld(view, pools, known, counts)


def _atoms(view: View, cells: pl.DataFrame) -> pl.DataFrame:
    """One row per (campaign, channel, day, value); who is in several waves or variants is behind it once."""
    own = cells.filter(pl.col("kind").is_in(view.kinds)).with_columns(origin=ORIGIN)
    if view.columns:
        # Rows without a value stand with the others as a value of their own: left out, they could be derived.
        own = own.drop_nulls(list(view.columns))
        named = pl.any_horizontal(pl.col(c) != "" for c in view.columns)
        own = own.filter(named.any().over("campaign", "channel"))
        parts = [pl.when(pl.col(c) == "").then(pl.lit(NONE)).otherwise(pl.col(c)) for c in view.columns]
        own = own.with_columns(value=pl.concat_str(parts, separator=TOGETHER))
    else:
        own = own.with_columns(value=pl.lit(""))
    fine = own.group_by(*BLOCK, "day", "value", "wave", "variant").agg(pl.col(COUNTS).sum())
    week = pl.col("day") - (pl.col("day") + 3) % 7
    return fine.group_by(*CUT, "day").agg(pl.col(SUMS).sum(), pl.col(BEHIND).max()).with_columns(week=week)


def _campaign_base(cells: pl.DataFrame) -> pl.DataFrame:
    """The members behind a campaign's messages: a lower bound that no filter can lower."""
    messages = cells.filter(pl.col("kind").is_in(OPERATIONS.kinds))
    waves = messages.group_by("campaign", "channel", "day", "wave", "variant").agg(
        pl.col("behind_sent", "members_sent").sum()
    )
    return waves.group_by("campaign").agg(
        campaign_base=pl.max_horizontal(pl.col("behind_sent").max(), pl.col("members_sent").sum())
    )


def _known(coverage: pl.DataFrame) -> pl.DataFrame:
    facts = [(pl.col("fact") == c).any().alias(f"known {c}") for c in SUMS]
    return coverage.group_by("campaign", "channel", "origin").agg(facts)


def _withheld(view: View, pools: pl.DataFrame, known: pl.DataFrame, counts: tuple[str, ...]) -> pl.DataFrame:
    blocks = pools.select(*BLOCK, *(f"pool {c}" for c in counts)).unique(BLOCK)
    long = blocks.unpivot(index=BLOCK, variable_name="measure", value_name="pool").filter(pl.col("pool") < 0)
    named = long.with_columns(pl.col("measure").str.strip_prefix("pool "), view=pl.lit(view.name))
    covered = known.unpivot(
        index=["campaign", "channel", "origin"], variable_name="measure", value_name="known"
    ).filter("known")
    covered = covered.with_columns(pl.col("measure").str.strip_prefix("known "))
    return _shaped(
        named.join(covered, on=["campaign", "channel", "origin", "measure"], how="semi"), WITHHELD.columns
    )


def _shaped(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    types = {"int": pl.Int32, "long": pl.Int64, "text": pl.String}
    absent = [pl.lit(None).alias(c.name) for c in columns if c.name not in frame.columns]
    return frame.with_columns(absent).select(pl.col(c.name).cast(types[c.type]) for c in columns)


def _empty(columns: tuple[Column, ...]) -> pl.DataFrame:
    return _shaped(pl.DataFrame(), columns).clear()
