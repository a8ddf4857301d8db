"""`GET /metrics` for Prometheus: requests, callbacks, runs, journal and incidents; no count of members."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from flask import Flask, Response
from sqlalchemy.exc import SQLAlchemyError

from api.health import Condition
from app import shelf
from app.bearer import METRICS
from app.meters import BUCKETS, OTHER, Key, Meters
from app.trail import METERS
from collect.journal import backlog, segments
from config.settings import Settings
from data import pulls, runs
from data.runs import RunRecord
from state.sessions import SessionsAway
from state.store import Store

ENDPOINT = "metrics"
TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "reachboard_"
BROKEN = ("failed", "blocked")
Sample = tuple[str, Mapping[str, object], float]


@dataclass(frozen=True)
class Family:
    """A metric: each sample is what its name has behind the family's, its labels and its value."""

    name: str
    kind: str
    words: str
    samples: Iterable[Sample]

    def lines(self) -> Iterator[str]:
        name = PREFIX + self.name
        yield f"# HELP {name} {self.words}"
        yield f"# TYPE {name} {self.kind}"
        for end, labels, value in self.samples:
            yield f"{name}{end}{_labels(labels)} {_number(value)}"


def install(server: Flask, settings: Settings, store: Store, condition: Callable[[], Condition]) -> None:
    """Add the address; the guard asks for its permission."""

    def metrics() -> Response:
        meters: Meters = server.extensions[METERS]
        found = [*_of_web(meters), *_of_server(server, meters, condition()), *_of_lake(settings, store)]
        text = "".join(f"{line}\n" for family in found for line in family.lines())
        return Response(text, content_type=TYPE)

    server.add_url_rule(METRICS, ENDPOINT, metrics, methods=["GET"])


def _of_web(meters: Meters) -> Iterator[Family]:
    numbers = meters.read()
    yield Family(
        "requests_total", "counter", "Requests answered.",
        [
            ("", {"method": key[1], "route": key[2], "status": key[3] if key[3] != OTHER else "other"}, value)
            for key, value in numbers.items() if key[0] == "requests"
        ],
    )  # fmt: skip
    yield Family(
        "request_seconds", "histogram", "Seconds from a request to the last byte of its answer.",
        _histograms(numbers),
    )  # fmt: skip
    yield Family(
        "callback_seconds", "summary", "Seconds that callbacks of pages took.",
        [
            sample
            for key, value in numbers.items() if key[0] == "calls"
            for sample in (
                ("_count", {"callback": key[1]}, value),
                ("_sum", {"callback": key[1]}, numbers.get(("called", key[1]), 0.0)),
            )
        ],
    )  # fmt: skip


def _histograms(numbers: Mapping[Key, float]) -> Iterator[Sample]:
    for route in dict.fromkeys(key[1] for key in numbers if key[0] == "bucket"):
        total = 0.0
        for bound in BUCKETS:
            total += numbers.get(("bucket", route, bound), 0.0)
            shown = "+Inf" if bound == BUCKETS[-1] else bound
            yield "_bucket", {"route": route, "le": shown}, total
        yield "_sum", {"route": route}, numbers.get(("took", route), 0.0)
        yield "_count", {"route": route}, total


def _of_server(server: Flask, meters: Meters, condition: Condition) -> Iterator[Family]:
    yield _one("processes", "Web processes that live.", meters.processes())
    yield _one("ready", "Whether this process can answer.", not condition.missing)
    yield _one("degraded", "Whether something is wrong; /api/health says what.", bool(condition.wrong))
    keeper = shelf.keeper(server)
    if keeper.loaded:
        snapshot = keeper.current().snapshot
        yield _one("snapshot_number", "The snapshot that this process shows.", snapshot.number)
        if snapshot.published_us:
            yield _one(
                "snapshot_published_timestamp_seconds", "When it was published.", snapshot.published_us / 1e6
            )


def _of_lake(settings: Settings, store: Store) -> Iterator[Family]:
    yield from _of_runs(settings)
    failing = sum(one.fails for one in pulls.read(settings.lake))
    yield _one("sources_failing", "Sources that cannot be pulled.", failing)
    yield _one("journal_bytes", "Live events that wait to be landed.", backlog(settings.journal))
    yield _one("journal_oldest_seconds", "How long the oldest of them waits.", _waits(settings))
    try:
        found = [one for one in store.incidents.since(int(time.time() * 1e6)) if one.recovered_us is None]
    except (SQLAlchemyError, OSError):
        yield _one("state_up", "Whether the state database answers.", 0)
        return
    yield _one("state_up", "Whether the state database answers.", 1)
    with suppress(SessionsAway):
        yield _one("sessions", "People who are signed in.", len(store.sessions.active()))
    kinds = dict.fromkeys(one.kind for one in found)
    counted = [("", {"kind": kind}, sum(one.kind == kind for one in found)) for kind in kinds]
    yield Family("incidents_open", "gauge", "What is wrong with the loading, by kind.", counted)


def _of_runs(settings: Settings) -> Iterator[Family]:
    try:
        known = runs.read(settings.lake)
    except (OSError, json.JSONDecodeError, TypeError):
        known = []
    last: dict[str, RunRecord] = {}
    for run in known:
        last.setdefault(run.kind, run)
    told = {kind: {"kind": kind} for kind in last}
    for name, words, value in (
        ("run_started_timestamp_seconds", "When the last run of a kind began.", lambda r: r.started_us / 1e6),
        ("run_seconds", "How long it took.", lambda r: r.seconds),
        ("run_failed", "Whether it failed, or was stopped by a check.", lambda r: r.ended in BROKEN),
    ):
        yield Family(name, "gauge", words, [("", told[kind], value(run)) for kind, run in last.items()])


def _waits(settings: Settings) -> float:
    """Seconds since the oldest segment of the journal was begun, as its name says; 0 without one."""
    oldest = next(iter(segments(settings.journal)), None)
    try:
        begun = 0 if oldest is None else int(oldest.name.partition("-")[0]) / 1e6
    except ValueError:
        begun = 0
    return max(0.0, time.time() - begun) if begun else 0.0


def _one(name: str, words: str, value: float) -> Family:
    return Family(name, "gauge", words, [("", {}, value)])


def _labels(labels: Mapping[str, object]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(str(value))}"' for name, value in labels.items()) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
