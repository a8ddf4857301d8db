"""Reports of today as files: `/reports/<name>.pdf` under the page's filters, with an ID that reopens it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask, Response, abort, request
from msgspec.structs import replace

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
from pages import executive_questions
from reports.issue import frozen
from state.store import Store

PDF = "report_now_pdf"
Builder = Callable[[Mapping[str, str], Viewer, Cubes, Store], tuple[Document, list[str]]]


def _executive(
    query: Mapping[str, str], viewer: Viewer, cubes: Cubes, store: Store
) -> tuple[Document, list[str]]:
    filters, problems = executive_questions.asked(dict(query), viewer, cubes)
    return executive_questions.document(filters, viewer, cubes, store), problems


BUILDERS: dict[str, Builder] = {"executive": _executive}
"""Name in the address -> what makes the report of a query, with what is wrong in that."""


def install(server: Flask, asker: Asker, store: Store, settings: Settings) -> dict[str, Permission]:
    """Answer for each report; returns the permission of each address.

    Whoever may see a report may have it on paper: it is the page, no more.
    """

    def report_pdf(name: str) -> Response:
        viewer, cubes = asker()
        query, paper = papers.question(), papers.paper()
        document = replace(_made(name, query, viewer, cubes, store), plan=settings.plan)
        if request.method == "HEAD":
            return attached(b"", "application/pdf", f"reachboard-{name}.pdf")
        kept = frozen(document, viewer, store, cubes.today)
        book_of(settings).record(taken(kept, "pdf", viewer))
        return attached(pdf(kept, paper), "application/pdf", f"reachboard-{name}-{kept.id.lower()}.pdf")

    server.add_url_rule("/reports/<name>.pdf", PDF, report_pdf, methods=["GET"])
    return {PDF: Permission.VIEW_CAMPAIGNS}


def _made(name: str, query: Mapping[str, str], viewer: Viewer, cubes: Cubes, store: Store) -> Document:
    builder = BUILDERS.get(name)
    if builder is None:
        abort(404)
    document, problems = builder(query, viewer, cubes, store)
    if problems:
        papers.refuse("\n".join(problems))
    return document
