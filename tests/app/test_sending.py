"""Scheduled reports through the true path: page, elected process, thread, mail server; once, to the end."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr

from app import ending, process, sending, shelf
from app.factory import create_app
from app.sending import NAME, Sending
from config.permissions import PERMISSIONS, Role
from config.settings import ROOT, Settings
from data.viewer import Viewer
from etl import schedule
from etl.refresh import refresh
from reports import schedules
from state.schedules import Schedule, Sent
from state.store import Store
from tests.asking import call, fire, guard_of, request_of, signed_in
from tests.feeds import SECRET, ZONE, load, settings_of
from tests.places import LINE
from tests.receivers import Mailbox, free_port, mailing
from tests.worlds import deal, world

ANALYST = Viewer("Demo analyst", Role.ANALYST, frozenset(PERMISSIONS[Role.ANALYST]))
SCOPED = f"{Role.MANAGER.value}:{LINE}"
QUERY = "metrics=sent&by=channel&period=all_time"
PLAN, LIST = "reports-preview.children", "reports-schedules.children"
OFFERS = "..reports-what.options...reports-what.value...reports-narrowing.children.."
VIEWS = "..views-menu.children...views-defaults.data.."
PATIENCE = 60.0
EVERYTHING = '{"programs": null, "lines": null}'


def until(there: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A small lake, made once."""
    made = settings_of(tmp_path_factory.mktemp("lake") / "var")
    load(made, deal(world(5, members=120, campaigns=2), 1, 1))
    refresh(made)
    return made


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    with mailing(tmp_path, sign_in=False) as one:
        yield one
        one.gate.set()


@pytest.fixture
def settings(lake: Settings, tmp_path: Path, mailbox: Mailbox) -> Settings:
    """An installation of its own with that lake, whose mail server is the mailbox."""
    shutil.copytree(lake.var, tmp_path / "var")
    own: dict[str, Any] = {
        "var": tmp_path / "var", "alert_from": "board@plan.example", "smtp_host": "127.0.0.1",
        "smtp_port": mailbox.port, "smtp_security": "none", "demo_lines": (LINE,),
        "state_url": SecretStr(f"sqlite:///{tmp_path / 'var' / 'state.db'}"),
    }  # fmt: skip
    return lake.model_copy(update=own)


def served(settings: Settings) -> Flask:
    made = create_app(settings)
    shelf.keeper(made).renew()
    return made


def store_of(server: Flask) -> Store:
    found = server.extensions["reachboard.store"]
    assert isinstance(found, Store)
    return found


def scheduled(server: Flask, settings: Settings) -> Schedule:
    asked = {
        "page": "explore", "query": {"metrics": "sent", "by": "channel"}, "every": "daily", "hour": 7,
        "addresses": "ada@plan.example",
    }  # fmt: skip
    return schedules.add(asked, ANALYST, shelf.keeper(server).current(), store_of(server), settings)


def looked(one: Sending) -> None:
    """Look, and wait for what that began."""
    one._next = 0.0
    one.look()
    if one._busy is not None:
        one._busy.join(PATIENCE)


def at(monkeypatch: pytest.MonkeyPatch, us: int) -> None:
    """It is that time for whoever sends."""
    monkeypatch.setattr(schedules, "time", SimpleNamespace(time_ns=lambda: us * 1000))


def did(server: Flask, who: str, do: str, uid: str = "", **more: Any) -> str:
    answer = fire(
        server, signed_in(server, who), PLAN, {"reports-plan.data": {"do": do, "report": uid, **more}}
    )
    return str(answer.text) if answer.status_code == 200 else str(answer.status_code)


