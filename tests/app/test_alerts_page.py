"""The Alerts page: open first, the baseline drawn, what people do is kept, and each sees their own."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app import shelf
from config.permissions import PEOPLE, PERMISSIONS, Permission, Role
from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Scope, Viewer
from ledger.index import Index, index_of
from pages import alerts_one, alerts_questions, alerts_words
from pages.alerts_ids import Ids
from pages.alerts_questions import View, view_of
from state.alerts import Raised, State
from state.store import Store
from tests.asking import fire, guard_of, signed_in
from tests.places import CAMPAIGN, SCOPED

NOW = 1_795_000_000_000_000
MANAGER = Viewer("manager", "manager", frozenset(PERMISSIONS[Role.MANAGER]))
POINTS = tuple((20_000 + n, 0.38 if n >= 20 else 0.95, 0.94, 0.97) for n in range(22))
PLAN = Raised(
    key="delivery::email", kind="delivery", metric="delivered_rate", subject="email", campaign=None,
    urgent=True, first_day=20_020, last_day=20_021, value=0.38, usual=0.95, low=0.94, high=0.97,
    chance=1e-9, complete_through=20_021, points=POINTS,
)  # fmt: skip
OURS = replace(
    PLAN, key=f"opt-outs:{CAMPAIGN}:sms", kind="opt-outs", metric="opt_outs_per_1000", subject="sms",
    campaign=CAMPAIGN, urgent=False, value=0.0042, usual=0.002, low=0.001, high=0.003, points=(),
)  # fmt: skip
SOURCE = replace(
    PLAN, key="source::crm", kind="source", metric="", subject="crm", value=9.0, usual=1.0, low=None,
    high=None, first_day=None, last_day=None, chance=None, complete_through=None, points=(),
)  # fmt: skip


@pytest.fixture(scope="module")
def server(own_server: Flask) -> Flask:
    return own_server


@pytest.fixture
def store(server: Flask) -> Iterator[Store]:
    """The server's own store with three alerts that stand; afterwards they are over."""
    made = server.extensions["reachboard.store"]
    assert isinstance(made, Store)
    made.alerts.settle([PLAN, OURS, SOURCE], (7, 7), 90, NOW)
    yield made
    made.alerts.settle([], (8, 8), 90, NOW + 1)


@pytest.fixture
def cubes(server: Flask) -> Cubes:
    return shelf.keeper(server).current()


def uid(store: Store, kind: str) -> str:
    return next(one.uid for one in store.alerts.all() if one.kind == kind and one.over_us is None)


def output_of(server: Flask, name: str) -> str:
    return next(one for one in guard_of(server).wires if f"{name}.children" in one)


def drawn(server: Flask, who: str, name: str, **values: object) -> str:
    answer = fire(server, signed_in(server, who), output_of(server, name), values)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_open_ones_come_first_with_figure_and_baseline(server: Flask, store: Store) -> None:
    text = drawn(server, "manager", Ids.OPEN)
    assert "3 alerts are open" in text
    plan, ours = (
        text.index("delivered rate 38.0%, usually 95.0%"),
        text.index("opt-outs per 1,000 4.20, usually 2.00"),
    )
    assert plan < ours, "urgent ones first"
    assert "Source crm is silent for 9 days, usually for 1 day" in text
    store.alerts.acknowledge(uid(store, "delivery"), "manager")
    assert "2 alerts are open" in drawn(server, "manager", Ids.OPEN)


def test_one_alert_has_its_band_its_days_and_which_data_are_complete(server: Flask, store: Store) -> None:
    text = drawn(server, "manager", Ids.ONE, **{"alerts-view.data": {"alert": uid(store, "delivery")}})
    for words in (
        "38.0%, usually 95.0% (94.0% to 97.0%)",
        "through ",
        "snapshot 7",
        "below 1 in a million",
        "Fired",
    ):
        assert words in text
    figure = next(figures_of(json.loads(text)))
    low, high, line, out = figure["data"]
    assert (low["y"][0], high["y"][0], len(line["y"])) == (0.94, 0.97, 22)
    assert out["y"] == [0.38, 0.38]
    assert high["fill"] == "tonexty"
    assert len(text) < 15_000
    table = drawn(server, "manager", Ids.VALUES, **{"alerts-view.data": {"alert": uid(store, "delivery")}})
    assert table.count("outside") == 2


def figures_of(answer: Any) -> Iterator[dict[str, Any]]:
    if isinstance(answer, list):
        for one in answer:
            yield from figures_of(one)
    elif isinstance(answer, dict):
        if isinstance(answer.get("figure"), dict):
            yield answer["figure"]
        for one in answer.values():
            yield from figures_of(one)


