"""An app with a page that few may see, and browsers of each role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from app import shelf
from app.factory import create_app
from app.pages import PAGES
from config.permissions import Role
from config.settings import Settings
from state.store import Store
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
from tests.places import LINE

Browse = Callable[[Role | None], FlaskClient]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    settings = Settings(var=tmp_path_factory.mktemp("web") / "var")
    made = create_app(settings, [*PAGES, secret_wires()])
    shelf.keeper(made).renew()
    return made


@pytest.fixture(scope="module")
def own(sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The sample with a state database of the module's own, and users who see one line of business."""
    url = SecretStr(f"sqlite:///{tmp_path_factory.mktemp('own') / 'state.db'}")
    return sample.model_copy(update={"state_url": url, "demo_lines": (LINE,)})


@pytest.fixture(scope="module")
def own_server(own: Settings) -> Flask:
    """An app on it; a module that asks it alone names it `server`."""
    made = create_app(own)
    shelf.keeper(made).renew()
    return made


@pytest.fixture(scope="module")
def store(server: Flask) -> Store:
    """The server's own store."""
    found = server.extensions["reachboard.store"]
    assert isinstance(found, Store)
    return found


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
