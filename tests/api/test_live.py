"""Live counts by the true way: the collector, the journal, the follower, and what is told of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collect.journal import finished
from config.settings import ROOT, Settings
from data import live
from data.cubes import Shelf
from data.live import NOT_DELIVERED, Now
from data.snapshot import Lake
from data.viewer import Scope, Viewer
from etl.door import import_file
from etl.drain import drain
from etl.live.follow import Follower
from state.store import Store
from tests.api.test_collector import Sender

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, sample=False, zone="UTC")


@pytest.fixture
def sender(settings: Settings) -> Sender:
    return Sender(settings)


def event(member: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{member}-{name}",
        "event": name,
        "at": NOON.isoformat(),
        "member": f"M{member}",
        "message_id": f"m{member}",
        "campaign": "flu-2026",
        "channel": "email",
        **more,
    }


def several(name: str, members: range, **more: Any) -> list[dict[str, Any]]:
    return [event(member, name, **more) for member in members]


def told(settings: Settings, follower: Follower, *stages: str) -> list[int]:
    """What is told after another look, however short ago the last telling was."""
    follower._told_at = float("-inf")
    follower.look()
    now = live.read(settings.lake).of("flu-2026")
    return [now.told(stage) for stage in stages]


def test_accepted_events_are_told_before_any_run(settings: Settings, sender: Sender) -> None:
    follower = Follower(settings)
    sender.send(
        *several("sent", range(40)), *several("delivered", range(38)), *several("bounced", range(38, 40))
    )
    assert told(settings, follower, "sent", "delivered", NOT_DELIVERED) == [40, 38, 0]


@pytest.mark.parametrize(("members", "shown"), [(10, 0), (11, 11)])
def test_fewer_people_than_the_threshold_are_never_told(
    settings: Settings, sender: Sender, members: int, shown: int
) -> None:
    sender.send(*several("sent", range(members)))
    assert told(settings, Follower(settings), "sent") == [shown]


def test_a_count_moves_when_as_many_people_moved_it_and_not_before(
    settings: Settings, sender: Sender
) -> None:
    follower, seen = Follower(settings), []
    for upto in (15, 20, 25, 26, 27, 40):
        sender.send(*several("sent", range(upto)))
        seen += told(settings, follower, "sent")
    assert seen == [15, 15, 15, 26, 26, 40]


def test_many_messages_to_one_member_are_not_told(settings: Settings, sender: Sender) -> None:
    sender.send(*(event(1, "sent", id=f"e{n}", message_id=f"m{n}") for n in range(100)))
    assert told(settings, Follower(settings), "sent") == [0]


def test_the_same_events_again_landed_or_after_a_restart_count_once(
    settings: Settings, sender: Sender
) -> None:
    events = several("sent", range(30))
    follower = Follower(settings)
    sender.send(*events)
    assert told(settings, follower, "sent") == [30]
    sender.send(*reversed(events))
    sender.hand_on()
    drain(settings)
    assert finished(settings.journal) == []
    sender.send(*events)
    assert told(settings, follower, "sent") == [30]
    assert told(settings, Follower(settings), "sent") == [30]
    sender.send(*several("sent", range(30, 45)))
    assert told(settings, follower, "sent") == [45]


def test_a_restart_tells_no_small_step(settings: Settings, sender: Sender) -> None:
    sender.send(*several("sent", range(30)))
    assert told(settings, Follower(settings), "sent") == [30]
    sender.send(*several("sent", range(30, 35)))
    follower = Follower(settings)
    assert told(settings, follower, "sent") == [30]
    sender.send(*several("sent", range(35, 42)))
    assert told(settings, follower, "sent") == [30]
    sender.send(*several("sent", range(42, 46)))
    assert told(settings, follower, "sent") == [46]


def test_what_names_a_message_alone_belongs_to_its_campaign_and_person(
    settings: Settings, sender: Sender
) -> None:
    follower = Follower(settings)
    sender.send(*several("sent", range(20)))
    unnamed = {"campaign": None, "channel": None, "member": None}
    sender.send(*({**one, **unnamed} for one in several("delivered", range(20))))
    assert told(settings, follower, "delivered") == [20]


def test_a_platform_and_a_vendor_that_report_the_same_delivery_count_it_once(settings: Settings) -> None:
    one = Sender(settings)
    follower = Follower(settings)
    one.send(*several("delivered", range(20)))
    one.send(*(event(n, "delivered", id=f"other-{n}") for n in range(20)))
    assert told(settings, follower, "delivered") == [20]


def test_machines_do_not_open(settings: Settings, sender: Sender) -> None:
    sender.send(*several("opened", range(20), machine=True), *several("clicked", range(20)))
    assert told(settings, Follower(settings), "opened", "clicked") == [0, 20]


def test_only_the_day_that_it_is_counts(settings: Settings, sender: Sender) -> None:
    early = (NOON - timedelta(days=1)).isoformat()
    sender.send(*several("sent", range(20), at=early), *several("delivered", range(20)))
    assert told(settings, Follower(settings), "sent", "delivered") == [0, 20]


def test_a_file_that_was_landed_counts_too(settings: Settings, sender: Sender, tmp_path: Path) -> None:
    mapping, file = tmp_path / "m.toml", tmp_path / "f.csv"
    mapping.write_text(
        '[source]\nname = "files"\nkind = "event"\n[fields]\nevent = "event"\nat = "at"\nmember = "member"\n'
        'campaign = "campaign"\nchannel = "channel"\n[key]\ncolumns = ["id"]\n'
    )
    rows = "".join(f"{n},sent,{NOON.isoformat()},M{n},flu-2026,email\n" for n in range(25))
    file.write_text("id,event,at,member,campaign,channel\n" + rows)
    follower = Follower(settings)
    sender.send(*several("sent", range(100, 120)))
    assert told(settings, follower, "sent") == [20]
    import_file(settings, file, mapping)
    assert told(settings, follower, "sent") == [45]


def test_who_may_see_a_program_alone_sees_its_campaigns_alone(settings: Settings, sender: Sender) -> None:
    sender.send(*several("sent", range(40)))
    told(settings, Follower(settings))
    cubes = Shelf(Lake(settings.lake)).current()
    inside = Viewer("a", "analyst", scope=Scope(programs=frozenset({"diabetes"})))
    now = live.read(settings.lake)
    assert now.seen_by(Viewer("b", "analyst"), cubes).campaigns == ["flu-2026"]
    assert now.seen_by(inside, cubes).campaigns == []


def test_other_systems_are_told_the_same(settings: Settings, sender: Sender) -> None:
    follower = Follower(settings)
    sender.send(*several("sent", range(30)), *several("clicked", range(5)))
    told(settings, follower)
    secret = Store(settings.state).keys.add("Reports", "analyst", "a test")[1]
    client, ask = sender.server.test_client(), {"Authorization": f"Bearer {secret}"}
    answer = client.get("/api/v1/live", headers=ask)
    (count,) = answer.json["counts"]
    assert (count["campaign"], count["channel"], count["stage"]) == ("flu-2026", "email", "sent")
    assert (count["messages"], answer.json["day"]) == (30, NOON.date().isoformat())
    held = {**ask, "If-None-Match": answer.headers["ETag"]}
    assert client.get("/api/v1/live", headers=held).status_code == 304
    sender.send(*several("delivered", range(30)))
    told(settings, follower)
    assert len(client.get("/api/v1/live", headers=held).json["counts"]) == 2


def test_the_file_of_live_counts_tells_nothing_small(settings: Settings, sender: Sender) -> None:
    follower = Follower(settings)
    sender.send(*several("sent", range(30)), *several("clicked", range(5)))
    told(settings, follower)
    assert [(one.stage, one.told) for one in live.read(settings.lake).cells] == [("sent", 30)]


def waited(found: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not found() and time.monotonic() < end:
        time.sleep(0.1)
    return found()


def test_one_process_follows_until_it_is_told_to_end(settings: Settings, sender: Sender) -> None:
    command = [sys.executable, "-m", "etl", "follow"]
    environment = {**settings.for_child(), "REACHBOARD_ZONE": "UTC"}
    following = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        sender.send(*several("sent", range(40)))
        assert waited(lambda: live.read(settings.lake) != Now())
        assert waited(lambda: live.read(settings.lake).told("sent") == 40)
        second = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert second.returncode == 2
        assert "already" in second.stderr
        os.kill(following.pid, signal.SIGTERM)
        assert following.wait(30) == 0
    finally:
        following.kill()


def test_it_ends_where_the_server_that_keeps_it_is_gone(settings: Settings) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    command = [sys.executable, "-m", "etl", "follow", "--of", str(gone.pid)]
    assert (
        subprocess.run(command, cwd=ROOT, env=settings.for_child(), timeout=60, check=False).returncode == 0
    )
