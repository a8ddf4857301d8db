"""Puts the rooms together: settings in, a guarded Flask server with its Dash app out; as often as asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash
from dash import Dash, dcc
from dash.development.base_component import Component
from flask import Flask, g, render_template, request

from api import (
    definitions,
    exports,
    health,
    ledger,
    monthly,
    palette,
    prints,
    reports,
    reports_now,
    uploads,
    views,
)
from api import files as downloads
from api.v1 import routes
from app import (
    doors,
    errors,
    files,
    headers,
    limits,
    metrics,
    recorded,
    shelf,
    signin,
    trail,
    transport,
    written,
)
from app.condition import condition
from app.guard import Guard
from app.meters import Meters
from app.pages import PAGES
from app.router import frame_wires
from app.views import Views as Seen
from callbacks import filters, saved
from config.permissions import Permission
from config.settings import ROOT, Settings
from data.cubes import Cubes
from data.viewer import Viewer
from etl.bring import Bringing
from reports.views import defaults
from state.store import store_of
from ui import html
from ui.frame import frame, is_synthetic
from ui.page import folded, permitted
from ui.theme import paper
from ui.wires import Wires

BRAND = "Reachboard"


class Dashboard(Dash):
    """Dash with our own document: its header is there before any script runs."""

    guard: Guard
    plan: str

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        viewer: Viewer = g.viewer
        page = self.guard.page(request.path, viewer)
        pages = [p for p in permitted(self.guard.pages, viewer).values() if p.icon]
        links, more = folded(pages)
        return render_template(
            "index.html",
            **{**parts, "title": title(page.title if page else BRAND)},
            viewer=viewer,
            plan=self.plan,
            pages=pages,
            links=links,
            more=more,
            here=request.path,
            defaults=defaults(viewer, self.server.extensions["reachboard.store"]),
            bones=page.bones if page else "list",
            synthetic=is_synthetic(shelf.cubes()),
            **signin.time_left(),
        )


def title(of: str) -> str:
    """The document's title of a page's."""
    return of if of == BRAND else f"{of} · {BRAND}"


def create_app(settings: Settings, pages: Sequence[Wires] = PAGES) -> Flask:
    """The whole app as a Flask server; its Dash object is `server.extensions["dashboard"]`.

    Opens no lake and starts no thread: `app.process.begin` does, in the process that serves. Raises
    `Unguarded` where a page, callback or route names no permission, `DemoRefused` where the demo
    sign-in would be open to others.
    """
    server = Flask("reachboard", root_path=str(ROOT / "app"), static_folder=None)
    guard = Guard(listed=[wires.page for wires in pages])
    guard.install(server)
    meters = Meters()
    trail.install(server, meters)
    transport.install(server, settings)
    store = store_of(settings)
    signin.install(server, settings, store)
    book = recorded.install(server, settings)
    limits.install(server, settings)
    shelf.install(server, settings)
    errors.install(server)

    def found() -> health.Condition:
        return condition(shelf.keeper(server), settings, store)

    health.install(server, found)
    metrics.install(server, settings, store, found)
    guard.routes[metrics.ENDPOINT] = Permission.VIEW_METRICS
    guard.keys = store.keys
    guard.routes |= routes.install(server, _asker, lambda: _whose(guard), settings.api_limit, book)
    guard.routes |= doors.install(server, settings, store, _viewer)
    downloads.install(server, _asker, store, settings.export_reason, settings.plan)
    exports.install(server, _asker, store, settings)
    guard.routes |= dict.fromkeys((*downloads.ENDPOINTS, *exports.ENDPOINTS), Permission.EXPORT)
    guard.routes |= views.install(server, _asker, store, settings)
    guard.routes |= palette.install(server, _asker, lambda viewer: _offered(guard, viewer), store)
    desk = Bringing(settings, store)
    guard.routes |= uploads.install(server, _viewer, desk)
    guard.routes |= ledger.install(server, _asker, settings)
    guard.routes |= reports.install(server, _asker, store, settings)
    guard.routes |= prints.install(server, _asker, guard.page, store, settings)
    guard.routes |= reports_now.install(server, _asker, store, settings)
    guard.routes |= monthly.install(server, _asker, store, settings)
    definitions.install(server)
    guard.routes[definitions.ENDPOINT] = Permission.ENTER
    dashboard = _dashboard(server, settings, guard)
    server.extensions["reachboard.store"] = store
    seen = Seen(book)
    for wires in (frame_wires(guard), filters.wires, saved.wires, *pages):
        guard.add(wires.page, wires.attach(dashboard, _asker, store, settings, desk, seen))
    _settle(dashboard, server, settings)
    files.install(server)
    headers.install(server, dashboard.csp_hashes())
    guard.audit(server, dashboard)
    meters.settle(trail.routes_of(server), guard.wires)
    return server


def _asker() -> tuple[Viewer, Cubes]:
    viewer: Viewer = g.viewer
    return viewer, shelf.cubes()


def _viewer() -> Viewer:
    viewer: Viewer = g.viewer
    return viewer


def _whose(guard: Guard) -> tuple[Viewer, Cubes] | None:
    """Who asks for what is open to all, where it is somebody who may see campaigns."""
    viewer = guard.asker()
    return None if viewer is None or not viewer.may(Permission.VIEW_CAMPAIGNS) else (viewer, shelf.cubes())


def _offered(guard: Guard, viewer: Viewer) -> list[tuple[str, str]]:
    """Title and path of each page that the menu offers a viewer."""
    return [(page.title, page.path) for page in permitted(guard.pages, viewer).values() if page.icon]


def _dashboard(server: Flask, settings: Settings, guard: Guard) -> Dashboard:
    written.install()
    dashboard = Dashboard(
        "reachboard",
        server=server,  # type: ignore[arg-type]
        assets_folder=str(files.ASSETS),
        include_assets_files=False,
        pages_folder="",
        use_pages=False,
        include_pages_meta=False,
        suppress_callback_exceptions=True,
        title=BRAND,
        update_title="",
        add_log_handler=False,
        on_error=errors.callback_failed,
        enable_mcp=False,
    )
    dashboard.guard, dashboard.plan = guard, settings.plan
    _once(dcc._js_dist)
    server.extensions["dashboard"] = dashboard
    server.jinja_env.globals.update(brand=BRAND, plan=settings.plan, paper=paper)
    return dashboard


def _settle(dashboard: Dashboard, server: Flask, settings: Settings) -> None:
    """Let Dash register files and stray callbacks now; at a first request it would draw a layout, too."""
    dashboard.layout = html.Div()
    with server.app_context():
        dashboard._setup_server()  # type: ignore[no-untyped-call]
    dashboard.layout = _layout(settings)


def _layout(settings: Settings) -> Any:
    def layout() -> Component:
        scheme = "dark" if request.cookies.get("scheme") == "dark" else "light"
        return frame(shelf.cubes(), settings.plan, scheme)

    return layout


def _once(resources: list[dict[str, Any]]) -> None:
    """Dash adds plotly.js to this list of the whole process with every app it makes."""
    seen: list[dict[str, Any]] = []
    for resource in resources:
        if resource not in seen:
            seen.append(resource)
    resources[:] = seen


assert dash.__version__.startswith("4."), "the guard was written for Dash 4: read its routes before going on"
