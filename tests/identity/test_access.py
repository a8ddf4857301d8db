"""Access tokens at the API, beside keys: whose they are, what they may, and which are refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.hostile import CLIENT, SECOND, SECRET, Provider, signed_in

Set = Callable[..., FlaskClient]
WHERE = "/api/v1/campaigns"


def asked(client: FlaskClient, token: str, where: str = WHERE) -> Any:
    return client.get(where, headers={"Authorization": f"Bearer {token}"})


GOOD: dict[str, dict[str, Any]] = {
    "rfc-9068": {},
    "typ-as-a-media-type": {"header": {"typ": "application/at+jwt"}},
    "older-typ": {"header": {"typ": "JWT"}},
    "no-typ": {"header": {"typ": None}},
    "aud-of-several": {"aud": ["another", "https://reachboard.example/api"]},
    "of-a-person": {"sub": "ada", "name": "Ada Lovelace", "email": "ada@plan.example"},
    "several-roles": {"roles": ["unknown", "manager", "executive"]},
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_token_is_answered(browser: FlaskClient, provider: Provider, name: str) -> None:
    assert asked(browser, provider.access_token(**GOOD[name])).status_code == 200


BAD: dict[str, dict[str, Any]] = {
    "alg-none": {"header": {"alg": "none"}},
    "another-alg": {"header": {"alg": "RS384"}},
    "wrong-typ": {"header": {"typ": "logout+jwt"}},
    "wrong-aud": {"aud": "https://another.example/api"},
    "aud-of-the-client": {"aud": CLIENT},
    "missing-aud": {"aud": None},
    "wrong-iss": {"iss": "https://elsewhere.example"},
    "missing-iss": {"iss": None},
    "expired": {"exp": int(time.time()) - 600},
    "missing-exp": {"exp": None},
    "future-iat": {"iat": int(time.time()) + 3600},
    "not-yet": {"nbf": int(time.time()) + 3600},
    "missing-sub": {"sub": None},
    "unknown-kid": {"header": {"kid": "nobody"}},
    "crit-header": {"header": {"crit": ["exp"], "exp": 1}},
    "an-id-token-in-disguise": {"header": {"typ": "JWT"}, "nonce": "n"},
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_token_is_refused(browser: FlaskClient, provider: Provider, name: str) -> None:
    answer = asked(browser, provider.access_token(**BAD[name]))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_of_another_key_or_a_shared_one_is_refused(browser: FlaskClient, provider: Provider) -> None:
    provider.signing = SECOND
    assert asked(browser, provider.access_token()).status_code == 401
    provider.signing, provider.header = SECRET.encode(), {"alg": "HS256"}
    assert asked(browser, provider.access_token()).status_code == 401


def test_a_bad_token_is_not_helped_by_a_cookie(browser: FlaskClient, provider: Provider) -> None:
    signed_in(provider, browser)
    assert browser.get(WHERE).status_code == 200
    assert asked(browser, provider.access_token(aud="another")).status_code == 401


def test_a_token_opens_no_page(browser: FlaskClient, provider: Provider) -> None:
    assert asked(browser, provider.access_token(), "/").status_code == 303


def test_a_token_without_a_role_is_told_so(browser: FlaskClient, provider: Provider) -> None:
    for roles in (None, [], ["unknown"], {"manager": True}, ["Manager"]):
        assert asked(browser, provider.access_token(roles=roles)).status_code == 403


def test_scopes_give_a_role_where_they_are_mapped(ruled: Set, provider: Provider) -> None:
    token = provider.access_token(roles=None, scope="openid reachboard.read")
    assert asked(ruled(), token).status_code == 403
    mapped = ruled(oidc_roles=(("reachboard.read", "analyst"),))
    assert asked(mapped, token).status_code == 200
    assert asked(mapped, provider.access_token(roles=None, scp=["reachboard.read"])).status_code == 200


def test_an_administrators_token_needs_the_second_factor_too(ruled: Set, provider: Provider) -> None:
    client = ruled(oidc_admin_amr=("mfa",), oidc_roles=(("administrator", "administrator"),))
    where = "/api/v1/campaigns"
    plain = provider.access_token(roles=["administrator"])
    assert asked(client, plain, where).status_code == 403


def test_a_token_sees_the_rows_that_its_claims_name(ruled: Set, provider: Provider) -> None:
    from app import bearer
    from identity import access

    client = ruled(oidc_lines_claim="plan.lines")
    held = client.application.extensions["reachboard.oidc"].provider
    viewer = access.viewer(provider.access_token(plan={"lines": ["Medicaid"]}), held)
    assert viewer.scope.lines == {"Medicaid"}
    assert viewer.name == "Client sync"
    assert asked(client, provider.access_token()).status_code == 403, "no rows are named"
    assert bearer.API == "/api/"


def test_without_an_audience_in_the_settings_no_token_is_taken(ruled: Set, provider: Provider) -> None:
    assert asked(ruled(oidc_audience=""), provider.access_token()).status_code == 401


def test_while_the_provider_is_away_the_api_says_so(browser: FlaskClient, provider: Provider) -> None:
    provider.away = {"/.well-known/openid-configuration"}
    assert asked(browser, provider.access_token()).status_code == 503


def test_once_asked_the_provider_is_not_asked_for_every_request(
    browser: FlaskClient, provider: Provider
) -> None:
    for _ in range(5):
        assert asked(browser, provider.access_token()).status_code == 200
    assert provider.asked == ["/.well-known/openid-configuration", "/jwks"]
