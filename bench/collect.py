"""Rows 4 and 5 of the budget: durable events a second, and how soon one stands on a live tile."""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import brotli
import numpy as np

from bench.server import HOST, Browser, children
from bench.web import guard
from collect.accept import Door, encoder
from collect.events import decoded
from collect.journal import Journal
from config.settings import Settings
from data.identify import Pseudonyms
from data.live import read
from pages.live import LIVE_MILLISECONDS
from state.store import store_of
from tests.asking import request_of

BATCH, AT_ONCE = 100, 1_000
A_SECOND, SENDERS = 10_000, 8
ROUNDS = 9
MEMBERS = 1_000_000
STAGES = ("sent", "delivered", "opened")


def batch(first: int, events: int) -> bytes:
    """A body of `events` events of messages that were never sent before."""
    at = datetime.now(UTC).isoformat()
    rows = [
        {
            "id": f"e{n}",
            "event": STAGES[n % 3],
            "at": at,
            "member": f"M{(n // 3) % MEMBERS}",
            "message_id": f"m{n // 3}",
            "campaign": f"c{(n // 3) % 20}",
            "channel": "email",
        }
        for n in range(first, first + events)
    ]
    return json.dumps(rows).encode()


def ingest(settings: Settings) -> dict[str, Any]:
    """Events a second of one process: checked, allowed, made pseudonymous, and flushed to the disk."""
    store = store_of(settings)
    door = Door(Pseudonyms(settings.secret()), store.consents, where_given=False)
    bodies = [batch(n * AT_ONCE, AT_ONCE) for n in range(60)]
    rates, busy = [], []
    with TemporaryDirectory(dir=settings.var) as folder:
        journal = Journal(Path(folder))
        for _ in range(ROUNDS):
            began, worked = time.perf_counter(), time.process_time()
            for body in bodies:
                journal.append(encoder.encode(door.take("bench", decoded(body, lines=False)).record))
            rates.append(len(bodies) * AT_ONCE / (time.perf_counter() - began))
            busy.append((time.process_time() - worked) / (len(bodies) * AT_ONCE) * 1e6)
    store.close()
    return {
        "events_a_second": round(median(rates)),
        "slowest": round(min(rates)),
        "fastest": round(max(rates)),
        "processor_us_an_event": round(median(busy), 2),
        "a_request": AT_ONCE,
    }


@dataclass
class Load:
    """Posts batches at a steady pace, whether answers come or not; keeps when each was accepted."""

    port: int
    key: str
    seconds: float
    rate: int = A_SECOND
    accepted: list[tuple[float, int]] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    refused: int = 0
    _next: Iterator[int] = field(default_factory=count)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        began = time.perf_counter()
        senders = [threading.Thread(target=self._send, args=(began,)) for _ in range(SENDERS)]
        for one in senders:
            one.start()
        for one in senders:
            one.join()

    def _send(self, began: float) -> None:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        while True:
            with self._lock:
                number = next(self._next)
            due = began + number * BATCH / self.rate
            if due - began > self.seconds:
                return
            body = batch(number * BATCH, BATCH)
            time.sleep(max(0.0, due - time.perf_counter()))
            connection.request("POST", "/api/v1/events", body, headers)
            answer = connection.getresponse()
            answer.read()
            now = time.perf_counter()
            with self._lock:
                self.taken.append(now - due)
                if answer.status == 202:
                    self.accepted.append((now, sum((number * BATCH + n) % 3 == 0 for n in range(BATCH))))
                else:
                    self.refused += 1


def live(settings: Settings, workers: list[int], seconds: float) -> dict[str, Any]:
    """A steady load on the served collector, and the tile of the Overview as a browser renews it."""
    store = store_of(settings)
    key = store.keys.add(f"Bench {int(time.time())}", "source", "bench")[1]
    store.close()
    before, base = _processor(workers), read(settings.lake).told("sent")
    load = Load(settings.port, key, seconds)
    browser, ended = Browser(settings.port), threading.Event()
    seen: list[tuple[float, int]] = []
    looking = threading.Thread(target=_look, args=(_wire(settings), browser, seen, ended.is_set))
    looking.start()
    load.run()
    time.sleep(5)
    ended.set()
    looking.join()
    spent = _processor(workers) - before
    fresh = _freshness(load.accepted, seen, base)
    return {
        "seconds": seconds,
        "events_a_second": round(len(load.accepted) * BATCH / seconds),
        "refused_requests": load.refused,
        "answer_ms": _milliseconds(np.array(load.taken)),
        "tile_ms": _milliseconds(fresh),
        "tile_never": len(load.accepted) - len(fresh),
        "workers_processor_share": round(spent / seconds, 2),
    }


def _wire(settings: Settings) -> Any:
    wires = guard(settings).wires
    return next(wires[name] for name in wires if name.startswith("..overview-live-told."))


def _look(wire: Any, browser: Browser, seen: list[tuple[float, int]], ended: Callable[[], bool]) -> None:
    """Ask as a page does; keep when the tile told how many messages were sent."""
    as_of = 0
    while not ended():
        answer = browser.call(request_of(wire, {"overview-live-as-of.data": as_of}))
        if answer.status == 200:
            told = _unpacked(answer)["response"]
            as_of = told["overview-live-as-of"]["data"]
            if "children" in told.get("overview-live-told", {}):
                seen.append((time.perf_counter(), _first_count(told["overview-live-told"]["children"])))
        time.sleep(LIVE_MILLISECONDS / 1000)


def _unpacked(answer: Any) -> Any:
    packed = answer.headers.get("content-encoding") == "br"
    return json.loads(brotli.decompress(answer.body) if packed else answer.body)


def _first_count(part: Any) -> int:
    """The first number of the strip: messages sent."""
    found = _counts(part)
    words = str(next(found, "0")).replace(",", "")
    return int(words) if words.isdecimal() else 0


def _counts(part: Any) -> Iterator[Any]:
    if isinstance(part, list):
        for one in part:
            yield from _counts(one)
    elif isinstance(part, dict):
        props = part.get("props", {})
        if props.get("className") == "live-count":
            yield props["children"]
        yield from _counts(props.get("children"))


def _freshness(
    accepted: list[tuple[float, int]], seen: list[tuple[float, int]], base: int
) -> np.ndarray[Any, Any]:
    """Seconds from each acceptance until the tile told as many messages as were accepted till then."""
    ordered = sorted(accepted)
    at = np.array([one for one, _ in ordered])
    needed = base + np.cumsum([messages for _, messages in ordered])
    times, told = np.array([one for one, _ in seen]), np.array([messages for _, messages in seen])
    place = np.searchsorted(told, needed, "left")
    inside = place < len(told)
    return np.asarray(times[place[inside]] - at[inside])


def _milliseconds(values: np.ndarray[Any, Any]) -> dict[str, float]:
    if not len(values):
        return {}
    shares = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    return {name: round(float(np.quantile(values, share)) * 1000, 1) for name, share in shares}


def _processor(workers: list[int]) -> float:
    """Seconds of processor time that workers and their children have taken."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for pid in {*workers, *(child for worker in workers for child in children(worker))}:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        except FileNotFoundError:
            continue
        total += (int(fields[11]) + int(fields[12])) / ticks
    return total
