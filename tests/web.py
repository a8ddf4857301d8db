"""A REST service of tests on loopback: pages in five ways, and everything that goes wrong on the way."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "hush-hush-token-of-tests"
Record = dict[str, Any]


@dataclass
class Trouble:
    """Answers instead of pages, by the number of the request from 1: a status with headers, or a drop."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    drop: bool = False
    stall: float = 0


class Service:
    """Records to be asked for; `asked` keeps what was asked, `trouble` says what goes wrong."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1/events"
        self.records: list[Record] = []
        self.asked: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.trouble: dict[int, Trouble] = {}
        self.always: Trouble | None = None
        self.size = 10
        self.form = "next"
        self.packed = False
        self.lock = threading.Lock()
        self.elsewhere = ""
        self.forgets = False

    def page(self, query: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        """A page as a document, and headers."""
        since = query.get("since", "")
        found = [one for one in self.records if str(one.get("changed", "")) >= since or not since]
        start = self._start(query)
        some = found[start : start + self.size]
        end = start + len(some)
        more = end < len(found)
        body: dict[str, Any] = {"data": {"items": some}, "meta": {"more": more}}
        headers: dict[str, str] = {}
        link = f"{self.elsewhere or self.url}?cursor={end}&since={since}&token_of_page=secret-page"
        if more and self.form == "next":
            body["links"] = {"next": link}
        if more and self.form == "link":
            headers["Link"] = f'<{self.url}?cursor=0>; rel="first", <{link}>; rel="next"'
        if more and self.form == "token":
            body["meta"]["next"] = str(end)
        return body, headers

    def _start(self, query: dict[str, str]) -> int:
        if "page" in query:
            return (int(query["page"]) - 1) * self.size
        return int(query.get("offset") or query.get("cursor") or 0)


@contextmanager
def serving() -> Iterator[Service]:
    """A service on a free port of loopback."""

    class Handler(_Handler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Handler.service = Service(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Handler.service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    service: Service
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(size) or b"{}")
        self._answer({name: str(value) for name, value in {**body, **body.get("paging", {})}.items()})

    def _answer(self, given: dict[str, str]) -> None:
        service = self.service
        query = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()} | given
        with service.lock:
            service.asked.append({"path": urlsplit(self.path).path, **query})
            service.headers.append(dict(self.headers))
            number = len(service.asked)
            trouble = service.trouble.get(number, service.always)
        if trouble is not None and self._troubled(trouble):
            return
        if service.forgets and "cursor" in query:
            self._send(410, b"{}", {})
            return
        body, headers = service.page(query)
        if service.form == "ndjson":
            text = "".join(json.dumps(one) + "\n" for one in body["data"]["items"])
            self._send(200, text.encode(), headers)
            return
        self._send(200, json.dumps(body).encode(), headers)

    def _troubled(self, trouble: Trouble) -> bool:
        if trouble.stall:
            threading.Event().wait(trouble.stall)
        if trouble.drop:
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b'{"data": {"items": [')
            self.wfile.flush()
            self.close_connection = True
            return True
        if trouble.status or trouble.body is not None:
            self._send(trouble.status or 200, trouble.body or b"secret words of a body", trouble.headers)
            return True
        return False

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        if self.service.packed:
            body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):  # who asked may have turned away at the head of the answer
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
