"""A server of the sample whose keys are its own, and askers with a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from api.collector import COLLECTOR, SCHEMA
from api.webhooks import WEBHOOK
from app import shelf
from app.factory import create_app
from config.settings import Settings
from data.cubes import Cubes
from state.keys import Keys
from state.store import Store

DOORS = (COLLECTOR, SCHEMA, WEBHOOK)
"""Addresses for what comes in; docs/collector.md and docs/webhooks.md describe them."""
Ask = Callable[..., TestResponse]


def is_rest(rule: Rule) -> bool:
    """Whether an address is one of the API that answers questions."""
    return rule.rule.startswith("/api/v1/") and rule.endpoint not in DOORS


class Asker:
    """A program that asks with a key."""

    def __init__(self, server: Flask, secret: str) -> None:
        self.server, self.secret = server, secret

    def __call__(self, path: str, method: str = "GET", **headers: str) -> TestResponse:
        sent = {
            "Authorization": f"Bearer {self.secret}",
            **{n.replace("_", "-"): v for n, v in headers.items()},
        }
        return self.server.test_client().open(path, method=method, headers=sent)

    def json(self, path: str, **headers: str) -> dict[str, Any]:
        response = self(path, **headers)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.get_json()
        return found


@pytest.fixture(scope="module")
def own(sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the sample's lake with a state of its own."""
    database = tmp_path_factory.mktemp("own") / "state.db"
    return sample.model_copy(update={"state_url": SecretStr(f"sqlite:///{database}")})


@pytest.fixture(scope="module")
def served(own: Settings) -> Flask:
    made = create_app(own)
    shelf.keeper(made).renew()
    return made


@pytest.fixture(scope="module")
def cubes(served: Flask) -> Cubes:
    return shelf.keeper(served).current()


@pytest.fixture(scope="module")
def keys(own: Settings) -> Keys:
    return Store(own.state).keys


@pytest.fixture(scope="module")
def analyst(served: Flask, keys: Keys) -> Asker:
    return Asker(served, keys.add("analyst-script", "analyst", "a test")[1])
