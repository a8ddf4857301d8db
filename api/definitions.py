"""The words of every metric, asked for once by a browser and kept: what a number's hint is composed of."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from flask import Flask, Response, request

from ui.hints import catalogue

ENDPOINT = "definitions_json"
PATH = "/definitions.json"
KEPT = "private, max-age=31536000, immutable"


@cache
def text() -> str:
    """The catalogue as JSON."""
    return json.dumps(catalogue(), ensure_ascii=False, separators=(",", ":"))


@cache
def version() -> str:
    """A mark of the catalogue's words: it changes when they do."""
    return hashlib.sha256(text().encode()).hexdigest()[:12]


def address() -> str:
    """Where the words are; a browser may keep what it finds there."""
    return f"{PATH}?v={version()}"


def install(server: Flask) -> None:
    """Answer `GET /definitions.json`; only the address with the present version may be kept."""

    def definitions_json() -> Response:
        response = Response(text(), mimetype="application/json")
        if request.args.get("v") == version():
            response.headers["Cache-Control"] = KEPT
        return response

    server.add_url_rule(PATH, ENDPOINT, definitions_json, methods=["GET"])
    server.jinja_env.globals.update(definitions=address)
