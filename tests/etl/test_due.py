"""A publish decides campaigns that changed or that time completes, and would decide the others alike."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from config.settings import Settings
from data import release
from data.snapshot import Lake, engine
from etl import publish
from etl.commit import Writer
from etl.cuts import cuts
from etl.due import clock_of, texts
from etl.refresh import _terms, refresh
from etl.touched import Inputs
from tests.feeds import Piece, load
from tests.worlds import World, deal, world

MAIL = {"wave": "", "variant": "", "machine": "", "detail": "", "event": "sent"}
TOLD = ("released", "withheld", "standing", "pending")


def _decided_again(settings: Settings, lake: Writer) -> tuple[release.Told, release.Told]:
    """What the last snapshot tells of unfinished campaigns, and what it would tell if asked again."""
    last = lake.latest()
    told = publish._told(lake, last)
    terms = publish.release_terms(settings)
    unfinished = told.unfinished()
    with engine(1) as con:
        _terms(con, Inputs(con, lake, last))
        where = f"where campaign in (select unnest({texts(unfinished)}))"
        own = cuts(con, lake, f"(select * from {lake.source('cells')} {where})", terms.pairs)
        clock = clock_of(con, lake.source("cells"), "terms_now", last.clocks)
    case = release.Case(
        own.plain, own.attributes, lake.frame("coverage"), terms, clock, 7, own.inside,
        by_attribute=own.by_attribute, profiles=own.profiles,
    )  # fmt: skip
    mine = told.of(unfinished)
    return mine, release.release(case, mine)


def _same(left: pl.DataFrame, right: pl.DataFrame) -> bool:
    names = [name for name in left.columns if name != "as_of_us"]
    first, second = (frame.select(names).sort(names, nulls_last=True) for frame in (left, right))
    return first.equals(second)


def test_a_decision_of_what_did_not_change_changes_nothing(settings: Settings) -> None:
    """Why campaigns may be left out: their cells, terms and clock are those that they were decided by."""
    pieces = deal(world(2, 120, 2, days=60, busy=1.5), 2, 2)
    half = len(pieces) // 2
    for part in (pieces[:half], pieces[half:]):
        load(settings, part)
        refresh(settings)
        before, after = _decided_again(settings, Writer(settings.lake))
        assert before.released.height, "some campaign is unfinished and told"
        for name in TOLD:
            assert _same(getattr(before, name), getattr(after, name)), name


def _mail(number: int, *sent: tuple[str, int]) -> Piece:
    plan = World([], [])
    for campaign, day in sent:
        for one in range(12):
            name = f"{number}-{campaign}-{day}-{one}"
            at = f"2026-03-{day:02}T12:00:00Z"
            plan.add("mailer", **MAIL, id=name, msg=name, to=f"{one}@b.c", campaign=campaign, at=at)
    return Piece("mailer", number, tuple(tuple(row.items()) for row in plan.rows["mailer"]))


def test_only_what_changed_or_is_completed_is_decided(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided: list[list[str]] = []
    true_release = release.release

    def watched(case: Any, before: Any) -> Any:
        decided.append(sorted(case.cells["campaign"].unique()))
        return true_release(case, before)

    monkeypatch.setattr(release, "release", watched)
    for number, sent in enumerate(
        [[("early", 8), ("late", 10)], [("late", 10)], [("late", 20)], [("late", 21)]]
    ):
        load(settings, [_mail(number, *sent)])
        refresh(settings)
    # The second load moves no clock; the third completes what was sent on the eighth.
    assert decided == [["early", "late"], ["late"], ["early", "late"], ["late"]]
    assert not Lake(settings.lake).frame("released").is_empty()


def test_a_clock_completes_a_block_once_its_last_day_is_far_enough_back() -> None:
    blocks = pl.DataFrame(
        {"campaign": ["a", "b", "c"], "result": ["", "", "visit"], "last_day": [100, None, 50]},
        schema_overrides={"last_day": pl.Int32},
    )

    def clock(through: int, visits: int) -> release.Clock:
        rows = {"campaign": ["c"], "result": ["visit"], "complete_day": [visits]}
        return release.Clock(through, pl.DataFrame(rows, schema_overrides={"complete_day": pl.Int32}))

    assert release.completed(blocks, clock(102, 40), clock(102, 40)) == []
    assert release.completed(blocks, clock(102, 40), clock(103, 40)) == ["a"]
    assert release.completed(blocks, clock(103, 40), clock(106, 49)) == []
    assert release.completed(blocks, clock(106, 40), clock(107, 50)) == ["a", "c"]
    assert release.completed(blocks, clock(107, 50), clock(107, 49)) == ["c"]
