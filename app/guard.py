"""The guard: nothing is answered unless a list here says to whom, and a start that leaves a gap fails."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NoReturn
from urllib.parse import urlsplit

from dash import Dash
from flask import Flask, Response, abort, current_app, g, jsonify, make_response, redirect, request
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response as BaseResponse

from api.collector import is_app, preflight
from api.v1 import problems
from api.v1.problems import Problem
from api.v1.routes import OPENAPI, PREFIX
from api.webhooks import WEBHOOK
from app import audit, bearer, demo, oidc, recorded, sessions, signin, transport
from app.bodies import Spec, body_of, fits
from config.permissions import Permission
from config.settings import PYTHON
from data.viewer import Viewer
from state.keys import Keys
from ui.page import Page

BODY_BYTES = 1_000_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PAGES = frozenset({"/", "/<path:path>"})
LAYOUT, DEPENDENCIES, CALLBACK = "/_dash-layout", "/_dash-dependencies", "/_dash-update-component"
SUITES = "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
STATIC = frozenset({"_dash_assets.static", SUITES, "plotly"})
# Addresses that people open.
PEOPLES = PAGES | {"sign_in", "sign_in_start", "sign_in_back", "signed_out"}
# Endpoints that anybody may ask.
# A vendor proves itself by its signature, and not by a key.
OPEN = STATIC | {"sign_in", "sign_in_as", "health", OPENAPI, WEBHOOK} | {
    "sign_in_start", "sign_in_back", "signed_out", "sign_out_told",
}  # fmt: skip
# Endpoints that ask for being signed in, and the permission each needs.
SIGNED_IN: Mapping[str, Permission] = {
    "sign_out": Permission.ENTER,
    "stay": Permission.ENTER,
    LAYOUT: Permission.ENTER,
    DEPENDENCIES: Permission.ENTER,
    CALLBACK: Permission.ENTER,
    **dict.fromkeys(PAGES, Permission.ENTER),
}
# Endpoints of Dash that nobody needs.
CLOSED = frozenset({"static", "/_reload-hash", "/_favicon.ico"})


KEY_NEEDED = Problem(
    "sign-in-first",
    f"Send a valid key, or an access token of the identity provider: `Authorization: Bearer KEY`. "
    f"`{PYTHON} -m app keys add NAME --role analyst` makes one.",
    headers={"WWW-Authenticate": 'Bearer realm="Reachboard"'},
)


class Unguarded(Exception):
    """A page, callback or route that could be reached past the permissions; the app must not start."""


@dataclass
class Guard:
    """What may be asked, and by whom.

    `needed` are the permissions that each callback's output needs, all of them, and `homes` the titles of
    the pages they are of; `routes` are further endpoints with the permission each needs.
    """

    listed: Sequence[Page] = ()
    needed: dict[str, frozenset[Permission]] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    routes: dict[str, Permission] = field(default_factory=dict)
    wires: dict[str, Spec] = field(default_factory=dict)
    keys: Keys | None = None

    @cached_property
    def pages(self) -> dict[str, Page]:
        """The pages by their paths."""
        return {page.path: page for page in self.listed}

    def add(self, page: Page, needed: Mapping[str, frozenset[Permission]]) -> None:
        """Guard the callbacks of a page."""
        self.needed |= needed
        self.homes |= dict.fromkeys(needed, page.title)

    def install(self, server: Flask) -> None:
        """Stand in front of everything; call it before Dash is made, so that nothing runs earlier."""
        server.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
        server.extensions["reachboard.guard"] = self
        server.before_request(self.check)

    def check(self) -> BaseResponse | tuple[Response, int] | None:
        """Answer a request that must not go on; None lets it through."""
        recorded.acts(None)
        elsewhere = transport.refused(PEOPLES)
        if elsewhere is not None:
            return elsewhere
        if current_app.config["REACHBOARD_DEMO"] and not (
            demo.is_local(request.remote_addr) and demo.names_this_machine()
        ):
            abort(403)
        if request.method not in SAFE and is_foreign() and not is_app():
            recorded.denied("from another site", 403)
            abort(403)
        if request.method == "OPTIONS" and is_app():
            return preflight()
        endpoint = request.endpoint
        if endpoint in OPEN:
            return None
        if endpoint is None and isinstance(request.routing_exception, MethodNotAllowed):
            raise request.routing_exception
        if endpoint is None or endpoint in CLOSED:
            abort(404)
        needs = SIGNED_IN.get(endpoint) or self.routes.get(endpoint)
        if needs is None:
            abort(404)
        viewer = self.asker()
        if viewer is None:
            if bearer.is_offered():
                recorded.denied("a key that is none", 401)
            return _sign_in_first(endpoint)
        g.viewer = viewer
        recorded.acts(viewer)
        if not viewer.may(needs) or not self._may_see_page_of(viewer):
            _deny(endpoint, 403 if endpoint in SIGNED_IN or endpoint.startswith(PREFIX) else 404)
        if endpoint in PAGES:
            self._check_page(viewer)
        elif endpoint == CALLBACK:
            self._check_callback(viewer)
        _keep_awake(endpoint)
        return None

    def asker(self) -> Viewer | None:
        """Who asks: the holder of the request's key, else who is signed in; None for a stranger."""
        if bearer.is_offered():
            return None if self.keys is None else bearer.viewer(self.keys, oidc.provider())
        return signin.viewer()

    def page(self, path: object, viewer: Viewer) -> Page | None:
        """The page at a path; None where there is none, or none that the viewer may know of."""
        page = self.pages.get(path) if isinstance(path, str) else None
        if page is not None and not viewer.may(page.needs):
            recorded.denied(page.name, 404)
            return None
        return page

    def _check_page(self, viewer: Viewer) -> None:
        if self.page(request.path, viewer) is None:
            abort(404)

    def _may_see_page_of(self, viewer: Viewer) -> bool:
        """Whether the viewer may see the page that a route such as `/<page>/<table>.csv` belongs to."""
        asked = request.view_args or {}
        return "page" not in asked or any(
            page.name == asked["page"] and viewer.may(page.needs) for page in self.listed
        )

    def may_call(self, output: object, viewer: Viewer) -> bool:
        """Whether the viewer holds all permissions of a callback; false where there is no such callback."""
        needs = self.needed.get(output) if isinstance(output, str) else None
        return bool(needs) and all(viewer.may(one) for one in needs or ())

    def _check_callback(self, viewer: Viewer) -> None:
        body = body_of(request)
        if body is None:
            abort(400)
        output = body.get("output")
        wire = self.wires.get(output) if isinstance(output, str) else None
        if wire is None or not self.may_call(output, viewer) or wire["clientside_function"] is not None:
            _deny(f"callback of {self.homes.get(str(output), 'no page')}", 403)
        g.callback = output
        if not fits(body, wire):
            abort(400)

    def audit(self, server: Flask, dashboard: Dash) -> None:
        """Refuse to start (`Unguarded`) with anything that could be reached past the permissions."""
        specs = audit.specs_of(dashboard)
        self.wires = {spec["output"]: spec for spec in specs}
        held = {endpoint for endpoint, needs in self.routes.items() if audit.all_permissions([needs])}
        listed = OPEN | SIGNED_IN.keys() | CLOSED | held
        gaps = [
            *audit.of_callbacks(specs, dashboard, self.needed),
            *audit.of_pages(self.listed, server, PAGES),
            *audit.of_routes(server, listed),
            *audit.of_dash(dashboard),
        ]
        if server.before_request_funcs.get(None, [None])[0] != self.check:
            gaps.append("guard (something answers before it)")
        if gaps:
            raise Unguarded(
                f"These are not guarded: {', '.join(gaps)}. Record callbacks with `Wires`, list pages in "
                "app.pages, and give a route its permission in the guard."
            )
        _hide_wires(server, self)


