"""Reports of today as files: `/reports/<name>.pdf` under the page's filters, with an ID that reopens it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response, abort, request

from api import papers
from api.files import Asker, attached
from api.reports import taken
from config.permissions import Permission
from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Viewer
from documents.model import Document
from documents.pdf import pdf
from ledger.book import book_of
from reports.builders import BUILDERS
from reports.issue import frozen
from state.store import Store

PDF = "report_now_pdf"
NOW = ("executive",)
"""Reports that are one sheet of paper, made while one waits."""


def install(server: Flask, asker: Asker, store: Store, settings: Settings) -> dict[str, Permission]:
    """Answer for each report; returns the permission of each address.

    Whoever may see a report may have it on paper: it is the page, no more.
    """

    def report_pdf(name: str) -> Response:
        viewer, cubes = asker()
        query, paper = papers.question(), papers.paper()
        document = _made(name, query, viewer, cubes, store, settings)
        if request.method == "HEAD":
            return attached(b"", "application/pdf", f"reachboard-{name}.pdf")
        kept = frozen(document, viewer, store, cubes.today)
        book_of(settings).record(taken(kept, "pdf", viewer))
        return attached(pdf(kept, paper), "application/pdf", f"reachboard-{name}-{kept.id.lower()}.pdf")

    server.add_url_rule("/reports/<name>.pdf", PDF, report_pdf, methods=["GET"])
    return {PDF: Permission.VIEW_CAMPAIGNS}


def _made(
    name: str, query: Mapping[str, str], viewer: Viewer, cubes: Cubes, store: Store, settings: Settings
) -> Document:
    if name not in NOW:
        abort(404)
    document, problems = BUILDERS[name](query, viewer, cubes, store, settings)
    if problems:
        papers.refuse("\n".join(problems))
    return document
