"""The release rule on a random plan through the true ETL: nothing small is told, left or derivable."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.settings import Settings
from data.answer import Status
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.periods import Period
from data.release import OPERATIONAL, views
from data.snapshot import Lake
from data.viewer import EVERYTHING, Scope
from etl.refresh import refresh
from tests.attacks import lp, plain
from tests.attacks.holdings import Block, blocks_of
from tests.feeds import load, settings_of
from tests.worlds import deal, settled, world

TERMS = [(11, "default"), (11, "strict"), (30, "default")]


class Lakes:
    """A lake of a random plan, and what is told of it under its terms."""

    def __init__(self, settings: Settings) -> None:
        self.lake, self.threshold = Lake(settings.lake), settings.threshold
        versions = self.lake.latest().versions
        self.released = self.lake.frame("released", versions["released"])
        self.cells = self.lake.frame("cells", versions["cells"])
        self.free = OPERATIONAL if settings.profile == "default" else frozenset[str]()

    @property
    def blocks(self) -> list[Block]:
        return blocks_of(self.released, self.cells)


@pytest.fixture(scope="module", params=TERMS, ids=str)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lakes:
    threshold, profile = request.param
    settings = settings_of(tmp_path_factory.mktemp("plan"), threshold=threshold, profile=profile)
    load(settings, deal(settled(world(31, 420, 2, days=45)), 1, 1))
    refresh(settings)
    return Lakes(settings)


def test_no_small_count_or_difference_is_told(told: Lakes) -> None:
    assert plain.counts_told(told.blocks) > 500
    assert list(plain.stated(told.blocks, told.threshold, told.free)) == []
    assert list(plain.crossed(told.released, told.threshold)) == []


def test_groups_are_nested_and_pools_are_wide(told: Lakes) -> None:
    assert list(plain.unnested(told.blocks, told.free)) == []
    fixed = views([], ())
    assert list(plain.narrow(told.blocks, told.cells, fixed, told.threshold)) == []


def test_no_small_count_can_be_derived(told: Lakes) -> None:
    found = lp.attack(told.blocks, told.threshold, told.free)
    assert found.targets > 1_000
    assert found.found == []


def test_a_later_load_moves_no_figure_by_a_few(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A few late events through the true ETL, publish by publish."""
    settings = settings_of(tmp_path_factory.mktemp("later"))
    plan = settled(world(8, 260, 1, days=40))
    late = plan.rows["mailer"][-90:]
    plan.rows["mailer"] = plan.rows["mailer"][:-90]
    load(settings, deal(plan, 3, 1, again=0))
    refresh(settings)
    snapshots = [Lakes(settings).released]
    for start in range(0, 90, 30):
        some = world(8, 260, 1, days=40)
        some.rows = {"mailer": late[start : start + 30]}
        pieces = deal(some, start, 1, again=0)
        load(settings, [type(piece)(piece.source, 100 + start, piece.rows) for piece in pieces])
        refresh(settings)
        snapshots.append(Lakes(settings).released)
    moves = [
        move
        for place in range(len(snapshots) - 1)
        for move in plain.moved(snapshots[place], snapshots[place + 1], 11, OPERATIONAL)
    ]
    assert moves == []


def test_two_viewers_who_compare_learn_what_one_who_sees_all_does(told: Lakes) -> None:
    """Scope leaves campaigns out and changes no figure of the others, so that no difference is of members."""
    cubes = Cubes(told.lake, told.lake.latest())
    everything = Filters(period=Period("all_time"))
    metrics = ["sent", "members_sent", "members_delivered", "members_engaged", "assigned", "engaged_rate"]
    for by in (("campaign",), ("campaign", "month"), ("campaign", "segment"), ("campaign", "arm")):
        whole = {row.key: row.values for row in measure(metrics, by, everything, EVERYTHING, cubes).rows}
        seen = 0
        for program in {one.program for one in cubes.campaigns.values()}:
            viewer = replace(EVERYTHING, scope=Scope(programs=frozenset({program})))
            for row in measure(metrics, by, everything, viewer, cubes).rows:
                assert row.values == whole[row.key]
                seen += 1
        assert seen == len(whole)


def test_ten_known_members_and_a_target_leave_the_target_open(told: Lakes) -> None:
    """Who knows ten of a group still meets one who did and one who did not, or finds all alike."""
    for block in told.blocks:
        for rows in block.rows.values():
            for row in rows:
                n, k = row["members_delivered"], row["members_engaged"]
                if n and k and n != k:
                    assert min(k, n - k) >= told.threshold > 10


def test_nothing_has_three_faces(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Withheld says so and is no 0; a true 0 is 0; what no source reports is neither."""
    settings = settings_of(tmp_path_factory.mktemp("faces"))
    few, many = settled(world(2, 8, 1, days=5)), world(3, 300, 1, days=5)
    mails = [row for row in many.rows["mailer"] if row["event"] in ("sent", "delivered")]
    many.rows = {"members": many.rows["members"], "mailer": [{**row, "campaign": "large"} for row in mails]}
    late = [row for row in few.rows["mailer"] if row["id"] == "late"]
    few.rows = {
        "push": few.rows["push"],
        "mailer": [
            *late,
            *(
                {**row, "campaign": "camp-0", "event": "clicked", "id": f"c{n}", "msg": f"c{n}"}
                for n, row in enumerate(mails)
            ),
        ],
    }
    load(settings, [*deal(few, 1, 1), *deal(many, 2, 1)])
    refresh(settings)
    lake = Lake(settings.lake)
    everything = Filters(period=Period("all_time"))
    metrics = ["members_sent", "members_clicked", "printed"]
    answer = measure(metrics, ("campaign", "channel"), everything, EVERYTHING, Cubes(lake, lake.latest()))
    rows = {row.key: row.values for row in answer.rows}
    withheld = rows["camp-0", "push"]["members_sent"]
    assert (withheld.status, withheld.value) == (Status.WITHHELD, None)
    nothing = rows["large", "email"]["members_clicked"]
    assert (nothing.status, nothing.value) == (Status.RELEASED, 0)
    unknown = rows["large", "email"]["printed"]
    assert (unknown.status, unknown.value) == (Status.NOT_AVAILABLE, None)
    assert all(value.reason for value in (withheld, unknown))
