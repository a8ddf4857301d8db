"""The monthly report as files: `/reports/monthly.pdf`, `.docx` and `.html`, each issued under an ID."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, abort, request

from api import papers
from api.files import Asker, attached
from config.permissions import Permission
from config.settings import Settings
from data.cubes import Cubes
from data.filters import split
from data.viewer import Viewer
from documents import html, word
from documents.model import Document
from documents.pdf import Paper, pdf
from pages.monthly_document import PAGE, SECTION, document
from pages.monthly_month import asked
from reports.issue import frozen
from state.store import Store

ADDRESS = "/reports/monthly"


@dataclass(frozen=True)
class Form:
    """A format: its MIME type, and how a document is set in it, on paper where it has pages."""

    mime: str
    made: Callable[[Document, Paper], bytes]


FORMS: dict[str, Form] = {
    "pdf": Form("application/pdf", pdf),
    "docx": Form(word.MIME, word.docx_bytes),
    "html": Form("text/html", lambda of, _paper: html.embedded(of)),
}


def install(server: Flask, asker: Asker, store: Store, settings: Settings) -> dict[str, Permission]:
    """Answer with the report of a month under the page's filters; the permission of each address.

    `section=overview` is the Real-time Campaign Performance Overview alone, `paper` A4 or US Letter, `why`
    what it is for. Every file is issued under a report ID and written down like any other export.
    """

    def given(format: str) -> Any:
        viewer, cubes = asker()
        paper, section, why = papers.paper(), _section(), papers.reason(settings)
        told = _document(section, viewer, cubes, settings.plan)
        name = f"reachboard-{section or PAGE}-{told.query['month']}"
        if request.method == "HEAD":
            return _headed(attached(b"", FORMS[format].mime, f"{name}.{format}"), told)
        issued = frozen(told, viewer, store)
        content = FORMS[format].made(issued, paper)
        file = f"{name}-{issued.id.lower()}.{format}"
        campaigns, part = split(issued.query.get("campaign", "")), issued.query.get("section", "report")
        what = papers.asked_of(issued, part, format, file, why, urlencode(issued.query), campaigns)
        papers.write_down(what, content, viewer, store)
        return _headed(attached(content, FORMS[format].mime, file), issued)

    needed = {}
    for format in FORMS:
        endpoint = f"monthly_{format}"
        defaults = {"format": format}
        server.add_url_rule(f"{ADDRESS}.{format}", endpoint, given, methods=["GET"], defaults=defaults)
        needed[endpoint] = Permission.EXPORT
    return needed


def _document(section: str, viewer: Viewer, cubes: Cubes, plan: str) -> Document:
    """The report that the address asks for; 400 where it asks for what does not exist."""
    if not cubes.snapshot.number or not cubes.campaigns:
        abort(404)
    told = asked(request.args.to_dict(), viewer, cubes)
    if told.problems:
        papers.refuse("\n".join(told.problems))
    return document(told.month, told.filters, viewer, cubes, section=section, plan=plan)


def _section() -> str:
    section = request.args.get("section", "")
    return section if section in ("", SECTION) else abort(404)


def _headed(response: Response, told: Document) -> Response:
    response.headers.update(
        {
            "X-Reachboard-Filters": quote(told.words, safe=" ,:()/"),
            "X-Reachboard-Snapshot": str(told.snapshot),
            "X-Reachboard-Definitions": told.definitions,
        }
    )
    if told.id:
        response.headers["X-Reachboard-Report"] = told.id
    return response