def test_a_view_goes_from_its_menu_to_whom_it_is_for(settings: Settings, mailbox: Mailbox) -> None:
    server = served(settings)
    analyst, store = signed_in(server, "analyst"), store_of(server)
    ask = {"do": "save", "name": "Ours by channel", "query": f"?{QUERY}"}
    sent = {"views-ask.data": ask, "frame-place.data": {"path": "/explore", "title": "Explore"}}
    body = request_of(guard_of(server).wires[VIEWS], sent, changedPropIds=["views-ask.data"])
    menu = call(analyst, body).text
    (view,) = store.views.of("Demo analyst")
    assert f"/reports?schedule={view.id}#schedule" in menu
    offered = fire(server, analyst, OFFERS, {"reports-view.data": {"schedule": str(view.id)}}).json
    chosen = offered["response"]["reports-what"]
    assert chosen["value"] == f"view/{view.id}"
    assert {"value": f"view/{view.id}", "label": "View of Explore: Ours by channel"} in chosen["options"]
    form = {"what": f"view/{view.id}", "every": "weekly", "day": "w0", "hour": "7", "to": "ada@plan.example"}
    assert did(server, "executive", "schedule", **form) == "403"
    assert "no such view" in did(server, SCOPED, "schedule", **form)
    assert "Ours by channel: scheduled." in did(server, "analyst", "schedule", **form)
    (one,) = store.schedules.all()
    assert "There is no such schedule" in did(server, SCOPED, "send", one.uid)
    assert one.title not in fire(server, signed_in(server, SCOPED), LIST).text
    shown = did(server, "analyst", "preview", one.uid)
    assert "Ours by channel, all time" in shown
    assert store.reports.latest() == [], "a preview issues nothing"
    assert "within a minute" in did(server, "analyst", "send", one.uid)
    looked(Sending(server, settings))
    ((to, mail, *_),) = mailbox.taken
    (report,) = store.reports.latest()
    assert to == ["ada@plan.example"]
    text = mail.get_payload()[0].get_payload(decode=True).decode().splitlines()  # type: ignore[union-attr]
    assert all(line in shown for line in text[:8] if line), "the preview says what was sent"
    assert report.id in fire(server, analyst, LIST).text
    assert "Paused" in did(server, "analyst", "pause", one.uid)
    assert "done already" in did(server, "analyst", "pause", one.uid)
    assert "Resumed" in did(server, "analyst", "resume", one.uid)
    remove = {**sent, "views-ask.data": {"do": "remove", "id": view.id}}
    gone = request_of(guard_of(server).wires[VIEWS], remove, changedPropIds=["views-ask.data"])
    assert "is deleted. It is still sent by the clock" in call(analyst, gone).text
    assert "Removed" in did(server, "analyst", "unschedule", one.uid)
    assert "There is no such schedule" in did(server, "analyst", "preview", one.uid)
    assert "cannot be done" in did(server, "analyst", "burn", scheduled(server, settings).uid)


@pytest.mark.parametrize(
    ("what", "filters", "said"),
    [
        ("executive/", {"channel": ["pigeon"]}, "There is no channel 'pigeon'"),
        ("overview/channels", {"attr.mood": ["good"]}, "There is no attribute 'mood'"),
        ("monthly/", {"program": ["None, of all"]}, "There is no program 'None, of all'"),
        ("monthly/", {"channel": ["email"]}, "of all channels"),
        ("overview/channels", {"channel": ["email"], "wave": ["w1"]}, "By channel: scheduled."),
        ("view/1", {"channel": ["pigeon"]}, "It is of fixed days"),
        ("view/2", {}, "no such view"),
        ("view/", {}, "no such view"),
    ],
)
def test_the_form_takes_the_filters_of_a_page_and_refuses_in_words(
    settings: Settings, what: str, filters: dict[str, list[str]], said: str
) -> None:
    server = served(settings)
    days = "metrics=sent&from=2026-01-01&to=2026-01-31"
    store_of(server).views.save("/explore", "Explore", days, "January", "Demo analyst", EVERYTHING)
    form = {"what": what, "period": "last_month", "every": "daily", "hour": "7", "to": "ada@plan.example"}
    assert said in did(server, "analyst", "schedule", filters=filters, **form).replace("\\u2019", "'")
    for one in store_of(server).schedules.all():
        assert one.query.get("channel") == ("email" if what == "overview/channels" else None)


