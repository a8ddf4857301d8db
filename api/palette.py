"""What the search over everything answers: `GET /palette.json?q=`, small, and nothing out of scope."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, jsonify, request

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from pages.palette import LONGEST, Entry, entries, nearest
from pages.reports_questions import address, is_id
from pages.reports_scope import may_open
from reports.views import visible
from state.store import Store

ENDPOINT = "palette"
LATEST = 30
Asker = Callable[[], tuple[Viewer, Cubes]]
Pages = Callable[[Viewer], list[tuple[str, str]]]


def install(server: Flask, asker: Asker, pages: Pages, store: Store) -> dict[str, Permission]:
    """Answer for the search; `pages` gives title and path of what a viewer may open."""

    def palette() -> Response:
        viewer, cubes = asker()
        typed = request.args.get("q", "")[:LONGEST]
        offered = [Entry("Page", title, "", path) for title, path in pages(viewer)]
        offered += _views(viewer, store)
        if typed.strip():
            offered += [*_reports(typed, viewer, store), *entries(viewer, cubes)]
        found = nearest(typed, offered)
        return jsonify([[one.kind, one.name, one.more, one.href] for one in found])

    server.add_url_rule("/palette.json", ENDPOINT, palette, methods=["GET"])
    return {ENDPOINT: Permission.ENTER}


def _views(viewer: Viewer, store: Store) -> list[Entry]:
    return [
        Entry(
            "View",
            one.name,
            one.title if one.by == viewer.name else f"{one.title}, by {one.by}",
            one.address,
            one.title,
        )
        for one in visible(viewer, store)
    ]


def _reports(typed: str, viewer: Viewer, store: Store) -> list[Entry]:
    """The report of an ID, or the latest by their titles, where the viewer may open them."""
    asked = store.reports.get(typed) if is_id(typed) else None
    found = [asked] if asked else store.reports.latest(most=LATEST)
    return [
        Entry(
            "Report",
            one.title,
            f"{one.id} · {one.period}",
            address(one.id),
            f"{one.id} {typed if asked else ''}",
        )
        for one in found
        if may_open(one, viewer)
    ]
