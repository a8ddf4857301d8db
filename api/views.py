"""A view as a document: `GET /explore.pdf` under the page's own address, kept under an ID."""

from __future__ import annotations

from flask import Flask, Response, request
from msgspec.structs import replace

from api import papers
from api.files import Asker, attached
from config.permissions import Permission
from config.settings import Settings
from documents.pdf import pdf
from exports.tables import canonical
from pages.explore_asked import asked
from pages.explore_document import document
from reports.issue import frozen
from state.store import Store

ENDPOINT = "explore_pdf"


def install(server: Flask, asker: Asker, store: Store, settings: Settings) -> dict[str, Permission]:
    """Answer for Explore's views; returns the permission of each endpoint."""

    def explore_pdf() -> Response:
        viewer, cubes = asker()
        query, paper, why = papers.question(), papers.paper(), papers.reason(settings)
        view = asked(query, viewer, cubes)
        if view.problems or not view.metrics:
            papers.refuse("\n".join(view.problems) or "Name at least one figure: metrics=sent")
        made = replace(document(view, viewer, cubes), plan=settings.plan)
        if request.method == "HEAD":
            return attached(b"", "application/pdf", "reachboard-explore.pdf")
        issued = frozen(made, viewer, store, cubes.today)
        content, name = pdf(issued, paper), f"reachboard-explore-{issued.id.lower()}.pdf"
        told = papers.asked_of(issued, "figures", "pdf", name, why, *canonical(query, viewer, cubes))
        papers.write_down(told, content, viewer, store)
        return attached(content, "application/pdf", name)

    server.add_url_rule("/explore.pdf", ENDPOINT, explore_pdf, methods=["GET"])
    return {ENDPOINT: Permission.EXPORT}
