"""Decides at publish which groups of members may be told apart; every answer is a sum of whole groups.

A group is a set of members of one campaign, channel and month, told apart by time or by one cut. A
count is released in a group when it is 0 or at least the threshold, and so is its difference to every
count it is nested in. Where a group fails, its whole block moves up a ladder: days, weeks inside the
month, runs of weeks (the smallest neighbours join first), the month; then the smallest values of the cut
are pooled; then the count is withheld. Rungs and pools are the same for every count, so that the groups
of two counts are nested in each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from data.tables import COUNTS, RELEASED, WITHHELD, Column

BLOCK = ["campaign", "channel", "month"]
CUT = [*BLOCK, "value"]
DAY, WEEK, MONTH, POOL, NEVER = 0, 1, 6, 8, 9

OPERATIONAL = frozenset(
    (
        "sent",
        "delivered",
        "bounced",
        "bounced_hard",
        "bounced_soft",
        "bounced_block",
        "failed",
        "suppressed",
        "answered",
        "voicemail",
        "no_answer",
        "printed",
        "returned",
        "unlinked",
        "cost_micros",
    )
)
BEHIND = tuple(name for name in COUNTS if name.startswith("behind_"))
SUMS = tuple(name for name in COUNTS if name not in BEHIND)
JUDGED_BY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("sent", "cost_micros", "unlinked", "attempted", "printed"), ("behind_sent", "members_sent")
    ),
    **dict.fromkeys(("delivered", "answered", "voicemail"), ("behind_delivered", "members_delivered")),
    **dict.fromkeys(
        (
            "bounced",
            "bounced_hard",
            "bounced_soft",
            "bounced_block",
            "failed",
            "suppressed",
            "returned",
            "no_answer",
        ),
        ("behind_bounced",),
    ),
    "opened": ("behind_opened", "members_opened"),
    "opened_human": ("behind_opened_human", "members_opened_human"),
    "clicked": ("behind_clicked", "members_clicked"),
    "replied": ("behind_replied", "members_responded"),
    "opt_out": ("behind_opt_out", "members_opted_out"),
    "complaint": ("behind_complaint", "members_complained"),
    "value_micros": ("with_outcome",),
}
NESTED_IN: dict[str, tuple[str, ...]] = {
    "members_delivered": ("members_sent",),
    "members_opened": ("members_delivered",),
    "members_opened_human": ("members_opened", "members_delivered"),
    "members_clicked": ("members_delivered", "members_opened_human"),
    "members_engaged": ("members_delivered",),
    "members_responded": ("members_delivered",),
    "members_responded_positive": ("members_responded", "members_delivered"),
    "members_responded_negative": ("members_responded", "members_delivered"),
    "members_opted_out": ("members_delivered",),
    "members_complained": ("members_delivered",),
    "members_converted": ("members_delivered",),
    "attributed": ("members_delivered",),
    "assigned": ("eligible",),
    "contactable": ("eligible",),
    "consented": ("eligible",),
    "held_out": ("assigned",),
    "with_outcome": ("assigned",),
    "value_micros": ("with_outcome", "assigned"),
}


@dataclass(frozen=True)
class View:
    """A cut of the facts: its name, the columns that make its value, and the kinds of cells it reads."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    of_members: bool = False
    overlapping: bool = False


OPERATIONS = View("operations", (), ("message", "assignment", "aggregate"))
FIXED: tuple[View, ...] = (
    OPERATIONS,
    View("wave", ("wave",), ("message", "aggregate"), overlapping=True),
    View("variant", ("variant",), ("message", "aggregate"), overlapping=True),
    View("arm", ("arm",), ("assignment",)),
    View("outcome", ("outcome",), ("outcome",), overlapping=True),
    View("arm|outcome", ("arm", "outcome"), ("outcome",), overlapping=True),
)
TOGETHER = "\x1e"
POOLED = "\x1f"


@dataclass(frozen=True)
class Terms:
    """The terms of release: threshold, profile (`default` or `strict`) and pairs of attributes."""

    threshold: int = 11
    profile: str = "default"
    pairs: tuple[tuple[str, str], ...] = ()


