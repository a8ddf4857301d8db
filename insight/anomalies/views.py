"""Four looks at a series, each a surprise per row that knows only the rows before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from insight.anomalies.season import DAY, usual

Floats = NDArray[np.float64]

SIGMA = 1.4826  # of a normal law, in median absolute deviations
MOST_SURPRISED, MOST_LEVEL = 100.0, 20.0


@dataclass(frozen=True)
class Pace:
    """How a series comes: seconds from row to row, and the windows in rows that follow from it."""

    step: float
    warm: int
    rest: int
    hour: int
    day: int

    @classmethod
    def of(cls, step: float) -> Pace:
        """The windows for rows that come every `step` seconds; of an unknown step, those of minutes."""
        day = DAY / step if step > 0 else 288.0
        if day <= 6:
            return cls(step, 28, 7, 3, 28)
        return cls(
            step, int(np.clip(1.5 * day, 150, 500)), int(np.clip(0.4 * day, 12, 150)),
            int(np.clip(day / 24, 4, 12)), int(np.clip(day, 48, 400)),
        )  # fmt: skip


@dataclass(frozen=True)
class Views:
    """Surprises (0 and more) per row: of the step, of the place, of the level, and of the spread.

    `place` and `level` are signed, as is `spread`; `seasonal` says where the time of day decided.
    """

    step: Floats
    place: Floats
    level: Floats
    spread: Floats
    seasonal: NDArray[np.bool_]


def views(seconds: Floats, values: Floats, pace: Pace) -> Views:
    """The four looks at finite `values`."""
    move, near, _ = _best([_before(values), _rolling(values, 9)], values, pace.day, pace.day)
    away, scale, choice = _best(_baselines(seconds, values, pace), values, pace.day, 4 * pace.day)
    place = np.clip(away / scale, -MOST_SURPRISED, MOST_SURPRISED)
    level = pl.Series(np.clip(place, -MOST_LEVEL, MOST_LEVEL)).rolling_mean(pace.hour, min_samples=1)
    step = np.clip(move / near, -MOST_SURPRISED, MOST_SURPRISED)
    return Views(step, place, level.to_numpy(), _spread(move, pace), choice > 0)


def _baselines(seconds: Floats, values: Floats, pace: Pace) -> list[Floats]:
    """What may be usual: the level of the last day, the time of day, the time of the week."""
    known = usual(seconds, values, pace.step)
    return [
        _rolling(values, pace.day),
        *(one + _rolling(values - one, pace.day) for one in (known.daily, known.weekly)),
    ]


def _best(
    guesses: list[Floats], values: Floats, memory: int, window: int
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Per row how far it lies from the guess that was nearest lately, how far it usually does, and which."""
    missed: list[Floats] = []
    scales: list[Floats] = []
    for guess in guesses:
        off = pl.Series(np.abs(values - guess)).fill_nan(None)
        # A guess that has stood for a few rows only may be near by luck, and does not know how far it misses.
        known = memory // 2 if missed else 1
        lately = off.ewm_mean(half_life=float(memory), min_samples=known, ignore_nulls=True)
        lately = lately.shift(1).forward_fill()
        missed.append(np.where(np.isfinite(guess), lately.fill_null(np.inf).to_numpy(), np.inf))
        scales.append(_scale(off, window))
    choice = np.argmin(np.vstack(missed), axis=0).astype(np.int64)
    rows = np.arange(len(values))
    away = values - np.vstack(guesses)[choice, rows]
    return np.nan_to_num(away, nan=0.0), np.vstack(scales)[choice, rows], choice


def _before(values: Floats) -> Floats:
    return np.concatenate(([np.nan], values[:-1])) if len(values) else values


def _rolling(values: Floats, rows: int) -> Floats:
    """The median of the rows before, at most so many."""
    median = pl.Series(values).fill_nan(None).rolling_median(rows, min_samples=2).shift(1)
    found: Floats = median.fill_null(np.nan).to_numpy()
    return found


def _scale(distance: pl.Series, rows: int) -> Floats:
    """How far rows usually lie away: from the median distance, and the mean one where most do not move."""
    middle = distance.rolling_median(rows, min_samples=5).shift(1).forward_fill().fill_null(0.0) * SIGMA
    mean = distance.ewm_mean(half_life=float(rows), ignore_nulls=True).shift(1).forward_fill().fill_null(0.0)
    found: Floats = np.maximum(np.maximum(middle.to_numpy(), 0.6 * mean.to_numpy()), 1e-12)
    return found


def _spread(move: Floats, pace: Pace) -> Floats:
    """How restless the last rows are against the last days: the logarithm of their ratio."""
    rows = 2 * pace.hour + 4
    size = pl.Series(np.abs(move))
    short = size.rolling_mean(rows, min_samples=rows).to_numpy()
    long = size.rolling_mean(4 * pace.day, min_samples=rows).shift(rows).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(short / long)
    found: Floats = np.nan_to_num(np.clip(ratio, -4.0, 4.0), nan=0.0)
    return found
