"""The [rest] section of a mapping: where to ask, how pages follow each other, and what is new since."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from config.suggest import near
from etl.sources.pulled import Given, check_file, key_of_path, section
from etl.sources.rules import Note

REST = (
    "url", "method", "headers", "params", "body", "token", "auth", "auth_name", "records", "format", "paging",
    "since", "rate", "timeout", "tries", "wait", "most_mb", "batch",
)  # fmt: skip
PAGING = ("kind", "at", "more", "param", "size_param", "size", "first")
SINCE = ("param", "field", "start", "overlap", "format")
METHODS = ("GET", "POST")
AUTHS = ("bearer", "basic", "header", "query")
FORMATS = ("json", "ndjson")
PAGINGS = ("none", "next", "link", "page", "offset", "token")
TIMES = ("iso", "date", "epoch", "epoch_ms")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-auth-token")
OURS = ("host", "content-length", "transfer-encoding", "connection", "accept-encoding")


@dataclass(frozen=True)
class Paging:
    """How pages follow each other. `at`: where the next link or token stands; `more`: if there is one."""

    kind: str = "none"
    at: str = ""
    more: str = ""
    param: str = ""
    size_param: str = ""
    size: int = 0
    first: int = 0


@dataclass(frozen=True)
class Since:
    """`param` asks for what changed since; `field` of a record says when that was.

    `overlap` is how far before the last value the next pull begins: minutes of instants, else units.
    """

    param: str
    field: str
    start: int | float | date | datetime
    overlap: float = 10
    format: str = "iso"


@dataclass(frozen=True)
class Rest:
    """What is asked. Seconds: `timeout` of a request, `wait` before it is repeated; `rate` a second."""

    url: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    token: str = ""
    auth: str = "bearer"
    auth_name: str = ""
    records: str = ""
    format: str = "json"
    paging: Paging = Paging()
    since: Since | None = None
    rate: float = 5
    timeout: float = 60
    tries: int = 5
    wait: float = 1
    most_mb: int = 64
    batch: int = 50_000


def parse_rest(document: dict[str, Any], note: Note) -> Rest | None:
    """The [rest] section, None where there is none; problems go to `note`."""
    table = section(document, "rest", note)
    if table is None:
        return None
    given = Given(table, "[rest]", REST, note)
    check_file(document, "rest", note)
    format_ = given.choice("format", FORMATS, "json")
    if format_ == "ndjson" and "records" in table:
        given.wrong("records", "is of JSON; NDJSON has a record on each line")
    method = given.choice("method", METHODS, "GET")
    return Rest(
        url=_url(given),
        method=method,
        headers=_headers(given),
        params=given.texts("params"),
        body=_body(given, method),
        token=given.secret(),
        auth=given.choice("auth", AUTHS, "bearer"),
        auth_name=_auth_name(given),
        records=_path(given, "records"),
        format=format_,
        paging=_paging(given, format_),
        since=_since(given),
        rate=given.number("rate", 5, 0.01, 1_000, whole=False),
        timeout=given.number("timeout", 60, 1, 3_600, whole=False),
        tries=given.whole("tries", 5, 1, 20),
        wait=given.number("wait", 1, 0.01, 600, whole=False),
        most_mb=given.whole("most_mb", 64, 1, 1_024),
        batch=given.batch(),
    )


def _url(given: Given) -> str:
    url = given.needed("url", "https://api.example.org/v1/events")
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or parts.scheme not in ("http", "https") or " " in url or port == 0:
        given.wrong("url", 'must be an address such as "https://api.example.org/v1/events"')
    elif parts.username is not None or parts.password is not None:
        given.wrong("url", "holds a name or a password; name a token instead, which a setting holds")
    elif parts.query or parts.fragment:
        given.wrong("url", 'ends before "?"; parameters stand in params = { name = "value" }')
    elif parts.scheme == "http" and host not in LOOPBACK:
        given.wrong("url", "must begin with https://, since members' data would cross the network in clear")
    return url


def _headers(given: Given) -> dict[str, str]:
    headers = given.texts("headers")
    for name, value in headers.items():
        if not value.isprintable() or not value.isascii() or not name.replace("-", "").isalnum():
            given.wrong(f"headers.{name}", "a header is of printable ASCII characters")
        elif name.lower() in SECRET_HEADERS:
            given.wrong(
                f"headers.{name}", 'is a secret; name it as token = "...", with auth saying where it goes'
            )
        elif name.lower() in OURS:
            given.wrong(f"headers.{name}", "is written by the request itself")
    return headers


def _body(given: Given, method: str) -> dict[str, Any]:
    body = given.table.get("body", {})
    if not isinstance(body, dict):
        given.wrong("body", 'must be a table, such as { status = "final" }; it is sent as JSON')
        return {}
    if body and method != "POST":
        given.wrong("body", 'is sent by method = "POST" alone')
    return body


def _auth_name(given: Given) -> str:
    name, auth = given.text("auth_name", "", "X-Api-Key"), given.table.get("auth", "bearer")
    if auth in ("header", "query") and not name.replace("-", "").replace("_", "").isalnum():
        given.wrong("auth_name", f'needs the name of the {auth} that takes the token, such as "X-Api-Key"')
    if "auth" in given.table and not given.table.get("token"):
        given.wrong("auth", 'says where a token goes; name it: token = "crm"')
    return name


def _path(given: Given, key: str) -> str:
    text = given.text(key, "", "data.items")
    if text and not key_of_path(text):
        given.wrong(key, 'says where something stands in the answer: names with dots, as "data.items"')
        return ""
    return text


def _paging(given: Given, format_: str) -> Paging:
    table = given.table.get("paging", {})
    if not isinstance(table, dict):
        given.wrong("paging", 'must be a table such as { kind = "next", at = "links.next" }')
        return Paging()
    keys = Given(table, "[rest] paging", PAGING, given.note)
    kind = keys.choice("kind", PAGINGS, "none")
    in_body = kind in ("next", "token")
    if in_body and format_ == "ndjson":
        keys.wrong("kind", f'"{kind}" stands in the body, and NDJSON has none beside its records')
    if in_body and not table.get("at"):
        keys.wrong("at", f'needs to say where in the answer the {kind} stands, such as "meta.next"')
    if kind in ("page", "offset", "token") and not table.get("param"):
        keys.wrong("param", "needs the name of the parameter that asks for a page")
    if bool(table.get("size")) != bool(table.get("size_param")):
        keys.wrong("size", "and size_param go together: size_param is the parameter that takes the size")
    return Paging(
        kind, _path(keys, "at"), _path(keys, "more"), keys.text("param", "", "page"),
        keys.text("size_param", "", "limit"), keys.whole("size", 0, 0, 1_000_000),
        keys.whole("first", 1 if kind == "page" else 0, 0, 1_000),
    )  # fmt: skip


def _since(given: Given) -> Since | None:
    table = given.table.get("since")
    if table is None:
        return None
    if not isinstance(table, dict):
        given.wrong("since", 'must be a table such as { param = "updated_since", field = "updated_at", ... }')
        return None
    keys = Given(table, "[rest] since", SINCE, given.note)
    start = table.get("start")
    if isinstance(start, bool) or not isinstance(start, int | float | date | datetime):
        keys.wrong("start", "needs the value to begin with, such as 0, 2026-01-01 or 2026-01-01T00:00:00Z")
        start = 0
    form = table.get("format", "iso")
    if form not in TIMES and not (isinstance(form, str) and "%" in form):
        keys.wrong(
            "format", f'is {form!r}, expected {", ".join(TIMES)} or "%Y-%m-%d"{near(str(form), TIMES)}'
        )
        form = "iso"
    usual = 0 if isinstance(start, int | float) else 10
    return Since(
        keys.needed("param", "updated_since"), keys.needed("field", "updated_at"), start,
        keys.number("overlap", usual, 0, 1_000_000_000, whole=False), str(form),
    )  # fmt: skip
