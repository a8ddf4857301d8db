"""The rungs of time: days, weeks inside the month, pairs of weeks, four weeks and the rest, the month."""

from __future__ import annotations

import polars as pl

DAY, WEEK, PAIR, FOUR, MONTH = 0, 1, 2, 3, 6
RUNGS = (DAY, WEEK, PAIR, FOUR, MONTH)
NEVER = 9
_WEEKS = {WEEK: 1, PAIR: 2, FOUR: 4}


def rung(level: int, day: str = "day", month: str = "month") -> pl.Expr:
    """The part of its month that a day falls into; each rung's parts lie inside those of the next."""
    if level == DAY:
        return pl.col(day)
    if level == MONTH:
        return pl.when(pl.col(day).is_null()).then(None).otherwise(pl.lit(0)).cast(pl.Int32)
    first = pl.date(pl.col(month) // 100, pl.col(month) % 100, 1).cast(pl.Int32)
    weeks = (_monday(pl.col(day)) - _monday(first)) // 7
    return pl.when(pl.col(month) != 0).then(weeks // _WEEKS[level]).cast(pl.Int32)


def _monday(day: pl.Expr) -> pl.Expr:
    return day - (day + 3) % 7
