"""Keys are made and revoked by those who see the whole plan, and settings are shown without secrets."""

from __future__ import annotations

import json

import pytest
from dash.development.base_component import Component
from flask import Flask

from app import shelf
from app.factory import create_app
from config.origins import ENVIRONMENT
from config.permissions import PEOPLE, PERMISSIONS, Role
from config.settings import Settings, variable
from config.topics import TOPICS
from data.cubes import Cubes
from data.viewer import Scope, Viewer
from pages import admin, admin_keys, admin_settings
from pages.admin_ids import Ids
from state.store import Store
from tests.asking import fire, signed_in

HELD = frozenset(PERMISSIONS[Role.ADMINISTRATOR])
ADMIN = Viewer("an administrator", Role.ADMINISTRATOR, HELD)
LIMITED = Viewer("a limited one", Role.ADMINISTRATOR, HELD, Scope(lines=frozenset({"Commercial"})))


@pytest.fixture
def store(settings: Settings) -> Store:
    return Store(settings.state)


def words(*parts: Component) -> str:
    return json.dumps([part.to_plotly_json() for part in parts], default=lambda one: one.to_plotly_json())


def test_a_key_is_shown_once_and_then_by_its_beginning(cubes: Cubes, store: Store) -> None:
    said, made = admin_keys.make(ADMIN, cubes, store, "sync", "analyst", 30, ["Commercial"], [])
    (key,) = store.keys.all()
    assert made
    assert (key.name, key.role, key.lines, key.programs) == ("sync", "analyst", ("Commercial",), None)
    assert key.made_by == ADMIN.name
    told = words(*said)
    secret = told[told.index(key.start) :].split('"')[0]
    assert store.keys.find(secret) is not None
    shown = words(*admin_keys.listed(cubes, store))
    assert key.start in shown
    assert secret not in shown


@pytest.mark.parametrize(
    ("name", "role", "days", "lines"),
    [
        ("", "analyst", 30, []),
        ("a\x00b", "analyst", 30, []),
        ("x", "boss", 30, []),
        ("x", None, 30, []),
        ("x", "analyst", 0, []),
        ("x", "analyst", True, []),
        ("x", "analyst", "30", []),
        ("x", "analyst", 30, ["No such line"]),
        (7, "analyst", 30, []),
    ],
)
def test_a_key_that_cannot_be_is_refused_in_words(
    cubes: Cubes, store: Store, name: object, role: object, days: object, lines: object
) -> None:
    said, made = admin_keys.make(ADMIN, cubes, store, name, role, days, lines, [])
    assert not made
    assert "form-alert" in words(*said)
    assert store.keys.all() == []


def test_a_name_is_taken_once_and_a_key_is_revoked_once(cubes: Cubes, store: Store) -> None:
    admin_keys.make(ADMIN, cubes, store, "sync", "analyst", None, [], [])
    assert not admin_keys.make(ADMIN, cubes, store, "sync", "manager", None, [], [])[1]
    assert admin_keys.revoke(ADMIN, store, "sync")[1]
    assert not admin_keys.revoke(ADMIN, store, "sync")[1]
    assert "revoked" in words(*admin_keys.listed(cubes, store))


def test_who_sees_a_part_of_the_plan_makes_and_revokes_nothing(cubes: Cubes, store: Store) -> None:
    assert not admin_keys.make(LIMITED, cubes, store, "sync", "analyst", None, [], [])[1]
    admin_keys.make(ADMIN, cubes, store, "sync", "analyst", None, [], [])
    assert not admin_keys.revoke(LIMITED, store, "sync")[1]
    assert store.keys.all()[0].revoked_us is None
    assert Ids.MAKE not in words(admin.layout(LIMITED, cubes))


def test_no_secret_stands_among_the_settings(settings: Settings) -> None:
    given = {
        "secret_key": "the secret of this plan, long enough",
        "state_url": "postgresql+psycopg://user:hush@host/database",
    }
    set_up = Settings(**{**settings.model_dump(), **given})
    told = "".join(words(*admin_settings.in_force(set_up, topic)) for topic in ("Changed here", *TOPICS))
    assert "set, not shown" in told
    assert "hush" not in told
    assert "the secret of" not in told


def test_every_setting_stands_in_one_topic_with_where_it_comes_from() -> None:
    settings = Settings.load({"REACHBOARD_PORT": "9000", "REACHBOARD_ALERT_URL": "https://x.example"}, None)
    told = [words(*admin_settings.in_force(settings, topic)) for topic in TOPICS]
    for name in Settings.model_fields:
        assert sum(f'"{variable(name)}"' in one for one in told) == 1, name
    assert {len(one) < 15_000 for one in told} == {True}
    changed = words(*admin_settings.in_force(settings, None))
    assert "2 settings changed here" in changed
    assert changed.count(f'"{ENVIRONMENT}"') == 2
    assert "Every setting is as" in words(*admin_settings.in_force(Settings(), "no such topic"))


def test_the_changed_settings_stay_short_however_many_they_are() -> None:
    every = Settings(**Settings().model_dump())
    told = words(*admin_settings.in_force(every, "Changed here"))
    assert len(told) < 15_000
    assert f"{len(Settings.model_fields) - 24} more stand among the topics" in told


@pytest.fixture(scope="module")
def server(sample: Settings) -> Flask:
    made = create_app(sample)
    shelf.keeper(made).renew()
    return made


@pytest.mark.parametrize("role", [role for role in PEOPLE if role is not Role.ADMINISTRATOR])
def test_others_neither_see_nor_make_keys(server: Flask, role: Role) -> None:
    client = signed_in(server, role.value)
    assert client.get("/administration").status_code == 404
    assert fire(server, client, f"{Ids.KEYS}.children").status_code == 403
