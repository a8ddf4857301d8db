"""The ways past a sign-in that Dash leaves open, each attacked: docs/security.md names what closes them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import plotly
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import dump_cookie

from app import guard as rules
from app.factory import create_app
from app.files import ASSETS, PLOTLY, PLOTLY_ADDRESS
from config.permissions import PEOPLE, Role
from config.settings import ROOT, Settings
from tests.asking import SECRET_OUTPUT, SECRET_WORDS, SHOW, call, guard_of, request_of, show, signed_in
from ui.theme import GRAPH_CONFIG

ELSEWHERE = {"Origin": "https://elsewhere.example"}
BELOW = ("/_dash-layout", "/_dash-dependencies", "/", "/no-such-page", "/vault")


@pytest.fixture
def manager(server: Flask) -> FlaskClient:
    return signed_in(server, Role.MANAGER)


@pytest.mark.parametrize("path", ["/vault", "/vault/", "/Vault", "/vault?x", "/%76ault", " /vault"])
def test_a_forged_pathname_draws_no_gated_layout(server: Flask, manager: FlaskClient, path: str) -> None:
    assert SECRET_WORDS not in show(server, manager, path).text
    assert manager.get(path.strip()).status_code == 404


def test_no_layout_is_drawn_ahead_for_validation(server: Flask, manager: FlaskClient) -> None:
    dashboard = server.extensions["dashboard"]
    assert dashboard.validation_layout is None
    assert callable(dashboard.layout)
    assert "validation_layout" not in manager.get("/").text
    assert SECRET_WORDS not in "".join(manager.get(address).text for address in BELOW)


def test_dependencies_list_no_callback_of_a_page_out_of_reach(server: Flask, manager: FlaskClient) -> None:
    offered = {spec["output"] for spec in manager.get("/_dash-dependencies").json}
    assert SHOW in offered
    assert SECRET_OUTPUT not in offered
    assert SECRET_OUTPUT in {
        spec["output"] for spec in signed_in(server, Role.PRIVACY_OFFICER).get("/_dash-dependencies").json
    }


def test_titles_of_gated_pages_are_in_no_document(server: Flask, manager: FlaskClient) -> None:
    stranger = server.test_client()
    for client in (manager, stranger):
        for address in (*BELOW, "/sign-in", "/api/health"):
            assert "Vault of secrets" not in client.get(address).text


def test_a_background_callback_is_impossible(server: Flask) -> None:
    dashboard = server.extensions["dashboard"]
    assert dashboard._background_manager is None
    assert not [name for name, spec in dashboard.callback_map.items() if spec["background"]]
    forged = request_of(guard_of(server).wires[SHOW], {"frame-address.pathname": "/"})
    answer = call(signed_in(server, Role.MANAGER), {**forged, "background": {"interval": 1}})
    assert answer.status_code == 400


def test_charts_offer_no_upload(manager: FlaskClient) -> None:
    assert GRAPH_CONFIG["showSendToCloud"] is False
    assert GRAPH_CONFIG["plotlyServerURL"] == ""
    policy = manager.get("/").headers["Content-Security-Policy"]
    assert "connect-src 'self'" in policy
    assert "form-action 'self'" in policy


def test_every_chart_has_the_configuration_without_upload() -> None:
    graphs = re.compile(r"dcc\.Graph\(((?:[^()]|\([^()]*\))*)\)")
    found = [
        (path.name, args)
        for room in ("ui", "pages", "callbacks", "app")
        for path in (ROOT / room).rglob("*.py")
        for args in graphs.findall(path.read_text(encoding="utf-8"))
    ]
    assert found
    assert [name for name, args in found if "config=" not in args] == []


def test_plotly_in_the_browser_is_the_version_of_plotly_in_python() -> None:
    version = re.search(rb"plotly\.js \(cartesian - minified\) v([\d.]+)", PLOTLY.read_bytes()[:400])
    assert version is not None
    assert version[1].decode() == plotly.offline.get_plotlyjs_version()


@pytest.mark.parametrize("role", [None, *PEOPLE])
def test_nothing_but_static_files_may_be_stored(server: Flask, role: Role | None) -> None:
    client = signed_in(server, role)
    for rule in server.url_map.iter_rules():
        address = re.sub(r"<[^>]*>", "x", rule.rule)
        for method in (rule.methods or set()) - {"OPTIONS"}:
            with client.open(address, method=method) as answer:
                kept = answer.headers["Cache-Control"]
                private = "private" in kept and rule.rule == "/definitions.json"
                static = rule.endpoint in rules.STATIC and answer.status_code < 400
                assert kept == "no-store" or static or private, (rule.rule, method)


@pytest.mark.parametrize(
    "headers",
    [ELSEWHERE, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
def test_every_route_refuses_a_post_of_another_site(server: Flask, headers: dict[str, str]) -> None:
    for rule in server.url_map.iter_rules():
        client = signed_in(server, Role.MANAGER)
        address = re.sub(r"<[^>]*>", "x", rule.rule)
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = client.open(address, method=method, headers=headers, json={"output": SHOW})
            assert answer.status_code == 403, (rule.rule, method)
        assert client.get("/").status_code == 200, "the session went on"


def test_reading_changes_nothing(server: Flask, manager: FlaskClient) -> None:
    """GET of everything, sign-out among it, leaves session and files as they were."""
    var = Path(guard_var(server))
    before = kept(var)
    for rule in server.url_map.iter_rules():
        for query in ("", "?role=administrator&next=/x&_method=POST&campaign=x&undo=1"):
            with manager.get(re.sub(r"<[^>]*>", "x", rule.rule) + query) as answer:
                assert "Set-Cookie" not in answer.headers, rule.rule
    assert kept(var) == before
    assert manager.get("/").status_code == 200
    assert manager.get("/", headers={"X-HTTP-Method-Override": "POST"}).status_code == 200


def kept(var: Path) -> dict[Path, bytes]:
    """All files but the count of this minute's requests, and the ledger, which tells who read."""
    files = [path for path in var.rglob("*") if path.is_file() and path.stem != "limits"]
    return {path: path.read_bytes() for path in files if "ledger" not in path.relative_to(var).parts}


