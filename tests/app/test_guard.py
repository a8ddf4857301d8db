"""Nothing is answered unless a list says to whom, and a start that leaves a gap fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import guard
from config.permissions import PEOPLE, PERMISSIONS, Permission, Role

Browse = Callable[[Role | None], FlaskClient]
WITH_PRIVACY = {role for role in PEOPLE if Permission.VIEW_PRIVACY in PERMISSIONS[role]}


@pytest.mark.parametrize("output", ["nothing.children", "", None, 7, ["x"], {"a": 1}])
def test_a_forged_output_is_refused(browse: Browse, ledger: Any, output: Any) -> None:
    client = browse(Role.ADMINISTRATOR)
    assert ledger.call(client, output=output).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"inputs": []},
        {"inputs": [{"id": "asked", "property": "value"}] * 2},
        {"inputs": [{"id": "other", "property": "value", "value": 1}]},
        {"state": [{"id": "more", "property": "data", "value": 1}]},
        {"inputs": "asked"},
    ],
)
def test_ends_that_a_callback_does_not_declare_are_refused(browse: Browse, ledger: Any, changes: Any) -> None:
    assert ledger.call(browse(Role.PRIVACY_OFFICER), **changes).status_code == 400


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"7", b"null"])
def test_a_body_that_is_no_callback_is_refused(browse: Browse, body: bytes) -> None:
    answer = browse(Role.MANAGER).post("/_dash-update-component", data=body, content_type="application/json")
    assert answer.status_code == 400


def test_an_allowed_viewer_is_answered_as_who_they_are(browse: Browse, ledger: Any) -> None:
    answer = ledger.call(browse(Role.PRIVACY_OFFICER)).json
    assert answer["response"][f"{ledger.words}-answer"]["children"] == "privacy_officer what 1"


@pytest.mark.parametrize("role", sorted(set(PEOPLE) - WITH_PRIVACY))
def test_nothing_of_a_forbidden_page_reaches_the_browser(browse: Browse, ledger: Any, role: Role) -> None:
    client = browse(role)
    for address in ("/", "/vault", "/_dash-layout", "/_dash-dependencies"):
        text = client.get(address).text
        assert ledger.words not in text
        assert "Vault" not in text


@pytest.mark.parametrize("role", sorted(WITH_PRIVACY))
def test_an_allowed_page_is_in_menu_title_and_dependencies(browse: Browse, ledger: Any, role: Role) -> None:
    client = browse(role)
    assert "<title>Vault of secrets · Reachboard</title>" in client.get("/vault").text
    assert 'href="/vault"' in client.get("/").text
    assert ledger.words in client.get("/_dash-dependencies").text
    assert ledger.words not in client.get("/_dash-layout").text


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("path", ["/vault", "/missing", "", None, 7, ["/"], {"a": "b"}])
def test_the_router_shows_a_forbidden_page_as_a_missing_one(
    browse: Browse, ledger: Any, role: Role, path: Any
) -> None:
    shown = ledger.route(browse(role), path, "?utm=1&viewer=x&_viewer=y&cubes=z")
    assert shown.status_code == 200
    allowed = path == "/vault" and role in WITH_PRIVACY
    assert (ledger.words in shown.text) == allowed
    assert ("There is no such page" in shown.text) == (not allowed)


@pytest.mark.parametrize(
    "search", ["?utm=1", "?", "?a=1&a=2", "?%00=%ff", "?" + "a&" * 500, None, 7, {"a": 1}]
)
def test_no_address_breaks_a_page(browse: Browse, ledger: Any, search: Any) -> None:
    client = browse(Role.MANAGER)
    shown = ledger.route(client, "/", search)
    assert shown.status_code == 200
    assert "could not be shown" not in shown.text
    assert client.get(f"/{search}" if isinstance(search, str) else "/").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize(
    "address", ["/sign-in", "/sign-out", "/_dash-update-component", "/vault", "/api/health"]
)
def test_every_post_from_another_site_is_refused(
    browse: Browse, address: str, headers: dict[str, str]
) -> None:
    assert browse(Role.MANAGER).post(address, headers=headers).status_code == 403


def test_a_post_from_our_own_page_is_not(browse: Browse) -> None:
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert browse(None).post("/sign-in", data={"role": "manager"}, headers=own).status_code == 303


def test_a_body_too_large_is_refused(browse: Browse) -> None:
    body = b'{"output": "' + b"x" * guard.BODY_BYTES + b'"}'
    answer = browse(Role.MANAGER).post("/_dash-update-component", data=body, content_type="application/json")
    assert answer.status_code in (400, 413)


def test_a_failing_callback_gives_a_reference_and_no_data(
    browse: Browse, ledger: Any, caplog: pytest.LogCaptureFixture
) -> None:
    answer = ledger.call(browse(Role.PRIVACY_OFFICER), asked="break")
    (reference,) = re.findall(r"reference=(\w+) error=ValueError", caplog.text)
    assert reference in answer.text
    assert "12345" not in answer.text + caplog.text
