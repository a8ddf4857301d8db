"""Sessions on the server's side: how long they last, what keeps them awake, and who can end them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import entries, sessions
from app.demo import ISSUER
from app.entries import Entry
from app.factory import create_app
from config.permissions import Role
from config.settings import Settings
from state import sessions as kept
from state.sessions import Session, SessionsAway
from state.store import Store
from tests.asking import call, guard_of, request_of, signed_in

MINUTE, HOUR = 60, 3600
LOOK = "..frame-snapshot.data...frame-synthetic.data...frame-state.children.."
Later = Callable[[float], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Later]:
    """Moves the clock of sessions on by seconds."""
    passed = 0.0
    now, monotonic = kept.now_us, sessions.time.monotonic
    monkeypatch.setattr(kept, "now_us", lambda: now() + int(passed * 1e6))
    monkeypatch.setattr(sessions.time, "monotonic", lambda: monotonic() + passed)

    def on(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    return on


def store_of(server: Flask) -> Store:
    store = server.extensions["reachboard.store"]
    assert isinstance(store, Store)
    return store


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("reachboard")
    assert cookie is not None
    return cookie.value


def is_in(client: FlaskClient) -> bool:
    return client.get("/").status_code == 200


def tick(server: Flask, client: FlaskClient, changed: list[str], **headers: str) -> int:
    body = request_of(guard_of(server).wires[LOOK], changedPropIds=changed)
    return client.post("/_dash-update-component", json=body, headers=headers).status_code


def test_the_cookie_holds_a_random_id_and_the_store_its_digest_alone(server: Flask) -> None:
    first, second = (cookie_of(signed_in(server, Role.MANAGER)) for _ in range(2))
    assert first != second
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", first)
    with store_of(server).database.reading() as connection:
        rows = connection.execute(sa.text("select * from sessions")).all()
    assert kept.digest(first) in str(rows)
    assert first not in str(rows)


def test_a_new_id_at_every_sign_in_and_the_one_before_is_over(server: Flask) -> None:
    client = signed_in(server, Role.MANAGER)
    before = cookie_of(client)
    client.post("/sign-in", data={"role": "analyst"})
    assert cookie_of(client) != before
    assert is_in(client)
    old = server.test_client()
    old.set_cookie("reachboard", before)
    assert not is_in(old)


def test_an_id_that_somebody_else_chose_is_never_taken_over(server: Flask) -> None:
    client = server.test_client()
    chosen = "A" * 43
    client.set_cookie("reachboard", chosen)
    client.post("/sign-in", data={"role": "manager"})
    assert cookie_of(client) != chosen


def test_signing_out_ends_it_for_a_copy_of_the_cookie_too(server: Flask) -> None:
    client, thief = signed_in(server, Role.MANAGER), server.test_client()
    thief.set_cookie("reachboard", cookie_of(client))
    assert is_in(thief)
    client.post("/sign-out")
    assert client.get_cookie("reachboard") is None
    assert not is_in(thief)


def test_fifteen_minutes_without_activity_end_it_and_the_door_says_so(server: Flask, later: Later) -> None:
    client = signed_in(server, Role.MANAGER)
    later(14 * MINUTE)
    assert is_in(client)
    later(15 * MINUTE)
    answer = client.get("/?period=last_30")
    assert answer.status_code == 303
    said = client.get(answer.headers["Location"]).text
    assert "15 minutes without activity" in said
    assert 'value="/?period=last_30"' in said


def test_eight_hours_end_it_whatever_is_done(server: Flask, later: Later) -> None:
    client = signed_in(server, Role.MANAGER)
    for _ in range(8 * 6 - 1):
        later(10 * MINUTE)
        assert is_in(client)
    later(10 * MINUTE)
    assert not is_in(client)
    assert "8 hours at most" in client.get("/sign-in").text


@pytest.mark.parametrize(
    ("changed", "headers", "awake"),
    [
        (["frame-tick.n_intervals"], {}, False),
        (["frame-tick.n_intervals"], {sessions.IDLE: "1"}, False),
        ([], {sessions.IDLE: "1"}, False),
        ([], {}, True),
    ],
)
def test_what_a_page_asks_by_its_clock_keeps_nobody_signed_in(
    server: Flask, later: Later, changed: list[str], headers: dict[str, str], awake: bool
) -> None:
    client = signed_in(server, Role.MANAGER)
    for _ in range(4):
        later(4 * MINUTE)
        tick(server, client, changed, **headers)
    assert is_in(client) is awake


def test_every_interval_of_a_page_fires_by_that_property(server: Flask) -> None:
    """The rule above hangs on a name: an Interval's one property that changes by itself."""
    from dash import dcc

    assert {"n_intervals"} <= set(dcc.Interval(id="x").available_properties)
    clocks = [
        end["property"]
        for wire in guard_of(server).wires.values()
        for end in wire["inputs"]
        if "tick" in str(end["id"])
    ]
    assert clocks
    assert set(clocks) == {"n_intervals"}


