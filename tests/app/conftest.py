"""An app with a page that few may see, and browsers of each role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import shelf
from app.factory import create_app
from app.pages import PAGES
from config.permissions import Role
from config.settings import Settings
from tests.asking import (
    SECRET_OUTPUT,
    SECRET_WORDS,
    call,
    guard_of,
    request_of,
    secret_wires,
    show,
    signed_in,
)

Browse = Callable[[Role | None], FlaskClient]


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
        return signed_in(server, role)

    return of


class Ledger:
    """Asks the page that few may see, the way the browser does."""

    words = SECRET_WORDS

    def call(self, client: FlaskClient, asked: object = "what", **changes: Any) -> Any:
        wire = guard_of(client.application).wires[SECRET_OUTPUT]
        return call(client, request_of(wire, {"asked.value": asked, "more.value": 1}, **changes))

    def route(self, client: FlaskClient, path: object, search: object) -> Any:
        return show(client.application, client, path, search)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()
