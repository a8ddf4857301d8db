"""The start-up audit: each way to reach something past the permissions stops the start, and is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from dash import Input, Output, _callback, callback, clientside_callback, hooks, html
from dash._hooks import HooksManager

from app import factory, guard
from app.factory import create_app
from app.guard import Unguarded
from config.permissions import PEOPLE, PERMISSIONS, Permission, Role
from config.settings import Settings
from tests.asking import guard_of, request_of, signed_in
from ui.page import Page, nothing
from ui.wires import Wires


def page(path: str = "/odd", name: str = "odd", needs: Any = Permission.ENTER, layout: Any = nothing) -> Page:
    return Page(name, path, "Odd", needs, layout)


def wired(*pages: Page, output: str = "odd-out") -> list[Wires]:
    """Pages, the first of which has one callback."""
    made = [Wires(one) for one in pages]
    made[0].callback(Output(output, "children"), Input("odd-in", "value"))(lambda *_: "x")
    return made


@pytest.fixture
def strays() -> Iterator[None]:
    """What a test records beside the wires is forgotten after it."""
    yield
    _callback.GLOBAL_CALLBACK_LIST.clear()
    _callback.GLOBAL_CALLBACK_MAP.clear()
    _callback.GLOBAL_API_PATHS.clear()
    for kind in HooksManager.hooks._ns.values():
        kind.clear()


def refused(settings: Settings, pages: list[Wires], words: str) -> None:
    with pytest.raises(Unguarded, match=words):
        create_app(settings, pages)


def test_an_app_of_guarded_pages_starts(settings: Settings) -> None:
    create_app(settings, wired(page(), page("/other", "other")))


@pytest.mark.parametrize("needs", [None, "enter", "", 7, [Permission.ENTER]])
def test_a_page_without_a_permission(settings: Settings, needs: Any) -> None:
    refused(settings, [Wires(page(needs=needs))], r"page /odd \(no permission")


@pytest.mark.parametrize("layout", [html.Div("drawn for everybody"), None, "text"])
def test_a_layout_that_is_no_function(settings: Settings, layout: Any) -> None:
    refused(settings, [Wires(page(layout=layout))], r"page /odd \(its layout is no function")


def test_two_pages_at_one_address(settings: Settings) -> None:
    pages = [Wires(page(needs=Permission.ADMINISTER)), Wires(page(name="other"))]
    refused(settings, pages, r"page /odd \(another has its address or name")


def test_two_pages_of_one_name(settings: Settings) -> None:
    pages = [Wires(page(needs=Permission.ADMINISTER)), Wires(page("/other"))]
    refused(settings, pages, r"page /other \(another has its address or name")


@pytest.mark.parametrize(
    "path", ["/sign-in", "/api/health", "/_dash-layout", "/assets/x.css", "/overview/x.csv"]
)
def test_a_page_at_the_address_of_a_route(settings: Settings, path: str) -> None:
    refused(settings, [Wires(page(path))], rf"page {path} \(its address is a route's")


def test_a_wire_without_a_permission(settings: Settings) -> None:
    refused(settings, wired(page(needs="anything")), r"callback odd-out\.children \(no permission")


def test_one_output_of_two_pages(settings: Settings) -> None:
    pages = [*wired(page(needs=Permission.ADMINISTER)), *wired(page("/other", "other"))]
    refused(settings, pages, r"callback odd-out\.children \(recorded twice")


@pytest.mark.usefixtures("strays")
def test_a_callback_beside_the_wires(settings: Settings) -> None:
    callback(Output("stray", "children"), Input("odd-in", "value"))(lambda value: value)
    refused(settings, wired(page()), r"callback stray\.children \(no permission")


@pytest.mark.usefixtures("strays")
def test_a_clientside_callback_beside_the_wires(settings: Settings) -> None:
    clientside_callback("function (x) { return x; }", Output("stray", "children"), Input("odd-in", "value"))
    refused(settings, wired(page()), r"callback stray\.children \(no permission")


@pytest.mark.parametrize("option", ["websocket", "persistent", "_allow_dynamic_callbacks"])
def test_a_callback_that_is_not_plain(settings: Settings, option: str) -> None:
    wires = Wires(page())
    wires.callback(Output("odd-out", "children"), Input("odd-in", "value"), **{option: True})(lambda *_: "x")
    refused(settings, [wires], r"callback odd-out\.children \((websocket|persistent|dynamic)")


@pytest.mark.usefixtures("strays")
def test_a_callback_with_an_address_of_its_own(settings: Settings) -> None:
    wires = Wires(page())
    wires.callback(Output("odd-out", "children"), Input("odd-in", "value"), api_endpoint="/api/odd")(
        lambda *_: "x"
    )
    refused(settings, [wires], "route /api/odd")


def test_a_background_callback(settings: Settings) -> None:
    with pytest.raises(ValueError, match="another user"):
        Wires(page()).callback(Output("odd-out", "children"), Input("odd-in", "value"), background=True)


@pytest.mark.usefixtures("strays")
@pytest.mark.parametrize("kind", ["route", "layout", "index", "setup", "error"])
def test_a_hook_of_another_package(settings: Settings, kind: str) -> None:
    getattr(hooks, kind)()(lambda *_args, **_named: html.Div())
    refused(settings, wired(page()), "hook ")


def test_a_route_that_no_list_names(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "CLOSED", guard.CLOSED - {"/_reload-hash"})
    refused(settings, [], "route /_reload-hash")


def test_something_that_answers_before_the_guard(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    install = guard.Guard.install

    def late(self: guard.Guard, server: Any) -> None:
        server.before_request(lambda: "an answer to everybody")
        install(self, server)

    monkeypatch.setattr(guard.Guard, "install", late)
    refused(settings, wired(page()), "something answers before it")


CHANGES = (
    ("DASH_MCP_ENABLED", "true", None),
    ("DASH_UI", "true", "Dash ui"),
    ("DASH_HOT_RELOAD", "true", "Dash hot_reload"),
    ("DASH_SERVE_DEV_BUNDLES", "true", "Dash serve_dev_bundles"),
    ("DASH_ASSETS_EXTERNAL_PATH", "https://elsewhere.example/", "assets from elsewhere"),
    ("DASH_REQUESTS_PATHNAME_PREFIX", "/elsewhere/", "Dash requests_pathname_prefix"),
    ("DASH_SUPPRESS_CALLBACK_EXCEPTIONS", "false", None),
)


@pytest.mark.parametrize(("name", "value", "words"), CHANGES)
def test_what_the_environment_opens_in_dash(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str | None
) -> None:
    """Either our own settings stand above it (None), or the start is refused."""
    monkeypatch.setenv(name, value)
    if words is None:
        dashboard = create_app(settings).extensions["dashboard"]
        assert dashboard._enable_mcp is False
        assert dashboard.config.suppress_callback_exceptions is True
    else:
        refused(settings, [], words)


OPENED = (
    ({"enable_mcp": True}, "Dash mcp"),
    ({"external_scripts": ["https://elsewhere.example/x.js"]}, "scripts from elsewhere"),
    ({"external_stylesheets": ["https://elsewhere.example/x.css"]}, "style sheets from elsewhere"),
    ({"serve_locally": False}, "scripts from elsewhere"),
    ({"health_endpoint": "ping"}, "Dash health"),
    ({"include_pages_meta": True}, "pages meta"),
)


@pytest.mark.parametrize(("options", "words"), OPENED)
def test_what_our_own_factory_could_open_in_dash(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], words: str
) -> None:
    made = factory.Dashboard.__init__

    def opened(self: Any, *args: Any, **named: Any) -> None:
        made(self, *args, **(named | options))

    monkeypatch.setattr(factory.Dashboard, "__init__", opened)
    refused(settings, [], words)


def test_a_wire_that_asks_for_less_than_its_page_needs_both(settings: Settings) -> None:
    wires = Wires(page(needs=Permission.VIEW_PRIVACY))
    wires.callback(Output("odd-out", "children"), Input("odd-in", "value"), needs=Permission.ENTER)(
        lambda *_: "kept-from-most"
    )
    server = create_app(settings, [wires])
    body = request_of(guard_of(server).wires["odd-out.children"])
    for role in PEOPLE:
        answer = signed_in(server, role).post(guard.CALLBACK, json=body)
        assert answer.status_code == (200 if Permission.VIEW_PRIVACY in PERMISSIONS[role] else 403), role


def test_a_callback_added_after_the_start_is_refused(settings: Settings) -> None:
    server = create_app(settings, wired(page()))
    dashboard = server.extensions["dashboard"]
    dashboard.callback(Output("late", "children"), Input("odd-in", "value"))(lambda value: value)
    body = {"output": "late.children", "outputs": {"id": "late", "property": "children"}}
    inputs = [{"id": "odd-in", "property": "value", "value": 1}]
    answer = signed_in(server, Role.ADMINISTRATOR).post(guard.CALLBACK, json={**body, "inputs": inputs})
    assert answer.status_code == 403
