"""Somebody is told once of each incident and once that it is over, whatever fails on the way."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from alerts import delivery, watch
from alerts.ways import registry
from config.settings import ROOT, Settings
from state.incidents import LEASE_US, Found, IncidentStore, Says
from tests.receivers import Mailbox, Posted, Receiver, free_port, receiving

MINUTE_US = 60_000_000
BLOCKED = Found("publish", "publish-blocked", "publishing is blocked", "Why.", urgent=True)
QUIET = Found("quiet:crm", "source-quiet", "the source crm is quiet", "Why.")
Telling = Callable[..., Settings]
NOW = 1_795_000_000_000_000


def said(posted: list[Posted]) -> list[tuple[str, str]]:
    """(what, title) of what a webhook was told."""
    bodies = [json.loads(one.body) for one in posted]
    return [(body["type"].removeprefix("incident."), body["data"]["title"]) for body in bodies]


def test_it_is_told_once_however_often_it_is_found(
    telling: Telling, receiver: Receiver, incidents: IncidentStore
) -> None:
    settings = telling("webhook", receiver=receiver)
    for run in range(8):
        incidents.settle("loading", [BLOCKED], settings.alerts, NOW + run * 5 * MINUTE_US)
        delivery.deliver(settings, incidents, NOW + run * 5 * MINUTE_US)
    assert said(receiver.posted) == [("opened", BLOCKED.title)]
    for run in range(8, 12):
        incidents.settle("loading", [], settings.alerts, NOW + run * 5 * MINUTE_US)
        delivery.deliver(settings, incidents, NOW + run * 5 * MINUTE_US)
    assert said(receiver.posted) == [("opened", BLOCKED.title), ("recovered", BLOCKED.title)]
    (one,) = incidents.since(NOW)
    assert (one.opened_us, one.recovered_us) == (NOW, NOW + 40 * MINUTE_US)
    assert all(note.told_us and not note.failed for note in one.notices)


def test_what_comes_back_is_another_incident(
    telling: Telling, receiver: Receiver, incidents: IncidentStore
) -> None:
    settings = telling("webhook", receiver=receiver)
    for minute, found in enumerate(([BLOCKED], [], [BLOCKED, QUIET], [QUIET])):
        incidents.settle("loading", found, settings.alerts, NOW + minute * MINUTE_US)
        delivery.deliver(settings, incidents, NOW + minute * MINUTE_US)
    assert said(receiver.posted) == [
        ("opened", BLOCKED.title), ("recovered", BLOCKED.title), ("opened", BLOCKED.title),
        ("opened", QUIET.title), ("recovered", BLOCKED.title),
    ]  # fmt: skip
    names = [json.loads(one.body)["data"]["incident"] for one in receiver.posted]
    assert names[0] == names[1] != names[2] == names[4]
    assert len({one.headers["webhook-id"] for one in receiver.posted}) == 5


def test_topics_end_only_what_is_their_own(incidents: IncidentStore) -> None:
    incidents.settle("loading", [BLOCKED], (), NOW)
    incidents.settle("campaigns", [QUIET], (), NOW)
    incidents.settle("loading", [], (), NOW + 1)
    assert [(one.topic, one.recovered_us) for one in incidents.since(NOW)] == [
        ("campaigns", None),
        ("loading", NOW + 1),
    ]


def test_a_receiver_that_was_away_is_told_once_when_it_is_back(
    telling: Telling, incidents: IncidentStore
) -> None:
    port = free_port()
    settings = telling("webhook", receiver=Receiver(f"http://127.0.0.1:{port}"))
    incidents.settle("loading", [BLOCKED], settings.alerts, NOW)
    at = NOW
    for _ in range(12):
        at += MINUTE_US
        incidents.settle("loading", [BLOCKED], settings.alerts, at)
        assert delivery.deliver(settings, incidents, at) == 0
    (one,) = incidents.since(NOW)
    assert [(note.tries, note.failed) for note in one.notices] == [(4, "no answer (ConnectionRefusedError)")]
    with receiving(port) as back:
        for minute in range(30):
            delivery.deliver(settings, incidents, at + minute * MINUTE_US)
    assert said(back.posted) == [("opened", BLOCKED.title)]


def test_what_was_over_before_anybody_could_be_told_is_told_in_order(
    telling: Telling, receiver: Receiver, incidents: IncidentStore
) -> None:
    settings = telling("webhook", receiver=receiver)
    receiver.answers += [(503, {})]
    incidents.settle("loading", [BLOCKED], settings.alerts, NOW)
    delivery.deliver(settings, incidents, NOW)
    incidents.settle("loading", [], settings.alerts, NOW + 1)
    assert delivery.deliver(settings, incidents, NOW + 2) == 0, "first that it was wrong"
    assert delivery.deliver(settings, incidents, NOW + 2 * MINUTE_US) == 2
    assert said(receiver.posted)[1:] == [("opened", BLOCKED.title), ("recovered", BLOCKED.title)]
    first, again = receiver.posted[:2]
    assert first.headers["webhook-id"] == again.headers["webhook-id"], "a second try is known as one"


def test_waits_grow_and_a_receiver_may_ask_for_another(
    telling: Telling, receiver: Receiver, incidents: IncidentStore
) -> None:
    settings = telling("webhook", receiver=receiver)
    receiver.answers += [(500, {})] * 8 + [(429, {"Retry-After": "600"})]
    incidents.settle("loading", [BLOCKED], settings.alerts, NOW)
    waits, at = [], NOW
    for _ in range(9):
        delivery.deliver(settings, incidents, at)
        ((note,),) = [one.notices for one in incidents.since(NOW)]
        waits.append((note.next_us - at) // MINUTE_US)
        at = note.next_us
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 10]


def test_after_three_days_it_is_given_up_and_so_is_its_end(
    telling: Telling, receiver: Receiver, incidents: IncidentStore
) -> None:
    settings = telling("webhook", receiver=receiver)
    receiver.answers += [(401, {})]
    incidents.settle("loading", [BLOCKED], settings.alerts, NOW)
    delivery.deliver(settings, incidents, NOW + delivery.GIVEN_UP_US)
    incidents.settle("loading", [], settings.alerts, NOW + delivery.GIVEN_UP_US)
    assert delivery.deliver(settings, incidents, NOW + 2 * delivery.GIVEN_UP_US) == 0
    assert len(receiver.posted) == 1
    ((note,),) = [one.notices for one in incidents.since(NOW)]
    assert (note.says, note.failed) == (Says.OPENED, "it answered 401")


def test_a_way_that_is_set_up_later_hears_of_what_is_still_wrong(
    telling: Telling, receiver: Receiver, incidents: IncidentStore
) -> None:
    incidents.settle("loading", [BLOCKED], (), NOW)
    settings = telling("webhook", receiver=receiver)
    for _ in range(2):
        incidents.settle("loading", [BLOCKED], settings.alerts, NOW + 1)
        delivery.deliver(settings, incidents, NOW + 1)
    assert said(receiver.posted) == [("opened", BLOCKED.title)]


def test_one_way_that_fails_keeps_no_other_back(
    telling: Telling, receiver: Receiver, mailbox: Mailbox, incidents: IncidentStore
) -> None:
    settings = telling("webhook", "mail", "pagerduty", receiver=receiver, mailbox=mailbox)
    (settings.alert_secrets / "pagerduty.secret").unlink()
    incidents.settle("loading", [BLOCKED], settings.alerts, NOW)
    assert delivery.deliver(settings, incidents, NOW) == 2
    assert len(mailbox.taken) == len(receiver.posted) == 1


def test_two_who_deliver_at_once_tell_it_once(
    telling: Telling, receiver: Receiver, incidents: IncidentStore
) -> None:
    settings = telling("webhook", receiver=receiver)
    found = [Found(f"quiet:{n}", "source-quiet", f"the source {n} is quiet", "Why.") for n in range(12)]
    incidents.settle("loading", found, settings.alerts, NOW)
    several = [threading.Thread(target=delivery.deliver, args=(settings, incidents, NOW)) for _ in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert sorted(title for _, title in said(receiver.posted)) == sorted(one.title for one in found)


class Gone(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("arrived", [False, True])
def test_a_crash_while_telling_loses_nothing(
    arrived: bool, telling: Telling, receiver: Receiver, incidents: IncidentStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Before it arrived it is told by the next; after it arrived it is told again, by the same id."""
    settings = telling("webhook", receiver=receiver)
    incidents.settle("loading", [BLOCKED], settings.alerts, NOW)
    true = registry.send

    def dies(*given: object) -> None:
        if arrived:
            true(*given)  # type: ignore[arg-type]
        raise Gone

    with monkeypatch.context() as patched:
        patched.setattr(registry, "send", dies)
        with pytest.raises(Gone):
            delivery.deliver(settings, incidents, NOW)
    assert delivery.deliver(settings, incidents, NOW + 1) == 0, "it may be under way still"
    assert delivery.deliver(settings, incidents, NOW + LEASE_US + 1) == 1
    assert delivery.deliver(settings, incidents, NOW + 2 * LEASE_US) == 0
    assert len({one.headers["webhook-id"] for one in receiver.posted}) == 1
    assert len(receiver.posted) == 1 + arrived


