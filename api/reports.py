"""Issued reports as files: `/reports/files/<id>.pdf` and `.csv`, the figures as they were told."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request

from api import papers
from api.files import Asker, attached
from config.permissions import Permission
from config.settings import Settings
from data.viewer import Viewer
from documents.model import Document
from documents.pdf import pdf
from ledger.book import book_of
from ledger.entry import Entry, What
from reports.files import csv_of
from reports.issue import reopened
from state.store import Store

PDF, CSV = "report_pdf", "report_csv"


def install(server: Flask, asker: Asker, store: Store, settings: Settings) -> dict[str, Permission]:
    """Answer for each report that the viewer may open; the permission of each address."""

    def opened(id: str, form: str) -> Document:
        viewer, _ = asker()
        found = reopened(id, viewer, store)
        if found is None:
            abort(404)
        if request.method == "GET":
            book_of(settings).record(taken(found[1], form, viewer))
        return found[1]

    def report_pdf(id: str) -> Any:
        paper = papers.paper()
        told = opened(id, "pdf")
        return attached(pdf(told, paper), "application/pdf", f"reachboard-{told.id.lower()}.pdf")

    def report_csv(id: str) -> Any:
        told = opened(id, "csv")
        return attached(csv_of(told), "text/csv", f"reachboard-{told.id.lower()}.csv")

    server.add_url_rule("/reports/files/<id>.pdf", PDF, report_pdf, methods=["GET"])
    server.add_url_rule("/reports/files/<id>.csv", CSV, report_csv, methods=["GET"])
    return {PDF: Permission.VIEW_CAMPAIGNS, CSV: Permission.EXPORT}


def taken(told: Document, form: str, viewer: Viewer) -> Entry:
    """What the ledger keeps of a report that somebody takes out."""
    about: dict[str, str | int] = {"do": "take", "name": told.title, "id": told.id, "is": form.upper()}
    return Entry(What.REPORT, viewer.name, viewer.role, place=told.page, snapshot=told.snapshot, about=about)
