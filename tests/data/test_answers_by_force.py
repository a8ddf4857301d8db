"""Every released number equals a plain recount over exactly the groups that the answer names."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import polars as pl
import pytest

from data.answer import Answer, Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.metrics import METRICS, UNION_COLUMNS, Metric
from data.periods import PRESETS, Period, day_date, month_of, month_span, week_start
from data.question import SEVERAL
from data.release import NONE, POOLED, pair_name
from data.snapshot import Lake
from data.sums import NO_BASE
from data.viewer import EVERYTHING
from etl.refresh import refresh
from tests import reference
from tests.feeds import load, settings_of
from tests.rawrows import raw_said
from tests.reference import Fact, Row
from tests.worlds import deal, world

COUNTED = [name for name, metric in METRICS.items() if not metric.is_union]
MEMBERS = ("region", "segment")
PLAIN_BY = ("campaign", "channel", "program", "line_of_business")
Place = tuple[str, str]


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
        views = ["operations", "wave", "variant", "arm", "outcome", "arm|outcome", "region", "segment"]
        for view in [*views, "region|segment"]:
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


@pytest.fixture(scope="module", params=["landed rows", "raw rows"])
def truth(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Truth:
    raw = request.param == "raw rows"
    settings = settings_of(tmp_path_factory.mktemp("plan"), profile="strict" if raw else "default")
    plan = world(11 if raw else 7, members=800, campaigns=2, days=45)
    pieces = deal(plan, 3, 3)
    half = len(pieces) // 2
    for part in (pieces[:half], pieces[half:]):
        load(settings, part)
        refresh(settings)
    lake = Lake(settings.lake)
    said = raw_said(settings.var / "raw", pieces) if raw else reference.said(lake)
    return Truth(Cubes(lake, lake.latest()), reference.counts(said), reference.messages(said))


@dataclass(frozen=True)
class Asked:
    by: tuple[str, ...]
    filters: Filters

    @property
    def cuts(self) -> set[str]:
        named = {"wave", "variant", "arm", "outcome", "region", "segment"}
        return {name for name in self.by if name in named} | set(self.filters.cuts)

    @property
    def view(self) -> str:
        return pair_name(*self.cuts) if self.cuts else "operations"


def questions(truth: Truth, seed: int, count: int) -> Iterable[Asked]:
    """Random questions; the cuts of one are those of one view, or of none that exists."""
    rng = random.Random(seed)
    cubes = truth.cubes

    def some(values: Iterable[str], chance: float = 0.25) -> tuple[str, ...]:
        values = list(values)
        return (
            tuple(rng.sample(values, rng.randint(1, 2))) if len(values) > 1 and rng.random() < chance else ()
        )

    for _ in range(count):
        cut = rng.choice((
            (), (), (), ("wave",), ("variant",), ("arm",), ("outcome",), ("arm", "outcome"), ("region",),
            ("segment",), ("region", "segment"),
        ))  # fmt: skip
        by = [*rng.sample(PLAIN_BY, rng.choice((0, 0, 1, 2))), *(n for n in cut if rng.random() < 0.6)]
        by += [rng.choice(("day", "week", "month"))] if rng.random() < 0.4 else []
        chosen = {name: some(cubes.values(name), 1) for name in cut if name not in by or rng.random() < 0.3}
        yield Asked(
            tuple(by),
            Filters(
                period=_period(rng, cubes.today),
                campaign=some(cubes.campaigns), channel=some(cubes.channels),
                program=some({c.program for c in cubes.campaigns.values()}, 0.1),
                attributes=tuple((n, v) for n, v in sorted(chosen.items()) if n in MEMBERS and v),
                **{n: v for n, v in chosen.items() if n not in MEMBERS},
            ),
        )  # fmt: skip


def _period(rng: random.Random, today: int) -> Period:
    if rng.random() < 0.5:
        return Period(rng.choice(["all_time", "all_time", *PRESETS]))
    start = day_date(today - rng.randrange(80))
    if rng.random() < 0.4:
        start = start.replace(day=1)
        return Period("custom", start, day_date(month_span(start.year * 100 + start.month)[1]))
    return Period("custom", start, start + timedelta(days=rng.randrange(50)))


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


@pytest.mark.parametrize("seed", range(6))
def test_released_numbers_equal_a_recount_over_the_groups_that_the_answer_names(
    truth: Truth, seed: int
) -> None:
    rng, shown = random.Random(seed), 0
    for asked in questions(truth, seed, 40):
        names = rng.sample(COUNTED, 4)
        answer = measure(names, asked.by, asked.filters, EVERYTHING, truth.cubes)
        for name in names:
            try:
                shown += check(truth, asked, answer, name)
            except AssertionError as wrong:
                raise AssertionError(f"{name} by {asked.by} for {asked.filters}: {wrong}") from wrong
    assert shown > 60, "the questions must meet enough released figures to mean something"


def distinct(
    truth: Truth, asked: Asked, stage: str
) -> tuple[dict[tuple[object, ...], set[object]], set[Place]]:
    """The members who passed a stage, per key; and the (campaign, channel) that they passed it in."""
    cubes, filters = truth.cubes, asked.filters
    span, kept = filters.days(cubes), filters.campaigns(cubes, EVERYTHING)
    found: dict[tuple[object, ...], set[object]] = defaultdict(set)
    places = set()
    for message in truth.messages:
        place = (message["campaign"], message["channel"])
        if not message["linked"] or message["campaign"] not in kept or message[stage] is None:
            continue
        if filters.channel and message["channel"] not in filters.channel:
            continue
        if any((message[name] or NONE) not in values for name, values in filters.cuts.items()):
            continue
        if any((cut, *place) not in truth.known for cut in asked.cuts):
            continue
        day = message["day"]
        if span and (day is None or not _whole_month(day, span, cubes.today)):
            continue
        places.add(place)
        row = {name: message[name] or NONE for name in ("campaign", "channel", "wave", "variant")}
        campaign = cubes.campaigns[message["campaign"]]
        row |= {"program": campaign.program, "line_of_business": campaign.line_of_business}
        row |= {"month": 0 if day is None else month_of(day)}
        found[tuple(row[name] for name in asked.by)].add(message["member"])
    return found, places


def _whole_month(day: int, span: tuple[int, int], today: int) -> bool:
    first, last = month_span(month_of(day))
    return span[0] <= first and min(last, today) <= span[1]


@pytest.mark.parametrize("seed", range(4))
def test_distinct_members_equal_the_true_union_rounded_to_ten(truth: Truth, seed: int) -> None:
    stages = {"delivered": "delivered", "engaged": "engaged"}
    shown = 0
    for asked in questions(truth, 100 + seed, 60):
        if asked.cuts - {"wave", "variant"} or set(asked.by) & {"day", "week"} or len(asked.cuts) > 1:
            continue
        answer = measure(["reach", "engaged_reach"], asked.by, asked.filters, EVERYTHING, truth.cubes)
        for name, stage in (("reach", "delivered"), ("engaged_reach", "engaged")):
            members, _ = distinct(truth, asked, stages[stage])
            covered = UNION_COLUMNS[METRICS[name].numerator]
            told = {place[:2] for place in truth.covered if place[2:] == ("rows", covered)}
            if not all((m["campaign"], m["channel"]) in told for m in truth.messages if m[stage] is not None):
                continue
            for row in answer.rows:
                value = row.values[name]
                if value.shown:
                    true = len(members.get(row.key, ()))
                    where = f"{name} {row.key} by {asked.by} for {asked.filters}"
                    if value.approximate:
                        assert value.value == (true + 5) // 10 * 10, where
                    elif value.status is Status.PARTIAL:
                        assert (value.value or 0) < true, where
                    else:
                        assert value.value == true, where
                    shown += 1
    assert shown > 3


def test_distinct_members_are_not_told_by_day_week_or_attribute(truth: Truth) -> None:
    everything = Filters(period=Period("all_time"))
    for by in (("day",), ("week",), ("region",), ("arm",)):
        answer = measure(["reach", "sent", "assigned"], by, everything, EVERYTHING, truth.cubes)
        assert answer.rows
        assert {row.values["reach"].status for row in answer.rows} == {Status.NOT_AVAILABLE}


def test_a_sources_own_totals_name_no_distinct_members(truth: Truth) -> None:
    everything = Filters(period=Period("all_time"))
    for by in (("campaign",), ("campaign", "channel"), ("campaign", "month")):
        answer = measure(["reach", "sent"], by, everything, EVERYTHING, truth.cubes)
        old = [row.values for row in answer.rows if row.key[0] == "camp-old"]
        assert old
        assert {values["reach"].status for values in old} <= {Status.NOT_AVAILABLE, Status.WITHHELD}
        assert {values["reach"].value for values in old} == {None}


def test_reach_of_a_later_period_counts_those_reached_before_too(truth: Truth) -> None:
    """First occurrences add up over all time; in a later month they would leave out who is reached again."""
    last = month_of(truth.cubes.today)
    span = month_span(last)
    period = Period("custom", day_date(span[0]), day_date(span[1]))
    for campaign in ("camp-0", "camp-1"):
        asked = Asked((), Filters(period=period, campaign=(campaign,), channel=("email",)))
        value = measure(["reach"], (), asked.filters, EVERYTHING, truth.cubes).one("reach")
        members, _ = distinct(truth, asked, "delivered")
        assert value.value == (len(members[()]) + 5) // 10 * 10
