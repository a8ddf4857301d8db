"""The app in this very process, for faults that are made from within: its collector, and its journal."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from app.factory import create_app
from collect.journal import Journal
from config.settings import Settings
from faults.sent import Event
from faults.serving import SOURCE
from state.store import store_of


class Inside:
    """The collector of a plan of its own, asked without a network."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(var=folder, sample=False, collector_limit=1_000_000)
        self.server: Flask = create_app(self.settings)
        self.secret = store_of(self.settings).keys.add(SOURCE, "source", "faults")[1]

    @property
    def journal(self) -> Journal:
        journal = self.server.extensions["reachboard.journal"]
        assert isinstance(journal, Journal)
        return journal

    def post(self, body: bytes, kind: str = "application/json") -> TestResponse:
        named = {"Authorization": f"Bearer {self.secret}", "Content-Type": kind}
        return self.server.test_client().post("/api/v1/events", data=body, headers=named)

    def send(self, several: list[Event]) -> bool:
        """Whether the events were acknowledged."""
        return self.post(json.dumps(several).encode()).status_code == 202
