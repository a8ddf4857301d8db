"""The monthly report as files: `/reports/monthly.pdf`, `.docx` and `.html`, each issued under an ID."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, abort, request

from api.files import TEXT, WHAT_FOR, WHY, Asker, attached
from config.permissions import Permission
from config.settings import Settings
from config.text import TextRefused, typed
from data.cubes import Cubes
from data.filters import split
from data.viewer import Viewer
from documents import html, word
from documents.model import Document
from documents.pdf import Paper, pdf
from exports.owner import owner_of
from pages.monthly_document import PAGE, SECTION, document
from pages.monthly_month import asked
from reports.issue import frozen
from state.exports import DONE, DOWNLOAD, RUNNING, Asked, Ledger
from state.store import Store

PAPERS: dict[str, Paper] = {"a4": "a4", "us-letter": "us-letter"}
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
        paper, section, why = _paper(), _section(), _why(settings)
        told = _document(section, viewer, cubes, settings.plan)
        name = f"reachboard-{section or PAGE}-{told.query['month']}"
        if request.method == "HEAD":
            return _headed(attached(b"", FORMS[format].mime, f"{name}.{format}"), told)
        issued = frozen(told, viewer, store)
        content = FORMS[format].made(issued, paper)
        file = f"{name}-{issued.id.lower()}.{format}"
        _written_down(issued, format, file, why, content, viewer, store)
        return _headed(attached(content, FORMS[format].mime, file), issued)

    needed = {}
    for format in FORMS:
        endpoint = f"monthly_{format}"
        server.add_url_rule(f"{ADDRESS}.{format}", endpoint, partial(given, format), methods=["GET"])
        needed[endpoint] = Permission.EXPORT
    return needed


def _document(section: str, viewer: Viewer, cubes: Cubes, plan: str) -> Document:
    """The report that the address asks for; 400 where it asks for what does not exist."""
    if not cubes.snapshot.number or not cubes.campaigns:
        abort(404)
    told = asked(request.args.to_dict(), viewer, cubes)
    if told.problems:
        abort(Response("".join(f"{one}\n" for one in told.problems), 400, content_type=TEXT))
    return document(told.month, told.filters, viewer, cubes, section=section, plan=plan)


def _paper() -> Paper:
    return PAPERS.get(request.args.get("paper", "a4")) or abort(404)


def _section() -> str:
    section = request.args.get("section", "")
    return section if section in ("", SECTION) else abort(404)


def _why(settings: Settings) -> str:
    try:
        why = typed(request.args.get(WHY, ""))
    except TextRefused as refused:
        abort(Response(f"{WHY}: {refused}.\n", 400, content_type=TEXT))
    if settings.export_reason and not why:
        abort(Response(f"{WHAT_FOR}\n", 400, content_type=TEXT))
    return why


def _written_down(
    told: Document, format: str, file: str, why: str, content: bytes, viewer: Viewer, store: Store
) -> None:
    """The file in the ledger of exports, before it is given: what cannot be written down is not given."""
    id, ledger = secrets.token_hex(16), Ledger(store.database)
    query = {**told.query, "report": told.id}
    campaigns = split(told.query.get("campaign", ""))
    what = Asked(
        PAGE, told.query.get("section", "report"), told.title, told.words, query, format, why,
        told.snapshot, file, None, urlencode(told.query), campaigns,
    )  # fmt: skip
    ledger.add(id, DOWNLOAD, what, owner_of(viewer))
    sha256 = hashlib.sha256(content).hexdigest()
    ledger.move(id, (RUNNING,), DONE, sha256=sha256, rows=0, bytes=len(content))


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