def test_who_sees_a_part_sees_alerts_of_campaigns_in_it_alone(
    server: Flask, store: Store, cubes: Cubes
) -> None:
    text = drawn(server, SCOPED, Ids.OPEN)
    assert "One alert is open" in text
    assert "everybody's campaigns" in text
    assert "rate 38" not in text
    assert "crm" not in text
    for kind in ("delivery", "source"):
        other = drawn(server, SCOPED, Ids.ONE, **{"alerts-view.data": {"alert": uid(store, kind)}})
        assert "There is no such alert" in other
    elsewhere = replace(MANAGER, scope=Scope(programs=frozenset({"none such"})))
    assert alerts_questions.visible(elsewhere, cubes, store) == []
    said, done = alerts_one.act({"do": "resolve", "alert": uid(store, "opt-outs")}, elsewhere, cubes, store)
    assert (done, "no such alert" in str(said)) == (False, True)


def test_what_people_do_is_kept_told_and_written_in_the_ledger(
    server: Flask, store: Store, own: Settings
) -> None:
    here, client = uid(store, "opt-outs"), signed_in(server, "analyst")
    name = output_of(server, Ids.SAID)

    def ask(do: str, **more: object) -> str:
        answer = fire(server, client, name, {"alerts-ask.data": {"do": do, "alert": here, **more}})
        assert answer.status_code == 200
        return str(answer.text)

    assert "Acknowledged" in ask("acknowledge")
    assert "comment is kept" in ask("comment", text="The carrier knows.")
    assert "Snoozed" in ask("snooze", days=3)
    assert "back among" in ask("wake")
    assert "Judged" in ask("not_real")
    assert "Resolved" in ask("resolve")
    for do, more in (("comment", {"text": " "}), ("snooze", {"days": 4}), ("snooze", {}), ("dance", {})):
        assert 'role\\":\\"alert' in json.dumps(ask(do, **more)) or "form-alert" in ask(do, **more)
    text = drawn(server, "executive", Ids.ONE, **{"alerts-view.data": {"alert": here}})
    for words in ("The carrier knows.", "Snoozed for 3 days", "Judged not real", "not real, by"):
        assert words in text
    assert "data-alert-do" not in text, "an executive reads"
    assert "0 of the last 1 judged were real" in drawn(server, "executive", Ids.PAST)
    index: Index = index_of(own)
    index.follow()
    told = [one for one in index.since("alert", 0) if one["about"]["number"] > 0]
    assert [one["about"]["do"] for one in told][-6:] == [
        "acknowledge", "comment", "snooze", "wake", "judge", "resolve"
    ]  # fmt: skip
    assert "carrier" not in json.dumps(told)


@pytest.mark.parametrize("role", PEOPLE)
def test_only_who_handles_alerts_may_act(server: Flask, store: Store, role: Role) -> None:
    asked = {"alerts-ask.data": {"do": "acknowledge", "alert": uid(store, "source")}}
    answer = fire(server, signed_in(server, role), output_of(server, Ids.SAID), asked)
    allowed = Permission.HANDLE_ALERTS in PERMISSIONS[role]
    assert answer.status_code == (200 if allowed else 403)
    state = store.alerts.one(uid(store, "source"))
    assert state is not None
    assert (state.state(NOW) is State.ACKNOWLEDGED) == allowed


def test_an_empty_store_says_what_comes_next(server: Flask) -> None:
    assert "No alert is open" in drawn(server, "executive", Ids.OPEN)


@pytest.mark.parametrize(
    ("query", "view"),
    [
        (None, View()), ({}, View()), ({"alert": "../x", "past": "0"}, View()), ([], View()),
        ({"alert": "a" * 41}, View()), ({"past": "99999"}, View()), ({"past": "²"}, View()),
        ({"alert": "5f", "past": "3"}, View("5f", 2)), ({"alert": 5, "past": -1}, View("5")),
    ],
)  # fmt: skip
def test_any_address_is_a_view(query: object, view: View) -> None:
    assert view_of(query) == view


def test_the_file_lists_the_alerts_of_the_page_and_of_the_scope(
    server: Flask, store: Store, cubes: Cubes
) -> None:
    for who, alone in (("manager", False), (SCOPED, True)):
        answer = signed_in(server, who).get("/alerts/list.csv")
        assert answer.status_code == 200
        rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))
        kept = [one for one in store.alerts.all() if one.campaign is not None or not alone]
        assert any(one.over_us is None for one in kept)
        assert {row["alert"] for row in rows} == {one.uid for one in kept}
        text = drawn(server, who, Ids.OPEN)
        for row in rows:
            one = next(one for one in kept if one.uid == row["alert"])
            assert row["finding"] == alerts_words.finding(one, cubes)
            assert row["state"] == "resolved" or one.uid in text
            told = [float(row[name]) if row[name] else None for name in ("value", "usual", "low", "high")]
            assert told == [one.value, one.usual, one.low, one.high]
