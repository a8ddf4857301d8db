"""The labels of one snapshot as whole numbers: campaigns, channels, months, days, and the values of a cut."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from config.vocabulary import SLOTS
from data.periods import month_span, week_start
from data.release import NONE, TOGETHER, parts

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
SEVERAL = "(several together)"
UNDATED = (np.iinfo(np.int64).max, np.iinfo(np.int64).min)
"""First and last day of what has none: outside every period, and inside none."""


class Codebook:
    """Labels in order, so that their numbers sort as they do. `of_campaign` is by campaign number."""

    def __init__(self, records: Mapping[str, Any], frames: Collection[pl.DataFrame]) -> None:
        """`records` are the campaigns by name; `frames` have campaign, channel and month."""
        seen = pl.concat([frame.select("campaign", "channel", "month") for frame in frames]).unique()
        self.campaigns = sorted({*records, *seen["campaign"]})
        self.channels = sorted({"", *seen["channel"]})
        self._number = {
            "campaign": {name: at for at, name in enumerate(self.campaigns)},
            "channel": {name: at for at, name in enumerate(self.channels)},
        }
        self.labels: dict[str, Sequence[Any]] = {"campaign": self.campaigns, "channel": self.channels}
        self.labels |= _calendar([month for month in seen["month"].unique() if month])
        self.first_day = self.labels["day"][0] if self.labels["day"] else 0
        self.first_week = self.labels["week"][0] if self.labels["week"] else 0
        self.first_month = _in_months(self.labels["month"][1]) if len(self.labels["month"]) > 1 else 0
        self._month_starts = _starts(self.labels["month"])
        self.of_campaign = {name: self._record(name, records) for name in ("program", "line_of_business")}
        self._spread: dict[tuple[tuple[str, ...], str, int], tuple[Ints, Ints, Ints, Bools]] = {}

    def _record(self, name: str, records: Mapping[str, Any]) -> Ints:
        """The number of each campaign's program (or line of business)."""
        told = [str(getattr(records[one], name)) if one in records else "" for one in self.campaigns]
        self.labels[name] = sorted(set(told))
        place = {label: at for at, label in enumerate(self.labels[name])}
        return np.array([place[label] for label in told], np.int64)

    def numbers(self, name: str, labels: pl.Series) -> Ints:
        """The numbers of campaigns or channels."""
        return numbered(labels, self._number[name])

    def number(self, name: str, label: str) -> int:
        """The number of one campaign or channel."""
        return self._number[name][label]

    def kept(self, name: str, labels: Collection[str]) -> Bools:
        """Per campaign (or channel) whether it is among `labels`."""
        found = np.zeros(len(self._number[name]), np.bool_)
        found[[self._number[name][label] for label in labels if label in self._number[name]]] = True
        return found

    def days(self, day: Ints) -> Ints:
        return day - self.first_day

    def weeks(self, day: Ints) -> Ints:
        return (day - self.first_week) // 7

    def months(self, month: Ints) -> Ints:
        """The numbers of months written as 202611; 0 where undated."""
        return np.where(month == 0, 0, month // 100 * 12 + month % 100 - self.first_month)

    def month_days(self, month: Ints) -> tuple[Ints, Ints]:
        """First and last day of each dated month."""
        number = self.months(month)
        return self._month_starts[number], self._month_starts[number + 1] - 1

    def values(self, name: str, told: Collection[str]) -> list[str]:
        """The labels that a cut may show: its single values, several together, and every slot."""
        return sorted({*told, *SLOTS.get(name, ()), SEVERAL, NONE})

    def spread(
        self, values: tuple[str, ...], position: int, labels: Sequence[str]
    ) -> tuple[Ints, Ints, Ints, Bools]:
        """What a group of each value shows: how many labels, from where, the labels, whether each is cut.

        Pooled values share `SEVERAL`; each of them alone is cut.
        """
        key = (values, labels[0] if labels else "", position)
        if key not in self._spread:
            self._spread[key] = _shown(values, position, labels)
        return self._spread[key]


def numbered(labels: pl.Series, places: Mapping[str, int]) -> Ints:
    """The place of each label."""
    if labels.is_empty():
        return np.zeros(0, np.int64)
    return labels.replace_strict(places, return_dtype=pl.Int64).to_numpy()


def _calendar(months: list[int]) -> dict[str, Sequence[int]]:
    """Every day, week and month from the first month to the last; the undated month comes first."""
    if not months:
        return {"day": range(0), "week": range(0), "month": [0]}
    first, last = month_span(min(months))[0], month_span(max(months))[1]
    every = range(_in_months(min(months)), _in_months(max(months)) + 1)
    return {
        "day": range(first, last + 1),
        "week": range(week_start(first), last + 1, 7),
        "month": [0, *((one // 12) * 100 + one % 12 + 1 for one in every)],
    }


def _starts(months: Sequence[int]) -> Ints:
    """The first day of each month by its number, and the day after the last; the undated one has none."""
    starts = [month_span(month)[0] for month in months if month]
    ends = [month_span(month)[1] + 1 for month in months[-1:] if month]
    return np.array([0, *starts, *ends], np.int64)


def _in_months(month: int) -> int:
    return month // 100 * 12 + month % 100 - 1


def _shown(values: tuple[str, ...], position: int, labels: Sequence[str]) -> tuple[Ints, Ints, Ints, Bools]:
    place = {label: at for at, label in enumerate(labels)}
    shown: list[tuple[int, bool]] = []
    counts = []
    for value in values:
        own = list(dict.fromkeys(part.split(TOGETHER)[position] for part in parts(value)))
        told = [(own[0], False)] if len(own) == 1 else [(SEVERAL, False), *((one, True) for one in own)]
        shown += [(place[label], cut) for label, cut in told]
        counts.append(len(told))
    many = np.array(counts, np.int64)
    return (
        many,
        np.cumsum(many) - many,
        np.array([at for at, _ in shown], np.int64),
        np.array([cut for _, cut in shown], np.bool_),
    )
