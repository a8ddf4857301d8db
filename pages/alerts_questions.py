"""What the Alerts page and its API ask: the alerts that a viewer may see, and those an address names."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from data.cubes import Cubes
from data.viewer import Viewer
from state.alerts import Alert, State
from state.store import Store

ADDRESS = "/alerts"
SIZE = 10
MOST_PAGES = 1_000
FIRST = {State.OPEN: 0, State.ACKNOWLEDGED: 1, State.SNOOZED: 2}


@dataclass(frozen=True)
class View:
    """What an address asks for: an alert by its uid, and which page of the past ones (from 0)."""

    alert: str = ""
    past: int = 0


def view_of(query: object) -> View:
    """The view of an address; what is no view of ours is the first page."""
    given = query if isinstance(query, dict) else {}
    uid, past = str(given.get("alert", "")), str(given.get("past", ""))
    page = int(past) - 1 if past.isdecimal() and past.isascii() and 0 < len(past) < 5 else 0
    return View(uid if uid.isalnum() and len(uid) <= 40 else "", max(0, min(page, MOST_PAGES)))


def visible(viewer: Viewer, cubes: Cubes, store: Store) -> list[Alert]:
    """The alerts in a viewer's row scope, the newest first.

    Those of the whole plan tell of everybody's campaigns: who may see a part sees those of campaigns in it.
    """
    return [one for one in store.alerts.all() if may_see(one, viewer, cubes)]


def may_see(alert: Alert, viewer: Viewer, cubes: Cubes) -> bool:
    if viewer.scope.whole:
        return True
    campaign = None if alert.campaign is None else cubes.campaigns.get(alert.campaign)
    return campaign is not None and viewer.scope.allows(campaign.program, campaign.line_of_business)


def one(uid: str, viewer: Viewer, cubes: Cubes, store: Store) -> Alert | None:
    """The alert of that uid, where the viewer may see it."""
    found = store.alerts.one(uid) if uid else None
    return found if found is not None and may_see(found, viewer, cubes) else None


def parted(alerts: Sequence[Alert], now_us: int) -> tuple[list[Alert], list[Alert]]:
    """Those that are not resolved, the most pressing first, and past ones, the latest first."""
    standing = [one for one in alerts if one.state(now_us) is not State.RESOLVED]
    standing.sort(key=lambda one: (FIRST[one.state(now_us)], not one.urgent, -(one.last_day or one.fired_us)))
    past = [one for one in alerts if one.state(now_us) is State.RESOLVED]
    past.sort(key=lambda one: (-(one.resolved_us or 0), -(one.last_day or 0), one.id))
    return standing, past


def address(uid: str = "", past: int = 0) -> str:
    """The address of an alert, or of a page of the past ones."""
    told = ([f"alert={uid}"] if uid else []) + ([f"past={past + 1}"] if past else [])
    return f"{ADDRESS}?{'&'.join(told)}" if told else ADDRESS


def now_us() -> int:
    return time.time_ns() // 1000
