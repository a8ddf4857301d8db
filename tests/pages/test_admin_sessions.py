"""The panels of sessions and of the mapping: who is signed in, ending that, and what makes whom what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import shelf
from app.demo import DemoUser
from app.factory import create_app
from config.permissions import Role
from config.settings import Settings
from pages import admin_mapping, admin_sessions
from pages.admin_ids import Ids
from state.sessions import Session, digest
from state.store import Store
from tests.asking import call, fire, guard_of, request_of, signed_in

LIST = f"{Ids.SESSIONS}.children"
ACT = f"..{Ids.SESSION_ASKED}.children...{Ids.SESSION_CHANGED}.data.."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    made = create_app(Settings(var=tmp_path_factory.mktemp("admin") / "var", demo_lines=("Medicaid",)))
    shelf.keeper(made).renew()
    return made


@pytest.fixture
def admin(server: Flask) -> FlaskClient:
    with server.app_context():
        store_of(server).sessions.end(lambda _: True, "signed_out")
    return signed_in(server, Role.ADMINISTRATOR)


def store_of(server: Flask) -> Store:
    store = server.extensions["reachboard.store"]
    assert isinstance(store, Store)
    return store


def handle_of(server: Flask, subject: str) -> str:
    return next(one.handle for one in store_of(server).sessions.active() if one.subject == subject)


def press(server: Flask, client: FlaskClient, do: Ids, of: str, handle: str) -> str:
    name = {"do": str(do), "of": of, "session": handle}
    wire = guard_of(server).wires[ACT]
    body = request_of(wire)
    for end in body["inputs"]:
        for one in end:
            kind = one["id"]["do"]
            one["id"] = {**name, "do": kind}
            one["value"] = 1 if kind == do else None
    spelled = json.dumps(name, sort_keys=True, separators=(",", ":"))
    body["changedPropIds"] = [f"{spelled}.n_clicks"]
    answer = call(client, body)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_the_panel_lists_who_is_signed_in_by_handles_that_open_nothing(
    server: Flask, admin: FlaskClient
) -> None:
    manager = signed_in(server, Role.MANAGER)
    said = fire(server, admin, LIST).text
    assert "2 people signed in" in said
    assert "Demo manager" in said
    cookie = manager.get_cookie("reachboard")
    assert cookie is not None
    assert cookie.value not in said
    assert digest(cookie.value) not in said
    assert handle_of(server, "manager") in said
    thief = server.test_client()
    thief.set_cookie("reachboard", handle_of(server, "manager"))
    assert thief.get("/").status_code == 303


def test_a_session_is_ended_after_a_second_look(server: Flask, admin: FlaskClient) -> None:
    manager = signed_in(server, Role.MANAGER)
    handle = handle_of(server, "manager")
    assert "End the session of Demo manager?" in press(server, admin, Ids.SESSION_END, "one", handle)
    assert manager.get("/").status_code == 200
    press(server, admin, Ids.SESSION_KEEP, "one", handle)
    assert manager.get("/").status_code == 200
    assert "1 session of Demo manager ended" in press(server, admin, Ids.SESSION_SURE, "one", handle)
    assert manager.get("/").status_code == 303
    assert "An administrator has ended your session" in manager.get("/sign-in").text
    assert "has ended already" in press(server, admin, Ids.SESSION_SURE, "one", handle)


def test_all_sessions_of_a_person_end_together_and_no_others(server: Flask, admin: FlaskClient) -> None:
    first, second = signed_in(server, Role.MANAGER), signed_in(server, Role.MANAGER)
    other = signed_in(server, Role.ANALYST)
    assert "End all 2" in fire(server, admin, LIST).text
    press(server, admin, Ids.SESSION_SURE, "all", handle_of(server, "manager"))
    assert [one.get("/").status_code for one in (first, second, other, admin)] == [303, 303, 200, 200]


@pytest.mark.parametrize("handle", ["", "x", "' or 1=1 --", "0" * 22])
def test_a_forged_handle_ends_nothing(server: Flask, admin: FlaskClient, handle: str) -> None:
    manager = signed_in(server, Role.MANAGER)
    for of in ("one", "all", "everybody"):
        assert "has ended already" in press(server, admin, Ids.SESSION_SURE, of, handle)
    assert manager.get("/").status_code == 200


def test_nobody_but_administrators_sees_or_ends_any(server: Flask, admin: FlaskClient) -> None:
    for role in (Role.MANAGER, Role.ANALYST, Role.PRIVACY_OFFICER):
        assert fire(server, signed_in(server, role), LIST).status_code == 403
        assert fire(server, signed_in(server, role), ACT).status_code == 403


def test_an_administrator_of_a_part_sees_and_ends_none(server: Flask, admin: FlaskClient) -> None:
    manager = signed_in(server, Role.MANAGER)
    limited = DemoUser(Role.ADMINISTRATOR, "Medicaid")
    said, ended = admin_sessions.end(limited.viewer, store_of(server), "one", handle_of(server, "manager"))
    assert not ended
    assert "you see a part of it" in str(said[0])
    assert manager.get("/").status_code == 200


def test_many_sessions_stay_below_an_answers_size_and_are_found_by_name(
    server: Flask, admin: FlaskClient
) -> None:
    store = store_of(server)
    for number in range(120):
        name = f"Person {number:03} with a long name (person-{number:03}@health-plan.example)"
        store.sessions.put(Session(digest(str(number)), "t", "https://id", f"p{number}", name, "manager"))
    answer = fire(server, admin, LIST)
    assert len(answer.data) < 15_000
    assert "109 more" in answer.text
    found = fire(server, admin, LIST, {f"{Ids.FIND}.value": "PERSON 077"}).text
    assert "person-077@" in found
    assert "person-078@" not in found
    assert "Nobody of that name" in fire(server, admin, LIST, {f"{Ids.FIND}.value": "zzz"}).text
    assert fire(server, admin, LIST, {f"{Ids.FIND}.value": {"x": 1}}).status_code == 200


def words(settings: Settings) -> str:
    return str(admin_mapping.in_force(settings))


def test_the_mapping_says_how_people_sign_in() -> None:
    base = Settings(var=Path("/nowhere"))
    assert "without a password" in words(base)
    assert "Nobody can" in words(base.model_copy(update={"demo": False}))
    told = words(
        base.model_copy(
            update={
                "demo": False, "oidc_issuer": "https://id.example", "oidc_client_id": "reach",
                "oidc_roles": (("plan-staff", "manager"),), "oidc_lines_claim": "plan.lines",
                "oidc_admin_amr": ("mfa",), "oidc_audience": "https://api.example",
            }
        )
    )  # fmt: skip
    for word in ("https://id.example", "plan-staff", "Manager", "lines of business by plan.lines", "amr mfa"):
        assert word in told