def guard_var(server: Flask) -> Path:
    from app import shelf

    return shelf.keeper(server).shelf.lake.root.parent


HOSTS = (
    "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example:8050", "10.0.0.7",
    "0.0.0.0", "127.0.0.1@evil.example", "evil.example/127.0.0.1", "[::ffff:10.0.0.7]", "2130706434.evil",
)  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_a_foreign_host_header_is_refused_everywhere(server: Flask, manager: FlaskClient, host: str) -> None:
    for address in ("/", "/sign-in", "/_dash-layout", "/api/health", "/assets/20-frame.css"):
        answer = manager.get(address, headers={"Host": host})
        assert answer.status_code in (400, 403), address
    for name in ("X-Forwarded-Host", "Forwarded"):
        assert manager.get("/", headers={name: "evil.example"}).status_code == 403
    answer = server.test_client().post("/sign-in", data={"role": "manager"}, headers={"Host": host})
    assert answer.status_code in (400, 403)


@pytest.mark.parametrize("demo", [True, False])
def test_the_cookie_is_marked_for_this_server_alone(settings: Settings, demo: bool) -> None:
    server = create_app(settings.model_copy(update={"demo": demo}))
    config = server.config
    assert config["SESSION_COOKIE_HTTPONLY"] is True
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert config["SESSION_COOKIE_SECURE"] is not demo
    assert config["SESSION_COOKIE_NAME"].startswith("__Host-") is not demo
    assert config["SESSION_COOKIE_DOMAIN"] is None
    assert config["SESSION_COOKIE_PATH"] in (None, "/")
    if demo:
        answer = server.test_client().post("/sign-in", data={"role": "manager"})
        (cookie,) = answer.headers.getlist("Set-Cookie")
        parts = {part.strip().partition("=")[0] for part in cookie.split(";")[1:]}
        assert {"HttpOnly", "Path", "SameSite"} <= parts
        assert "Domain" not in parts


def test_a_forged_session_cookie_opens_nothing(server: Flask) -> None:
    client = server.test_client()
    signed = signed_in(server, Role.MANAGER).get_cookie("reachboard")
    assert signed is not None
    id = signed.value
    for value in (f"{id[:-1]}{'A' if id[-1] != 'A' else 'B'}", id[::-1], id[:-1], "", "e30.x.y", "x" * 3000):
        client.set_cookie("reachboard", value)
        assert client.get("/").status_code == 303
        assert client.get("/_dash-layout").status_code == 401


def test_the_theme_cookie_takes_two_words_and_no_other(manager: FlaskClient) -> None:
    for value in (
        "<script>",
        "dark light",
        "x" * 4000,
        dump_cookie("scheme", "dark\r\nX: y").split("=", 1)[1],
    ):
        manager.set_cookie("scheme", value)
        assert theme_of(manager.get("/_dash-layout").json) == "light"
        assert "<script>" not in manager.get("/_dash-layout").text


def theme_of(layout: dict[str, Any]) -> str:
    stores = {c["props"].get("id"): c["props"].get("data") for c in layout["props"]["children"]}
    return str(stores["frame-theme"])


@pytest.mark.parametrize("address", ["/sign-in", rules.CALLBACK, "/sign-out"])
def test_an_oversized_body_is_refused(server: Flask, address: str) -> None:
    client = signed_in(server, None if address == "/sign-in" else Role.MANAGER)
    big = b'{"output": "' + b"x" * (rules.BODY_BYTES + 1) + b'"}'
    answer = client.post(address, data=big, content_type="application/json")
    assert answer.status_code in (400, 413) if address != "/sign-out" else answer.status_code == 303
    many = {f"field{n}": "x" for n in range(5000)}
    assert client.post("/sign-in", data=many).status_code in (400, 413)


def test_documents_have_no_inline_handler_and_scripts_none_of_eval(manager: FlaskClient) -> None:
    for address in ("/", "/sign-in", "/no-such-page"):
        assert not re.findall(r"<[^>]+\son[a-z]+\s*=", manager.get(address).text)
    for script in ASSETS.glob("*.js"):
        assert not re.findall(
            r"\beval\(|new Function\(|\.innerHTML\s*=|document\.write", script.read_text()
        ), script


def test_a_failure_tells_neither_trace_nor_path(server: Flask, manager: FlaskClient) -> None:
    for answer in (
        manager.get("/_dash-component-suites/dash/../../x"),
        manager.post(rules.CALLBACK, data=b"{", content_type="application/json"),
        manager.post(rules.CALLBACK, json={"output": "x" * 9000}),
        manager.get("/" + "x" * 9000),
    ):
        assert 400 <= answer.status_code < 500 or answer.status_code == 303
        assert "Traceback" not in answer.text
        assert str(ROOT) not in answer.text
        assert "x" * 500 not in answer.text


def test_the_plotly_file_is_served_at_the_address_that_dash_asks_for(
    server: Flask, manager: FlaskClient
) -> None:
    scripts = re.findall(r'src="([^"]+plotly[^"]*)"', manager.get("/").text)
    assert [address.split("?")[0] for address in scripts] in ([PLOTLY_ADDRESS], [])
