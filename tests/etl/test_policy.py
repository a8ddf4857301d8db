"""What the privacy officer sets counts from the next publish on, and no setting or loss takes it back."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from pydantic import SecretStr

from config.settings import Settings, SettingsError
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.periods import Period
from data.snapshot import Lake
from data.viewer import EVERYTHING
from etl.refresh import refresh
from state.store import Store
from tests.feeds import Piece, load, settings_of
from tests.worlds import deal, world

ALL = Filters(period=Period("all_time"))


@pytest.fixture
def plan(tmp_path: Path) -> Settings:
    """A lake of 20 letters and no snapshot."""
    settings = settings_of(tmp_path)
    base = {"state": "printed", "campaign": "c", "variant": ""}
    rows = [{"letter": f"L{n}", "member": f"M{n}", **base} for n in range(20)]
    load(settings, [Piece("letters", 0, tuple(tuple(row.items()) for row in rows))])
    return settings


def terms_of(settings: Settings) -> tuple[object, object]:
    terms = Lake(settings.lake).latest().terms
    return terms["threshold"], terms["profile"]


def told(settings: Settings, metric: str) -> float | None:
    lake = Lake(settings.lake)
    return measure([metric], (), ALL, EVERYTHING, Cubes(lake, lake.latest())).one(metric).value


def set_policy(settings: Settings, threshold: int, profile: str = "default") -> None:
    Store(settings.state).set_policy(threshold, profile, "Ann", "why")


def test_a_raise_alone_is_published_by_the_next_run_and_figures_follow(plan: Settings) -> None:
    refresh(plan)
    assert (terms_of(plan), told(plan, "sent")) == ((11, "default"), 20)
    assert not refresh(plan).changed
    set_policy(plan, 30)
    assert told(plan, "sent") == 20, "figures do not know it before a run"
    run = refresh(plan)
    assert (run.changed, run.warnings) == (True, ())
    assert (terms_of(plan), told(plan, "sent")) == ((30, "default"), None)
    assert not refresh(plan).changed, "once"


def test_no_group_of_fewer_is_told_after_a_raise(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, deal(world(31, 200, 2, days=45), 1, 1))
    refresh(settings)
    assert small(settings), "the test has something to hide"
    set_policy(settings, 25, "strict")
    refresh(settings)
    assert terms_of(settings) == (25, "strict")
    assert small(settings) == []


def small(settings: Settings) -> list[int]:
    """Members sent to, of the groups told, that are fewer than 25."""
    lake = Lake(settings.lake)
    released = lake.frame("released", lake.latest().versions["released"])
    return released.filter(pl.col("members_sent").is_between(1, 24))["members_sent"].to_list()


def test_a_setting_below_the_policy_is_harmless_and_one_above_it_wins(plan: Settings) -> None:
    set_policy(plan, 15)
    assert refresh(plan).warnings == ()
    assert terms_of(plan) == (15, "default")
    above = plan.model_copy(update={"threshold": 18, "profile": "strict"})
    assert refresh(above).changed
    assert terms_of(plan) == (18, "strict")


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_setting_lowered_later_lowers_nothing_and_is_told(plan: Settings, rebuild: bool) -> None:
    refresh(plan.model_copy(update={"threshold": 18, "profile": "strict"}))
    run = refresh(plan, rebuild=rebuild)
    assert run.changed is rebuild
    assert terms_of(plan) == (18, "strict")
    (warning,) = run.warnings
    assert (
        "ask for threshold 11, default profile, which protects less than snapshot 1 (threshold 18," in warning
    )
    assert "Set REACHBOARD_THRESHOLD" in warning


@pytest.mark.parametrize("lost", ["gone", "broken", "away"])
def test_a_lost_state_database_lowers_nothing(plan: Settings, lost: str) -> None:
    set_policy(plan, 18, "strict")
    refresh(plan)
    file = plan.var / "state.db"
    file.unlink()
    if lost == "broken":
        file.write_text("no database at all, but long enough to be looked at" * 50)
    elif lost == "away":
        plan = plan.model_copy(update={"state_url": SecretStr("postgresql+psycopg://x:y@127.0.0.1:1/z")})
    run = refresh(plan, rebuild=True)
    assert run.changed
    assert terms_of(plan) == (18, "strict")
    (warning,) = (one for one in run.warnings if one.startswith("terms of release"))
    assert ("cannot be opened" in warning) is (lost != "gone")


def test_a_first_snapshot_waits_for_a_policy_that_cannot_be_read(plan: Settings) -> None:
    (plan.var / "state.db").write_text("no database at all, but long enough to be looked at" * 50)
    with pytest.raises(
        SettingsError, match=r"cannot be opened \(DatabaseError\), and nothing has been published"
    ):
        refresh(plan)
    assert Lake(plan.lake).latest().number == 0
    (plan.var / "state.db").unlink()
    set_policy(plan, 30)
    refresh(plan)
    assert told(plan, "sent") is None