def test_staying_signed_in_is_one_post(server: Flask, later: Later) -> None:
    client = signed_in(server, Role.MANAGER)
    later(13.5 * MINUTE)
    answer = client.post("/sign-in/stay")
    assert int(answer.headers[sessions.LEFT]) > 14 * MINUTE
    later(13.5 * MINUTE)
    assert is_in(client)
    assert server.test_client().post("/sign-in/stay").status_code == 401


def test_answers_say_how_long_the_session_lasts(server: Flask, later: Later) -> None:
    client = signed_in(server, Role.MANAGER)
    later(10 * MINUTE)
    body = request_of(guard_of(server).wires[LOOK], changedPropIds=["frame-tick.n_intervals"])
    left = int(call(client, body).headers[sessions.LEFT])
    assert 4 * MINUTE < left <= 5 * MINUTE
    assert sessions.LEFT not in server.test_client().get("/sign-in").headers


def test_activity_is_written_down_once_a_minute(
    server: Flask, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, store, written = signed_in(server, Role.MANAGER), store_of(server).sessions, []
    touch = store.touch
    monkeypatch.setattr(store, "touch", lambda digest, at: written.append(at) or touch(digest, at))
    for _ in range(6):
        later(20)
        assert is_in(client)
    assert len(written) == 2


def test_a_request_reads_the_store_once_in_a_few_seconds(
    server: Flask, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, store = signed_in(server, Role.MANAGER), store_of(server).sessions
    read, asked = store.get, []
    monkeypatch.setattr(store, "get", lambda name: asked.append(name) or read(name))
    for _ in range(5):
        assert is_in(client)
    assert len(asked) == 1
    later(sessions.HELD_SECONDS + 0.1)
    assert is_in(client)
    assert len(asked) == 2


def test_another_process_ends_it_within_seconds(server: Flask, later: Later) -> None:
    client = signed_in(server, Role.MANAGER)
    assert is_in(client)
    other = Store(store_of(server).database.url)
    name = kept.digest(cookie_of(client))
    (ended,) = other.sessions.end(lambda one: one.digest == name, kept.REVOKED, "Ann")
    other.close()
    assert (ended.ended_why, ended.ended_by) == ("revoked", "Ann")
    later(sessions.HELD_SECONDS + 0.1)
    assert not is_in(client)
    assert "An administrator has ended your session" in client.get("/sign-in").text


def test_a_session_of_other_settings_is_over(settings: Settings) -> None:
    """A session of the demo opens nothing where the demo is off, though the store is the same."""
    client = signed_in(create_app(settings), Role.ADMINISTRATOR)
    second = create_app(settings.model_copy(update={"demo": False})).test_client()
    second.set_cookie("__Host-reachboard", cookie_of(client), secure=True, domain="localhost")
    assert second.get("/", base_url="https://localhost").status_code == 303


def test_without_the_store_nobody_is_known_and_the_answer_says_so(
    server: Flask, monkeypatch: pytest.MonkeyPatch, later: Later
) -> None:
    client = signed_in(server, Role.MANAGER)
    assert is_in(client)

    def away(_name: str) -> None:
        raise SessionsAway("OperationalError")

    monkeypatch.setattr(store_of(server).sessions, "get", away)
    assert is_in(client), "held for a few seconds"
    later(sessions.HELD_SECONDS + 0.1)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Reference" in answer.text


def test_a_failure_to_write_activity_stops_nobody(
    server: Flask, monkeypatch: pytest.MonkeyPatch, later: Later
) -> None:
    client = signed_in(server, Role.MANAGER)

    def away(_name: str, _at: int) -> None:
        raise SessionsAway("OperationalError")

    monkeypatch.setattr(store_of(server).sessions, "touch", away)
    later(2 * MINUTE)
    assert is_in(client)


def test_coming_and_going_is_told_in_one_place(settings: Settings) -> None:
    server = create_app(settings)
    told: list[Entry] = []
    entries.listen(server, told.append)
    client = signed_in(server, Role.MANAGER)
    client.post("/sign-in", data={"role": "analyst"})
    client.post("/sign-out")
    assert [(one.what, one.who, one.why) for one in told] == [
        ("signed_in", "Demo manager", "demo"),
        ("signed_out", "Demo manager", "replaced"),
        ("signed_in", "Demo analyst", "demo"),
        ("signed_out", "Demo analyst", "signed_out"),
    ]


def test_a_session_keeps_who_it_is_of() -> None:
    one = Session("d", "t", ISSUER, "manager", "Demo manager", "manager")
    assert one.person == ("", "manager")
    assert len(one.handle) >= 20
