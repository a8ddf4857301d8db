"""Every released number equals a plain recount over exactly the groups that the answer names."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

import pytest

from config.vocabulary import SLOTS
from data.answer import Status
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.metrics import METRICS, UNION_COLUMNS
from data.periods import PRESETS, Period, day_date, month_of, month_span
from data.release import NONE
from data.snapshot import Lake
from data.viewer import EVERYTHING
from etl.refresh import refresh
from tests import reference, stated
from tests.feeds import load, settings_of
from tests.rawrows import raw_said
from tests.recount import Asked, Truth, check, counted
from tests.worlds import START, deal, settled, world

MEMBERS = ("region", "segment")
PLAIN_BY = ("campaign", "channel", "program", "line_of_business")
Place = tuple[str, str]


@pytest.fixture(scope="module", params=["landed rows", "raw rows"])
def truth(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Truth:
    raw = request.param == "raw rows"
    settings = settings_of(tmp_path_factory.mktemp("plan"), profile="strict" if raw else "default")
    # The raw rows reach over the change to summer time.
    plan = world(17, members=1000, campaigns=2, days=60) if raw else world(7, 800, campaigns=2, days=45)
    pieces = deal(settled(plan), 3, 3)
    load(settings, pieces)
    refresh(settings)
    lake = Lake(settings.lake)
    said = raw_said(settings.var / "raw", pieces) if raw else stated.said(lake)
    return Truth(Cubes(lake, lake.latest()), reference.counts(said), stated.messages(said))


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
            ("segment",), ("region", "segment"), *((name,) for name in SLOTS), ("arm", "outcome_time"),
        ))  # fmt: skip
        by = [*rng.sample(PLAIN_BY, rng.choice((0, 0, 1, 2)))]
        by += [name for name in cut if name in SLOTS or rng.random() < 0.6]
        by += [rng.choice(("day", "week", "month"))] if rng.random() < 0.4 else []
        chosen = {
            name: some(cubes.values(name), 1)
            for name in cut
            if name not in SLOTS and (name not in by or rng.random() < 0.3)
        }
        yield Asked(
            tuple(by),
            Filters(
                period=_period(rng),
                campaign=some(cubes.campaigns), channel=some(cubes.channels),
                program=some({c.program for c in cubes.campaigns.values()}, 0.1),
                attributes=tuple((n, v) for n, v in sorted(chosen.items()) if n in MEMBERS and v),
                **{n: v for n, v in chosen.items() if n not in MEMBERS},
            ),
        )  # fmt: skip


def _period(rng: random.Random) -> Period:
    if rng.random() < 0.5:
        return Period(rng.choice(["all_time", "all_time", "all_time", "all_time", *PRESETS]))
    start = START.date() + timedelta(days=rng.randrange(80))
    if rng.random() < 0.6:
        start = start.replace(day=1)
        return Period("custom", start, day_date(month_span(start.year * 100 + start.month)[1]))
    return Period("custom", start, start + timedelta(days=rng.randrange(50)))


@pytest.mark.parametrize("seed", range(6))
def test_released_numbers_equal_a_recount_over_the_groups_that_the_answer_names(
    truth: Truth, seed: int
) -> None:
    rng, shown = random.Random(seed), 0
    for asked in questions(truth, seed, 50):
        names = rng.sample(counted(asked.view), 4)
        answer = measure(names, asked.by, asked.filters, EVERYTHING, truth.cubes)
        for name in names:
            try:
                shown += check(truth, asked, answer, name)
            except AssertionError as wrong:
                raise AssertionError(f"{name} by {asked.by} for {asked.filters}: {wrong}") from wrong
    assert shown > 35, "the questions must meet enough released figures to mean something"


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
    stages = {"sent_reach": "sent", "reach": "delivered", "engaged_reach": "engaged"}
    shown = 0
    for asked in questions(truth, 100 + seed, 60):
        if asked.cuts - {"wave", "variant"} or set(asked.by) & {"day", "week"} or len(asked.cuts) > 1:
            continue
        answer = measure(list(stages), asked.by, asked.filters, EVERYTHING, truth.cubes)
        for name, stage in stages.items():
            members, _ = distinct(truth, asked, stage)
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
    span = month_span(202602)
    period = Period("custom", day_date(span[0]), day_date(span[1]))
    for campaign in ("camp-0", "camp-1"):
        asked = Asked((), Filters(period=period, campaign=(campaign,), channel=("email",)))
        value = measure(["reach"], (), asked.filters, EVERYTHING, truth.cubes).one("reach")
        members, _ = distinct(truth, asked, "delivered")
        assert value.value == (len(members[()]) + 5) // 10 * 10
