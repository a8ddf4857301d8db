"""The collector under load: its processes killed, or told to end, while senders send."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

from collect.accept import decoder
from collect.journal import records
from config.settings import Settings
from data.identify import Pseudonyms
from data.snapshot import Lake
from etl.drain import drain
from etl.refresh import refresh
from faults.outcome import Outcome
from faults.sent import Truth, differing, published, stored
from faults.serving import SOURCE, Senders, Served, settings_in

SENDERS = 4
OF_A_SERVER = 50
LOOKS = 20
WHOLE = 5
"""Of so many kills one takes the whole server, the others a web process."""


def killed(trials: int, folder: Path, outcome: Outcome) -> None:
    """kill -9 of a web process, or of the whole server, while senders send and send again."""
    rng = random.Random(trials)
    for begun in range(0, trials, OF_A_SERVER):
        _kills(min(OF_A_SERVER, trials - begun), folder / str(begun), rng, outcome)


def _kills(trials: int, folder: Path, rng: random.Random, outcome: Outcome) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    served, truth = Served(settings_in(folder)), Truth()
    senders = Senders(served, SENDERS, rng.randrange(1 << 30))
    try:
        for trial in range(trials):
            senders.begin()
            time.sleep(rng.uniform(0.05, 0.6))
            whole = trial % WHOLE == 1
            if whole:
                served.kill()
            else:
                _until(served, 1)
                for worker in rng.sample(served.workers(), 1):
                    with suppress(ProcessLookupError):
                        os.kill(worker, signal.SIGKILL)
            time.sleep(rng.uniform(0.0, 0.3))
            senders.end()
            if whole:
                served.begin()
            else:
                _until(served, served.settings.workers)
            outcome.counts["whole servers" if whole else "web processes"] += 1
            _count(served, senders, truth, outcome)
        _publish(served, senders, truth, outcome)
    finally:
        served.kill()


def _until(served: Served, workers: int) -> None:
    """Wait until so many web processes are up: one that was killed has to come again by itself."""
    until = time.monotonic() + 120
    while len(served.workers()) < workers:
        if served.process.poll() is not None or time.monotonic() > until:
            said = (served.settings.var / "server.log").read_text(encoding="utf-8")[-2_000:]
            raise RuntimeError(f"The server did not stand up again ({served.process.poll()}): {said}")
        time.sleep(0.05)


def _count(served: Served, senders: Senders, truth: Truth, outcome: Outcome) -> None:
    """Land what can be landed, and look for every event that was acknowledged so far."""
    _take(senders, truth, outcome)
    outcome.trials += 1
    drain(served.settings)
    lake = Lake(served.settings.lake)
    outcome.doubled += stored(lake)[1]
    outcome.lost += missing(served.settings, truth)


def missing(settings: Settings, truth: Truth) -> int:
    """Acknowledged events that are neither in the journal nor in the lake, also when asked again: the
    server's own runs move them from the one to the other meanwhile."""
    ids = Pseudonyms(settings.secret())
    expected = {ids.key("event", (SOURCE, name)) for name in truth.known}
    for _ in range(LOOKS):
        there = _journaled(settings)
        there |= set(Lake(settings.lake).frame("events")["event_id"])
        if expected <= there:
            return 0
        time.sleep(0.2)
    return len(expected - there)


def _journaled(settings: Settings) -> set[int]:
    found: set[int] = set()
    for segment in settings.journal.glob("*-*-*.*"):
        with suppress(FileNotFoundError):  # landed, or handed on
            for payload in records(segment):
                found |= {row.event_id for row in decoder.decode(payload).messages}
    return found


def _kept_without_a_word(settings: Settings, senders: Senders) -> int:
    """Requests that were kept and not answered. Others without an answer were never taken in: they stood in
    the queue of the socket when it was closed."""
    drain(settings)
    there = set(Lake(settings.lake).frame("events")["event_id"])
    ids = Pseudonyms(settings.secret())
    several = [request for one in senders.all for request in one.unanswered]
    return sum(ids.key("event", (SOURCE, request[0]["id"])) in there for request in several)


def _take(senders: Senders, truth: Truth, outcome: Outcome) -> None:
    taken = senders.take()
    truth.add(taken)
    outcome.counts["acknowledged events"] += len(taken)
    for one in senders.all:
        outcome.counts["requests without an answer"] += len(one.unanswered)
        outcome.counts["answers 429 or 503"] += one.later
        one.unanswered, one.later = [], 0


def _publish(served: Served, senders: Senders, truth: Truth, outcome: Outcome) -> None:
    """Send again what was under way, land and publish everything, and count it by hand."""
    for one in senders.all:
        one.finish()
    _take(senders, truth, outcome)
    served.kill()
    drain(served.settings)
    refresh(served.settings)
    lake = Lake(served.settings.lake)
    there, twice = stored(lake)
    outcome.lost += missing(served.settings, truth)
    outcome.doubled += twice + max(0, there - len(truth.known))
    outcome.wrong += differing(truth.figures(), published(lake))


def stopped(trials: int, folder: Path, outcome: Outcome) -> None:
    """SIGTERM while senders send: what is under way is answered, and what was acknowledged is there."""
    rng = random.Random(trials)
    folder.mkdir(parents=True, exist_ok=True)
    served, truth = Served(settings_in(folder)), Truth()
    senders = Senders(served, SENDERS, rng.randrange(1 << 30))
    try:
        for trial in range(trials):
            if trial:
                served.begin()
            senders.begin()
            time.sleep(rng.uniform(0.2, 0.8))
            served.stop()
            senders.end()
            outcome.counts["kept without an answer"] += _kept_without_a_word(served.settings, senders)
            _count(served, senders, truth, outcome)
        served.begin()
        _publish(served, senders, truth, outcome)
    finally:
        served.kill()
