"""Posts JSON over HTTP: one try, no redirect, a bounded time; what went wrong is said without the address."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from alerts.message import NotTold

SECONDS = 10
LONGEST_WAIT = 3600.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An answer that points elsewhere is none: what is told, and its key, goes only where it was sent."""

    def redirect_request(self, *_given: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Post a body of JSON; `NotTold` for any answer but 2xx."""
    named = {"Content-Type": "application/json", "User-Agent": "Reachboard", **headers}
    request = urllib.request.Request(url, body, named, method="POST")  # noqa: S310 - settings allow http(s) alone
    try:
        with _opener.open(request, timeout=SECONDS):
            return
    except urllib.error.HTTPError as answer:
        with answer:
            raise NotTold(f"it answered {answer.code}", _after(answer.headers.get("Retry-After"))) from None
    except (OSError, http.client.HTTPException) as failure:
        reason = getattr(failure, "reason", None)
        cause = reason if isinstance(reason, Exception) else failure
        raise NotTold(f"no answer ({type(cause).__name__})") from None


def _after(words: str | None) -> float | None:
    """Seconds of a `Retry-After`; a date in it is passed over."""
    if words is None or not words.strip().isdecimal():
        return None
    return min(float(words), LONGEST_WAIT)
