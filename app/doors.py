"""The doors for events of other systems: what the collector and the webhooks work with."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from api import collector, webhooks
from collect.accept import Door
from collect.hooks import Hooks
from collect.journal import Journal
from config.permissions import Permission
from config.settings import Settings
from data.identify import Pseudonyms
from data.viewer import Viewer
from state.store import Store

JOURNAL = "reachboard.journal"


def install(
    server: Flask, settings: Settings, store: Store, viewer: Callable[[], Viewer]
) -> dict[str, Permission]:
    """Add the doors; returns the permission of each address that asks for one."""
    server.config["REACHBOARD_APPS"] = settings.apps
    journal = Journal(settings.journal)
    server.extensions[JOURNAL] = journal
    door = Door(Pseudonyms(settings.secret()), store.consents, settings.tracking == "where_given")
    collecting = collector.Collector(door, journal, viewer)
    webhooks.install(server, webhooks.Webhooks(Hooks(settings.webhooks), collecting, settings.public_url))
    return collector.install(server, collecting)


def hand_on(server: Flask) -> None:
    """Hand on the part of the journal that has waited long enough to be landed."""
    journal = server.extensions[JOURNAL]
    assert isinstance(journal, Journal)
    journal.release_old()