DECIDES = """
import sys
from config.settings import Settings
from state.incidents import Found
from state.store import Store
store = Store(Settings.load().state)
number = 0
while True:
    found = [Found(f"quiet:{n}", "source-quiet", f"source {n}", "Why.") for n in range(number)]
    store.incidents.settle("loading", found, ("webhook",), 1_795_000_000_000_000 + number)
    print(number, flush=True)
    number += 1
"""


@pytest.mark.slow
def test_kill_9_between_decision_and_delivery_loses_nothing(
    tmp_path: Path, telling: Telling, receiver: Receiver, incidents: IncidentStore
) -> None:
    settings = telling("webhook", receiver=receiver)
    told = 0
    for trial in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", DECIDES], cwd=ROOT, stdout=subprocess.PIPE,
            env={"REACHBOARD_VAR": str(settings.var), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        assert process.stdout is not None
        for _ in range(3 + 5 * trial):
            told = int(process.stdout.readline())
        process.kill()
        rest = [int(line) for line in process.stdout.read().splitlines() if line.strip()]
        told = max([told, *rest])
        process.wait()
        process.stdout.close()
    delivery.deliver(settings, incidents)
    opened = {one.key for one in incidents.since(0)}
    assert opened >= {f"quiet:{n}" for n in range(told)}
    news = [title for what, title in said(receiver.posted) if what == "opened"]
    assert len(news) >= len(opened)
    assert {note.told_us is not None for one in incidents.since(0) for note in one.notices} == {True}


def test_looking_never_fails_what_it_follows(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.var.mkdir(parents=True)
    (settings.var / "state.db").write_bytes(b"no database at all, of member 12345, but long enough" * 40)
    with watch.watched(settings):
        done = True
    assert done
    assert "It could not be looked whether anything is wrong: DatabaseError" in caplog.text
    assert "12345" not in caplog.text
