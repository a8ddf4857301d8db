"""Delivers what waits in the outbox: each notice until it arrived, with longer and longer waits between."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

from alerts.message import Message, NotTold, message_of
from alerts.ways import registry
from config.settings import Settings
from state.incidents import IncidentStore, Notice

SECOND_US = 1_000_000
FIRST_WAIT, LONGEST_WAIT = 60, 3600
GIVEN_UP_US = 3 * 86_400 * SECOND_US
AT_ONCE = 200
log = logging.getLogger("reachboard.alerts")


def deliver(settings: Settings, incidents: IncidentStore, now_us: int | None = None) -> int:
    """Send what is due, one after another; how many arrived. Never raises for a way that does not answer.

    Whoever ends in the middle has lost nothing: what was sent and not noted is sent again some minutes
    later, with the same id.
    """
    arrived = 0
    for _ in range(AT_ONCE):
        claimed = incidents.claim(settings.alerts, _now(now_us))
        if claimed is None:
            break
        notice, incident = claimed
        try:
            registry.send(notice.way, message_of(notice, incident, settings), settings)
        except NotTold as failure:
            _missed(incidents, notice, failure, _now(now_us))
        else:
            incidents.told(notice, _now(now_us))
            arrived += 1
    return arrived


def _missed(incidents: IncidentStore, notice: Notice, failure: NotTold, now_us: int) -> None:
    log.warning("Nobody was told by %s: %s.", notice.way, failure.words)
    if now_us - notice.made_us >= GIVEN_UP_US:
        incidents.drop(notice, failure.words, now_us)
        return
    wait = failure.after or min(FIRST_WAIT * 2**notice.tries, LONGEST_WAIT)
    incidents.missed(notice, failure.words, now_us + int(wait * SECOND_US))


def tried(settings: Settings) -> Iterator[tuple[str, str]]:
    """Send a message to try each way; (way, what went wrong or nothing)."""
    now_us = _now(None)
    uid = f"test-{now_us}"
    message = Message(
        incident=uid, uid=uid, kind="test", title="this is a test",
        words="Nothing is wrong: somebody tried this way.", urgent=False, since_us=now_us, over_us=None,
        plan=settings.plan, zone=settings.zone,
    )  # fmt: skip
    for way in settings.alerts:
        try:
            registry.send(way, message, settings)
        except NotTold as failure:
            yield way, failure.words
        else:
            yield way, ""


def _now(given: int | None) -> int:
    return time.time_ns() // 1000 if given is None else given
