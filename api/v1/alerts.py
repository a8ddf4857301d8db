"""Alerts on figures for other systems: what departed from its past, where it stands, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, request

from api.v1 import bodies, paging, taken
from api.v1.parameters import PAGING, Parameters
from data.cubes import Cubes
from data.viewer import Viewer
from pages import alerts_questions as questions
from pages import alerts_words as words
from state.alerts import Act, Alert, State, precision
from state.store import Store

STATUSES = tuple(state.value for state in State)
DAY_US = 86_400_000_000


def alerts(viewer: Viewer, cubes: Cubes) -> dict[str, Any]:
    """`GET /api/v1/alerts`: the alerts in the viewer's scope, the newest first.

    `since` keeps those that fired or ended on that day (UTC) or later.
    """
    asked = Parameters(request.args, ("status", "since", *PAGING), attributed=False)
    statuses, since = asked.names("status", STATUSES), asked.day("since")
    store, now_us = _store(), questions.now_us()
    every = questions.visible(viewer, cubes, store)
    least = 0 if since is None else since * DAY_US
    kept = [
        one
        for one in every
        if (not statuses or one.state(now_us) in statuses)
        and max(one.fired_us, one.resolved_us or 0) >= least
    ]
    part = paging.part(kept, asked.page(), cubes.snapshot.number)
    told = {"status": ",".join(statuses), "since": bodies.day(since) or ""}
    taken.keep_listed("alerts", {n: text for n, text in told.items() if text}, len(part.rows))
    acts = store.alerts.acts([one.id for one in part.rows])
    judged = precision(every)
    return {
        **bodies.stamp(cubes.snapshot),
        "precision": {"real": judged.real, "judged": judged.judged},
        "count": part.count,
        "next": part.following,
        "alerts": [described(one, acts.get(one.id, []), cubes, now_us) for one in part.rows],
    }


def moved(viewer: Viewer, cubes: Cubes) -> int:
    """What an answer depends on beside the snapshot: acts, looks, and snoozes that have ended."""
    store, now_us = _store(), questions.now_us()
    snoozed = sum(one.state(now_us) is State.SNOOZED for one in questions.visible(viewer, cubes, store))
    return 1_000 * store.alerts.marked() + snoozed


def _store() -> Store:
    store = current_app.extensions["reachboard.store"]
    assert isinstance(store, Store)
    return store


def described(alert: Alert, acts: Sequence[Act], cubes: Cubes, now_us: int) -> dict[str, Any]:
    """An alert with its figures, its baseline and its history."""
    return {
        "alert_id": alert.uid,
        "title": words.finding(alert, cubes),
        "kind": alert.kind,
        "metric": alert.metric or None,
        "subject": alert.subject,
        "campaign_id": alert.campaign,
        "urgent": alert.urgent,
        "status": alert.state(now_us).value,
        "first_day": bodies.day(alert.first_day),
        "last_day": bodies.day(alert.last_day),
        "value": bodies.number(alert.value),
        "usual": bodies.number(alert.usual),
        "low": bodies.number(alert.low),
        "high": bodies.number(alert.high),
        "chance": alert.chance,
        "complete_through": bodies.day(alert.complete_through),
        "of_snapshot": alert.snapshot,
        "fired_at": bodies.moment(alert.fired_us),
        "snoozed_until": bodies.moment(alert.snoozed_until_us),
        "resolved_at": bodies.moment(alert.resolved_us),
        "real": alert.real,
        "history": [
            {"at": bodies.moment(act.at_us), "by": act.by or None, "do": act.do, "text": act.text}
            for act in acts
        ],
    }
