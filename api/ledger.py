"""The entries of the ledger as a CSV, as they are shown on its page: all of them, however many."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request

from api.files import Asker, attached
from config.permissions import Permission
from config.settings import Settings
from ledger.book import book_of
from ledger.entry import Entry, What
from ledger.index import index_of
from ledger.rows import rows
from pages.ledger_questions import canonical, view_of, words_of

ENDPOINT = "ledger_file"


def install(server: Flask, asker: Asker, settings: Settings) -> dict[str, Permission]:
    """Answer at `/ledger.csv`; the permission it needs."""

    def ledger_file() -> Any:
        viewer, cubes = asker()
        if not viewer.scope.whole:
            abort(404)
        view, index = view_of(request.args.to_dict(), cubes), index_of(settings)
        index.follow()
        found = index.find(view.asked, 0, 1)
        about = {"do": "start", "name": "Ledger", "format": "csv"}
        entry = Entry(
            What.EXPORT, viewer.name, viewer.role, place="ledger/entries", filters=canonical(view, cubes),
            words=words_of(view, cubes), rows=found.total if found.counted else None, about=about,
        )  # fmt: skip
        if request.method == "GET":
            book_of(settings).record(entry)
        return attached(rows(index.every(view.asked)), "text/csv", "reachboard-ledger.csv")

    server.add_url_rule("/ledger.csv", ENDPOINT, ledger_file, methods=["GET"])
    return {ENDPOINT: Permission.VIEW_LEDGER}
