"""The access matrix: whom each page, callback, file and route answers, by the permission table alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from flask import Flask
from pydantic import SecretStr
from werkzeug.routing import Rule

from api import files
from app import guard as rules
from app.bearer import API
from app.guard import Guard
from config.permissions import PERMISSIONS, Permission, Role, role_label
from config.settings import Settings
from exports.formats import FORMATS
from pages.registry import TABLES

ENDS = tuple(f".{format}{beside}" for format in FORMATS for beside in ("", ".json"))


class Kind(StrEnum):
    """What a line of the matrix is about; `FILE` is a table in one format, or the sidecar of that."""

    PAGE = "page"
    CALLBACK = "callback"
    FILE = "file"
    ROUTE = "route"


@dataclass(frozen=True)
class Line:
    """One thing that can be asked. `needs` is empty where anybody may; None where nobody may.

    `where` is the title of a callback's page, or a route's methods; `client` marks callbacks that run in
    the browser alone.
    """

    kind: Kind
    name: str
    where: str
    needs: frozenset[Permission] | None
    client: bool = False

    def allows(self, role: Role | None) -> bool:
        """Whether a role, or somebody who has not signed in, is answered."""
        if self.needs is None or self.client:
            return False
        return not self.needs or (role is not None and self.needs <= PERMISSIONS[role])

    def statuses(self, role: Role | None) -> frozenset[int]:
        """The statuses that a well-formed request may be answered with."""
        if self.allows(role):
            return frozenset({200, 204, 303} if self.kind is Kind.ROUTE else {200, 204})
        if self.needs is None:
            return frozenset({404})
        if role is None:
            return frozenset({303} if self.kind is Kind.PAGE else {401})
        told = self.kind is Kind.CALLBACK or self.name.startswith(API)
        return frozenset({403} if told else {404})


def lines(server: Flask) -> list[Line]:
    """Everything that this server can be asked, by kind and name."""
    guard: Guard = server.extensions["reachboard.guard"]
    return [*_pages(guard), *_callbacks(guard), *_files(guard), *_routes(server)]


def _pages(guard: Guard) -> Iterator[Line]:
    for page in guard.listed:
        yield Line(Kind.PAGE, page.path, page.title, frozenset({page.needs}))


def _callbacks(guard: Guard) -> Iterator[Line]:
    for output, needs in sorted(guard.needed.items(), key=lambda item: (guard.homes[item[0]], item[0])):
        client = guard.wires[output]["clientside_function"] is not None
        yield Line(Kind.CALLBACK, output, guard.homes[output], needs, client)


def _files(guard: Guard) -> Iterator[Line]:
    named = {page.name: page for page in guard.listed}
    for name, tables in sorted(TABLES.items()):
        needs = frozenset({Permission.EXPORT, named[name].needs}) if name in named else None
        title = named[name].title if name in named else ""
        for table in tables:
            for end in ENDS:
                yield Line(Kind.FILE, f"/{name}/{table}{end}", title, needs)


def _routes(server: Flask) -> Iterator[Line]:
    guard: Guard = server.extensions["reachboard.guard"]
    for rule in sorted(server.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        if rule.endpoint in rules.PAGES or rule.endpoint in files.ENDPOINTS:
            continue  # told page by page and file by file
        yield Line(Kind.ROUTE, rule.rule, _methods(rule), _needs(rule.endpoint, guard))


def _methods(rule: Rule) -> str:
    return ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def _needs(endpoint: str, guard: Guard) -> frozenset[Permission] | None:
    if endpoint in rules.OPEN:
        return frozenset()
    if endpoint in rules.CLOSED:
        return None
    return frozenset({rules.SIGNED_IN.get(endpoint) or guard.routes[endpoint]})


_HEAD = """\
# Access matrix

Written by `make docs` from the app itself: every page, callback, file and route, and whom it answers. A test
fires each cell of it at a real server and expects no deviation.

A viewer who lacks a page's permission is answered as if the page did not exist (404); a callback that
is not allowed is refused (403); who has not signed in is sent to sign in (303 for a page, 401 otherwise).
Row scope never widens this: a viewer limited to a program or line of business has the access of their role.
"""


def access_page() -> str:
    """Text of docs/access.md."""
    from app.factory import create_app

    # No lake is opened and no secret is made for it.
    settings = Settings(var=Path("var"), secret_key=SecretStr("only for writing the documentation"))
    every = lines(create_app(settings))
    of = {kind: [line for line in every if line.kind is kind] for kind in Kind}
    return "\n".join(
        [
            _HEAD,
            "## Pages",
            "",
            *_table("Page", of[Kind.PAGE], lambda line: f"{line.where} `{line.name}`"),
            "",
            "## Callbacks",
            "",
            "Each is named by what it answers into. Those that run in the browser alone are refused by the "
            "server for everybody, and only counted here.",
            "",
            *_by_page(of[Kind.CALLBACK]),
            "## Files",
            "",
            f"Each comes as {', '.join(f'`{end}`' for end in ENDS)}; the last of each pair is the sidecar.",
            "",
            *_table(
                "File",
                [line for line in of[Kind.FILE] if line.name.endswith(ENDS[0])],
                lambda line: f"`{line.name.removesuffix(ENDS[0])}`",
            ),
            "",
            "## Routes",
            "",
            *_table("Route", of[Kind.ROUTE], lambda line: f"`{line.name}` {line.where}"),
            "",
        ]
    )


def _by_page(callbacks: Sequence[Line]) -> Iterator[str]:
    for home in dict.fromkeys(line.where for line in callbacks):
        own = [line for line in callbacks if line.where == home]
        told = [line for line in own if not line.client]
        yield from (f"### {home}", "")
        if told:
            yield from (*_table("Answers into", told, lambda line: _outputs(line.name)), "")
        in_browser = len(own) - len(told)
        if in_browser:
            yield from (f"{in_browser} more run{'s' if in_browser == 1 else ''} in the browser alone.", "")


def _outputs(name: str) -> str:
    return ", ".join(f"`{one.split('@')[0]}`" for one in name.strip(".").split("..."))


def _table(head: str, listed: Sequence[Line], name: Callable[[Line], str]) -> Iterator[str]:
    yield f"| {head} | Needs | Signed out | {' | '.join(role_label(role) for role in Role)} |"
    yield "|---|---|" + ":-:|" * (len(Role) + 1)
    for line in listed:
        marks = " | ".join("yes" if line.allows(role) else "–" for role in (None, *Role))
        yield f"| {name(line)} | {_words(line.needs)} | {marks} |"


def _words(needs: frozenset[Permission] | None) -> str:
    if needs is None:
        return "closed to all"
    return ", ".join(f"`{need}`" for need in sorted(needs)) or "nothing"
