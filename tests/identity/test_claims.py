"""From claims to a role, rows and a name: by the map of the settings, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import entries, signin
from app.entries import Entry
from config.permissions import PEOPLE, PERMISSIONS, Role
from config.settings import Settings, SettingsError
from identity import claims
from identity.rules import Rules
from identity.trouble import Refused
from tests.hostile import Provider, signed_in

Set = Callable[..., FlaskClient]


def rules(**changes: Any) -> Rules:
    return replace(Rules.of(Settings(var="/nowhere")), **changes)


@pytest.mark.parametrize(
    ("name", "held", "expected"),
    [
        ("roles", {"roles": ["a", "b"]}, ("a", "b")),
        ("roles", {"roles": "a"}, ("a",)),
        ("roles", {}, ()),
        ("roles", {"roles": {"a": 1}}, ()),
        ("roles", {"roles": ["a", 1, None]}, ("a",)),
        ("realm_access.roles", {"realm_access": {"roles": ["a"]}}, ("a",)),
        ("realm_access.roles", {"realm_access": ["roles"]}, ()),
        ("https://plan.example/roles", {"https://plan.example/roles": ["a"]}, ("a",)),
        ("https://plan.example/app.roles", {"https://plan.example/app": {"roles": ["a"]}}, ("a",)),
        ("resource_access.my.app.roles", {"resource_access": {"my.app": {"roles": ["a"]}}}, ("a",)),
    ],
)
def test_a_claim_is_found_by_its_name_and_along_its_dots(
    name: str, held: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert claims.values(held, name) == expected


def test_of_several_roles_the_first_of_the_map_counts() -> None:
    mapped = rules(roles=(("officers", Role.PRIVACY_OFFICER), ("staff", Role.MANAGER)))
    assert claims.role_of({"roles": ["staff", "officers"]}, mapped) is Role.PRIVACY_OFFICER
    assert claims.role_of({"roles": ["Staff"]}, mapped) is None
    assert claims.role_of({"roles": ["manager"]}, mapped) is None, "a role's own name is not in this map"


def test_a_source_signs_in_nowhere() -> None:
    with pytest.raises(Refused, match="no_role"):
        claims.person({"sub": "x", "roles": ["feed"]}, rules(roles=(("feed", Role.SOURCE),)))


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ({"sub": "1", "name": "Ada", "email": "ada@x.example"}, "Ada (ada@x.example)"),
        ({"sub": "1", "name": "Ada", "email": "ada@x.example", "email_verified": False}, "Ada (1)"),
        ({"sub": "1", "name": "Ada", "preferred_username": "ada"}, "Ada (ada)"),
        ({"sub": "1"}, "1"),
        ({"sub": "1", "name": "A\nB\u202eC\x00  D"}, "A BC D (1)"),
        ({"sub": "1", "name": ["Ada"]}, "1"),
        ({"sub": "1", "name": "x" * 500}, f"{'x' * 80} (1)"),
    ],
)
def test_a_name_is_one_line_and_tells_people_apart(held: dict[str, Any], expected: str) -> None:
    assert claims.name_of(held) == expected


@pytest.mark.parametrize("role", PEOPLE)
def test_each_role_comes_in_with_its_permissions(
    server: Flask, browser: FlaskClient, provider: Provider, role: Role
) -> None:
    provider.person["roles"] = [role.value]
    signed_in(provider, browser)
    with browser:
        browser.get("/")
        viewer = signin.viewer()
    assert viewer is not None
    assert (viewer.role, viewer.permissions) == (role, PERMISSIONS[role])
    assert viewer.name == "Ada Lovelace (ada@plan.example)"
    assert viewer.scope.whole


@pytest.mark.parametrize(
    "roles", [None, [], ["unknown"], "root", {"administrator": True}, [["administrator"]]]
)
def test_without_a_mapped_role_nobody_comes_in_and_is_told_what_to_do(
    browser: FlaskClient, provider: Provider, roles: object
) -> None:
    provider.person["roles"] = roles
    provider.userinfo = {"sub": "ada"}
    answer = signed_in(provider, browser)
    assert answer.status_code == 403
    assert "no role here" in answer.text
    assert "You are Ada Lovelace" in answer.text
    assert "again=1" in answer.text
    assert browser.get("/").status_code == 303


def test_rows_come_from_claims(ruled: Set, provider: Provider) -> None:
    client = ruled(oidc_programs_claim="scope_of.programs", oidc_lines_claim="lines")
    provider.person.update(scope_of={"programs": ["Flu", "A1c"]}, lines="*")
    signed_in(provider, client)
    with client:
        client.get("/")
        viewer = signin.viewer()
    assert viewer is not None
    assert viewer.scope.programs == {"Flu", "A1c"}
    assert viewer.scope.lines is None


@pytest.mark.parametrize("lines", [None, [], "", [" "], 5])
def test_a_claim_of_rows_that_is_missing_means_none(ruled: Set, provider: Provider, lines: object) -> None:
    provider.person["lines"] = lines
    provider.userinfo = {"sub": "ada"}
    answer = signed_in(provider, ruled(oidc_lines_claim="lines"))
    assert answer.status_code == 403
    assert "sees no campaigns" in answer.text


@pytest.mark.parametrize(
    ("setting", "claim", "status"),
    [
        ({"oidc_admin_acr": ("gold",)}, {}, 403),
        ({"oidc_admin_acr": ("gold",)}, {"acr": "silver"}, 403),
        ({"oidc_admin_acr": ("gold",)}, {"acr": "gold"}, 303),
        ({"oidc_admin_amr": ("mfa", "otp")}, {"amr": ["pwd"]}, 403),
        ({"oidc_admin_amr": ("mfa", "otp")}, {"amr": ["mfa,pwd"]}, 403),
        ({"oidc_admin_amr": ("mfa", "otp")}, {"amr": ["pwd", "otp"]}, 303),
        ({"oidc_admin_acr": ("gold",), "oidc_admin_amr": ("mfa",)}, {"acr": "gold"}, 403),
    ],
)
def test_administrators_need_the_second_factor_that_is_set(
    ruled: Set, provider: Provider, setting: dict[str, Any], claim: dict[str, Any], status: int
) -> None:
    client = ruled(**setting)
    provider.person.update(roles=["administrator"], **claim)
    answer = signed_in(provider, client)
    assert answer.status_code == status
    if status == 403:
        assert "second factor" in answer.text
    provider.person["roles"] = ["manager"]
    assert signed_in(provider, client.application.test_client()).status_code == 303, "others do not"


def test_a_second_try_asks_for_the_second_factor(ruled: Set, provider: Provider) -> None:
    there = ruled(oidc_admin_acr=("gold", "silver")).get("/sign-in/start?again=1").headers["Location"]
    assert "prompt=login" in there
    assert "acr_values=gold+silver" in there.replace("%20", "+")


def test_refusals_are_told_in_one_place_with_who_it_was(
    server: Flask, browser: FlaskClient, provider: Provider
) -> None:
    told: list[Entry] = []
    entries.listen(server, told.append)
    provider.person["roles"] = ["unknown"]
    page = signed_in(provider, browser).text
    provider.person["roles"] = ["analyst"]
    signed_in(provider, browser)
    server.extensions["reachboard.entries"].clear()
    denied, signed = told
    assert (denied.what, denied.why) == ("denied", "no_role")
    assert denied.who == signed.who == "Ada Lovelace (ada@plan.example)"
    assert denied.reference in page
    assert (signed.what, signed.role, signed.why) == ("signed_in", "analyst", "provider")


def test_a_session_is_over_when_the_map_changes(
    server: Flask, browser: FlaskClient, provider: Provider
) -> None:
    base = Settings(oidc_issuer=provider.url, oidc_client_id="x", demo=False)
    changed = base.model_copy(update={"oidc_roles": (("analyst", "administrator"),)})
    assert signin.terms(base) != signin.terms(changed)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"OIDC_ISSUER": "http://id.example"}, "OIDC_ISSUER=http://id.example: expected https"),
        ({"OIDC_ISSUER": "https://id.example", "DEMO": "0"}, "OIDC_CLIENT_ID"),
        ({"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "x"}, "DEMO=1: expected 0 where"),
        ({"OIDC_ROLES": "team:king"}, "OIDC_ROLES=team:king"),
        ({"OIDC_ROLES": "{"}, "OIDC_ROLES={"),
        ({"OIDC_ROLES": "a:manager, a:analyst"}, "OIDC_ROLES"),
        ({"OIDC_SCOPES": "profile"}, "OIDC_SCOPES=profile"),
        ({"OIDC_ALG": "HS256"}, "OIDC_ALG=HS256"),
        ({"OIDC_ALG": "none"}, "OIDC_ALG=none"),
        (
            {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "x", "OIDC_AUDIENCE": "x", "DEMO": "0"},
            "OIDC_AUDIENCE",
        ),
        (
            {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "x", "DEMO": "0", "HOST": "0.0.0.0"},
            "PUBLIC_URL",
        ),
    ],
)
def test_wrong_settings_stop_the_start(given: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError) as told:
        Settings.load({f"REACHBOARD_{name}": text for name, text in given.items()}, None)
    assert words in str(told.value)


def test_a_map_of_names_with_colons_and_commas_is_read() -> None:
    read = Settings.load({"REACHBOARD_OIDC_ROLES": '{"CN=Staff,OU=x": "manager"}'}, None)
    assert read.oidc_roles == (("CN=Staff,OU=x", "manager"),)
    plain = Settings.load({"REACHBOARD_OIDC_ROLES": "urn:plan:staff:manager, officers:privacy_officer"}, None)
    assert plain.oidc_roles == (("urn:plan:staff", "manager"), ("officers", "privacy_officer"))


@pytest.mark.parametrize(
    ("changes", "plain"),
    [
        ({"demo": True, "oidc_issuer": ""}, True),
        ({}, True),
        ({"public_url": "https://reach.example"}, False),
        ({"public_url": "http://127.0.0.1:8050"}, True),
        ({"oidc_issuer": "", "oidc_client_id": ""}, False),
    ],
)
def test_only_on_this_machine_does_a_cookie_travel_in_the_clear(changes: dict[str, Any], plain: bool) -> None:
    base: dict[str, Any] = {"demo": False, "oidc_issuer": "https://id.example", "oidc_client_id": "x"}
    assert signin.is_plain(Settings(**{**base, **changes})) is plain
