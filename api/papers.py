"""What documents as files share: the paper, what they are for, and their line in the ledger of exports."""

from __future__ import annotations

import hashlib
import secrets
from typing import NoReturn

from flask import Response, abort, request

from api.files import TEXT, WHAT_FOR, WHY
from config.settings import Settings
from config.text import TextRefused, typed
from data.viewer import Viewer
from documents.model import Document
from documents.pdf import Paper
from exports.owner import owner_of
from state.exports import DONE, DOWNLOAD, RUNNING, Asked, Ledger
from state.store import Store

PAPERS: dict[str, Paper] = {"a4": "a4", "us-letter": "us-letter"}
PAPER = "paper"


def paper() -> Paper:
    """The paper that the address asks for, A4 where it names none; 400 where there is no such paper."""
    name = request.args.get(PAPER, "a4")
    if name not in PAPERS:
        refuse(f"{PAPER}: there is no {name[:20]!r}; take one of {', '.join(PAPERS)}")
    return PAPERS[name]


def reason(settings: Settings) -> str:
    """What the file is for, as the address says; 400 where it must be said and is not."""
    try:
        why = typed(request.args.get(WHY, ""))
    except TextRefused as refused:
        refuse(f"{WHY}: {refused}.")
    if settings.export_reason and not why:
        refuse(WHAT_FOR)
    return why


def question() -> dict[str, str]:
    """The parameters of the address that say what the document is of."""
    return {name: text for name, text in request.args.to_dict().items() if name not in (PAPER, WHY)}


def refuse(words: str) -> NoReturn:
    """Answer 400 with words, a line for each thing that is wrong."""
    abort(Response(f"{words}\n", 400, content_type=TEXT))


def write_down(what: Asked, content: bytes, viewer: Viewer, store: Store) -> None:
    """Put a file into the ledger of exports before it is given: what cannot be written down is not given."""
    id, ledger = secrets.token_hex(16), Ledger(store.database)
    ledger.add(id, DOWNLOAD, what, owner_of(viewer))
    sha256 = hashlib.sha256(content).hexdigest()
    ledger.move(id, (RUNNING,), DONE, bytes=len(content), sha256=sha256)


def asked_of(
    issued: Document, table: str, format: str, file: str, why: str, filters: str, campaigns: tuple[str, ...]
) -> Asked:
    """A document that was issued, as the ledger of exports keeps it."""
    return Asked(
        issued.page, table, issued.title, issued.words, issued.query, format, why, issued.snapshot, file,
        filters=filters, campaigns=campaigns, report=issued.id,
    )  # fmt: skip
