"""Invented series of many kinds, with what was planted in them: for tests of the detector alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MINUTE, DAY = 60.0, 86_400.0
BEGIN = 1_400_000_000.0  # a Tuesday in May
PROBATION = 0.15
"""Of a series the first part is for learning: nothing is planted or counted there."""


@dataclass(frozen=True)
class Series:
    """A series, and the rows at which something planted begins and ends (inclusive)."""

    seconds: Floats
    values: Floats
    planted: tuple[tuple[int, int], ...]

    @property
    def counted_from(self) -> int:
        return int(PROBATION * len(self.values))

    def windows(self) -> list[tuple[int, int]]:
        """Where an alarm counts as right: the planted rows and a twentieth of the series to either side."""
        room = len(self.values) // 20
        return [(max(0, first - room // 4), max(last, first + room)) for first, last in self.planted]


def _clock(rows: int, step: float) -> Floats:
    return BEGIN + step * np.arange(rows, dtype=np.float64)


def _day(seconds: Floats) -> Floats:
    return np.sin(2 * np.pi * seconds / DAY)


def seasonal(draw: np.random.Generator) -> Series:
    """Five-minute rows with a day of busy hours; one day stays flat, on another it is busier."""
    at = _clock(4_032, 300)
    values = 40 + 25 * np.clip(_day(at) * 3, -1, 1) + draw.normal(0, 2.0, len(at))
    flat, busy = 2_016 + 60, 3_200
    values[flat : flat + 200] = 20 + draw.normal(0, 2.0, 200)
    values[busy : busy + 120] += 40
    return Series(at, values, ((flat, flat + 199), (busy, busy + 119)))


def processor(draw: np.random.Generator) -> Series:
    """Load of a machine: mostly low, with short peaks of all sizes; then the level rises for good."""
    at = _clock(4_032, 300)
    values = 2 + draw.gamma(2, 0.4, len(at))
    peaks = draw.random(len(at)) < 0.01
    values[peaks] += draw.gamma(2, 4, int(peaks.sum()))
    values[2_700:] += 12
    return Series(at, values, ((2_700, 2_760),))


def flat(draw: np.random.Generator) -> Series:
    """The same value for days, with two jumps."""
    at = _clock(4_032, 300)
    values = np.full(len(at), 7.0)
    values[1_800:1_830] = 12.0
    values[3_000:] = 3.0
    return Series(at, values + 0 * draw.random(), ((1_800, 1_830), (3_000, 3_060)))


def temperature(draw: np.random.Generator) -> Series:
    """Hourly rows that wander slowly with the day and the season; a sudden fall that lasts a day."""
    at = _clock(5_000, 3_600)
    wander = np.zeros(len(at))
    for row in range(1, len(at)):
        wander[row] = 0.97 * wander[row - 1] + draw.normal(0, 0.5)
    values = 68 + 2 * _day(at) + 4 * np.sin(np.arange(len(at)) / 900) + wander
    values[3_300:3_324] -= 16
    return Series(at, values, ((3_300, 3_323),))


def traffic(draw: np.random.Generator) -> Series:
    """Half-hour counts with days and weeks; a holiday, and an evening with twice the usual."""
    at = _clock(60 * 48, 1_800)
    weekend = (np.floor_divide(at, DAY).astype(int) % 7) >= 5
    mean = 400 * (1.3 + _day(at)) * np.where(weekend, 0.7, 1.0)
    holiday, evening = 40 * 48, 52 * 48 + 10
    mean[holiday : holiday + 48] *= 0.45
    mean[evening : evening + 8] *= 2.0
    values = draw.poisson(mean).astype(float)
    return Series(at, values, ((holiday, holiday + 47), (evening, evening + 7)))


def heavy(draw: np.random.Generator) -> Series:
    """Latency with a heavy tail; for an hour it is five times as long."""
    at = _clock(4_032, 300)
    values = 45 + 3 * np.abs(draw.standard_t(2.5, len(at)))
    values[2_900:2_912] += 200
    return Series(at, values, ((2_900, 2_911),))


def restless(draw: np.random.Generator) -> Series:
    """Steady noise that becomes four times as wide."""
    at = _clock(4_032, 300)
    values = 100 + draw.normal(0, 2, len(at))
    values[2_500:] = 100 + draw.normal(0, 8, len(at) - 2_500)
    return Series(at, values, ((2_500, 2_560),))


def daily(draw: np.random.Generator) -> Series:
    """Daily counts with quiet weekends; three days without half of them."""
    at = _clock(400, DAY)
    weekend = (np.floor_divide(at, DAY).astype(int) % 7) >= 5
    values = draw.poisson(np.where(weekend, 200, 900)).astype(float)
    values[300:303] *= 0.4
    return Series(at, values, ((300, 302),))


def quiet_days(draw: np.random.Generator) -> Series:
    """Busy hours and quiet nights, as ever."""
    at = _clock(6_000, 300)
    values = 40 + 25 * np.clip(_day(at) * 3, -1, 1) + draw.normal(0, 2.0, len(at))
    return Series(at, values, ())


def quiet_tail(draw: np.random.Generator) -> Series:
    """A heavy tail, as ever."""
    at = _clock(6_000, 300)
    return Series(at, 45 + 3 * np.abs(draw.standard_t(2.5, len(at))), ())


def quiet_walk(draw: np.random.Generator) -> Series:
    """A random walk: nothing is usual in it."""
    at = _clock(6_000, 60)
    return Series(at, 500 + np.cumsum(draw.normal(0, 1, len(at))), ())


def quiet_noise(draw: np.random.Generator) -> Series:
    """Noise, as ever."""
    at = _clock(6_000, 60)
    return Series(at, draw.normal(10, 3, len(at)), ())


def rare(draw: np.random.Generator) -> Series:
    """Counts that are mostly nought; for some hours many more."""
    at = _clock(5_000, 300)
    values = draw.poisson(0.3, len(at)) * (1 + draw.poisson(1, len(at))).astype(float)
    values[3_500:3_540] = draw.poisson(12, 40)
    return Series(at, values, ((3_500, 3_539),))


def saw(draw: np.random.Generator) -> Series:
    """Peaks at every hour; for a while they do not come."""
    at = _clock(4_032, 300)
    values = 20 + draw.normal(0, 1, len(at))
    values[::12] += 60 + draw.normal(0, 3, len(values[::12]))
    values[2_600:2_800] = 20 + draw.normal(0, 1, 200)
    return Series(at, values, ((2_600, 2_799),))


PLANTED: dict[str, Callable[[np.random.Generator], Series]] = {
    one.__name__: one
    for one in (
        seasonal, processor, flat, temperature, traffic, heavy, restless, daily, rare, saw,
    )
}  # fmt: skip
QUIET: dict[str, Callable[[np.random.Generator], Series]] = {
    one.__name__: one for one in (quiet_days, quiet_tail, quiet_walk, quiet_noise)
}


def made(name: str, seed: int) -> Series:
    """A series of a kind; the same seed gives the same."""
    return (PLANTED | QUIET)[name](np.random.default_rng([seed, len(name), ord(name[0])]))
