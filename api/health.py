"""Health: whether this process lives and can answer. It carries no figure and is open to all."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, jsonify

State = Callable[[], list[str]]


def install(server: Flask, reasons: State) -> None:
    """Add `GET /api/health`; `reasons` says in words why the process is not ready, if it is not."""

    def health() -> tuple[Response, int]:
        found = reasons()
        return jsonify(live=True, ready=not found, reasons=found), 503 if found else 200

    server.add_url_rule("/api/health", "health", health, methods=["GET"])
