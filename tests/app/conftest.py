"""An app with a page that few may see, and browsers of each role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from dash import Input, Output, State, html
from flask import Flask
from flask.testing import FlaskClient

from app import shelf
from app.factory import create_app
from app.pages import PAGES
from config.permissions import Permission, Role
from config.settings import Settings
from ui.page import Page
from ui.wires import Wires

SECRET_WORDS = "kept-from-most"
SECRET_OUTPUT = f"{SECRET_WORDS}-answer.children"
Browse = Callable[[Role | None], FlaskClient]


def secret_wires() -> Wires:
    """A page for those with VIEW_PRIVACY, with one wire, and one that asks for EXPORT on top."""

    def layout(viewer: Any, _cubes: Any, /, **_query: str) -> Any:
        return html.Div([html.H1("Ledger"), html.P(f"{SECRET_WORDS} {viewer.role}")])

    wires = Wires(
        Page("ledger", "/ledger", "Ledger of secrets", Permission.VIEW_PRIVACY, layout, icon="lock")
    )

    @wires.callback(
        Output(f"{SECRET_WORDS}-answer", "children"), Input("asked", "value"), State("more", "value")
    )
    def answer(viewer: Any, _cubes: Any, asked: object, more: object) -> str:
        if asked == "break":
            raise ValueError("member 12345 broke it")
        return f"{viewer.role} {asked} {more}"

    return wires


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    settings = Settings(var=tmp_path_factory.mktemp("web") / "var")
    made = create_app(settings, [*PAGES, secret_wires()])
    shelf.keeper(made).renew()
    return made


@pytest.fixture
def browse(server: Flask) -> Browse:
    """A browser of a role, signed in through the door; of None, a stranger's."""

    def of(role: Role | None) -> FlaskClient:
        client = server.test_client()
        if role is not None:
            assert client.post("/sign-in", data={"role": role.value}).status_code == 303
        return client

    return of


class Ledger:
    """Asks the page that few may see, the way the browser does."""

    words = SECRET_WORDS

    def call(self, client: FlaskClient, asked: object = "what", **changes: Any) -> Any:
        body: dict[str, Any] = {
            "output": SECRET_OUTPUT,
            "outputs": {"id": f"{SECRET_WORDS}-answer", "property": "children"},
            "inputs": [{"id": "asked", "property": "value", "value": asked}],
            "state": [{"id": "more", "property": "value", "value": 1}],
            "changedPropIds": ["asked.value"],
        }
        return client.post("/_dash-update-component", json=body | changes)

    def route(self, client: FlaskClient, path: object, search: object) -> Any:
        ends = [("frame-page", "children"), ("frame-place", "data")]
        asked = [("frame-address", "pathname", path), ("frame-address", "search", search)]
        body = {
            "output": "..frame-page.children...frame-place.data..",
            "outputs": [{"id": name, "property": prop} for name, prop in ends],
            "inputs": [{"id": name, "property": prop, "value": value} for name, prop, value in asked],
        }
        return client.post("/_dash-update-component", json=body)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()
