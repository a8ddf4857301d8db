"""Back-channel and RP-initiated logout: the OpenID Foundation's lists, and worse."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from identity import logout
from tests.hostile import CLIENT, SECOND, SECRET, Provider, encoded, signed_in

EVENT = logout.EVENT


def told(client: FlaskClient, token: object) -> int:
    """The provider's own call, which no browser makes."""
    machine = client.application.test_client()
    return machine.post("/sign-out/told", data={"logout_token": token}).status_code


def is_in(client: FlaskClient) -> bool:
    return client.get("/").status_code == 200


@pytest.fixture
def ada(browser: FlaskClient, provider: Provider) -> FlaskClient:
    assert signed_in(provider, browser).status_code == 303
    return browser


GOOD: dict[str, dict[str, Any]] = {
    "sid-and-sub": {},
    "sid-alone": {"sub": None},
    "sub-alone": {"sid": None},
    "aud-of-several": {"aud": [CLIENT, "another"]},
    "typ-as-a-media-type": {"header": {"typ": "application/logout+jwt"}},
    "no-exp": {"exp": None},
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_logout_token_ends_the_session(ada: FlaskClient, provider: Provider, name: str) -> None:
    assert told(ada, provider.logout_token(**GOOD[name])) == 200
    assert not is_in(ada)
    assert "identity provider has ended your session" in ada.get("/sign-in").text


BAD: dict[str, dict[str, Any]] = {
    "alg-none": {"header": {"alg": "none"}},
    "no-event": {"events": None},
    "with-nonce": {"nonce": "n"},
    "wrong-alg": {"header": {"alg": "PS256"}},
    "wrong-aud": {"aud": "another"},
    "missing-aud": {"aud": None},
    "wrong-event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "event-is-no-object": {"events": {EVENT: "yes"}},
    "events-are-a-list": {"events": [EVENT]},
    "wrong-iss": {"iss": "https://elsewhere.example"},
    "wrong-typ": {"header": {"typ": "JWT"}},
    "no-typ": {"header": {"typ": None}},
    "no-jti": {"jti": None},
    "no-iat": {"iat": None},
    "future-iat": {"iat": int(time.time()) + 3600},
    "kept-for-an-hour": {"iat": int(time.time()) - 3600},
    "expired": {"exp": int(time.time()) - 3600},
    "neither-sid-nor-sub": {"sid": None, "sub": None},
    "sid-is-a-number": {"sid": 5},
    "unknown-kid": {"header": {"kid": "nobody"}},
    "crit-header": {"header": {"crit": ["exp"], "exp": 1}},
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_logout_token_ends_nothing(ada: FlaskClient, provider: Provider, name: str) -> None:
    assert told(ada, provider.logout_token(**BAD[name])) == 400
    assert is_in(ada)


def with_client_secret(provider: Provider) -> str:
    provider.signing, provider.header = SECRET.encode(), {"alg": "HS256"}
    return provider.logout_token()


def by_another_key(provider: Provider) -> str:
    provider.signing = SECOND
    return provider.logout_token()


def an_id_token(provider: Provider) -> str:
    return provider.id_token("nonce")


@pytest.mark.parametrize("made", [with_client_secret, by_another_key, an_id_token])
def test_a_token_of_another_kind_ends_nothing(ada: FlaskClient, provider: Provider, made: Any) -> None:
    assert told(ada, made(provider)) == 400
    assert is_in(ada)


@pytest.mark.parametrize("junk", ["", "x", "a.b.c", "..", "é.é.é", encoded(b"{}") * 3, "x" * 40_000])
def test_what_is_no_token_ends_nothing(ada: FlaskClient, junk: str) -> None:
    assert told(ada, junk) == 400
    assert is_in(ada)


def test_a_logout_token_counts_once(ada: FlaskClient, provider: Provider) -> None:
    token = provider.logout_token(sid=None)
    assert told(ada, token) == 200
    assert signed_in(provider, ada).status_code == 303
    assert told(ada, token) == 400
    assert is_in(ada)


def test_another_session_of_the_same_person_goes_on(ada: FlaskClient, provider: Provider) -> None:
    provider.person["sid"] = "another-session"
    other = ada.application.test_client()
    signed_in(provider, other)
    assert told(ada, provider.logout_token()) == 200
    assert (is_in(ada), is_in(other)) == (False, True)
    assert told(ada, provider.logout_token(sid=None)) == 200
    assert not is_in(other)


def test_somebody_else_goes_on(ada: FlaskClient, provider: Provider) -> None:
    assert told(ada, provider.logout_token(sub="bo", sid=None)) == 200
    assert told(ada, provider.logout_token(sub="bo")) == 200
    assert is_in(ada)


def test_a_session_without_an_id_of_the_provider_ends_by_its_person(
    browser: FlaskClient, provider: Provider
) -> None:
    provider.person["sid"] = None
    signed_in(provider, browser)
    assert told(browser, provider.logout_token()) == 200
    assert not is_in(browser)


def test_a_browser_cannot_tell_of_a_logout_from_another_site(ada: FlaskClient, provider: Provider) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    data = {"logout_token": provider.logout_token()}
    assert ada.post("/sign-out/told", data=data, headers=headers).status_code == 403
    assert is_in(ada)


def way_out(client: FlaskClient) -> dict[str, str]:
    page = client.post("/sign-out").text
    address = page.split('content="0; url=')[1].split('"')[0].replace("&amp;", "&")
    return {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}


def test_signing_out_goes_on_to_the_provider_and_comes_back(ada: FlaskClient, provider: Provider) -> None:
    asked = way_out(ada)
    assert asked["post_logout_redirect_uri"] == "http://localhost/sign-out/done"
    assert asked["client_id"] == CLIENT
    assert asked["id_token_hint"].startswith("eyJ")
    assert not is_in(ada)
    done = ada.get("/sign-out/done", query_string={"state": asked["state"]})
    assert "and at your identity provider" in done.text


@pytest.mark.parametrize("state", [{"state": "another"}, {}, {"state": ""}])
def test_an_answer_with_another_or_no_state_is_noticed(ada: FlaskClient, state: dict[str, str]) -> None:
    way_out(ada)
    assert (
        "does not belong to a sign-out of this browser" in ada.get("/sign-out/done", query_string=state).text
    )


def test_nobody_is_signed_out_by_being_led_there(ada: FlaskClient) -> None:
    assert "does not belong" in ada.get("/sign-out/done?state=x").text
    assert is_in(ada)


def test_without_an_end_session_endpoint_one_is_signed_out_here(
    browser: FlaskClient, provider: Provider
) -> None:
    provider.metadata["end_session_endpoint"] = None
    signed_in(provider, browser)
    assert browser.post("/sign-out").headers["Location"] == "/sign-in"
    assert not is_in(browser)
