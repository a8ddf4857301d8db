"""The state that a cut is told as of: today's data, what was told last, or what waits beside a told total."""

from __future__ import annotations

import polars as pl

from data.release.atoms import BLOCK, CUT
from data.release.rules import INTERNAL, STAGE_BEHIND, SUMS
from data.release.told import FEW, Told
from data.release.views import POOLED
from data.tables import COUNTS


def prepared(
    now: pl.DataFrame, standing: pl.DataFrame, before: Told, key: str, retold: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The atoms of some cuts (`view`) as they are to be told, and per cut and block how each count stands."""
    own = pl.col("view").is_in(now["view"].unique().to_list())
    rows, pending = before.released.filter(own), before.pending.filter(own)
    decided = before.withheld.filter(own & (pl.col("why") == FEW))
    flags = now.select(CUT).unique().join(standing, on=BLOCK, nulls_equal=True)
    if rows.is_empty() and pending.is_empty() and decided.is_empty():
        plain = [
            pl.lit(False).alias(f"{word} {c}") for word in ("kept", "stays", "had", "seen") for c in SUMS
        ]
        flags = flags.with_columns(*plain, *(pl.lit(None, pl.Int32).alias(f"rung {c}") for c in SUMS))
        flags = flags.with_columns(_only(c, pl.lit(False)) for c in SUMS)
        return now, flags
    flags = _seen(flags, rows, decided, pending, retold)
    was = _was(rows, key)
    state = now.join(was, on=[*CUT, key], how="full", coalesce=True, nulls_equal=True)
    waiting = pending.select(*CUT, key, *(pl.col(c).alias(f"pending {c}") for c in COUNTS))
    state = state.join(waiting, on=[*CUT, key], how="full", coalesce=True, nulls_equal=True)
    told = flags.select(*CUT, *(f"{word} {c}" for word in ("stays", "new") for c in SUMS))
    state = state.join(told, on=CUT, nulls_equal=True)
    sourced = [_sourced(c, c) for c in SUMS] + [_sourced(c, _stage(c)) for c in INTERNAL]
    state = state.with_columns(*sourced, *(pl.col(f"was {c}").fill_null(0) for c in SUMS))
    drop = [n for n in state.columns if n.startswith(("pending ", "stays ", "new "))]
    return state.drop(drop), flags


def _only(count: str, waiting: pl.Expr) -> pl.Expr:
    """Told, where the state that it is told as of is at hand: today's, yesterday's rows, or what waits."""
    at_hand = pl.col(f"new {count}") | pl.col(f"stays {count}") | waiting
    return (pl.col(f"told {count}") & at_hand).alias(f"told {count}")


def _stage(name: str) -> str:
    stage = name.split("_", 1)[1]
    return stage if stage in SUMS else next(c for c, of in STAGE_BEHIND.items() if of == stage)


def _sourced(name: str, count: str) -> pl.Expr:
    stays = pl.col(f"was {name}") if name in SUMS else pl.col(name)
    return (
        pl.when(pl.col(f"stays {count}"))
        .then(stays)
        .when(pl.col(f"new {count}"))
        .then(pl.col(name))
        .otherwise(pl.col(f"pending {name}"))
        .fill_null(0)
        .alias(name)
    )


def _was(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """What was told, placed at the first atom of each group, and per value the group it stood in."""
    if key == "day":
        placed = rows.with_columns(pl.col("first_day").alias("day"))
        return placed.group_by(*CUT, "day").agg(pl.col(c).max().alias(f"was {c}") for c in SUMS)
    parts = rows.with_columns(whole=pl.col("value"), value=pl.col("value").str.split(POOLED)).explode("value")
    first = pl.col("value") == pl.col("whole").str.split(POOLED).list.get(0)
    made = [pl.col(c).filter(first).max().alias(f"was {c}") for c in SUMS]
    made += [pl.col("whole").filter(pl.col(c).is_not_null()).first().alias(f"old {c}") for c in SUMS]
    return parts.group_by(*CUT, "value").agg(made)


def _seen(
    flags: pl.DataFrame, rows: pl.DataFrame, decided: pl.DataFrame, pending: pl.DataFrame, retold: bool
) -> pl.DataFrame:
    """Per cut, block and count: `had` (told by it), `seen` (decided upon), `stays` (as of the same state) and
    `kept` (in the same groups, too).
    """
    told = rows.group_by(CUT).agg(
        *(pl.col(c).is_not_null().any().alias(f"any {c}") for c in SUMS),
        *(pl.col("level").filter(pl.col(c).is_not_null()).first().alias(f"rung {c}") for c in SUMS),
    )
    refused = decided.group_by(CUT).agg((pl.col("measure") == c).any().alias(f"refused {c}") for c in SUMS)
    waits = pending.group_by(CUT).agg(pl.col(c).is_not_null().any().alias(f"waits {c}") for c in SUMS)
    for frame in (told, refused, waits):
        flags = flags.join(frame, on=CUT, how="left", nulls_equal=True)
    made = flags.with_columns(
        pl.col(f"{word} {c}").fill_null(False) for word in ("any", "refused", "waits") for c in SUMS
    )
    made = made.with_columns(
        *((pl.col(f"frozen {c}") & pl.col(f"any {c}")).alias(f"had {c}") for c in SUMS),
        *(
            (pl.col(f"frozen {c}") & (pl.col(f"any {c}") | pl.col(f"refused {c}"))).alias(f"seen {c}")
            for c in SUMS
        ),
        *(pl.when(pl.col(f"frozen {c}")).then(pl.col(f"rung {c}")).alias(f"rung {c}") for c in SUMS),
    )
    made = made.with_columns((pl.col(f"had {c}") & ~pl.col(f"moved {c}")).alias(f"stays {c}") for c in SUMS)
    made = made.with_columns((pl.col(f"stays {c}") & pl.lit(not retold)).alias(f"kept {c}") for c in SUMS)
    made = made.with_columns(_only(c, pl.col(f"waits {c}")) for c in SUMS)
    return made.drop([n for n in made.columns if n.startswith(("any ", "refused ", "waits "))])
