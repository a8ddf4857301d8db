"""Health: whether this process lives, can answer, and is whole. It carries no figure and is open to all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, Response, jsonify

ENDPOINT = "health"


@dataclass(frozen=True)
class Condition:
    """`missing` says why nothing can be answered, `wrong` what does not work beside it; in words."""

    missing: Sequence[str] = ()
    wrong: Sequence[str] = ()


def install(server: Flask, condition: Callable[[], Condition]) -> None:
    """Add `GET /api/health` and the same under `/api/v1`: 503 until the process is ready, else 200."""

    def health() -> tuple[Response, int]:
        found = condition()
        ready = not found.missing
        status = "ok" if ready and not found.wrong else "degraded" if ready else "not ready"
        body = jsonify(
            status=status,
            live=True,
            ready=ready,
            degraded=ready and bool(found.wrong),
            reasons=[*found.missing, *found.wrong],
        )
        return body, 200 if ready else 503

    for path in ("/api/health", "/api/v1/health"):
        server.add_url_rule(path, ENDPOINT, health, methods=["GET"])
