"""How often one may ask: by asker and minute, in all processes that share a place to count."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, request
from flask_limiter import ApplicationLimit, Limiter, RateLimitExceeded, RequestLimit
from redis.backoff import NoBackoff
from redis.retry import Retry

from api.collector import COLLECTOR
from api.v1 import problems
from api.v1.problems import Problem
from api.v1.routes import PREFIX, ROUTES
from api.webhooks import WEBHOOK
from app import errors
from app.machine import SCHEME
from config.settings import Settings

SIGN_IN = frozenset({"sign_in_as", "sign_in_start", "sign_in_back"})
ASKED = frozenset(route.endpoint for route in ROUTES)
PATIENCE = 0.25
"""Seconds that a request waits for Redis; then this process counts for itself until Redis is back."""
_TOO_MANY = {
    "api": "{limit} requests a minute are answered. Ask again in {seconds} s.",
    "collector": "{limit} requests a minute are taken. Send again in {seconds} s.",
    "webhooks": "Too many requests in this minute.",
}


@dataclass(frozen=True)
class Kind:
    """Requests that are counted together: how many a minute, at which endpoints, and by whom.

    `counts` says by the answer whether a request counts; without it every one does.
    """

    name: str
    limit: int
    endpoints: frozenset[str]
    who: Callable[[], str]
    counts: Callable[[Response], bool] | None = None


def install(server: Flask, settings: Settings) -> None:
    """Count requests; call it behind the guard, which knows who asks."""
    kinds = [
        Kind("api", settings.api_limit, ASKED, _viewer),
        Kind("collector", settings.collector_limit, frozenset({COLLECTOR}), _viewer),
        Kind("webhooks", settings.collector_limit, frozenset({WEBHOOK}), _hook),
    ]
    if not settings.demo:  # whose doors stand open to all on this machine
        kinds.append(Kind("sign-in", settings.sign_in_limit, SIGN_IN, _address, _is_refused))
    place, options = where(settings)
    limiter = Limiter(
        _viewer,
        application_limits=[_limit(kind) for kind in kinds],
        storage_uri=place,
        storage_options=options,
        strategy="fixed-window",
        in_memory_fallback_enabled=True,
        swallow_errors=True,
        key_prefix="reachboard",
    )
    counted = frozenset().union(*(kind.endpoints for kind in kinds))
    limiter.request_filter(lambda: request.endpoint not in counted)
    limiter.init_app(server)
    server.after_request(lambda response: _told(limiter, response))
    server.register_error_handler(RateLimitExceeded, lambda _error: _refused(limiter))


def where(settings: Settings) -> tuple[str, dict[str, Any]]:
    """Where is counted: Redis where it is set, else a small file of this machine; and how it is asked."""
    if settings.redis is None:
        return f"{SCHEME}://{settings.var / 'limits.db'}", {}
    patience = {
        "socket_connect_timeout": PATIENCE,
        "socket_timeout": PATIENCE,
        "retry": Retry(NoBackoff(), 0),
    }
    return settings.redis, patience


def _limit(kind: Kind) -> ApplicationLimit:
    return ApplicationLimit(
        f"{kind.limit}/minute",
        scope=kind.name,
        key_function=lambda: mark(kind.who()),
        exempt_when=lambda: request.endpoint not in kind.endpoints,
        deduct_when=kind.counts,
    )


def mark(who: str) -> str:
    """What stands for an asker where is counted: no name and no address."""
    return hashlib.sha256(who.encode()).hexdigest()[:32]


def _viewer() -> str:
    return f"{g.viewer.role} {g.viewer.name}" if "viewer" in g else ""


def _hook() -> str:
    return f"webhook {(request.view_args or {}).get('name')}"


def _address() -> str:
    return request.remote_addr or ""


def _is_refused(response: Response) -> bool:
    """Of attempts to sign in those that fail count, and every beginning of one that is not finished."""
    return response.status_code >= 400 or request.endpoint == "sign_in_start"


def _told(limiter: Limiter, response: Response) -> Response:
    """Say how the asker stands: in the IETF's draft of RateLimit headers, and in the older form."""
    current = limiter.current_limit
    if current is None or not (request.endpoint or "").startswith(PREFIX):
        return response
    left, seconds = _standing(current)
    limit = current.limit.amount
    response.headers["RateLimit-Policy"] = f'"minute";q={limit};w=60'
    response.headers["RateLimit"] = f'"minute";r={left};t={seconds}'
    response.headers["X-RateLimit-Limit"] = str(limit)
    response.headers["X-RateLimit-Remaining"] = str(left)
    response.headers["X-RateLimit-Reset"] = str(seconds)
    return response


def _standing(current: RequestLimit) -> tuple[int, int]:
    """Requests that are left, and seconds until it begins anew."""
    try:
        until, left = current.window
    except Exception:  # the place to count went away after it had counted
        return 0, 60
    return max(0, left), min(60, max(1, math.ceil(until - time.time())))


def _refused(limiter: Limiter) -> Response:
    current = limiter.current_limit
    assert current is not None
    seconds = _standing(current)[1]
    kind = str(current.request_args[-1])
    if kind in _TOO_MANY:
        words = _TOO_MANY[kind].format(limit=current.limit.amount, seconds=seconds)
        response = problems.answer(Problem("too-many", words))
    else:
        response = errors.answer(429)
    response.headers["Retry-After"] = str(seconds)
    return response
