"""Pulls on SQLite and PostgreSQL: what is new, once, in order, and never a row lost at a border."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from data import pulls
from data.snapshot import Lake
from etl.__main__ import main
from etl.commit import LakeBusy
from etl.door import quarantine_of, replay
from etl.intake import IntakeError
from etl.pull import pull
from etl.pull.position import MOST_SEEN, of_source
from etl.refresh import refresh
from tests.crashes import Crash, allow
from tests.feeds import SECRET
from tests.lakes import differences, state
from tests.postgres import Server
from tests.pulls import QUERY, Crm, crm, event


@pytest.fixture(params=["sqlite", "postgresql"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Crm:
    if request.param == "sqlite":
        return crm(f"sqlite:///{tmp_path / 'crm.db'}", tmp_path)
    return crm(request.getfixturevalue("postgres").database(), tmp_path)


def _ids(source: Crm) -> int:
    """Distinct events in the lake; fails where one stands twice."""
    events = source.lake.frame("events")
    assert events["event_id"].n_unique() == events.height
    return events.height


def test_what_is_new_is_pulled_once_in_batches(source: Crm) -> None:
    source.add(event(n, n) for n in range(1, 251))
    landed = source.pull()
    assert [one.rows_in for one in landed] == [100, 100, 50]
    assert [one.loaded for one in landed] == [100, 100, 50]
    assert source.pull() == []
    source.add(event(n, n) for n in range(251, 260))
    assert [one.rows_in for one in source.pull()] == [9]
    assert _ids(source) == 259
    assert source.lake.frame("loads").height == 4


def test_ties_at_the_border_of_a_batch_or_of_a_pull_are_not_lost(source: Crm) -> None:
    source.add(event(n, 7) for n in range(1, 251))
    running = pull(source.settings, source.mapping)
    assert next(running).landed.rows_in == 100
    running.close()  # as a pull that is ended between two batches
    assert sum(one.loaded for one in source.pull()) == 150
    source.add([event(251, 7), event(252, 8)])
    (late,) = source.pull()
    assert (late.rows_in, late.loaded) == (2, 2), "a row that came late at the last value is read"
    assert source.pull() == []
    assert _ids(source) == 252


def test_more_ties_than_are_remembered_are_known_by_their_keys(source: Crm) -> None:
    count = MOST_SEEN + 5
    source.maps(batch=10_000)
    source.add(event(n, 7) for n in range(count))
    source.pull()
    source.add([event(count, 7)])
    (again,) = source.pull()
    assert (again.loaded, again.already_present) == (1, count)
    assert source.pull()[0].before, "the very same rows are a load that is known"
    assert _ids(source) == count + 1


def test_refused_rows_are_refused_once_and_can_be_replayed(source: Crm) -> None:
    source.add([event(1, 1), event(2, 2, "snt"), event(3, 2)])
    (landed,) = source.pull()
    assert (landed.loaded, landed.refused) == (2, 1)
    source.add([event(4, 2)])
    (later,) = source.pull()
    assert (later.rows_in, later.refused) == (1, 0), "the refused row at the border is not refused again"
    (entry,) = quarantine_of(source.settings).entries()
    mended = (
        source.maps()
        .read_text()
        .replace('event = "what"', 'event = { column = "what", map = { snt = "sent" } }')
    )
    source.mapping.write_text(mended)
    done = replay(source.settings, entry.load_id, source.mapping)
    assert (done.loaded, done.refused) == (1, 0)
    assert source.pull() == [], "a replay moves no position"
    assert _ids(source) == 4


def test_an_overlap_that_the_query_asks_for_changes_nothing_and_goes_not_back(source: Crm) -> None:
    source.maps(QUERY.replace(":cursor", ":cursor - 5"))
    source.add(event(n, n) for n in range(1, 21))
    source.pull()
    (again,) = source.pull()
    assert (again.loaded, again.already_present) == (0, 5)
    reached = of_source(source.lake, "crm_events")
    assert reached is not None
    assert reached.value == "20"
    source.add([event(30, 17)])  # as a transaction that took long to commit
    assert sum(one.loaded for one in source.pull()) == 1
    assert _ids(source) == 21


def test_anew_reads_from_the_start_and_another_cursor_starts_anew(source: Crm) -> None:
    source.add(event(n, n) for n in range(1, 11))
    source.pull()
    source.write("update events set what = 'delivered', version = 1 where id = 5")
    assert source.pull() == []
    assert source.pull(anew=True)[0].already_present == 10
    source.maps(QUERY.replace("version >=", "id >=").replace("order by version", "order by id"), "id")
    assert source.pull()[0].rows_in == 10


def test_a_crash_at_any_write_neither_loses_nor_doubles(
    source: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.add(event(n, n // 30, "snt" if n % 7 == 0 else "sent") for n in range(1, 601))
    crashes = 0
    for allowed in range(30):
        try:
            with monkeypatch.context() as patched:
                allow(patched, allowed)
                source.pull()
        except Crash:
            crashes += 1
        else:
            break
    source.pull()
    refresh(source.settings)
    assert crashes >= 5
    assert _ids(source) == 600 - 600 // 7
    loads = source.lake.frame("loads")
    assert (loads["rows_in"].sum(), loads["refused"].sum()) == (600, 600 // 7)
    assert sum(one.rows for one in quarantine_of(source.settings).entries()) == 600 // 7
    calm = Crm(source.url, source.settings.model_copy(update={"var": tmp_path / "calm"}))
    calm.maps()
    calm.pull()
    refresh(calm.settings)
    assert not differences(state(source.settings), state(calm.settings))


def test_random_batches_and_breaks_come_to_the_same_rows(source: Crm) -> None:
    rng = random.Random(5)
    known = 0
    for _ in range(6):
        fresh = rng.randint(0, 300)
        top = known // 40
        source.add(
            event(known + n, top + (n // rng.choice([30, 60]))) for n in range(1, fresh + 1)
        ) if fresh else None
        known += fresh
        source.maps(batch=rng.choice([100, 150, 1000]))
        running = pull(source.settings, source.mapping)
        for _ in range(rng.randint(0, 2)):
            next(running, None)
        running.close()
    source.pull()
    # Versions of later rows may stand below the position here and there: those are what anew is for.
    source.pull(anew=True)
    assert _ids(source) == known


def test_two_pulls_at_once_are_one_after_the_other(source: Crm) -> None:
    source.add(event(n, n) for n in range(1, 201))
    running = pull(source.settings, source.mapping)
    next(running)
    with pytest.raises(LakeBusy, match="Another pull is under way"):
        next(pull(source.settings, source.mapping, wait=False))
    running.close()
    assert sum(one.loaded for one in source.pull()) == 100


def test_the_position_is_in_the_lake_with_the_load(source: Crm) -> None:
    source.add([event(1, 1), event(2, 2)])
    source.pull()
    (row,) = source.lake.frame("loads").iter_rows(named=True)
    assert row["position"].startswith('["version", "int", "2", [')
    assert (row["file_name"], row["source"]) == ("sql:crm", "crm_events")


def test_the_command_dry_runs_pulls_and_publishes(
    source: Crm, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REACHBOARD_VAR", str(source.settings.var))
    monkeypatch.setenv("REACHBOARD_SECRET_KEY", SECRET)
    monkeypatch.setenv("REACHBOARD_SQL_CRM", source.url)
    source.add([event(n, n, "snt" if n == 3 else "sent") for n in range(1, 151)])
    assert main(["pull", str(source.mapping), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "100 rows in: 99 to load, 0 left out by rule, 1 refused" in said
    assert "these are the first rows; the pull reads on" in said
    assert source.lake.frame("loads").is_empty()
    assert main(["pull", str(source.mapping)]) == 0
    said = capsys.readouterr().out
    assert "sql:crm: 50 rows in = 50 loaded + 0 already present" in said
    assert "through version 150" in said
    assert "Published snapshot 1" in said
    assert main(["pull", str(source.mapping)]) == 0
    assert "crm.toml: nothing new there." in capsys.readouterr().out
    assert main(["status"]) == 0
    assert "crm_events           through version 150, pulled by hand" in capsys.readouterr().out


def test_the_schedule_pulls_what_stands_in_the_folder_and_tells_what_fails(
    source: Crm, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REACHBOARD_VAR", str(source.settings.var))
    monkeypatch.setenv("REACHBOARD_SECRET_KEY", SECRET)
    monkeypatch.setenv("REACHBOARD_SQL_CRM", source.url)
    folder = source.settings.sources
    folder.mkdir(parents=True)
    text = source.mapping.read_text()
    (folder / "a_broken.toml").write_text(
        text.replace("crm_events", "other").replace("from events", "from evnts")
    )
    (folder / "b_crm.toml").write_text(text)
    source.add(event(n, n) for n in range(1, 31))
    for _ in range(2):
        for one in pulls.read(source.settings.lake):
            pulls.write(source.settings.lake, replace(one, next_us=0))
        assert main(["pull", "--due"]) == 0
    assert main(["run", "--scheduled"]) == 0
    assert source.lake.latest().number == 1
    assert _ids(source) == 30
    capsys.readouterr()
    assert main(["status"]) == 0
    said = capsys.readouterr().out
    place = "from REACHBOARD_SQL_CRM every 5 minutes, by"
    assert f"crm_events           through version 30, {place} b_crm.toml: works" in said
    assert f"other                {place} a_broken.toml: fails: 2 times in a row" in said
    assert "b_crm.toml: 30 rows loaded, 0 refused." in said
    (failed,) = [line for line in said.splitlines() if "failed" in line and "pull" in line]
    assert "a_broken.toml: database" in failed
    assert "evnts" in failed
    assert "check [sql] query" in failed
    assert "(2 times)" in failed


WRITES = (
    "with gone as (delete from events where version >= :cursor returning *) select * from gone",
    "select *, nextval('numbers') from events where version >= :cursor order by version",
)


@pytest.mark.parametrize("query", WRITES)
def test_only_reading_is_possible(query: str, postgres: Server, tmp_path: Path) -> None:
    source = crm(postgres.database(), tmp_path)
    source.write("create sequence numbers")
    source.add([event(1, 1)])
    source.maps(query)
    with pytest.raises(IntakeError, match="the query writes"):
        source.pull()
    source.maps()
    assert source.pull()[0].loaded == 1


def test_a_lake_of_before_is_pulled_into(tmp_path: Path) -> None:
    from tests.feeds import load, settings_of
    from tests.worlds import deal, world

    source = crm(f"sqlite:///{tmp_path / 'crm.db'}", tmp_path)
    settings = settings_of(source.settings.var)
    load(settings, deal(world(3, 10, 1, days=5), 1, 1))
    _without_position(source.settings.lake)
    assert of_source(Lake(settings.lake), "crm_events") is None
    source.add([event(1, 1)])
    assert source.pull()[0].loaded == 1
    assert of_source(source.lake, "crm_events") is not None
    assert source.lake.frame("loads").filter(pl.col("position").is_null()).height > 1


def _without_position(lake: Path) -> None:
    from deltalake import DeltaTable, write_deltalake

    path = str(lake / "loads")
    frame = pl.read_parquet(DeltaTable(path).file_uris()).drop("position")
    write_deltalake(path, frame.to_arrow(), mode="overwrite", schema_mode="overwrite")
