"""The guard: nothing is answered unless a list here says to whom, and a start that leaves a gap fails."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from dash import Dash, _callback
from flask import Flask, Response, abort, current_app, g, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from app import signin
from config.permissions import Permission
from data.viewer import Viewer
from ui.page import Page

BODY_BYTES = 1_000_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PAGES = frozenset({"/", "/<path:path>"})
LAYOUT, DEPENDENCIES, CALLBACK = "/_dash-layout", "/_dash-dependencies", "/_dash-update-component"
SUITES = "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
STATIC = frozenset({"_dash_assets.static", SUITES, "plotly"})
# Endpoints that anybody may ask.
OPEN = STATIC | {"sign_in", "sign_in_as", "health"}
# Endpoints that ask for being signed in, and the permission each needs.
SIGNED_IN: Mapping[str, Permission] = {
    "sign_out": Permission.ENTER,
    LAYOUT: Permission.ENTER,
    DEPENDENCIES: Permission.ENTER,
    CALLBACK: Permission.ENTER,
    **dict.fromkeys(PAGES, Permission.ENTER),
}
# Endpoints of Dash that nobody needs.
CLOSED = frozenset({"static", "/_reload-hash", "/_favicon.ico"})


class Unguarded(Exception):
    """A page, callback or route that names no permission; the app must not start."""


@dataclass
class Guard:
    """What may be asked, and by whom. `routes` are further endpoints with the permission each needs."""

    pages: dict[str, Page] = field(default_factory=dict)
    needed: dict[str, Permission] = field(default_factory=dict)
    routes: dict[str, Permission] = field(default_factory=dict)
    _wires: dict[str, dict[str, Any]] = field(default_factory=dict)

    def install(self, server: Flask) -> None:
        """Stand in front of everything; call it before Dash is made, so that nothing runs earlier."""
        server.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
        server.extensions["reachboard.guard"] = self
        server.before_request(self.check)

    def check(self) -> BaseResponse | tuple[Response, int] | None:
        """Answer a request that must not go on; None lets it through."""
        if current_app.config["REACHBOARD_DEMO"] and not (
            signin.is_local(request.remote_addr) and signin.names_this_machine()
        ):
            abort(403)
        if request.method not in SAFE and is_foreign():
            abort(403)
        endpoint = request.endpoint
        if endpoint in OPEN:
            return None
        if endpoint is None or endpoint in CLOSED:
            abort(404)
        needs = SIGNED_IN.get(endpoint) or self.routes.get(endpoint)
        if needs is None:
            abort(404)
        viewer = signin.viewer()
        if viewer is None:
            return _sign_in_first(endpoint)
        g.viewer = viewer
        if not viewer.may(needs):
            abort(403 if endpoint in SIGNED_IN else 404)
        if endpoint in PAGES:
            self._check_page(viewer)
        elif endpoint == CALLBACK:
            self._check_callback(viewer)
        return None

    def page(self, path: object, viewer: Viewer) -> Page | None:
        """The page at a path; None where there is none, or none that the viewer may know of."""
        page = self.pages.get(path) if isinstance(path, str) else None
        return page if page is not None and viewer.may(page.needs) else None

    def _check_page(self, viewer: Viewer) -> None:
        if self.page(request.path, viewer) is None:
            abort(404)

    def _check_callback(self, viewer: Viewer) -> None:
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            abort(400)
        output = body.get("output")
        needs = self.needed.get(output) if isinstance(output, str) else None
        if needs is None or not viewer.may(needs):
            abort(403)
        wire = self._wires[str(output)]
        if wire["clientside_function"] is not None:
            abort(403)
        if not all(_same_ends(body.get(kind, []), wire[kind]) for kind in ("inputs", "state")):
            abort(400)

    def audit(self, server: Flask, dashboard: Dash) -> None:
        """Refuse to start (`Unguarded`) with a page, callback or route that has no permission."""
        specs = [*dashboard._callback_list, *_callback.GLOBAL_CALLBACK_LIST]
        self._wires = {spec["output"]: spec for spec in specs}
        outputs = {*self._wires, *dashboard.callback_map, *_callback.GLOBAL_CALLBACK_MAP}
        gaps = [f"callback {name}" for name in sorted(outputs) if not _is_permission(self.needed.get(name))]
        gaps += [f"page {page.path}" for page in self.pages.values() if not _is_permission(page.needs)]
        held = {endpoint for endpoint, needs in self.routes.items() if _is_permission(needs)}
        listed = OPEN | SIGNED_IN.keys() | CLOSED | held
        gaps += [f"route {rule.rule}" for rule in server.url_map.iter_rules() if rule.endpoint not in listed]
        if gaps:
            raise Unguarded(
                f"These name no permission: {', '.join(gaps)}. Record callbacks with `Wires`, list pages in "
                "app.pages, and give a route its permission in the guard."
            )
        _hide_wires(server, self)


def is_foreign() -> bool:
    """Whether a request was caused by another site: its Origin or Sec-Fetch-Site says so."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    ours = urlsplit(request.host_url)
    theirs = urlsplit(origin)
    return (theirs.scheme, theirs.netloc) != (ours.scheme, ours.netloc)


def _sign_in_first(endpoint: str) -> BaseResponse | tuple[Response, int]:
    if endpoint in PAGES:
        going = request.full_path.rstrip("?")
        return redirect("/sign-in" if going == "/" else f"/sign-in?{urlencode({'next': going})}", 303)
    return jsonify(error="Sign in first."), 401


def _is_permission(value: object) -> bool:
    return isinstance(value, Permission)


def _same_ends(given: object, declared: list[dict[str, Any]]) -> bool:
    """Whether the values that a browser sends are those of the ends that a callback declares."""
    if not isinstance(given, list) or len(given) != len(declared):
        return False
    return all(_same_end(one, end) for one, end in zip(given, declared, strict=True))


def _same_end(given: object, end: dict[str, Any]) -> bool:
    if end["id"].startswith("{"):  # a pattern: one end or several, whose ids the pattern decides
        return isinstance(given, dict | list)
    return isinstance(given, dict) and all(given.get(part) == end[part] for part in ("id", "property"))


def _hide_wires(server: Flask, guard: Guard) -> None:
    """Answer `/_dash-dependencies` with the callbacks that the viewer may use, and no others."""
    whole = server.view_functions[DEPENDENCIES]

    def dependencies() -> Response:
        specs = json.loads(make_response(whole()).get_data())
        kept = [spec for spec in specs if g.viewer.may(guard.needed.get(spec["output"], ""))]
        return jsonify(kept)

    server.view_functions[DEPENDENCIES] = dependencies
