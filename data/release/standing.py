"""What a block's totals are told as now: the hold rule over time, and from when on a count is complete.

A total moves only by nothing or by enough members, and so does what is left between nested totals: two
snapshots tell no more of a single event than one does. Everything finer follows the total of its block: it is
taken from the same state of the data, and told once the count is complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from data.release.atoms import BLOCK
from data.release.quantities import apart, atoms_with, grouped, safe
from data.release.rules import ANCESTORS, MONEY, ORDER, OUTCOMES, SUMS, wait

PASSES = 4


@dataclass(frozen=True)
class Clock:
    """Up to which day the data are complete: for messages, and per campaign and outcome (a frame).

    `complete` has the columns campaign, result (empty for the declared outcome) and complete_day.
    """

    through: int
    complete: pl.DataFrame


def completed(blocks: pl.DataFrame, before: Clock, now: Clock) -> list[str]:
    """The campaigns of which a clock completes some count that another one did not, or the other way round.

    `blocks` has the columns campaign, result and last_day of every block.
    """
    waits = sorted({days for count in SUMS if (days := wait(count)) is not None})
    frame = blocks.drop_nulls("last_day")
    for name, clock in (("before", before), ("now", now)):
        named = clock.complete.rename({"complete_day": f"{name} day"})
        frame = frame.join(named, on=["campaign", "result"], how="left").with_columns(
            (pl.col("last_day") <= pl.col(f"{name} day")).fill_null(False).alias(f"{name} outcome"),
            *((pl.col("last_day") + days <= clock.through).alias(f"{name} {days}") for days in waits),
        )
    differ = [pl.col(f"before {one}") != pl.col(f"now {one}") for one in ("outcome", *waits)]
    return sorted(frame.filter(pl.any_horizontal(differ))["campaign"].unique())


def totals_of(
    days: pl.DataFrame, others: pl.DataFrame, known: pl.DataFrame, base: pl.DataFrame
) -> pl.DataFrame:
    """One row per block: its counts, their quantities over the days, and which counts a source reports."""
    made = [
        grouped(
            atoms_with(frame, ORDER),
            BLOCK,
            [pl.col("day").min().alias("first_day"), pl.col("day").max().alias("last_day")],
        )
        for frame in (days, others)
        if not frame.is_empty()
    ]
    totals = pl.concat(made, how="diagonal") if made else days.select(BLOCK)
    totals = totals.join(known, on=["campaign", "channel", "origin"], how="left")
    return totals.join(base, on="campaign", how="left")


def stand(
    totals: pl.DataFrame,
    before: pl.DataFrame,
    clock: Clock,
    free: frozenset[str],
    threshold: int,
    retold: bool,
) -> pl.DataFrame:
    """How every count of every block stands.

    `before` has `held c`, `frozen c` and `as c` per block. Adds for each count `told c` (at all), `now c`
    (the total as told), `new c` (taken from today's data), `moved c` and `complete c`.
    """
    frame = totals.join(before, on=BLOCK, how="left", nulls_equal=True)
    frame = frame.with_columns(pl.col(f"frozen {c}").fill_null(False) for c in SUMS)
    frame = frame.with_columns(pl.col(f"known {c}").fill_null(False).alias(f"told {c}") for c in SUMS)
    for count in ORDER:
        frame = _first(frame, count, free, threshold, retold)
    told = {count for count in SUMS if frame[f"now {count}"].is_not_null().any()}
    pairs = [(whole, part) for whole, part in _nested() if {whole, part} <= told]
    for _ in range(PASSES):
        before = frame.select(f"now {count}" for count in told)
        steps = frame.lazy()
        for whole, part in pairs:
            steps = _settled(steps, whole, part, free, threshold)
        frame = steps.collect()
        if frame.select(before.columns).equals(before):
            break
    for count in ORDER:
        if count in MONEY:
            frame = _followed(frame, count)
    made = frame.with_columns(
        *(pl.col(f"now {c}").is_not_null().alias(f"told {c}") for c in SUMS),
        *((pl.col(f"now {c}") == pl.col(c)).fill_null(False).alias(f"new {c}") for c in SUMS),
        *(pl.col(f"now {c}").ne_missing(pl.col(f"held {c}")).alias(f"moved {c}") for c in SUMS),
    )
    return _completed(made, clock)


def _nested() -> Iterator[tuple[str, str]]:
    for part in ORDER:
        for whole in ANCESTORS[part]:
            if part not in MONEY and whole not in MONEY:
                yield whole, part


def _first(
    frame: pl.DataFrame, count: str, free: frozenset[str], threshold: int, retold: bool
) -> pl.DataFrame:
    fits = safe(count, frame.columns, threshold) & pl.col(f"known {count}").fill_null(False)
    held = pl.col(f"held {count}")
    steps = apart(pl.col(count) - held, threshold)
    if count in free:
        steps = steps | ~pl.col(f"frozen {count}")
    now = pl.when(fits & (held.is_null() | steps)).then(pl.col(count)).otherwise(held)
    if retold:
        now = pl.when(fits & apart(now, threshold)).then(now)
    told = pl.col(f"now {count}").is_not_null()
    if count in free:
        # Free counts are told by days, whatever is told of the rest of the block.
        told = told | pl.col(f"known {count}").fill_null(False)
    return frame.with_columns(now.alias(f"now {count}")).with_columns(told.alias(f"told {count}"))


def _settled(
    frame: pl.LazyFrame, whole: str, part: str, free: frozenset[str], threshold: int
) -> pl.LazyFrame:
    """Take a step back where the new totals of a pair, or the change between them, would tell too much."""
    a, c = pl.col(f"now {whole}"), pl.col(f"now {part}")
    old_a, old_c = pl.col(f"held {whole}"), pl.col(f"held {part}")
    step = apart((a - c) - (old_a - old_c), threshold).fill_null(True)
    if whole in free:
        step = pl.lit(True)
    bad = (~(apart(a - c, threshold) & step)).fill_null(False)
    back_c = bad & old_c.is_not_null() & (c != old_c)
    back_a = bad & ~back_c & old_a.is_not_null() & (a != old_a) & pl.lit(whole not in free)
    lost = bad & ~back_c & ~back_a
    return frame.with_columns(
        pl.when(back_c).then(old_c).when(~lost).then(c).alias(f"now {part}"),
        pl.when(back_a).then(old_a).otherwise(a).alias(f"now {whole}"),
    )


def _followed(frame: pl.DataFrame, money: str) -> pl.DataFrame:
    """Money is told as of the same state as the count that it belongs to."""
    of = ANCESTORS[money][0]
    same = pl.col(f"now {of}") == pl.col(of)
    now = (
        pl.when(~pl.col(f"known {of}").fill_null(False))
        .then(pl.col(f"now {money}"))
        .when(same & pl.col(f"known {money}").fill_null(False))
        .then(pl.col(money))
        .otherwise(pl.col(f"held {money}"))
    )
    return frame.with_columns(now.alias(f"now {money}"))


def _completed(frame: pl.DataFrame, clock: Clock) -> pl.DataFrame:
    frame = frame.join(clock.complete, on=["campaign", "result"], how="left")
    undated = pl.col("last_day").is_null()
    made = []
    for count in SUMS:
        days = wait(count)
        if count in OUTCOMES:
            done = (pl.col("last_day") <= pl.col("complete_day")).fill_null(False)
        else:
            done = pl.col("last_day") + (days or 0) <= clock.through
        made.append((undated | done | pl.col(f"frozen {count}")).alias(f"complete {count}"))
    return frame.with_columns(made)
