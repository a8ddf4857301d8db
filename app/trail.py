"""What is kept of each request: an id that its answer, its errors and its line in the log share; its time."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from app.logs import REQUESTS
from app.meters import Meters

HEADER = "X-Request-ID"
BEGAN = "reachboard.began"
METERS = "reachboard.meters"
NOWHERE = "-"
# As proxies draw them. A number that somebody chose, such as a member's, is none.
DRAWN = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
log = logging.getLogger(REQUESTS)


def install(server: Flask, meters: Meters) -> None:
    """Keep time and id of every request; call it before anything else looks at answers."""
    server.extensions[METERS] = meters
    inner: Callable[..., Iterable[bytes]] = server.wsgi_app

    def timed(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        environ[BEGAN] = time.perf_counter()
        return inner(environ, start)

    server.wsgi_app = timed  # type: ignore[assignment, method-assign]

    def told(response: Response) -> Response:
        response.headers[HEADER] = reference()
        line, began = _line(response), request.environ.get(BEGAN, time.perf_counter())
        if response.direct_passthrough:  # the server itself sends the file, and says nothing at its end
            _keep(meters, line, began)
        else:
            response.call_on_close(lambda: _keep(meters, line, began))
        return response

    server.after_request(told)


def routes_of(server: Flask) -> list[tuple[str, str]]:
    """Method and pattern of everything that can be asked, and of what matches nothing."""
    rules = [(method, rule.rule) for rule in server.url_map.iter_rules() for method in rule.methods or ()]
    return [*rules, (NOWHERE, NOWHERE)]


def reference() -> str:
    """The id of this request: its proxy's, where that drew one, else one of ours."""
    if not has_request_context():
        return secrets.token_hex(8)
    if "reference" not in g:
        given = request.headers.get(HEADER, "").lower()
        g.reference = given if DRAWN.fullmatch(given) else secrets.token_hex(8)
    return str(g.reference)


def _line(response: Response) -> dict[str, Any]:
    """What the log says of a request: nothing that somebody typed, no name, no address."""
    line = {
        "id": reference(),
        "method": request.method if request.url_rule is not None else NOWHERE,
        "route": NOWHERE if request.url_rule is None else request.url_rule.rule,
        "status": response.status_code,
        "role": g.viewer.role if "viewer" in g else NOWHERE,
    }
    return line if "callback" not in g else {**line, "callback": g.callback}


def _keep(meters: Meters, line: dict[str, Any], began: float) -> None:
    seconds = time.perf_counter() - began
    meters.asked(line["method"], line["route"], line["status"], seconds)
    if "callback" in line:
        meters.called(line["callback"], seconds)
    if log.isEnabledFor(logging.INFO):
        log.info("", extra={"fields": {**line, "ms": round(seconds * 1000, 1)}})
