"""The streaming detector: a score per row, whether it is an anomaly, and why, by the rows before it alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from insight.anomalies.tail import rarity
from insight.anomalies.views import Pace, Views, views

Floats = NDArray[np.float64]

FIRST_ROWS = 25
"""The step of a series is the median of its first rows; of these none is judged."""
ALARM = 1e-4
"""A row is an anomaly where its surprise had no more than this chance."""
SLOPE = 0.35
NEWS = 0.02
SILENT_STEPS, SILENT_TIMES = 12.0, 4.0
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
WEIGHTS = {"step": 1.0, "place": 1.0, "level": 1.0, "spread": 2.0}
"""By how much the chance of each look is raised: four looks find something more often than one."""


@dataclass(frozen=True)
class Verdicts:
    """Per row a score from 0 to 1, whether it is an anomaly (a score from 0.5 on), and why in words."""

    score: Floats
    anomaly: NDArray[np.bool_]
    reason: list[str]


def detect(seconds: Floats, values: Floats) -> Verdicts:
    """Judge finite `values` at `seconds` (since any moment in UTC); times that fall back count as no time."""
    count = len(values)
    if count < FIRST_ROWS:
        return Verdicts(np.zeros(count), np.zeros(count, np.bool_), [""] * count)
    clock = np.maximum.accumulate(seconds)
    step = _step(clock)
    pace = Pace.of(step)
    looks = views(clock, values, pace)
    chance, which = _chances(looks, pace)
    silent = _silences(clock, step, pace.warm)
    chance[silent] = np.minimum(chance[silent], ALARM / 10)
    score = 1 / (1 + (chance / ALARM) ** SLOPE)
    score[: pace.warm] = 0.0
    told, anomaly = _news(score, pace.rest)
    reasons = [""] * count
    for row in np.flatnonzero(anomaly):
        gap = clock[row] - clock[row - 1] if silent[row] else 0.0
        reasons[row] = _words(int(row), which, looks, gap)
    return Verdicts(np.round(told, 4), anomaly, reasons)


def _step(clock: Floats) -> float:
    gaps = np.diff(clock[:FIRST_ROWS])
    gaps = gaps[gaps > 0]
    return float(np.median(gaps)) if len(gaps) else 0.0


def _chances(looks: Views, pace: Pace) -> tuple[Floats, NDArray[np.int64]]:
    """The least chance of the four looks per row, and which look it is."""
    of = {"step": looks.step, "place": looks.place, "level": looks.level, "spread": looks.spread}
    seasonal = np.flatnonzero(looks.seasonal)
    # With a better idea of what is usual the surprises change their size: those of before say nothing then.
    since = {name: int(seasonal[0]) if len(seasonal) and name in ("place", "level") else 0 for name in of}
    table = np.vstack([rarity(np.abs(one), pace.warm, since[n]) * WEIGHTS[n] for n, one in of.items()])
    return np.minimum(table.min(axis=0), 1.0), np.argmin(table, axis=0).astype(np.int64)


def _silences(clock: Floats, step: float, warm: int) -> NDArray[np.bool_]:
    """The rows that come after a gap far longer than any before."""
    gaps = np.concatenate(([0.0], np.diff(clock)))
    longest = np.concatenate(([0.0], np.maximum.accumulate(gaps)[:-1]))
    late = (gaps > SILENT_STEPS * step) & (gaps > SILENT_TIMES * longest) & (step > 0)
    late[:warm] = False
    return late


def _news(score: Floats, rest: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Scores of which only the first of a row of like ones stays; what follows within `rest` is halved.

    After an anomaly nothing is one again before the rows were calm: what lasts is told once.
    """
    before = pl.Series(score).rolling_max(rest, min_samples=1).shift(1).fill_null(0.0).to_numpy()
    told = np.where(score > before + NEWS, score, score / 2)
    anomaly = np.zeros(len(score), np.bool_)
    last = -rest - 1
    for row in np.flatnonzero(told >= 0.5):
        if row - last > rest:
            anomaly[row], last = True, int(row)
        else:
            told[row] = score[row] / 2
    return np.minimum(told, np.where(anomaly, 1.0, 0.4999)), anomaly


def _words(row: int, which: NDArray[np.int64], looks: Views, gap: float) -> str:
    if gap:
        return f"silent for {span(gap)}"
    name = ("step", "place", "level", "spread")[which[row]]
    if name == "spread":
        return f"spread changed: {'more' if looks.spread[row] > 0 else 'less'} restless than usual"
    signed = {"step": looks.step, "place": looks.place, "level": looks.level}[name][row]
    side = "above" if signed > 0 else "below"
    if name == "step":
        return f"sudden {'rise' if signed > 0 else 'fall'}: far {side} the rows just before"
    if name == "level":
        return f"level changed: for a while {side} the usual"
    return f"far {side} the usual of this {'hour' if looks.seasonal[row] else 'time'}"


def span(seconds: float) -> str:
    """A time in a unit of which it has at least two: `3 hours`, `50 minutes`."""
    for size, unit in UNITS:
        if seconds >= 2 * size:
            return f"{round(seconds / size)} {unit}s"
    return f"{seconds:.1f} seconds"
