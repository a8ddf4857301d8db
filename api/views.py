"""A view as a document: `GET /explore.pdf` under the page's own address, kept under an ID."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

from flask import Flask, Response, abort, request
from msgspec.structs import replace

from api.files import TEXT, WHAT_FOR, WHY
from config.permissions import Permission
from config.settings import Settings
from config.text import TextRefused, typed
from data.cubes import Cubes
from data.viewer import Viewer
from documents.model import Document
from documents.pdf import Paper, pdf
from exports.owner import owner_of
from exports.tables import canonical
from pages.explore_asked import asked
from pages.explore_document import document
from reports.issue import frozen
from state.exports import DONE, DOWNLOAD, RUNNING, Asked, Ledger
from state.store import Store

ENDPOINT = "explore_pdf"
PAPERS: tuple[Paper, ...] = ("a4", "us-letter")
Asker = Callable[[], tuple[Viewer, Cubes]]


def install(server: Flask, asker: Asker, store: Store, settings: Settings) -> dict[str, Permission]:
    """Answer for Explore's views; returns the permission of each endpoint."""

    def explore_pdf() -> Response:
        viewer, cubes = asker()
        query = request.args.to_dict()
        paper, why = _paper(query.pop("paper", PAPERS[0])), _why(query.pop(WHY, ""), settings)
        view = asked(query, viewer, cubes)
        if view.problems or not view.metrics:
            _refuse("\n".join(view.problems) or "Name at least one figure: metrics=sent")
        made = replace(document(view, viewer, cubes), plan=settings.plan)
        issued = made if request.method == "HEAD" else frozen(made, viewer, store, cubes.today)
        content = pdf(issued, paper)
        name = f"reachboard-explore-{issued.id or 'view'}.pdf"
        if request.method != "HEAD":
            _tell(issued, query, name, why, content, viewer, cubes, store)
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, content_type="application/pdf", headers=disposition)

    server.add_url_rule("/explore.pdf", ENDPOINT, explore_pdf, methods=["GET"])
    return {ENDPOINT: Permission.EXPORT}


def _paper(name: str) -> Paper:
    found = next((paper for paper in PAPERS if paper == name), None)
    if found is None:
        _refuse(f"paper is one of {', '.join(PAPERS)}.")
    assert found is not None
    return found


def _why(text: str, settings: Settings) -> str:
    try:
        why = typed(text)
    except TextRefused as refused:
        _refuse(f"{WHY}: {refused}.")
    if settings.export_reason and not why:
        _refuse(WHAT_FOR)
    return why


def _refuse(words: str) -> None:
    abort(Response(f"{words}\n", 400, content_type=TEXT))


def _tell(
    issued: Document,
    query: dict[str, str],
    name: str,
    why: str,
    content: bytes,
    viewer: Viewer,
    cubes: Cubes,
    store: Store,
) -> None:
    """Write the file down beside the other exports."""
    wanted = Asked(
        "explore", "figures", issued.title, issued.words, query, "pdf", why, issued.snapshot, name, None,
        *canonical(query, viewer, cubes), report=issued.id,
    )  # fmt: skip
    id, ledger = secrets.token_hex(16), Ledger(store.database)
    ledger.add(id, DOWNLOAD, wanted, owner_of(viewer))
    ledger.move(id, (RUNNING,), DONE, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
