"""`POST /reports/prints`: the ID that stands on a page's print, under which what it says is kept."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, abort, jsonify, request

from api.files import Asker
from api.reports import taken
from config.permissions import Permission
from config.settings import Settings
from data.viewer import Viewer
from ledger.book import book_of
from reports.prints import printed
from state.store import Store
from ui.page import Page, parse_query

ENDPOINT = "report_print"
Finder = Callable[[object, Viewer], Page | None]


def install(
    server: Flask, asker: Asker, find: Finder, store: Store, settings: Settings
) -> dict[str, Permission]:
    """Answer for each page that the viewer may see; `find` is the page at a path."""

    def report_print() -> Response:
        viewer, cubes = asker()
        given = request.get_json(silent=True)
        sent = given if isinstance(given, dict) else {}
        page = find(sent.get("path"), viewer)
        if page is None:
            abort(404)
        query = {name: text[:500] for name, text in parse_query(sent.get("search")).items()}
        told = printed(page.name, page.title, query, viewer, cubes, store, settings)
        if told is None:
            return Response(status=204)
        book_of(settings).record(taken(told, "print", viewer))
        return jsonify(id=told.id)

    server.add_url_rule("/reports/prints", ENDPOINT, report_print, methods=["POST"])
    return {ENDPOINT: Permission.ENTER}
