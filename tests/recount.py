"""The recount of an answer: every value it shows, over exactly the groups that it names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import polars as pl
import pytest

from config.vocabulary import SLOTS
from data.answer import Answer, Released, Status
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS, Metric
from data.periods import month_of, week_start
from data.release import FIXED, POOLED, pair_name
from data.sums import NO_BASE
from data.tables import COUNTS
from data.viewer import EVERYTHING
from tests import reference
from tests.reference import Fact
from tests.stated import Row

COUNTED = [name for name, metric in METRICS.items() if not metric.is_union]


@dataclass
class Truth:
    """A plan whose figures are known twice: from the lake's snapshot, and by recount."""

    cubes: Cubes
    facts: list[Fact]
    messages: list[Row]

    @cached_property
    def known(self) -> set[tuple[str, ...]]:
        return reference.known(self.facts)

    @cached_property
    def sums(self) -> dict[tuple[str, str], dict[tuple[str, ...], dict[int | None, int]]]:
        """(view, column) -> (campaign, channel, origin, value) -> day -> amount."""
        found: dict[tuple[str, str], dict[tuple[str, ...], dict[int | None, int]]] = {}
        for view in ("operations", *reference.FIXED, "region", "segment", "region|segment"):
            for fact in self.facts:
                value = fact.value(view, self.known)
                if value is not None:
                    places = found.setdefault((view, fact.column), defaultdict(lambda: defaultdict(int)))
                    origin = "counts" if fact.kind == "aggregate" else "rows"
                    places[fact.campaign, fact.channel, origin, value][fact.day] += fact.amount
        return found

    @cached_property
    def covered(self) -> set[tuple[str, str, str, str]]:
        return set(self.cubes.coverage.select("campaign", "channel", "origin", "fact").iter_rows())

    def of_groups(self, view: str, column: str, groups: pl.DataFrame) -> int:
        """The sum of a column over groups that an answer names."""
        places, total = self.sums.get((view, column), {}), 0
        for row in groups.iter_rows(named=True):
            for value in row["value"].split(POOLED):
                where = row["campaign"], row["channel"], row["origin"], value
                for day, amount in places.get(where, {}).items():
                    total += amount * _within(day, row["first_day"], row["last_day"])
        return total


def _within(day: int | None, first: int | None, last: int | None) -> bool:
    if day is None or first is None or last is None:
        return day is None and first is None and last is None
    return first <= day <= last


@dataclass(frozen=True)
class Asked:
    by: tuple[str, ...]
    filters: Filters

    @property
    def cuts(self) -> set[str]:
        named = {"wave", "variant", "arm", "outcome", "region", "segment", *SLOTS}
        return {name for name in self.by if name in named} | set(self.filters.cuts)

    @property
    def view(self) -> str:
        return pair_name(*self.cuts) if self.cuts else "operations"


def counted(view: str) -> list[str]:
    """The metrics to ask of a view: those it holds, where it holds a few, and one that it does not."""
    held = next((v.counts for v in FIXED if v.name == view), COUNTS)
    fitting = [name for name in COUNTED if set(METRICS[name].columns) <= set(held)]
    return fitting if len(fitting) > 4 else [*fitting, "cost", "eligible", "failed", "opt_out_rate"]


def key_of(truth: Truth, asked: Asked, row: Row) -> tuple[object, ...]:
    """The key under which a fact stands in an answer."""
    campaign = truth.cubes.campaigns[row["campaign"]]
    day = row["day"]
    named: dict[str, object] = {
        **row, "program": campaign.program, "line_of_business": campaign.line_of_business, "day": day,
        "week": None if day is None else week_start(day), "month": None if day is None else month_of(day),
    }  # fmt: skip
    if row["value"]:
        named |= dict(zip(asked.view.split("|"), row["value"].split("\x1e"), strict=True))
    return tuple(named[name] for name in asked.by)


def recount(truth: Truth, asked: Asked, metric: Metric, column: str) -> dict[tuple[object, ...], int]:
    """A column per key over the whole selection, where the sources report the metric; nothing left out."""
    cubes, filters = truth.cubes, asked.filters
    span, kept = filters.days(cubes), filters.campaigns(cubes, EVERYTHING)
    timed = any(name in ("day", "week", "month") for name in asked.by)
    found: dict[tuple[object, ...], int] = defaultdict(int)
    for (campaign, channel, origin, value), days in truth.sums.get((asked.view, column), {}).items():
        if campaign not in kept or (filters.channel and channel not in filters.channel):
            continue
        if any((campaign, channel, origin, fact) not in truth.covered for fact in metric.facts):
            continue
        told = dict(zip(asked.view.split("|"), value.split("\x1e"), strict=True)) if value else {}
        if any(told.get(name) not in values for name, values in filters.cuts.items()):
            continue
        for day, amount in days.items():
            if (span and (day is None or not span[0] <= day <= span[1])) or (timed and day is None):
                continue
            row = {"campaign": campaign, "channel": channel, "value": value, "day": day}
            found[key_of(truth, asked, row)] += amount
    return found


def factor(metric: Metric) -> float:
    return {"money": 1e-6, "per_1000": 1000.0}.get(metric.shape, 1.0)


def check_value(metric: Metric, value: Released, top: int, bottom: int | None) -> None:
    """A shown value against its recounted parts."""
    if bottom is None:
        assert value.value == pytest.approx(top * factor(metric))
    elif bottom == 0:
        assert value.value is None
        assert value.reason == NO_BASE
    else:
        assert value.denominator == bottom
        assert value.value == pytest.approx(factor(metric) * top / bottom)


def check(truth: Truth, asked: Asked, answer: Answer, name: str) -> int:
    """Every shown value: over its own groups, and over the whole question where nothing is left out."""
    metric, shown = METRICS[name], 0
    groups = answer.groups(name)
    tops = recount(truth, asked, metric, metric.columns[0])
    bottoms = recount(truth, asked, metric, metric.columns[-1])
    for row in answer.rows:
        value = row.values[name]
        if value.status in (Status.WITHHELD, Status.NOT_AVAILABLE):
            assert value.value is None
            assert value.reason
            continue
        if value.numerator is None:
            assert SEVERAL in row.key
            continue
        mine = groups
        for by, part in zip(asked.by, row.key, strict=True):
            mine = mine.filter(pl.col(by) == part)
        top = truth.of_groups(asked.view, metric.columns[0], mine)
        bottom = truth.of_groups(asked.view, metric.columns[-1], mine) if metric.denominator else None
        check_value(metric, value, top, bottom)
        if value.status is Status.RELEASED and SEVERAL not in row.key:
            assert top == tops.get(row.key, 0), "a released value leaves something out"
            assert bottom is None or bottom == bottoms.get(row.key, 0)
        shown += value.shown
    return shown
