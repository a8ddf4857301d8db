"""The demo sign-in: one user per role, on this machine alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import demo, signin
from app.demo import DemoRefused
from app.factory import create_app
from app.signin import next_path
from config.permissions import PEOPLE, PERMISSIONS, Role
from config.settings import Settings

Browse = Callable[[Role | None], FlaskClient]


def forced(settings: Settings, **changes: object) -> Settings:
    """Settings that their own checks would have refused."""
    return settings.model_copy(update=changes)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.7", "::", "2001:db8::1"])
def test_it_refuses_any_bind_but_loopback(settings: Settings, host: str) -> None:
    with pytest.raises(DemoRefused, match="REACHBOARD_DEMO=0"):
        create_app(forced(settings, host=host))


def test_it_refuses_production(settings: Settings) -> None:
    with pytest.raises(DemoRefused, match="in production"):
        create_app(forced(settings, production=True))


@pytest.mark.parametrize("remote", ["10.0.0.7", "192.168.1.4", "2001:db8::1", "", "nonsense"])
def test_it_refuses_another_machine(server: Flask, remote: str) -> None:
    client = server.test_client()
    there = {"REMOTE_ADDR": remote}
    for answer in (
        client.get("/sign-in", environ_overrides=there),
        client.post("/sign-in", data={"role": "manager"}, environ_overrides=there),
    ):
        assert answer.status_code == 403
        assert "Set-Cookie" not in answer.headers


def test_a_session_does_not_travel_to_another_machine(browse: Browse) -> None:
    assert browse(Role.MANAGER).get("/", environ_overrides={"REMOTE_ADDR": "10.0.0.7"}).status_code == 403


@pytest.mark.parametrize("header", demo.FORWARDING)
def test_it_refuses_what_a_proxy_forwards(browse: Browse, header: str) -> None:
    answer = browse(None).post("/sign-in", data={"role": "manager"}, headers={header: "10.0.0.7"})
    assert answer.status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.7"])
def test_it_refuses_a_foreign_name_that_leads_here(browse: Browse, host: str) -> None:
    assert browse(None).get("/sign-in", headers={"Host": host}).status_code in (400, 403)


@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost", "[::1]:8050"])
def test_it_answers_to_the_names_of_this_machine(browse: Browse, host: str) -> None:
    assert browse(None).get("/sign-in", headers={"Host": host}).status_code == 200


def test_without_the_demo_nobody_is_let_in(settings: Settings) -> None:
    client = create_app(forced(settings, demo=False)).test_client()
    assert "switched off" in client.get("/sign-in").text
    assert client.post("/sign-in", data={"role": "administrator"}).status_code == 403


@pytest.mark.parametrize("role", PEOPLE)
def test_each_role_comes_in_with_its_permissions(server: Flask, role: Role) -> None:
    with server.test_client() as client:
        client.post("/sign-in", data={"role": role.value})
        client.get("/")
        viewer = signin.viewer()
    assert viewer is not None
    assert viewer.role == role
    assert viewer.permissions == PERMISSIONS[role]


def test_each_named_line_gets_a_manager_who_sees_it_alone(settings: Settings) -> None:
    with create_app(forced(settings, demo_lines=("Medicare Advantage", "Medicaid"))).test_client() as client:
        assert "Manager of Medicaid" in client.get("/sign-in").text
        client.post("/sign-in", data={"role": "manager:Medicaid"})
        client.get("/")
        viewer = signin.viewer()
    assert viewer is not None
    assert viewer.permissions == PERMISSIONS[Role.MANAGER]
    assert viewer.scope.lines == {"Medicaid"}
    assert viewer.scope.programs is None


def test_a_session_of_a_line_that_is_no_longer_named_is_over(settings: Settings) -> None:
    first, second = (create_app(forced(settings, demo_lines=lines)) for lines in (("Medicaid",), ()))
    client = first.test_client()
    client.post("/sign-in", data={"role": "manager:Medicaid"})
    cookie = client.get_cookie("reachboard")
    assert cookie is not None
    other = second.test_client()
    other.set_cookie("reachboard", cookie.value)
    assert other.get("/").status_code == 303


@pytest.mark.parametrize("role", ["", "root", "Manager", "manager:", "manager:Medicaid", "executive:x"])
def test_a_role_that_does_not_exist_is_refused(browse: Browse, role: str) -> None:
    assert browse(None).post("/sign-in", data={"role": role}).status_code == 400


def test_signing_out_ends_it_and_only_by_post(browse: Browse) -> None:
    client = browse(Role.MANAGER)
    assert client.get("/sign-out").status_code in (404, 405)
    assert client.get("/").status_code == 200
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert client.get("/").status_code == 303


def test_a_cookie_of_another_secret_is_worth_nothing(browse: Browse, settings: Settings) -> None:
    cookie = browse(Role.MANAGER).get_cookie("reachboard")
    assert cookie is not None
    other = create_app(settings).test_client()
    other.set_cookie("reachboard", cookie.value)
    assert other.get("/").status_code == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(browse: Browse) -> None:
    cookie = browse(Role.MANAGER).get_cookie("reachboard")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_a_stranger_is_led_back_to_where_they_wanted(browse: Browse) -> None:
    client = browse(None)
    door = client.get("/?period=last_30&channel=sms").headers["Location"]
    assert 'value="/?period=last_30&amp;channel=sms"' in client.get(door).text
    answer = client.post("/sign-in", data={"role": "manager", "next": "/?period=last_30"})
    assert answer.headers["Location"] == "/?period=last_30"


@pytest.mark.parametrize(
    "wanted", [None, "", "//evil.example", "/\\evil.example", "https://evil.example", "x", "/\n/e"]
)
def test_the_way_back_never_leads_elsewhere(wanted: str | None) -> None:
    assert next_path(wanted) == "/"
