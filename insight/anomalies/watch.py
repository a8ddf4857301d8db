"""Looks at a snapshot once, keeps what departs from its past, and has told what stands."""

from __future__ import annotations

import time

from config.settings import Settings
from config.vocabulary import CHANNEL_LABELS
from data.catalogue import catalogue
from data.cubes import Cubes
from insight.anomalies.episodes import raised, silent_sources
from insight.anomalies.released import Kind
from insight.anomalies.series import watched
from state.alerts import Alert
from state.incidents import Found
from state.store import Store

AGAIN_US = 3_600_000_000
FIGURES = "figures"
"""The topic of the incidents that tell of alerts (docs/alerts.md)."""
TITLES: dict[str, str] = {
    Kind.VOLUME: "fewer messages than usual: {0}",
    Kind.DELIVERY: "fewer messages are delivered than usual: {0}",
    Kind.ENGAGEMENT: "less engagement than usual: {0}",
    Kind.OPT_OUTS: "more opt-outs than usual: {0}",
    Kind.COMPLAINTS: "more complaints than usual: {0}",
    Kind.COST: "messages cost more than usual: {0}",
    Kind.SOURCE: "the source {0} is silent",
}
WORDS = "The Alerts page shows the figure, its baseline and which data are complete."


def look(settings: Settings, store: Store, cubes: Cubes, now_us: int | None = None) -> bool:
    """Judge a snapshot that nobody looked at lately; whether it was looked at now. Sends nothing.

    The same one is looked at again after an hour: where sources fall silent nothing is published.
    """
    at = time.time_ns() // 1000 if now_us is None else now_us
    published_us = cubes.snapshot.published_us
    if not cubes.snapshot.number or store.alerts.looked(published_us, at - AGAIN_US):
        return False
    series = watched(cubes)
    found = [*raised(series), *silent_sources(catalogue(cubes), at)]
    many = sum(len(one.judged) for one in series)
    standing = store.alerts.settle(found, (cubes.snapshot.number, published_us), many, at)
    told = [outside(one) for one in standing]
    store.incidents.settle(FIGURES, told, settings.alerts, at)
    return True


def outside(alert: Alert) -> Found:
    """What may be told outside of an alert: what it is about, and no figure of it."""
    of = CHANNEL_LABELS.get(alert.subject, alert.subject)
    subject = of if alert.campaign is None else f"{of} of campaign {alert.campaign}"
    title = TITLES[alert.kind].format(subject)
    # An alert that fires again after it was over is another one, so that it is told again.
    return Found(alert.uid, f"figures-{alert.kind}", title, WORDS, urgent=alert.urgent)