def _deny(place: str, status: int) -> NoReturn:
    recorded.denied(place, status)
    abort(status)


def is_foreign() -> bool:
    """Whether a request was caused by another site: its Origin or Sec-Fetch-Site says so."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    if origin == f"{request.scheme}://{request.host}":
        return False
    ours = urlsplit(request.host_url)
    theirs = urlsplit(origin)
    return (theirs.scheme, theirs.netloc) != (ours.scheme, ours.netloc)


def _sign_in_first(endpoint: str) -> BaseResponse | tuple[Response, int]:
    if endpoint in PAGES:
        return redirect(signin.door(request.full_path.rstrip("?")), 303)
    if request.path.startswith(bearer.API):
        return problems.answer(KEY_NEEDED)
    return jsonify(error="Sign in first."), 401


def _keep_awake(endpoint: str) -> None:
    """Whatever a person does keeps the session awake; what a page asks by its clock does not."""
    if bearer.is_offered():
        return
    user = signin.user()
    if user is None or not sessions.is_due(user):
        return
    changed = request.get_json().get("changedPropIds", []) if endpoint == CALLBACK else []
    if not sessions.is_idle(changed):
        sessions.keep_awake(user)


def _hide_wires(server: Flask, guard: Guard) -> None:
    """Answer `/_dash-dependencies` with the callbacks that the viewer may use, and no others."""
    whole = server.view_functions[DEPENDENCIES]

    def dependencies() -> Response:
        specs = json.loads(make_response(whole()).get_data())
        kept = [spec for spec in specs if guard.may_call(spec["output"], g.viewer)]
        return jsonify(kept)

    server.view_functions[DEPENDENCIES] = dependencies