def views(attributes: list[str], pairs: tuple[tuple[str, str], ...]) -> list[View]:
    """Every cut that is released: the fixed ones, each attribute, and the named pairs that exist."""
    kinds = ("message", "assignment")
    single = [View(name, (f"attribute {name}",), kinds, of_members=True) for name in attributes]
    both = [
        View(pair_name(*pair), tuple(f"attribute {name}" for name in sorted(pair)), kinds, of_members=True)
        for pair in pairs
        if set(pair) <= set(attributes)
    ]
    return [*FIXED, *single, *both]


def pair_name(*names: str) -> str:
    return "|".join(sorted(names))


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
    ladder = _ladder(atoms, base)
    levels = _levels(ladder, terms.threshold, free)
    pools, prefixes = _pools(ladder[MONTH], levels, terms.threshold, free, view.overlapping)
    known = _known(coverage)
    rows = [_rows(frame, level, levels, pools) for level, frame in enumerate(ladder)]
    rows.append(_pooled_rows(prefixes, pools))
    found = pl.concat(rows, how="diagonal").join(known, on=["campaign", "channel"], how="left")
    open_columns = [pl.when(pl.col(f"known {c}")).then(pl.col(c)).alias(c) for c in SUMS]
    shaped = found.with_columns(*open_columns, view=pl.lit(view.name)).filter(
        pl.any_horizontal(pl.col(*SUMS).is_not_null())
    )
    return _shaped(shaped, RELEASED.columns), _withheld(view, pools, known)


def _atoms(view: View, cells: pl.DataFrame) -> pl.DataFrame:
    """One row per (campaign, channel, day, value); who is in several waves or variants is behind it once."""
    own = cells.filter(pl.col("kind").is_in(view.kinds))
    if view.columns:
        own = own.drop_nulls(list(view.columns))
        own = own.filter(pl.any_horizontal(pl.col(c) != "" for c in view.columns))
        parts = [pl.when(pl.col(c) == "").then(pl.lit("(none)")).otherwise(pl.col(c)) for c in view.columns]
        own = own.with_columns(value=pl.concat_str(parts, separator=TOGETHER))
    else:
        own = own.with_columns(value=pl.lit(""))
    fine = own.group_by("campaign", "channel", "month", "day", "value", "wave", "variant").agg(
        pl.col(COUNTS).sum()
    )
    week = pl.col("day") - (pl.col("day") + 3) % 7
    return (
        fine.group_by("campaign", "channel", "month", "day", "value")
        .agg(pl.col(SUMS).sum(), pl.col(BEHIND).max())
        .with_columns(week=week)
    )


def _campaign_base(cells: pl.DataFrame) -> pl.DataFrame:
    """The members behind a campaign's messages: a lower bound that no filter can lower."""
    waves = cells.group_by("campaign", "channel", "day", "wave", "variant").agg(
        pl.col("behind_sent", "members_sent").sum()
    )
    return waves.group_by("campaign").agg(
        campaign_base=pl.max_horizontal(pl.col("behind_sent").max(), pl.col("members_sent").sum())
    )


def _ladder(atoms: pl.DataFrame, base: pl.DataFrame) -> list[pl.DataFrame]:
    """The groups of every rung: days, weeks, runs of weeks, and the whole month."""
    days = _grouped(atoms.with_columns(first_day=pl.col("day"), last_day=pl.col("day")), ["week", "day"])
    weeks = _grouped(days, ["week"]).sort(*CUT, "week")
    run = weeks.select(*CUT, "week", size=_size(), run=pl.int_range(pl.len(), dtype=pl.Int32).over(CUT))
    rungs = [days]
    for _ in range(WEEK, MONTH):
        rungs.append(_grouped(weeks.join(run, on=[*CUT, "week"], nulls_equal=True), ["run"]))
        run = _joined(run)
    rungs.append(_grouped(weeks, []))
    return [rung.join(base, on="campaign", how="left") for rung in rungs]


