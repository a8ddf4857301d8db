"""Who asks too often waits: in Redis, in a file of the machine, and while neither answers; sign-ins, too."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from app import limits, shelf
from app.factory import create_app
from config.settings import Settings, SettingsError
from state.store import Store
from tests import redis_server
from tests.asking import signed_in

PATH = "/api/v1/dimensions"
FEW = 5


@pytest.fixture
def hasty(redis: redis_server.Server) -> Iterator[redis_server.Server]:
    redis.empty()
    yield redis
    redis.stop()
    redis.start()


def made(settings: Settings, redis: redis_server.Server, **changes: object) -> Flask:
    given = {"redis_url": SecretStr(redis.url), "api_limit": FEW, **changes}
    server = create_app(settings.model_copy(update=given))
    shelf.keeper(server).renew()
    return server


def key_of(settings: Settings, name: str) -> dict[str, str]:
    store = Store(settings.state)
    secret = store.keys.add(name, "analyst", "a test")[1]
    store.close()
    return {"Authorization": f"Bearer {secret}"}


def test_machines_that_share_a_redis_count_together(settings: Settings, hasty: redis_server.Server) -> None:
    servers = [made(settings, hasty) for _ in range(2)]
    key, other = key_of(settings, "eager"), key_of(settings, "patient")
    statuses = [servers[at % 2].test_client().get(PATH, headers=key).status_code for at in range(7)]
    assert statuses == [200] * FEW + [429] * 2
    refused = servers[0].test_client().get(PATH, headers=key)
    assert refused.content_type == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit"].startswith('"minute";r=0;t=')
    assert servers[1].test_client().get(PATH, headers=other).headers["X-RateLimit-Remaining"] == "4"
    assert "eager" not in "".join(hasty.names())
    assert len(hasty.names()) == 2


def test_without_redis_limits_go_on_and_come_back_with_it(
    settings: Settings, hasty: redis_server.Server
) -> None:
    server = made(settings, hasty)
    key = key_of(settings, "steady")
    assert server.test_client().get(PATH, headers=key).status_code == 200
    hasty.stop()
    began = time.monotonic()
    statuses = [server.test_client().get(PATH, headers=key).status_code for _ in range(FEW + 1)]
    assert statuses == [200] * FEW + [429], "this process counts for itself"
    assert time.monotonic() - began < 60, "nobody waits long for what is away"
    hasty.start()


def test_a_sign_in_that_fails_often_is_held_up_and_another_address_is_not(settings: Settings) -> None:
    server = create_app(settings.model_copy(update={"demo": False, "sign_in_limit": FEW}))

    def enter(address: str) -> FlaskClient:
        return server.test_client().post(  # type: ignore[return-value]
            "/sign-in", data={"role": "administrator"}, environ_overrides={"REMOTE_ADDR": address}
        )

    answers = [enter("203.0.113.9") for _ in range(FEW + 2)]
    assert [one.status_code for one in answers] == [403] * FEW + [429] * 2  # type: ignore[attr-defined]
    held = answers[-1]
    assert "Too many attempts" in held.text  # type: ignore[attr-defined]
    assert 1 <= int(held.headers["Retry-After"]) <= 60  # type: ignore[attr-defined]
    assert enter("203.0.113.10").status_code == 403  # type: ignore[attr-defined]
    kept = sqlite3.connect(settings.var / "limits.db")
    assert "203.0.113" not in str(kept.execute("select * from asked").fetchall())
    kept.close()


def test_the_demo_has_no_password_and_counts_no_attempt(settings: Settings) -> None:
    server = create_app(settings.model_copy(update={"sign_in_limit": 1}))
    assert [server.test_client().post("/sign-in", data={"role": "x"}).status_code for _ in range(3)] == [
        400, 400, 400
    ]  # fmt: skip


def test_sessions_of_a_redis_open_every_machine_and_close_with_it(
    settings: Settings, hasty: redis_server.Server
) -> None:
    """The cookie of one server is that of the other; without Redis nobody is known, and that is said."""
    servers = [made(settings, hasty) for _ in range(2)]
    client = signed_in(servers[0], "manager")
    cookie = client.get_cookie("reachboard")
    assert cookie is not None
    other = servers[1].test_client()
    other.set_cookie("reachboard", cookie.value)
    assert other.get("/").status_code == 200
    assert cookie.value not in "".join(hasty.names())
    hasty.stop()
    fresh = made(settings, hasty).test_client()
    fresh.set_cookie("reachboard", cookie.value)
    away = fresh.get("/")
    assert (away.status_code, "Try again in a minute" in away.text) == (503, True)
    assert fresh.get("/api/health").status_code in (200, 503)
    hasty.start()
    assert fresh.get("/").status_code == 303, "a Redis that lost its memory has nobody signed in"


@pytest.mark.parametrize("url", ["memcached://host", "redis://", "redis://a b", "http://host"])
def test_what_is_no_redis_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.load({"REACHBOARD_REDIS_URL": url}, None)
    assert error.value.problems == [
        "REACHBOARD_REDIS_URL=(hidden): expected a URL such as rediss://:password@host:6379/0"
    ]


def test_what_stands_for_an_asker_names_nobody() -> None:
    assert limits.mark("analyst Key eager") != limits.mark("analyst Key other")
    assert "eager" not in limits.mark("analyst Key eager")
