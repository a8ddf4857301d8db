"""Replays asked for in the app: a run looks, then replays by the mapping that was looked at, and no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config.settings import Settings
from data.snapshot import Lake
from etl import asked
from etl.commands import COMMANDS
from etl.door import import_file, quarantine_of
from state.replays import Step
from state.store import Store

MAPPING = """
[source]
name = "flu_events"
kind = "event"

[fields]
event = { column = "event", map = { sent = "sent", delivered = "delivered" } }
at = "time"
member = "member_id"
campaign = "campaign"

[key]
columns = ["id"]
"""
ROWS = """id,event,time,member_id,campaign
1,sent,2026-03-01T15:00:00Z,M1001,flu-2026
2,deliverd-to-M1002,2026-03-01T15:00:04Z,M1002,flu-2026
3,deliverd-to-M1002,2026-03-01T15:00:04Z,M1003,flu-2026
4,sent,never,M1004,flu-2026
"""
MENDED = MAPPING.replace("{ sent", '{ "deliverd-to-M1002" = "delivered", sent')


@pytest.fixture
def load(settings: Settings, tmp_path: Path) -> int:
    """A load with three refused rows, two of which a mended mapping lets through."""
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "flu.toml").write_text(MAPPING)
    landed = import_file(settings, tmp_path / "rows.csv", tmp_path / "flu.toml")
    assert landed.refused == 3
    return landed.load_id


@pytest.fixture
def store(settings: Settings) -> Store:
    return Store(settings.state)


def mend(settings: Settings, text: str = MENDED) -> None:
    settings.mappings.mkdir(parents=True, exist_ok=True)
    (settings.mappings / "flu.toml").write_text(text)


def run(settings: Settings) -> None:
    """What the schedule starts."""
    given = type("Given", (), {"scheduled": False})()
    assert COMMANDS["run"](settings, given) == 0


def test_a_run_looks_and_the_next_one_replays(settings: Settings, store: Store, load: int) -> None:
    mend(settings)
    made = store.replays.ask(load, "Ann")
    run(settings)
    (looked,) = store.replays.all()
    assert looked.state == Step.LOOKED
    assert looked.found is not None
    assert sum(row[2] for row in looked.found["come"]) == 2
    assert [row[2] for row in looked.found["stay"]] == [1]
    assert "M1002" not in json.dumps(looked.found), "no value of a row"
    assert len(quarantine_of(settings).rows(load)) == 3, "a look changes nothing"
    store.replays.approve(made.id, "Bo")
    run(settings)
    (done,) = store.replays.all()
    assert done.state == Step.DONE
    assert done.found is not None
    assert done.found["loaded"] == 2
    assert len(quarantine_of(settings).rows(load)) == 1
    assert Lake(settings.lake).frame("events").height == 3
    assert int(done.found["load_id"]) in Lake(settings.lake).frame("loads")["load_id"].to_list()


def test_a_mapping_that_was_changed_since_the_look_replays_nothing(
    settings: Settings, store: Store, load: int
) -> None:
    mend(settings)
    made = store.replays.ask(load, "Ann")
    asked.serve(settings)
    store.replays.approve(made.id, "Ann")
    mend(settings, MENDED + "\n# another one\n")
    asked.serve(settings)
    (failed,) = store.replays.all()
    assert failed.state == Step.FAILED
    assert "look again" in str(failed.found)
    assert len(quarantine_of(settings).rows(load)) == 3


def test_without_a_mapping_the_place_for_it_is_said(settings: Settings, store: Store, load: int) -> None:
    store.replays.ask(load, "Ann")
    asked.serve(settings)
    (failed,) = store.replays.all()
    assert failed.state == Step.FAILED
    assert "mappings/" in str(failed.found)
    assert str(settings.var) not in str(failed.found), "no path of the machine"


def test_the_plans_own_mapping_goes_before_the_ready_ones(settings: Settings) -> None:
    assert asked.mapping_of(settings, "sample_labs").path.parent.name == "mappings"
    settings.mappings.mkdir(parents=True)
    (settings.mappings / "broken.toml").write_text("not = [toml")
    own = (asked.READY[1] / "labs.toml").read_text()
    (settings.mappings / "labs.toml").write_text(own)
    assert asked.mapping_of(settings, "sample_labs").path.parent == settings.mappings


def test_a_load_whose_rows_are_gone_fails_in_words(settings: Settings, store: Store) -> None:
    store.replays.ask(12, "Ann")
    assert "failed" in asked.serve(settings)[0]
    assert store.replays.all()[0].state == Step.FAILED


def test_no_state_database_keeps_no_run_back(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "state.db").write_text("no database at all, but long enough to be read as one " * 20)
    broken = settings.model_copy(update={"var": tmp_path})
    assert asked.serve(broken) == []


def test_an_undo_is_looked_at_then_made_in_the_name_of_who_approved(
    settings: Settings, store: Store, load: int
) -> None:
    made = store.undos.ask(load, "Ann")
    run(settings)
    (looked,) = store.undos.all()
    assert looked.state == Step.LOOKED
    assert looked.found is not None
    assert (looked.found["gone"], looked.found["refused"]) == (1, 3)
    assert Lake(settings.lake).frame("events").height == 1, "a look changes nothing"
    store.undos.approve(made.id, "Bo")
    run(settings)
    (done,) = store.undos.all()
    assert done.state == Step.DONE
    lake = Lake(settings.lake)
    assert lake.frame("events").height == 0
    assert lake.frame("undone").row(0, named=True)["undone_by"] == "Bo"
    assert not quarantine_of(settings).entries()
    store.undos.ask(load, "Ann")
    assert "was undone before" in asked.serve(settings)[0]
