"""A server of ours that is connected to a provider which may lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from app import shelf
from app.factory import create_app
from app.oidc import Connection
from config.settings import Settings
from identity.provider import Provider
from identity.rules import Rules
from tests import hostile

Set = Callable[..., FlaskClient]
SET = {
    "demo": False,
    "oidc_client_id": hostile.CLIENT,
    "oidc_client_secret": SecretStr(hostile.SECRET),
    "oidc_audience": hostile.AUDIENCE,
    "sign_in_limit": 100_000,  # a liar makes many attempts fail
}


@pytest.fixture(scope="module")
def liar() -> Iterator[hostile.Provider]:
    with hostile.running() as made:
        yield made


@pytest.fixture(scope="module")
def server(liar: hostile.Provider, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    var = tmp_path_factory.mktemp("oidc") / "var"
    made = create_app(Settings(var=var, oidc_issuer=liar.url, **SET))
    shelf.keeper(made).renew()
    return made


@pytest.fixture
def provider(liar: hostile.Provider, server: Flask) -> hostile.Provider:
    """The provider as it is when it tells the truth, and a server that has asked it nothing yet."""
    liar.reset()
    server.extensions["reachboard.oidc"] = connection(liar)
    return liar


def connection(liar: hostile.Provider, **changes: Any) -> Connection:
    settings = Settings(**{**SET, "oidc_issuer": liar.url, **changes})
    return Connection(Provider(Rules.of(settings)), hostile.SECRET, "")


@pytest.fixture
def browser(server: Flask, provider: hostile.Provider) -> FlaskClient:
    return server.test_client()


@pytest.fixture
def ruled(server: Flask, provider: hostile.Provider) -> Set:
    """A browser of the server under other rules."""

    def of(**changes: Any) -> FlaskClient:
        server.extensions["reachboard.oidc"] = connection(provider, **changes)
        return server.test_client()

    return of