def _joined(run: pl.DataFrame) -> pl.DataFrame:
    """The runs with the two smallest neighbours of each block joined; a block of one run stays."""
    sizes = run.group_by(*CUT, "run").agg(pl.col("size").sum()).sort(*CUT, "run")
    both = sizes.with_columns(both=(pl.col("size") + pl.col("size").shift(-1)).over(CUT)).drop_nulls("both")
    first = both.sort(*CUT, "both", "run").unique(CUT, keep="first").select(*CUT, join_at="run")
    later = (pl.col("run") > pl.col("join_at").fill_null(NEVER)).cast(pl.Int32)
    return run.join(first, on=CUT, how="left").with_columns(run=pl.col("run") - later).drop("join_at")


def _grouped(frame: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    return frame.group_by(*CUT, *by).agg(
        pl.col(SUMS).sum(), pl.col(BEHIND).max(), pl.col("first_day").min(), pl.col("last_day").max()
    )


def _size() -> pl.Expr:
    return pl.max_horizontal("members_sent", "assigned", "eligible", "behind_sent", "sent")


def _apart(count: pl.Expr, threshold: int) -> pl.Expr:
    return (count == 0) | (count >= threshold) | (count <= -threshold)


def _judge(column: str) -> pl.Expr:
    by = JUDGED_BY.get(column, (column,))
    return pl.col(by[0]) if len(by) == 1 else pl.max_horizontal(*by)


def _safe(column: str, threshold: int, free: frozenset[str]) -> pl.Expr:
    """Whether a count may be told in a group: it, and its difference to what it is nested in."""
    if column in free:
        return pl.col("campaign_base") >= threshold
    judge = _judge(column)
    nothing = (pl.col(column) == 0) & (judge == 0)
    tests = [_apart(judge, threshold) & (nothing | (judge >= threshold))]
    tests += [
        _apart(_judge(parent) - judge, threshold) | (_judge(parent) == 0)
        for parent in NESTED_IN.get(column, ())
    ]
    return pl.all_horizontal(tests)


def _levels(ladder: list[pl.DataFrame], threshold: int, free: frozenset[str]) -> pl.DataFrame:
    """Per block of a value, and per count, the finest rung at which every group may be told."""
    tests = [_safe(column, threshold, free).all().alias(column) for column in SUMS]
    fits = [frame.group_by(CUT).agg(tests).with_columns(level=level) for level, frame in enumerate(ladder)]
    finest = [
        pl.col("level").filter(pl.col(c)).min().fill_null(NEVER).cast(pl.Int32).alias(f"level {c}")
        for c in SUMS
    ]
    return pl.concat(fits).group_by(CUT).agg(finest)


def _pools(
    months: pl.DataFrame, levels: pl.DataFrame, threshold: int, free: frozenset[str], overlapping: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """How many of a block's smallest values each count pools (`NEVER` values: withheld), and the pools' sums.

    Values are ordered by their members, the same for every count, so that the pools of two counts are
    nested in each other. The pool is the shortest one that holds every unsafe value and may be told.
    """
    ordered = months.join(levels, on=CUT).with_columns(size=_size()).sort(*BLOCK, "size", "value")
    running = [pl.col(SUMS).cum_sum().over(BLOCK)]
    running.append((pl.col(BEHIND).cum_max() if overlapping else pl.col(BEHIND).cum_sum()).over(BLOCK))
    ranked = ordered.with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over(BLOCK))
    prefixes = ranked.with_columns(
        *running,
        values=pl.col("value").cum_count().over(BLOCK),
        first_day=pl.col("first_day").cum_min().over(BLOCK),
        last_day=pl.col("last_day").cum_max().over(BLOCK),
    )
    needs = [
        pl.when(pl.col(f"level {c}") == NEVER)
        .then(pl.col("rank"))
        .max()
        .fill_null(0)
        .over(BLOCK)
        .alias(f"need {c}")
        for c in SUMS
    ]
    fits = [
        pl.when((pl.col("rank") >= pl.col(f"need {c}")) & (pl.col("rank") > 1) & _safe(c, threshold, free))
        .then(pl.col("rank"))
        .min()
        .over(BLOCK)
        .alias(f"fit {c}")
        for c in SUMS
    ]
    chosen = [
        pl.when(pl.col(f"need {c}") == 0)
        .then(0)
        .otherwise(pl.col(f"fit {c}").fill_null(-1))
        .cast(pl.Int32)
        .alias(f"pool {c}")
        for c in SUMS
    ]
    judged = prefixes.with_columns(needs).with_columns(fits).with_columns(chosen)
    pools = judged.group_by(BLOCK).agg(pl.col(f"pool {c}").first() for c in SUMS)
    ranks = ranked.select(*CUT, "rank")
    return ranks.join(pools, on=BLOCK), prefixes.select(*CUT, "rank", "first_day", "last_day", *SUMS)


def _rows(frame: pl.DataFrame, level: int, levels: pl.DataFrame, pools: pl.DataFrame) -> pl.DataFrame:
    """The groups of one level, each count only where that level may tell it and its value is not pooled."""
    joined = frame.join(levels, on=CUT).join(pools, on=CUT)
    if level > DAY:
        joined = joined.filter(pl.any_horizontal(pl.col(f"level {c}") == level for c in SUMS))
    told = [
        pl.when(
            (pl.col(f"level {c}") <= level)
            & (pl.col(f"pool {c}") >= 0)
            & (pl.col("rank") > pl.col(f"pool {c}"))
        )
        .then(pl.col(c))
        .alias(c)
        for c in SUMS
    ]
    return joined.select(*CUT, "first_day", "last_day", *told, pool="rank").with_columns(
        level=pl.lit(level, pl.Int32)
    )


def _pooled_rows(prefixes: pl.DataFrame, pools: pl.DataFrame) -> pl.DataFrame:
    """One group per block and pool size in use, each count where its own pool lies inside."""
    names = prefixes.sort(*BLOCK, "rank").group_by(BLOCK, maintain_order=True).agg(names=pl.col("value"))
    joined = prefixes.join(pools.drop("rank"), on=CUT).join(names, on=BLOCK)
    used = joined.filter(pl.any_horizontal(pl.col(f"pool {c}") == pl.col("rank") for c in SUMS))
    told = [
        pl.when((pl.col(f"pool {c}") >= 0) & (pl.col(f"pool {c}") <= pl.col("rank"))).then(pl.col(c)).alias(c)
        for c in SUMS
    ]
    label = pl.col("names").list.head(pl.col("rank")).list.sort().list.join(POOLED)
    return used.select(
        *BLOCK,
        label.alias("value"),
        "first_day",
        "last_day",
        *told,
        pl.lit(POOL, pl.Int32).alias("level"),
        pl.col("rank").alias("pool"),
    )


def _known(coverage: pl.DataFrame) -> pl.DataFrame:
    facts = [(pl.col("fact") == c).any().alias(f"known {c}") for c in SUMS]
    return coverage.group_by("campaign", "channel").agg(facts)


def _withheld(view: View, pools: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    blocks = pools.select(*BLOCK, *(f"pool {c}" for c in SUMS)).unique(BLOCK)
    long = blocks.unpivot(index=BLOCK, variable_name="measure", value_name="pool").filter(pl.col("pool") < 0)
    named = long.with_columns(pl.col("measure").str.strip_prefix("pool "), view=pl.lit(view.name))
    covered = known.unpivot(
        index=["campaign", "channel"], variable_name="measure", value_name="known"
    ).filter("known")
    covered = covered.with_columns(pl.col("measure").str.strip_prefix("known "))
    return _shaped(named.join(covered, on=["campaign", "channel", "measure"], how="semi"), WITHHELD.columns)


def _shaped(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    types = {"int": pl.Int32, "long": pl.Int64, "text": pl.String}
    absent = [pl.lit(None).alias(c.name) for c in columns if c.name not in frame.columns]
    return frame.with_columns(absent).select(pl.col(c.name).cast(types[c.type]) for c in columns)


def _empty(columns: tuple[Column, ...]) -> pl.DataFrame:
    return _shaped(pl.DataFrame(), columns).clear()


def parts(value: str) -> list[str]:
    """The values that a group's value stands for: one, or those pooled."""
    return value.split(POOLED)


def label(value: str) -> str:
    """A group's value in words: `North + West`, and `Diabetes · North` for a pair."""
    return " + ".join(" · ".join(part.split(TOGETHER)) for part in parts(value))
