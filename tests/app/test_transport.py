"""The way here in production: one name, https alone, and proxies believed as far as they are counted."""

from __future__ import annotations

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app import guard
from app.factory import create_app
from config.settings import Settings

NAME = "board.plan.example"
BY_TLS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


def made(settings: Settings, **changes: object) -> Flask:
    given = {"demo": False, "tls": "terminated", "proxies": 1, "public_url": f"https://{NAME}", **changes}
    return create_app(settings.model_copy(update=given))


@pytest.fixture
def server(settings: Settings) -> Flask:
    return made(settings)


def ask(server: Flask, path: str = "/sign-in", method: str = "GET", host: str = NAME, **headers: str):  # type: ignore[no-untyped-def]
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    client: FlaskClient = server.test_client()
    return client.open(path, method=method, headers={"Host": host, **sent})


def test_a_page_in_the_clear_leads_to_https_and_a_program_is_refused(server: Flask) -> None:
    led = ask(server, "/campaign?campaign=x")
    assert (led.status_code, led.headers["Location"]) == (308, f"https://{NAME}/campaign?campaign=x")
    assert ask(server, "/sign-in").status_code == 308
    for path, method in (
        ("/api/v1/campaigns", "GET"),
        ("/api/v1/events", "POST"),
        ("/sign-in", "POST"),
        (guard.CALLBACK, "POST"),
        ("/definitions.json", "GET"),
    ):
        assert ask(server, path, method).status_code == 403, path
    assert ask(server, "/api/health").status_code == 503, "whoever watches may ask on the machine itself"


def test_by_tls_everything_carries_hsts_and_nothing_does_without(server: Flask, settings: Settings) -> None:
    for path in ("/sign-in", "/", "/nowhere", "/api/v1/campaigns", "/assets/frame.js"):
        with ask(server, path, **BY_TLS) as answer:
            assert answer.status_code != 308
            assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    plain = create_app(settings).test_client().get("/sign-in")
    assert "Strict-Transport-Security" not in plain.headers


@pytest.mark.parametrize("host", ["evil.example", f"{NAME}.evil.example", f"evil.{NAME}", "10.0.0.7", ""])
def test_another_name_is_refused(server: Flask, host: str) -> None:
    for path in ("/sign-in", "/", "/api/health", "/api/v1/campaigns"):
        answer = ask(server, path, host=host, **BY_TLS)
        assert answer.status_code == 400, path
        assert host not in answer.headers.get("Location", "") or not host
    assert ask(server, "/sign-in", "POST", host=host, **BY_TLS).status_code == 400


def test_the_forwarded_name_is_never_believed(server: Flask) -> None:
    answer = ask(server, "/", **BY_TLS, X_Forwarded_Host="evil.example", Forwarded="host=evil.example")
    assert answer.status_code == 303
    assert "evil" not in str(answer.headers)


@pytest.mark.parametrize(
    ("proxies", "told", "asker"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.66.66.66, 203.0.113.9", "203.0.113.9"),
        (2, "10.66.66.66, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_who_asks_is_told_by_as_many_proxies_as_there_are(
    settings: Settings, proxies: int, told: str, asker: str
) -> None:
    server = made(settings, proxies=proxies, tls="none")
    seen: list[str | None] = []
    server.after_request(lambda response: (seen.append(request.remote_addr), response)[1])
    ask(server, X_Forwarded_For=told)
    assert seen == [asker]


def test_without_proxies_no_header_makes_a_request_one_by_https(settings: Settings) -> None:
    server = made(settings, proxies=0)
    assert ask(server, **BY_TLS).status_code == 308


def test_the_demo_believes_no_proxy(settings: Settings) -> None:
    server = create_app(settings.model_copy(update={"proxies": 1}))
    answer = server.test_client().get("/sign-in", headers={"X-Forwarded-For": "127.0.0.1"})
    assert answer.status_code == 403
