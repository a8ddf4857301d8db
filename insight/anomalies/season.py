"""What is usual at this time of the day and of the week, by the days before it alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAY = 86_400
MOST_SLOTS = 48
DAYS_BEFORE, DAYS_NEEDED = 7, 3
WEEKS_BEFORE, WEEKS_NEEDED = 5, 2


@dataclass(frozen=True)
class Usual:
    """Per row what is usual by the days before, and by the same weekdays; NaN where too few are known."""

    daily: Floats
    weekly: Floats


def usual(seconds: Floats, values: Floats, step: float) -> Usual:
    """What is usual for each row. `seconds` never fall; `step` is the seconds from one row to the next.

    A day is cut into as many slots as it has rows, at most 48. Of a slot the median of its means over the
    days before counts, never the day itself.
    """
    nothing = np.full(len(values), np.nan)
    slots = int(min(MOST_SLOTS, max(1, round(DAY / step)))) if step > 0 else 0
    if not slots or step < 1e-3:
        return Usual(nothing, nothing)
    days, number = np.unique(np.floor_divide(seconds, DAY).astype(np.int64), return_inverse=True)
    place = np.mod(seconds, DAY) / DAY * slots
    means = _means(number.astype(np.int64), place.astype(np.int64), values, len(days), slots)
    before = np.arange(len(days))[:, None] - np.arange(1, DAYS_BEFORE + 1)[None, :]
    daily = _median_of(means, np.where(before >= 0, before, -1), DAYS_NEEDED)
    weeks = days[:, None] - 7 * np.arange(1, WEEKS_BEFORE + 1)[None, :]
    at = np.minimum(np.searchsorted(days, weeks), len(days) - 1)
    weekly = _median_of(means, np.where(days[at] == weeks, at, -1), WEEKS_NEEDED)
    coarse = slots * step * 1.4 < DAY  # several rows of a day share a slot
    return Usual(*(_nearest(table, number, place, values, coarse) for table in (daily, weekly)))


def _means(day: Ints, slot: Ints, values: Floats, days: int, slots: int) -> Floats:
    """The mean of each (day, slot); NaN where it has no row."""
    code = day * slots + np.minimum(slot, slots - 1)
    size = days * slots
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = np.bincount(code, values, size) / np.bincount(code, minlength=size)
    return means.reshape(days, slots)


def _median_of(table: Floats, rows: Ints, needed: int) -> Floats:
    """Per day and slot the median over the days that `rows` names (-1: none), where enough have the slot."""
    found = np.full(table.shape, np.nan)
    for begin in range(0, len(table), 2_000):  # a day at a time would be slow, all at once too large
        part = rows[begin : begin + 2_000]
        stack = np.where((part >= 0)[:, :, None], table[part], np.nan)
        stack.sort(axis=1)  # what is missing comes last
        many = np.isfinite(stack).sum(axis=1)
        low, high = np.maximum((many - 1) // 2, 0), np.minimum(many // 2, stack.shape[1] - 1)
        pick = [np.take_along_axis(stack, one[:, None, :], axis=1)[:, 0, :] for one in (low, high)]
        found[begin : begin + 2_000] = np.where(many >= needed, (pick[0] + pick[1]) / 2, np.nan)
    return found


def _nearest(table: Floats, day: Ints, place: Floats, values: Floats, coarse: bool) -> Floats:
    """The table's value at each row's time of day.

    Of a slot with many rows the value may lie anywhere between those of the slots beside it, and the nearest
    to the row counts: what changes at a fixed minute is no surprise within half an hour of it.
    """
    slots = table.shape[1]
    own = np.minimum(place.astype(np.int64), slots - 1)
    if not coarse:
        found: Floats = table[day, own]
        return found
    around = np.stack([table[day, (own + one) % slots] for one in (-1, 0, 1)])
    return np.clip(values, np.fmin.reduce(around), np.fmax.reduce(around))
