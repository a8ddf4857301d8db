"""The simple release rule: no count or nested difference of 1 to 10 is told, nor left by a subtraction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise, product

import polars as pl
import pytest

from config.settings import Settings
from data import release
from data.answer import Answer, Status
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.metrics import METRICS
from data.periods import Period, day_date, month_span
from data.release import ladder, pools
from data.release.rules import SUMS
from data.snapshot import Lake
from data.viewer import EVERYTHING
from etl.refresh import refresh
from tests.feeds import load, settings_of
from tests.worlds import deal, world

MONEY = {"cost_micros", "value_micros"}
INSIDE = (
    ("members_delivered", "members_sent"), ("members_opened", "members_delivered"),
    ("members_clicked", "members_delivered"), ("members_engaged", "members_delivered"),
    ("members_opened_human", "members_opened"), ("members_responded", "members_delivered"),
    ("members_opted_out", "members_delivered"), ("members_converted", "members_delivered"),
    ("held_out", "assigned"), ("with_outcome", "assigned"), ("assigned", "eligible"),
    ("contactable", "eligible"), ("consented", "eligible"),
)  # fmt: skip
CUTS = ("wave", "variant", "arm", "region", "segment")
OF_MEMBERS = [name for name, m in METRICS.items() if m.unit == "mbr" and m.additive]
FREE = [
    name for name, m in METRICS.items() if m.unit == "msg" and m.additive and m.sensitivity == "operational"
]
Terms = tuple[int, str]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_of(tmp_path_factory.mktemp("plan"))
    load(settings, deal(world(31, 420, 2, days=45), 1, 1))
    return settings


@pytest.fixture(scope="module", params=[(11, "default"), (11, "strict"), (30, "default")], ids=str)
def terms(request: pytest.FixtureRequest) -> Terms:
    found: Terms = request.param
    return found


@pytest.fixture(scope="module")
def cubes(plan: Settings, terms: Terms) -> Cubes:
    return published(plan, *terms)


def published(plan: Settings, threshold: int, profile: str) -> Cubes:
    refresh(settings_of(plan.var, threshold=threshold, profile=profile), rebuild=True)
    lake = Lake(plan.lake)
    return Cubes(lake, lake.latest())


def small(value: float | None, threshold: int) -> bool:
    return value is not None and 0 < abs(value) < threshold


def told_too_much(cubes: Cubes, threshold: int, profile: str) -> Iterator[str]:
    """Released groups in which a count or a nested difference is small."""
    for row in cubes.lake.frame("released", cubes.snapshot.versions["released"]).iter_rows(named=True):
        free = release.OPERATIONAL if row["view"] == "operations" and profile == "default" else frozenset()
        where = f"{row['view']} {row['campaign']} {row['channel']} {row['month']} {row['value']!r}"
        for column in SUMS:
            if column not in free and column not in MONEY and small(row[column], threshold):
                yield f"{where}: {column} = {row[column]}"
        for child, parent in INSIDE:
            if row[parent] and row[child] is not None and small(row[parent] - row[child], threshold):
                yield f"{where}: {parent} - {child} = {row[parent] - row[child]}"


def left_over(cubes: Cubes, threshold: int, metrics: Iterable[str]) -> Iterator[str]:
    """Small numbers that a total leaves when the rows of an answer are taken off it."""
    names = list(metrics)
    for filters in scopes(cubes):
        whole = measure(names, (), filters, EVERYTHING, cubes)
        for cut in CUTS:
            parts = measure(names, (cut,), filters, EVERYTHING, cubes)
            for name in names:
                total, shown = whole.one(name), list(_shown(parts, name))
                if total.shown and total.status is Status.RELEASED and shown:
                    rest = (total.value or 0) - sum(shown)
                    if small(rest, threshold):
                        yield f"{name} by {cut} for {filters.sentence(cubes)}: {total.value} - {shown}"


def _shown(answer: Answer, name: str) -> Iterator[float]:
    for row in answer.rows:
        value = row.values[name]
        if value.shown and value.status in (Status.RELEASED, Status.PARTIAL):
            yield value.value or 0


def scopes(cubes: Cubes) -> Iterator[Filters]:
    spans = [month_span(202600 + month) for month in (1, 2)]
    periods = [Period("all_time"), *(Period("custom", day_date(a), day_date(b)) for a, b in spans)]
    for period, campaign, channel in product(periods, (*cubes.campaigns, None), (*cubes.channels, None)):
        chosen = (campaign,) if campaign else ()
        yield Filters(period=period, campaign=chosen, channel=(channel,) if channel else ())


def test_no_released_group_tells_a_small_count_or_difference(cubes: Cubes, terms: Terms) -> None:
    assert not list(told_too_much(cubes, *terms))


def test_no_subtraction_inside_an_answer_leaves_a_small_count(cubes: Cubes, terms: Terms) -> None:
    threshold, profile = terms
    metrics = [*OF_MEMBERS, *FREE] if profile == "strict" else OF_MEMBERS
    assert not list(left_over(cubes, threshold, metrics))


def test_pools_are_nested(cubes: Cubes) -> None:
    """Of two pools of one block the smaller lies inside the larger: their difference is whole values."""
    pooled: dict[tuple[object, ...], list[set[str]]] = {}
    for row in cubes.lake.frame("released", cubes.snapshot.versions["released"]).iter_rows(named=True):
        if len(release.parts(row["value"])) > 1:
            key = (row["view"], row["campaign"], row["channel"], row["month"])
            pooled.setdefault(key, []).append(set(release.parts(row["value"])))
    assert pooled, "this plan must need pools"
    for sets in pooled.values():
        ordered = sorted(sets, key=len)
        assert all(less <= more for less, more in pairwise(ordered))


def test_a_rule_that_lets_everything_through_is_noticed(
    plan: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (ladder, pools):
        monkeypatch.setattr(room, "safe", lambda column, threshold, free: pl.lit(True))
    careless = published(plan, 11, "default")
    assert list(told_too_much(careless, 11, "default"))
    assert list(left_over(careless, 11, ["members_engaged", "members_opted_out"]))


def test_nothing_has_three_faces(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Withheld says so and is no 0; a true 0 is 0; what no source reports is neither."""
    settings = settings_of(tmp_path_factory.mktemp("faces"))
    few, many = world(2, 8, 1, days=5), world(3, 300, 1, days=5)
    mails = [row for row in many.rows["mailer"] if row["event"] in ("sent", "delivered")]
    many.rows = {"members": many.rows["members"], "mailer": [{**row, "campaign": "large"} for row in mails]}
    few.rows = {
        "push": few.rows["push"],
        "mailer": [
            {**row, "campaign": "camp-0", "event": "clicked", "id": f"c{n}", "msg": f"c{n}"}
            for n, row in enumerate(mails)
        ],
    }
    load(settings, [*deal(few, 1, 1), *deal(many, 2, 1)])
    refresh(settings)
    lake = Lake(settings.lake)
    everything = Filters(period=Period("all_time"))
    metrics = ["members_sent", "members_clicked", "printed"]
    by = ("campaign", "channel")
    answer = measure(metrics, by, everything, EVERYTHING, Cubes(lake, lake.latest()))
    rows = {row.key: row.values for row in answer.rows}
    withheld = rows["camp-0", "push"]["members_sent"]
    assert (withheld.status, withheld.value) == (Status.WITHHELD, None)
    nothing = rows["large", "email"]["members_clicked"]
    assert (nothing.status, nothing.value) == (Status.RELEASED, 0)
    unknown = rows["large", "email"]["printed"]
    assert (unknown.status, unknown.value) == (Status.NOT_AVAILABLE, None)
    assert all(value.reason for value in (withheld, unknown))
