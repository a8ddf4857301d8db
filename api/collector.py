"""The collector: `POST /api/v1/events` takes live events and answers once they are durable."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, request

from api.v1 import problems
from api.v1.problems import Fault, Problem
from collect.accept import Accepted, Door, encoder
from collect.events import Wrong, decoded, schema
from collect.journal import Journal, JournalFailed, backlog
from config.permissions import Permission
from data.viewer import Viewer

COLLECTOR, SCHEMA = "api.events", "api.events_schema"
LARGEST_BODY = 5_000_000
MOST_EVENTS = 10_000
TOLD = 100
"""Refusals that an answer tells one by one."""
FULL_BYTES = 2 << 30
"""What may wait to be landed; beyond it nothing more is taken."""
RETRY_SECONDS = 5
JSON_TYPES = ("application/json", "")
LINE_TYPES = ("application/x-ndjson", "application/jsonl", "application/x-jsonlines")


@dataclass(frozen=True)
class Collector:
    """What the endpoint works with. `whose` says who asks."""

    door: Door
    journal: Journal
    whose: Callable[[], Viewer]

    def post(self) -> Response:
        try:
            return self._taken()
        except Problem as problem:
            return problems.answer(problem)

    def _taken(self) -> Response:
        request.max_content_length = LARGEST_BODY
        viewer = self.whose()
        events = _events()
        taken = self.door.take(source_of(viewer), events)
        keep(taken, self)
        return Response(json.dumps(_said(taken)), 202, content_type="application/json")


def keep(taken: Accepted, collector: Collector) -> None:
    """Make what was taken durable; a problem where it cannot be."""
    record = taken.record
    if backlog(collector.journal.folder) > FULL_BYTES:
        raise later("More waits to be landed than may wait.")
    collector.door.consents.state(taken.statements, record.source)
    if record.rows or record.refused or record.not_kept:
        try:
            collector.journal.append(encoder.encode(record))
        except JournalFailed:
            raise later("Nothing was kept: the disk is full or fails.") from None


def is_app() -> bool:
    """Whether the request goes to the collector from the browser of an app that the settings name."""
    named: tuple[str, ...] = current_app.config["REACHBOARD_APPS"]
    return request.endpoint == COLLECTOR and request.headers.get("Origin") in named


def preflight() -> Response:
    """What a browser asks before it sends events from an app."""
    headers = {
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Content-Encoding",
        "Access-Control-Max-Age": "3600",
    }
    return Response(status=204, headers=headers)


def _opened(response: Response) -> Response:
    if is_app():
        response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        response.vary.add("Origin")
    return response


def install(server: Flask, collector: Collector) -> dict[str, Permission]:
    """Add the addresses; returns the permission of each."""
    server.after_request(_opened)
    server.add_url_rule("/api/v1/events", COLLECTOR, collector.post, methods=["POST"])
    server.add_url_rule("/api/v1/events/schema.json", SCHEMA, _schema, methods=["GET"])
    return {COLLECTOR: Permission.SEND_EVENTS, SCHEMA: Permission.SEND_EVENTS}


def source_of(viewer: Viewer) -> str:
    """The source that the events of a key are of: its name, in small letters, digits and underlines."""
    return re.sub(r"[^a-z0-9]+", "_", viewer.name.removeprefix("Key ").lower()).strip("_")


def _schema() -> Response:
    return Response(json.dumps(schema()), content_type="application/schema+json")


def _events() -> list[Any]:
    kind = (request.mimetype or "").lower()
    if kind not in (*JSON_TYPES, *LINE_TYPES):
        raise Problem("bad-request", "Send application/json (an array) or application/x-ndjson.")
    try:
        events = decoded(_body(), lines=kind in LINE_TYPES)
    except Wrong as wrong:
        raise Problem("bad-request", str(wrong)) from None
    if len(events) > MOST_EVENTS:
        raise Problem("bad-request", f"{len(events):,} events, and {MOST_EVENTS:,} are taken at a time.")
    return list(events)


def _body() -> bytes:
    """The body, unpacked where it is packed; no more than `LARGEST_BODY` of it."""
    packed = request.headers.get("Content-Encoding", "identity").lower()
    if packed not in ("identity", "gzip"):
        raise Problem("bad-request", "Content-Encoding: gzip or none.")
    body = request.get_data(cache=False)
    if packed == "gzip":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
                body = file.read(LARGEST_BODY + 1)
        except (OSError, EOFError, zlib.error):
            raise Problem("bad-request", "The body is no whole gzip.") from None
    if len(body) > LARGEST_BODY:
        raise Problem("bad-request", f"A body holds at most {LARGEST_BODY // 1_000_000} MB, unpacked.")
    return body


def _said(taken: Accepted) -> dict[str, Any]:
    record = taken.record
    return {
        "accepted": taken.kept,
        "not_kept": sum(record.not_kept.values()),
        "refused": len(taken.refused),
        "refusals": [{"index": place, "detail": words} for place, words in taken.refused[:TOLD]],
    }


def later(why: str) -> Problem:
    """Not now: the sender shall send the same again."""
    return Problem(
        "not-ready",
        f"{why} Send the same again in {RETRY_SECONDS} s.",
        (Fault("body", why),),
        {"Retry-After": str(RETRY_SECONDS)},
    )
