"""The schedule of pulls: each source by its own clock, and a broken one holds nobody up."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.condition import condition
from app.shelf import Keeper as Shelf
from config.settings import ROOT
from data import pulls
from data.pulls import PullState
from etl.__main__ import main
from etl.intake import MappingError
from etl.pull import Keeper, pull_scheduled
from etl.pull.breaker import Beat, begun, due, failed, succeeded
from etl.pull.tally import Tally
from etl.sources.timing import MINUTE_US, Timing
from etl.sources.toml import load_mapping
from remote.breaker import Circuit
from state.store import Store
from tests.drops import MAPPING as DROP
from tests.drops import checksum, csv
from tests.feeds import SECRET
from tests.rests import SINCE, Api, api, record
from tests.web import TOKEN, Service, Trouble, serving

BEAT = Beat(Timing(every=30, failures=3, pause=45), 5, "America/New_York")
NOW = 1_790_000_000_000_000


@pytest.fixture
def source(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Api:
    made = api(service, tmp_path)
    made.settings.sources.mkdir(parents=True)
    for name, value in (("VAR", str(made.settings.var)), ("SECRET_KEY", SECRET), ("TOKEN_API", TOKEN)):
        monkeypatch.setenv(f"REACHBOARD_{name}", value)
    monkeypatch.setenv("REACHBOARD_ZONE", made.settings.zone)
    return made


def _scheduled(source: Api, name: str = "api", more: str = SINCE + "tries = 1", timing: str = "") -> Path:
    """The mapping among those of the schedule, under a name of its own."""
    text = source.maps("next", more).read_text().replace("api_events", f"{name}_events")
    path = source.settings.sources / f"{name}.toml"
    path.write_text(text + f"\n[schedule]\n{timing}\n")
    return path


def _state(source: Api, path: Path) -> PullState:
    state = pulls.of_mapping(source.settings.lake, path.name)
    assert state is not None
    return state


def _try(source: Api, path: Path) -> PullState:
    list(pull_scheduled(source.settings, path))
    return _state(source, path)


def test_failures_come_again_later_and_later_then_open_the_circuit_until_a_probe_succeeds() -> None:
    state = PullState("a.toml", next_us=NOW)
    waits = []
    for _ in range(3):
        state = failed(begun(state, BEAT, NOW), BEAT, "it is broken", NOW)
        assert state.next_us is not None
        waits.append((state.next_us - NOW) / MINUTE_US)
    assert 0.75 <= waits[0] <= 1
    assert 1.5 <= waits[1] <= 2
    assert waits[2] == 45
    assert (state.circuit, state.failures, state.wrong) == (Circuit.OPEN, 3, "it is broken")
    assert not due(state, NOW + 44 * MINUTE_US)
    probe = begun(state, BEAT, NOW + 45 * MINUTE_US)
    assert probe.circuit == Circuit.HALF_OPEN
    again = failed(probe, BEAT, "still broken", NOW + 45 * MINUTE_US)
    assert (again.circuit, again.next_us) == (Circuit.OPEN, NOW + 90 * MINUTE_US)
    well = succeeded(begun(again, BEAT, NOW), BEAT, NOW + MINUTE_US, Tally(loaded=7, refused=1))
    assert (well.circuit, well.failures, well.wrong, well.loaded) == (Circuit.CLOSED, 0, "", 7)
    assert well.next_us == NOW + 30 * MINUTE_US, "counted from when it began"


def test_a_source_is_never_tried_before_it_allows_it_nor_less_often_than_usual() -> None:
    state = failed(begun(PullState("a.toml"), BEAT, NOW), BEAT, "busy", NOW, wait_seconds=3_600)
    assert state.next_us == NOW + 3_600_000_000
    often = Beat(Timing(every=1), 5, "UTC")
    state = failed(begun(PullState("a.toml"), often, NOW), often, "x", NOW)
    for _ in range(3):
        state = failed(begun(state, often, NOW), often, "x", NOW)
    assert state.next_us is not None
    assert state.next_us <= NOW + MINUTE_US


def test_a_try_that_was_killed_is_a_failure() -> None:
    state = begun(PullState("a.toml"), BEAT, NOW)
    again = begun(state, BEAT, NOW + MINUTE_US)
    assert (again.failures, again.wrong) == (1, "the last try was ended before it could finish")


@pytest.mark.parametrize(
    ("cron", "zone", "after", "next_"),
    [
        ("0 6 * * mon-fri", "America/New_York", "2026-11-20T12:00", "2026-11-23T11:00"),
        ("0 6 * * 1-5", "America/New_York", "2026-11-20T12:00", "2026-11-23T11:00"),
        ("0 6 * * 0", "UTC", "2026-11-20T12:00", "2026-11-22T06:00"),
        ("0 6 * * 7", "UTC", "2026-11-20T12:00", "2026-11-22T06:00"),
        ("*/15 * * * *", "UTC", "2026-11-20T12:01", "2026-11-20T12:15"),
    ],
)
def test_cron_counts_in_the_zone_of_the_plan_and_weekdays_as_cron_does(
    cron: str, zone: str, after: str, next_: str
) -> None:
    def us(text: str) -> int:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000_000)

    assert Timing(cron=cron).next_us(us(after), us(after), 5, zone) == us(next_)


def test_a_wrong_schedule_is_told(source: Api) -> None:
    for wrong, words in (
        ("evry = 3", 'no such key; did you mean "every"?'),
        ("every = 0", "every: must be a whole number from 1"),
        ('cron = "61 * * * *"', "cron: must be minute, hour, day, month and weekday"),
        ('cron = "0 6 * *"', "cron: must be minute"),
        ('cron = "0 6 * * *"\nevery = 5', "every: and cron say the same thing twice"),
        ("failures = 0", "failures: must be"),
    ):
        with pytest.raises(MappingError, match=r"\[schedule\]") as error:
            load_mapping(_scheduled(source, timing=wrong))
        assert words in str(error.value)
    path = _scheduled(source)
    head, _, rest = path.read_text().partition("[rest]")
    path.write_text(head + rest[rest.index("[fields]") :] + "every = 3\n")
    with pytest.raises(MappingError, match="is of mappings that pull"):
        load_mapping(path)


def test_a_source_that_fails_is_left_alone_and_found_well_again_with_every_row_once(source: Api) -> None:
    path = _scheduled(source, timing="failures = 2\npause = 30")
    source.service.records = [record(n) for n in range(25)]
    source.service.always = Trouble(500)
    assert _try(source, path).circuit == Circuit.CLOSED
    state = _try(source, path)
    assert state.circuit == Circuit.OPEN
    assert "fails on its side (500)" in state.wrong
    keeper = Keeper(source.settings)
    assert keeper.look() == 0, "a restart finds the circuit as it was"
    source.service.always = None
    pulls.write(source.settings.lake, replace(state, next_us=0))
    keeper.finish()
    well = _state(source, path)
    assert (well.circuit, well.loaded, well.wrong) == (Circuit.CLOSED, 25, "")
    assert source.events() == 25
    assert keeper.look() == 0


def test_a_mapping_that_is_mended_is_tried_at_once_and_one_that_is_gone_is_forgotten(source: Api) -> None:
    path = _scheduled(source, timing="failures = 1")
    path.write_text(path.read_text().replace("[fields]", "[feilds]"))
    keeper = Keeper(source.settings)
    state = _try(source, path)
    assert "did you mean" in state.wrong
    assert (state.name, state.failures) == ("api.toml", 1)
    assert keeper.look() == 0
    source.service.records = [record(1)]
    _scheduled(source)
    keeper.finish()
    assert (_state(source, path).name, _state(source, path).loaded) == ("api_events", 1)
    path.unlink()
    keeper.look()
    assert pulls.read(source.settings.lake) == []


def test_a_broken_and_a_slow_source_hold_neither_the_others_nor_the_run(source: Api) -> None:
    source.service.records = [record(n) for n in range(15)]
    good = _scheduled(source, "c_good")
    broken = _scheduled(source, "a_broken")
    broken.write_text(broken.read_text().replace(source.service.url, "http://127.0.0.1:1/x"))
    with serving() as stuck:
        stuck.always = Trouble(500, stall=300)
        slow = _scheduled(source, "b_slow")
        slow.write_text(
            slow.read_text()
            .replace(source.service.url, stuck.url)
            .replace("wait = 0.01", "wait = 0.01\ntimeout = 300")
        )
        keeper = Keeper(source.settings)
        until = time.monotonic() + 120
        while time.monotonic() < until:
            keeper.look()
            states = {one.mapping: one for one in pulls.read(source.settings.lake)}
            done = states.get(good.name, PullState("")).succeeded_us and states[broken.name].failures
            if done and states[slow.name].began_us and list(keeper.children) == [slow]:
                break
            time.sleep(0.1)
        assert "nothing answers there" in states[broken.name].wrong
        assert states[good.name].loaded == 15
        assert list(keeper.children) == [slow], "it is still under way"
        assert main(["run", "--scheduled"]) == 0
        assert source.lake.latest().number == 1
        keeper.children[slow].until = 0.0
        assert keeper.look() == 0
        assert "took longer than [schedule] limit allows" in _state(source, slow).wrong
        assert _state(source, slow).failures == 1


def test_a_file_that_was_turned_away_stands_until_it_is_mended(source: Api, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    path = source.settings.sources / "drop.toml"
    path.write_text(DROP.format(place=f'at = "{folder}"', more='stable = 0\nsha256 = "{file}.sha256"'))
    for name, content in (("a.csv", csv(range(5))), ("b.csv", csv(range(5, 9)))):
        (folder / name).write_bytes(content)
        (folder / f"{name}.sha256").write_bytes(checksum(csv(range(5))))
    (folder / "c.csv").write_bytes(csv(range(20, 22)))
    state = _try(source, path)
    assert state.files == (("b.csv", "its SHA-256 is not the one that came with it"),)
    assert (state.loaded, state.waiting, state.circuit) == (5, 1, Circuit.CLOSED)
    said = condition(Shelf(source.settings), source.settings, Store("sqlite://")).wrong
    assert "Of the source dropped a dropped file was turned away." in said
    assert not any("b.csv" in one for one in said)
    (folder / "b.csv.sha256").write_bytes(checksum(csv(range(5, 9))))
    assert _try(source, path).files == ()


def test_no_secret_and_no_query_stands_in_what_is_told(
    source: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _scheduled(
        source, more=SINCE + 'tries = 1\nparams = { key_of_query = "word-of-query" }', timing="failures = 1"
    )
    source.service.always = Trouble(403)
    _try(source, path)
    assert main(["status"]) == 0
    written = "".join(one.read_text(errors="replace") for one in source.settings.lake.rglob("*.json"))
    health = condition(Shelf(source.settings), source.settings, Store("sqlite://"))
    assert "The source api_events cannot be pulled; its figures are those of its last data." in health.wrong
    status = capsys.readouterr().out
    assert "left alone for a while: it failed once" in status
    assert "the token may not read this (403)" in status
    for told in (status, written, str(health)):
        assert TOKEN not in told
        assert "word-of-query" not in told
        assert "secret words of a body" not in told


@pytest.mark.slow
def test_kill_9_in_the_middle_of_the_pages_costs_and_doubles_no_row(source: Api) -> None:
    path = _scheduled(source, more=SINCE)
    source.service.size = 40
    source.service.records = [record(n, n // 3) for n in range(2_000)]
    rng, hit = random.Random(4), 0
    for _ in range(5):
        began = len(source.service.asked)
        process = subprocess.Popen(
            [sys.executable, "-m", "etl", "pull", str(path), "--scheduled"], cwd=ROOT, env=dict(os.environ),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 60
        while len(source.service.asked) < began + 4 and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(rng.uniform(0, 0.5))
        hit += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    state = _try(source, path)
    assert hit >= 2, "kills must fall into the work"
    assert state.circuit == Circuit.CLOSED
    assert source.events() == 2_000
    assert source.lake.frame("loads")["loaded"].sum() == 2_000
    assert not any((source.settings.lake / "_landing").iterdir())