def test_it_is_sent_at_its_time_by_one_of_two_processes(
    settings: Settings, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that think themselves elected, as when a lock is lost: what one has claimed the other leaves."""
    servers = [served(settings), served(settings)]
    both = [Sending(server, settings) for server in servers]
    one = scheduled(servers[0], settings)
    at(monkeypatch, one.next_us - 1)
    for sender in both:
        looked(sender)
    assert mailbox.taken == []
    at(monkeypatch, one.next_us)
    mailbox.gate.clear()
    both[0].look()  # too early: it looks every so often
    assert both[0]._busy is not None
    assert not both[0]._busy.is_alive()
    both[0]._next = 0.0
    both[0].look()
    assert mailbox.held.wait(PATIENCE)
    first = both[0]._busy
    looked(both[1])
    both[0]._next = 0.0
    both[0].look()
    assert both[0]._busy is first, "one mail at a time, however long a server takes"
    mailbox.gate.set()
    first.join(PATIENCE)
    for sender in both:
        looked(sender)
    assert len(mailbox.taken) == 1


def test_a_server_that_is_busy_gets_the_same_mail_later(
    settings: Settings, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = served(settings)
    sender, one = Sending(server, settings), scheduled(server, settings)
    mailbox.busy = 2
    for wait, tries in ((0, 1), (59, 1), (60, 2), (179, 2)):
        at(monkeypatch, one.next_us + wait * 1_000_000)
        looked(sender)
        (sending,) = store_of(server).schedules.sendings([one.id])
        assert (sending.state, sending.tries, len(mailbox.taken)) == (Sent.WAITING, tries, 0)
    at(monkeypatch, one.next_us + 180_000_000)
    looked(sender)
    (sending,) = store_of(server).schedules.sendings([one.id])
    ((_, mail, *_),) = mailbox.taken
    assert (sending.state, sending.tries) == (Sent.SENT, 2)
    assert mail["Message-ID"] == f"<{sending.uid}@plan.example>"
    assert [report.id for report in store_of(server).reports.latest()] == [sending.report]


def test_a_state_database_that_is_away_is_only_a_round_later(
    settings: Settings, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server = served(settings)
    sender, one = Sending(server, settings), scheduled(server, settings)
    at(monkeypatch, one.next_us)
    with monkeypatch.context() as away:
        away.setattr(store_of(server).schedules, "all", lambda: 1 / 0)
        looked(sender)
    assert "could not be sent: ZeroDivisionError." in caplog.text
    looked(sender)
    assert len(mailbox.taken) == 1


@pytest.fixture
def never_ending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The children of the schedule do nothing."""
    instead = tmp_path / "python"
    instead.write_text("#!/bin/sh\nexec sleep 600\n")
    instead.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(instead))


@pytest.mark.usefixtures("never_ending")
def test_only_the_elected_process_sends_and_follows(
    settings: Settings, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes as they are served, here as two servers: the lock is taken by the first that stands."""
    worked: list[str] = []
    true = schedules.work
    monkeypatch.setattr(sending, "EVERY_SECONDS", 0.0)
    monkeypatch.setattr(shelf, "POLL_SECONDS", 0.02)

    def work(own: Settings, *given: Any, **more: Any) -> int:
        worked.append(own.plan)
        return true(own, *given, **more)

    monkeypatch.setattr(sending.schedules, "work", work)
    servers = {plan: served(settings.model_copy(update={"plan": plan})) for plan in ("first", "second")}
    one = scheduled(servers["first"], settings)
    for plan, server in servers.items():
        process.begin(server, settings.model_copy(update={"plan": plan}))
    try:
        store_of(servers["second"]).schedules.ask(one.uid, "Ann")
        until(lambda: mailbox.taken)
        until(lambda: len(worked) > 5)
        assert len(set(worked)) == 1
    finally:
        for server in servers.values():
            ending.end(server)
        for handle in schedule._elected:
            handle.close()
        schedule._elected.clear()
    until(lambda: not any(thread.name == NAME for thread in threading.enumerate()))
    assert len(mailbox.taken) == 1


def test_a_server_that_is_ended_finishes_its_mail_and_begins_no_other(
    settings: Settings, mailbox: Mailbox, tmp_path: Path
) -> None:
    """Two real web processes and two reports that are due; the first is under way when all is to end."""
    server = served(settings)
    kept = store_of(server).schedules
    one, other = scheduled(server, settings), scheduled(server, settings)
    for uid in (one.uid, other.uid):
        kept.ask(uid, "Ann")
    mailbox.gate.clear()
    own = {
        "ALERT_FROM": settings.alert_from, "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mailbox.port),
        "SMTP_SECURITY": "none", "PORT": str(free_port()), "SAMPLE": "0", "WORKERS": "2",
        "SECRET_KEY": SECRET, "ZONE": ZONE,
    }  # fmt: skip
    told = {**settings.for_child(), **{f"REACHBOARD_{name}": text for name, text in own.items()}}
    with (tmp_path / "said").open("w") as said:
        command = [sys.executable, "-m", "app", "serve"]
        process = subprocess.Popen(command, cwd=ROOT, env=told, stdout=said, stderr=said)
    try:
        assert mailbox.held.wait(PATIENCE), (tmp_path / "said").read_text()
        process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(3)
        mailbox.gate.set()
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
    states = sorted(sending.state for sending in kept.sendings([one.id, other.id]))
    assert (states, len(mailbox.taken)) == ([Sent.SENT, Sent.WAITING], 1)
    assert "Traceback" not in (tmp_path / "said").read_text()
