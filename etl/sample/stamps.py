"""How the vendors of the sample print their ids and times."""

from __future__ import annotations

import numpy as np
import polars as pl

from etl.sample.plan import ZONE

MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def scattered(numbers: np.ndarray, seed: int) -> np.ndarray:
    """Distinct 64-bit numbers for distinct numbers, in no visible order (SplitMix64)."""
    with np.errstate(over="ignore"):
        z = (numbers.astype(np.uint64) + np.uint64(seed) * np.uint64(1_000_003) + np.uint64(1)) * MIX[0]
        z = (z ^ (z >> np.uint64(30))) * MIX[1]
        z = (z ^ (z >> np.uint64(27))) * MIX[2]
        return np.asarray(z ^ (z >> np.uint64(31)))


def ids(prefix: str, numbers: pl.Series, seed: int) -> pl.Series:
    """One text id per number: the prefix and sixteen hexadecimal digits."""
    mixed = scattered(numbers.to_numpy(), seed).astype(">u8").tobytes().hex()
    return pl.Series([prefix + mixed[at : at + 16] for at in range(0, len(mixed), 16)], dtype=pl.String)


def moments(utc: pl.Series | np.ndarray) -> pl.Series:
    """UTC epoch seconds as instants."""
    return (pl.Series(utc).cast(pl.Int64) * 1_000_000).cast(pl.Datetime("us", "UTC"))


def utc_text(utc: pl.Series | np.ndarray, form: str) -> pl.Series:
    """UTC epoch seconds as text of the stated form, in UTC; 0 or null is empty."""
    series = pl.Series(utc).cast(pl.Int64)
    return pl.select(pl.when(series > 0).then(moments(series).dt.to_string(form))).to_series()


def local_text(utc: pl.Series | np.ndarray, form: str) -> pl.Series:
    """UTC epoch seconds as text of the stated form, in the plan's zone; 0 or null is empty."""
    series = pl.Series(utc).cast(pl.Int64)
    zoned = moments(series).dt.convert_time_zone(ZONE).dt.to_string(form)
    return pl.select(pl.when(series > 0).then(zoned)).to_series()


def day_text(days: pl.Series | np.ndarray, form: str) -> pl.Series:
    """Whole days since the epoch as text of the stated form; negative or null is empty."""
    series = pl.Series(days).cast(pl.Int32)
    return pl.select(pl.when(series >= 0).then(series.cast(pl.Date).dt.to_string(form))).to_series()
