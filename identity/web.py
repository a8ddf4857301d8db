"""How a provider is asked: encrypted, in time, not too much at once, and without following it elsewhere."""

from __future__ import annotations

import ssl
import time
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, RequestException, Response, Session
from requests.adapters import HTTPAdapter

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3.0, 5.0, 10.0
LARGEST = 512 * 1024
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NotAsked(RequestException):
    """An answer that is too large or slow, or an address that is not asked at all."""


def is_safe(url: object) -> bool:
    """Whether an address is one of https, or of this very machine."""
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK))


class Careful(HTTPAdapter):
    """Asks safe addresses alone, within a time and a size."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        # The machine's own certificates count beside those that come with requests.
        super().init_poolmanager(*args, **kwargs, ssl_context=_certificates())

    def send(self, request: PreparedRequest, *_: Any, **given: Any) -> Response:
        if not is_safe(request.url):
            raise NotAsked("an address that is not encrypted")
        given.update(stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS))
        until = time.monotonic() + WHOLE_SECONDS
        response = super().send(request, **given)
        try:
            response._content = _read(response, until)
        finally:
            response.close()
        response._content_consumed = True
        return response


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """Whom to believe; it takes long to read them all."""
    return ssl.create_default_context()


def _read(response: Response, until: float) -> bytes:
    """The whole body."""
    body = bytearray()
    for part in response.iter_content(16_384):
        body += part
        if len(body) > LARGEST or time.monotonic() > until:
            raise NotAsked("an answer that is too large or too slow")
    return bytes(body)


def careful(session: Session) -> Session:
    """Make a session careful. It takes neither proxy nor password from the environment."""
    session.trust_env = False
    session.max_redirects = 0
    for scheme in ("https://", "http://"):
        session.mount(scheme, Careful())
    return session


def document(url: str) -> dict[str, Any]:
    """The JSON object at an address; raises `RequestException` or `ValueError`."""
    with careful(Session()) as session:
        answer = session.get(url, headers={"Accept": "application/json"})
        if answer.status_code != 200:
            raise NotAsked(f"status {answer.status_code}")
        found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found
