"""The OpenID Foundation's Basic RP tests, and worse: what each bad answer of a provider comes to."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import hostile
from tests.hostile import FIRST, SECOND, Claims, Provider, begun, signed_in

Lie = Callable[[Provider], object]


def came_in(client: FlaskClient) -> bool:
    return client.get("/").status_code == 200


def without(name: str) -> Lie:
    return lambda p: setattr(p, "lie", lambda claims: {k: v for k, v in claims.items() if k != name})


def told(**changes: Any) -> Lie:
    return lambda p: setattr(p, "lie", lambda claims: {**claims, **changes})


def of_time(name: str, seconds: int) -> Lie:
    return lambda p: setattr(p, "lie", lambda claims: {**claims, name: int(time.time()) + seconds})


def head(**changes: Any) -> Lie:
    return lambda p: p.header.update(changes)


def unsigned(p: Provider) -> None:
    p.header = {"alg": "none"}


def with_client_secret(p: Provider) -> None:
    p.header, p.signing = {"alg": "HS256"}, hostile.SECRET.encode()


def with_public_key(p: Provider) -> None:
    p.header, p.signing = {"alg": "HS256", "kid": "one"}, FIRST.as_pem(private=False)


def spoiled(p: Provider) -> None:
    p.spoil = lambda token: f"{token[:-8]}{'AAAAAAAA' if not token.endswith('AAAAAAAA') else 'BBBBBBBB'}"


def exchanged_claims(p: Provider) -> None:
    """The signature of one token under the claims of another."""
    body = hostile.encoded(b'{"sub": "somebody"}')
    p.spoil = lambda token: ".".join([token.split(".")[0], body, token.split(".")[2]])


def own_key(p: Provider) -> None:
    p.signing = SECOND
    p.header["jwk"] = SECOND.as_dict(private=False)


def own_address(p: Provider) -> None:
    p.signing = SECOND
    p.header.update(kid="two", jku=f"{p.url}/jwks")
    p.published = [FIRST.as_dict(private=False)]


def same_id_another_key(p: Provider) -> None:
    p.signing = SECOND


def no_kid_of_two(p: Provider) -> None:
    p.header.pop("kid")
    p.published.append(SECOND.as_dict(private=False))


def no_id_token(p: Provider) -> None:
    p.token["id_token"] = None


def other_userinfo(p: Provider) -> None:
    p.person["roles"] = None
    p.userinfo = {"sub": "somebody", "roles": ["administrator"]}


REFUSED: dict[str, Lie] = {
    "invalid-iss": told(iss="https://elsewhere.example"),
    "missing-iss": without("iss"),
    "missing-sub": without("sub"),
    "invalid-aud": told(aud="another-client"),
    "missing-aud": without("aud"),
    "aud-of-several-without-azp": told(aud=[hostile.CLIENT, "another-client"]),
    "missing-iat": without("iat"),
    "missing-exp": without("exp"),
    "kid-absent-multiple-jwks": no_kid_of_two,
    "sig-none": unsigned,
    "invalid-sig-rs256": spoiled,
    "claims-exchanged": exchanged_claims,
    "userinfo-invalid-sub": other_userinfo,
    "nonce-invalid": told(nonce="another"),
    "nonce-missing": without("nonce"),
    "hs256-with-client-secret": with_client_secret,
    "hs256-with-public-key": with_public_key,
    "another-alg-of-the-same-key": head(alg="RS384"),
    "expired": of_time("exp", -120),
    "future-iat": of_time("iat", 3600),
    "not-yet": of_time("nbf", 3600),
    "times-are-words": told(exp="tomorrow"),
    "wrong-azp": told(azp="another-client"),
    "wrong-at_hash": told(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "embedded-jwk": own_key,
    "embedded-jku": own_address,
    "same-kid-another-key": same_id_another_key,
    "crit-header": head(crit=["exp"], exp=1),
    "unknown-kid": head(kid="nobody"),
    "sub-is-a-list": told(sub=["ada"]),
    "no-id-token": no_id_token,
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_answer_signs_nobody_in(browser: FlaskClient, provider: Provider, name: str) -> None:
    REFUSED[name](provider)
    answer = signed_in(provider, browser)
    assert answer.status_code == 403
    assert "could not be trusted" in answer.text
    assert "Reference" in answer.text
    assert browser.get_cookie("reachboard") is None
    assert not came_in(browser)


def no_kid_of_one(p: Provider) -> None:
    p.header.pop("kid")


def several_with_azp(p: Provider) -> None:
    told(aud=[hostile.CLIENT, "another-client"], azp=hostile.CLIENT)(p)


def by_userinfo(p: Provider) -> None:
    p.person.update(roles=None, name=None)
    p.userinfo = {"sub": "ada", "name": "Ada King", "roles": ["analyst"]}


def beside_a_shared_key(p: Provider) -> None:
    p.published.append({"kty": "oct", "kid": "shared", "k": "c2VjcmV0"})


ACCEPTED: dict[str, Lie] = {
    "happy-flow-with-sig-rs256-and-client-secret-basic": lambda _: None,
    "kid-absent-single-jwks": no_kid_of_one,
    "scope-userinfo-claims": by_userinfo,
    "aud-of-several-with-azp": several_with_azp,
    "clock-a-little-ahead": of_time("iat", 30),
    "clock-a-little-behind": of_time("exp", -30),
    "a-key-that-is-no-use-beside": beside_a_shared_key,
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_good_answer_signs_in(browser: FlaskClient, provider: Provider, name: str) -> None:
    ACCEPTED[name](provider)
    answer = signed_in(provider, browser, "/campaign?period=last_30")
    assert (answer.status_code, answer.headers.get("Location")) == (303, "/campaign?period=last_30")
    page = browser.get("/")
    assert page.status_code == 200
    assert ("Ada King" if name == "scope-userinfo-claims" else "Ada Lovelace") in page.text


def test_the_request_asks_for_a_code_with_pkce_and_nonce(browser: FlaskClient, provider: Provider) -> None:
    asked = begun(provider, browser)
    (held,) = provider.codes.values()
    assert held["response_type"] == "code"
    assert held["code_challenge_method"] == "S256"
    assert len({held["state"], held["nonce"], held["code_challenge"]}) == 3
    assert all(len(held[name]) >= 43 for name in ("state", "nonce", "code_challenge"))
    assert held["scope"] == "openid profile email"
    assert held["redirect_uri"] == "http://localhost/sign-in/back"
    assert asked["state"] == held["state"]


@pytest.mark.parametrize("iss", [None, "https://elsewhere.example", ""])
def test_the_answer_names_its_issuer_before_the_code_is_shown(
    browser: FlaskClient, provider: Provider, iss: str | None
) -> None:
    provider.answer["iss"] = iss
    assert signed_in(provider, browser).status_code == 403
    assert "/token" not in provider.asked


def test_a_wrong_issuer_is_refused_where_none_was_announced(browser: FlaskClient, provider: Provider) -> None:
    provider.metadata["authorization_response_iss_parameter_supported"] = None
    provider.answer["iss"] = "https://elsewhere.example"
    assert signed_in(provider, browser).status_code == 403
    provider.answer["iss"] = None
    assert signed_in(provider, browser).status_code == 303


def test_an_error_of_somebody_else_is_not_believed(browser: FlaskClient, provider: Provider) -> None:
    provider.answer.update(error="access_denied", code=None, iss="https://elsewhere.example")
    assert "could not be trusted" in signed_in(provider, browser).text


@pytest.mark.parametrize("state", ["", "another", None])
def test_a_state_that_is_not_of_this_browser_is_refused(
    browser: FlaskClient, provider: Provider, state: str | None
) -> None:
    said = begun(provider, browser) | {"state": state or ""}
    answer = browser.get(
        "/sign-in/back", query_string={k: v for k, v in said.items() if state is not None or k != "state"}
    )
    assert answer.status_code == 400
    assert "Begin again" in answer.text
    assert "/token" not in provider.asked


def test_an_answer_that_another_browser_began_is_refused(browser: FlaskClient, provider: Provider) -> None:
    said = begun(provider, browser.application.test_client())
    assert browser.get("/sign-in/back", query_string=said).status_code == 400


def test_an_answer_counts_once(browser: FlaskClient, provider: Provider) -> None:
    said = begun(provider, browser)
    assert browser.get("/sign-in/back", query_string=said).status_code == 303
    browser.post("/sign-out")
    assert browser.get("/sign-in/back", query_string=said).status_code == 400


def test_two_tabs_sign_in_side_by_side(browser: FlaskClient, provider: Provider) -> None:
    first, second = begun(provider, browser, "/first"), begun(provider, browser, "/second")
    assert browser.get("/sign-in/back", query_string=first).headers["Location"] == "/first"
    assert browser.get("/sign-in/back", query_string=second).headers["Location"] == "/second"


def test_a_forged_way_back_leads_home(browser: FlaskClient, provider: Provider) -> None:
    for going in ("//evil.example", "https://evil.example", "/\\evil.example", "/" + "x" * 3000):
        assert signed_in(provider, browser, going).headers["Location"] == "/"
        browser.post("/sign-out")


@pytest.mark.parametrize("error", ["access_denied", "login_required", "<script>alert(1)</script>"])
def test_a_refusal_of_the_provider_is_said_with_what_to_do(
    browser: FlaskClient, provider: Provider, error: str
) -> None:
    provider.answer.update(error=error, error_description="<b>words of theirs</b>", code=None)
    answer = signed_in(provider, browser)
    assert answer.status_code == 403
    assert "refused the sign-in" in answer.text
    assert "words of theirs" not in answer.text
    assert "<script>alert" not in answer.text


def test_a_code_that_the_provider_refuses_signs_nobody_in(browser: FlaskClient, provider: Provider) -> None:
    said = begun(provider, browser) | {"code": "stolen"}
    assert browser.get("/sign-in/back", query_string=said).status_code == 403


def test_a_stolen_code_is_nothing_without_its_verifier(browser: FlaskClient, provider: Provider) -> None:
    theirs = begun(provider, browser.application.test_client())
    ours = begun(provider, browser)
    answer = browser.get("/sign-in/back", query_string=ours | {"code": theirs["code"]})
    assert answer.status_code == 403


def test_no_token_and_no_name_is_in_the_log(
    browser: FlaskClient, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    signed_in(provider, browser)
    REFUSED["expired"](provider)
    signed_in(provider, browser.application.test_client())
    said = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("reachboard"))
    assert "not_trusted" in said
    for word in ("eyJ", "an-access-token", "Ada", "ada@", "code-"):
        assert word not in said


@pytest.mark.parametrize(
    ("name", "metadata"),
    [
        ("another issuer", {"issuer": "https://elsewhere.example"}),
        ("a slash more", {"issuer": "slash"}),
        ("no issuer", {"issuer": None}),
        ("no keys", {"jwks_uri": None}),
        ("a token endpoint in the clear", {"token_endpoint": "http://id.example/token"}),
        ("a logout of a script", {"end_session_endpoint": "javascript:alert(1)"}),
        ("no S256", {"code_challenge_methods_supported": ["plain"]}),
        ("another algorithm", {"id_token_signing_alg_values_supported": ["ES256"]}),
    ],
)
def test_a_discovery_that_is_not_the_set_one_stops_every_sign_in(
    browser: FlaskClient, provider: Provider, name: str, metadata: Claims
) -> None:
    provider.metadata = {k: provider.url + "/" if v == "slash" else v for k, v in metadata.items()}
    answer = browser.get("/sign-in/start")
    assert answer.status_code == 503
    assert "not set up right" in answer.text


def test_the_server_starts_without_the_provider_and_recovers(
    browser: FlaskClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from identity import provider as room

    provider.away = {"/.well-known/openid-configuration"}
    answer = browser.get("/sign-in/start")
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    asked = len(provider.asked)
    assert browser.get("/sign-in/start").status_code == 503
    assert len(provider.asked) == asked, "a provider that is down is not asked by every visitor"
    provider.away = set()
    now = time.monotonic()
    monkeypatch.setattr(room.time, "monotonic", lambda: now + room.AGAIN_SECONDS + 1)
    assert signed_in(provider, browser).status_code == 303


@pytest.mark.parametrize("path", ["/token", "/jwks", "/userinfo"])
def test_a_provider_that_fails_on_the_way_is_told_apart(
    browser: FlaskClient, provider: Provider, path: str
) -> None:
    provider.person["roles"] = None
    provider.away = {path}
    answer = signed_in(provider, browser)
    assert answer.status_code in (403, 503)
    assert not came_in(browser)


def test_a_key_that_was_changed_just_before_is_fetched(browser: FlaskClient, provider: Provider) -> None:
    assert signed_in(provider, browser).status_code == 303
    provider.signing, provider.header["kid"] = SECOND, "two"
    provider.published = [SECOND.as_dict(private=False)]
    assert signed_in(provider, browser.application.test_client()).status_code == 303


def test_unknown_keys_do_not_have_us_fetch_without_end(browser: FlaskClient, provider: Provider) -> None:
    for number in range(12):
        token = provider.logout_token(header={"kid": f"forged-{number}"})
        assert browser.post("/sign-out/told", data={"logout_token": token}).status_code == 400
    assert 2 <= provider.asked.count("/jwks") <= 6
