"""From one page of a REST source to the next one: which request asks for it, and when there is none."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from etl.pull.records import MISSING, Document
from etl.pull.web import Answer, Request
from etl.sources.problems import IntakeError
from etl.sources.rest import Rest

Ref = int | str
"""A page: its number or offset, its link, or the token that asks for it; an empty text is the first one."""
NUMBERED = ("page", "offset")
LINKED = ("next", "link")
ACCEPT = {"json": "application/json", "ndjson": "application/x-ndjson, application/json"}
LINK = re.compile(r"<([^<>]*)>((?:[^,\"<]|\"[^\"]*\")*)")
NEXT = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,]+))", re.IGNORECASE)
NOTHING = (MISSING, None, "", False, "false", "0")


class Pager:
    """Makes the requests for the pages of a source, each with the token, and finds the one after each."""

    def __init__(self, rest: Rest, token: str, inside: Callable[[str, str], str]) -> None:
        self.rest, self.paging, self.inside = rest, rest.paging, inside
        self._headers, self._secret = _authorised(rest, token)

    @property
    def first(self) -> Ref:
        return self.paging.first if self.paging.kind in NUMBERED else ""

    def request(self, page: Ref, since: str | None) -> Request:
        """The request for a page of what changed since."""
        rest, paging = self.rest, self.paging
        if paging.kind in LINKED and page != "":
            return Request("GET", _with(str(page), self._secret), self._headers)
        asked: dict[str, str] = {}
        if rest.since is not None and since is not None:
            asked[rest.since.param] = since
        if paging.size_param:
            asked[paging.size_param] = str(paging.size)
        if paging.kind in NUMBERED or page != "":
            asked[paging.param] = str(page)
        if rest.method == "GET":
            return Request("GET", _with(rest.url, {**rest.params, **asked, **self._secret}), self._headers)
        body = json.dumps(_placed(rest.body, asked)).encode()
        headers = {"Content-Type": "application/json", **self._headers}
        return Request("POST", _with(rest.url, {**rest.params, **self._secret}), headers, body)

    def following(self, answer: Answer, document: Document | None, page: Ref, records: int) -> Ref | None:
        """The page after one that was answered; None where that was the last one."""
        paging = self.paging
        if paging.more and document is not None and document.at(paging.more) in NOTHING:
            return None
        if paging.kind in NUMBERED:
            step = 1 if paging.kind == "page" else records
            return int(page) + step if records else None
        if paging.kind == "link":
            link = next_link(answer.headers.get("link", ""))
            return self._link(answer, link) if link else None
        found = document.at(paging.at) if document is not None and paging.at else MISSING
        if found in NOTHING:
            return None
        if not isinstance(found, str):
            raise IntakeError(f'"{paging.at}" of the answer is no text; check [rest] paging')
        return self._link(answer, found) if paging.kind == "next" else found

    def _link(self, answer: Answer, link: str) -> str:
        url = self.inside(urljoin(answer.url, link), "names a next page that leads")
        # The token is added to each request anew, so that a position never holds it.
        return _without(url, self._secret)


def next_link(header: str) -> str | None:
    """The target of rel="next" in a Link header (RFC 8288)."""
    for target, parameters in LINK.findall(header):
        for quoted, plain in NEXT.findall(parameters):
            if "next" in (quoted or plain).lower().split():
                return str(target)
    return None


def _authorised(rest: Rest, token: str) -> tuple[dict[str, str], dict[str, str]]:
    """Headers of every request, and what stands in its address."""
    headers = {"Accept": ACCEPT[rest.format], **rest.headers}
    if not token:
        return headers, {}
    if rest.auth == "query":
        return headers, {rest.auth_name: token}
    if rest.auth == "header":
        return {**headers, rest.auth_name: token}, {}
    if rest.auth == "basic":
        token = base64.b64encode(token.encode()).decode()
    return {**headers, "Authorization": f"{'Basic' if rest.auth == 'basic' else 'Bearer'} {token}"}, {}


def _with(url: str, params: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(one for one in (parts.query, urlencode(params)) if one)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _without(url: str, params: dict[str, str]) -> str:
    if not params:
        return url
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if name not in params]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))


def _placed(body: dict[str, Any], asked: dict[str, str]) -> dict[str, Any]:
    """The body with what a page asks for; names with dots lead into its objects."""
    whole: dict[str, Any] = json.loads(json.dumps(body, default=str))
    for name, text in asked.items():
        inner = whole
        *path, last = name.split(".")
        for one in path:
            if not isinstance(inner.get(one), dict):
                inner[one] = {}
            inner = inner[one]
        inner[last] = int(text) if text.isdecimal() and len(text) < 16 else text
    return whole
