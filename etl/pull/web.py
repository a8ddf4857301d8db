"""One request to one server: bounded in time and size, and never sent on to another one."""

from __future__ import annotations

import socket
import ssl
import zlib
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from urllib.parse import urljoin, urlsplit

from etl.sources.problems import IntakeError

REDIRECTS = 5
MOVED = (301, 302, 303, 307, 308)
CHUNK = 1 << 16
AGENT = "Reachboard"


class Broken(Exception):
    """The request came to nothing, in words; the same request may come through later."""


class TooLong(IntakeError):
    """An answer above the size that the mapping allows."""


@dataclass(frozen=True)
class Request:
    """What is asked. `url` with its parameters: it may hold a secret, and stands in no message."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Answer:
    """An answer as a whole; `url` is the one that answered in the end."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)
    url: str = field(repr=False)


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port: what a token is for. `ValueError` where the text is no address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("no address")
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def shown(url: str) -> str:
    """An address without what may be secret in it."""
    scheme, host, port = origin(url)
    usual = port == (443 if scheme == "https" else 80)
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}{'' if usual else f':{port}'}{urlsplit(url).path}"


class Server:
    """A server by its origin, over one connection that is opened when needed. Seconds and bytes bound it."""

    def __init__(self, url: str, timeout: float, most: int) -> None:
        self.origin, self.timeout, self.most = origin(url), timeout, most
        self.connection: HTTPConnection | None = None

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def ask(self, request: Request) -> Answer:
        """The answer, whatever its status; `Broken` where none came, IntakeError where it leads elsewhere."""
        url = request.url
        for _ in range(REDIRECTS):
            answer = self._ask_once(request, url)
            if answer.status not in MOVED or "location" not in answer.headers:
                return answer
            url = self.inside(urljoin(url, answer.headers["location"]), "sends us on")
            if request.method != "GET":
                raise IntakeError("it sends us on, which only GET follows; check [rest] url")
        raise IntakeError("it sends us on again and again; check [rest] url")

    def inside(self, url: str, what: str) -> str:
        """A URL of this very server; IntakeError for any other, which must not get the token."""
        try:
            same = origin(url) == self.origin
        except ValueError:
            same = False
        if not same:
            raise IntakeError(
                f"it {what} to another server than that of [rest] url, which must not get the token; "
                "if that one is right, write it as [rest] url"
            )
        return url

    def _ask_once(self, request: Request, url: str) -> Answer:
        connection = self.connection or self._opened()
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        guard = _Guard(connection, self.timeout)
        try:
            with guard:
                connection.request(request.method, target, request.body, _headers(request))
                response = connection.getresponse()
                body = self._body(response)
                headers = _gathered(response)
        except (OSError, HTTPException, zlib.error) as failure:
            self.close()
            raise Broken("it did not answer in time" if guard.struck else _words(failure)) from None
        except BaseException:
            self.close()
            raise
        if response.will_close:
            self.close()
        return Answer(response.status, headers, body, url)

    def _opened(self) -> HTTPConnection:
        scheme, host, port = self.origin
        kind = HTTPSConnection if scheme == "https" else HTTPConnection
        self.connection = kind(host, port, timeout=self.timeout)
        try:
            self.connection.connect()
        except OSError as failure:
            self.close()
            raise Broken(_words(failure)) from None
        return self.connection

    def _body(self, response: HTTPResponse) -> bytes:
        """The body, unpacked; no more of it is ever held than is allowed."""
        packed = response.getheader("Content-Encoding", "").lower() in ("gzip", "x-gzip")
        unpack = zlib.decompressobj(wbits=31) if packed else None
        parts, size, declared = [], 0, response.length
        got = 0
        while chunk := response.read(CHUNK):
            got += len(chunk)
            part = unpack.decompress(chunk, self.most - size + 1) if unpack else chunk
            size += len(part)
            if size > self.most:
                raise TooLong(
                    f"it answers more than {self.most >> 20} MB at once; ask for smaller pages, "
                    "or raise [rest] most_mb"
                )
            parts.append(part)
        if (declared is not None and got < declared) or (unpack and not unpack.eof):
            raise HTTPException("cut short")
        return b"".join(parts)


class _Guard:
    """Ends a connection that is slower than allowed, however slowly its bytes drip."""

    def __init__(self, connection: HTTPConnection, seconds: float) -> None:
        self.connection, self.struck = connection, False
        self.timer = Timer(seconds, self._strike)
        self.timer.daemon = True

    def _strike(self) -> None:
        self.struck = True
        held = self.connection.sock
        if held is not None:
            try:
                socket.socket.shutdown(held, socket.SHUT_RDWR)
            except OSError:
                return

    def __enter__(self) -> None:
        self.timer.start()

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()


def _gathered(response: HTTPResponse) -> dict[str, str]:
    """Headers by lower-case name; one that stands several times is one list."""
    found: dict[str, str] = {}
    for name, value in response.getheaders():
        low = name.lower()
        found[low] = f"{found[low]}, {value}" if low in found else value
    return found


def _headers(request: Request) -> dict[str, str]:
    return {"User-Agent": AGENT, "Accept-Encoding": "gzip", **request.headers}


def _words(failure: Exception) -> str:
    """What broke a request, without what it was about."""
    if isinstance(failure, ssl.SSLCertVerificationError):
        return "its certificate is not accepted; check the host in [rest] url and this machine's authorities"
    if isinstance(failure, ssl.SSLError):
        return "it cannot be talked to by TLS; check the port in [rest] url"
    if isinstance(failure, socket.gaierror):
        return "its host is not known; check the host in [rest] url"
    if isinstance(failure, TimeoutError):
        return "it did not answer in time"
    if isinstance(failure, ConnectionRefusedError):
        return "nothing answers there; check host and port of [rest] url, and whether it runs"
    return "it broke off in the middle of an answer"
