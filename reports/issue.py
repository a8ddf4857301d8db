"""Issues a document under an ID, and opens it again with its own numbers for whom they may be told to."""

from __future__ import annotations

import hashlib
import time
from dataclasses import asdict

from msgspec.structs import replace

from data.metrics import DEFINED, DEFINITIONS_VERSION
from data.periods import day_date
from data.viewer import Viewer
from documents.model import Document, decoded, encoded
from exports.owner import owner_of
from pages.reports_scope import may_open
from state.reports import Report, new_id
from state.store import Store

AS_OF = "as_of"
"""The parameter that says from which day `last month` and the like are counted back, as ISO 8601."""


def issue(
    document: Document,
    viewer: Viewer,
    store: Store,
    *,
    why: str = "",
    tell: bool = True,
    today: int | None = None,
) -> Document:
    """Keep a document under an ID of its own, in the row scope of who asked; returns it with ID and time.

    `tell` writes it into the ledger, which a caller leaves out who writes an entry of his own. `today` is the
    day (number) that its period is counted back from, where its query does not name the days themselves.
    """
    document = _dated(document, today)
    content = encoded(plain(document))
    known = {
        "kind": document.kind,
        "title": document.title,
        "period": document.period,
        "page": document.page,
        "query": document.query,
        "scope": owner_of(viewer).scope,
        "by": viewer.name,
        "role": viewer.role,
        "made_us": time.time_ns() // 1000,
        "snapshot": document.snapshot,
        "definitions": document.definitions,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    _define(document.definitions, store)
    return _told(document, store.reports.add(known, content, new_id(), tell=tell, why=why))


def frozen(document: Document, viewer: Viewer, store: Store, today: int | None = None) -> Document:
    """The document under an ID: that of the same one, where the same person had it issued already.

    For what is issued by the way, such as a print or a file: nobody's hand is behind it, and the ledger is
    told of the print or the file itself.
    """
    document, owner = _dated(document, today), owner_of(viewer)
    sha256 = hashlib.sha256(encoded(plain(document))).hexdigest()
    known = store.reports.same(sha256, document.kind, owner.scope, owner.by, owner.role)
    return issue(document, viewer, store, tell=False) if known is None else _told(document, known)


def _dated(document: Document, today: int | None) -> Document:
    if today is None:
        return document
    return replace(document, query={**document.query, AS_OF: day_date(today).isoformat()})


def _define(version: str, store: Store) -> None:
    """Keep what the metrics mean as of now beside the reports that are counted by it."""
    if version == DEFINITIONS_VERSION:
        store.reports.define(version, {name: asdict(metric) for name, metric in DEFINED.items()})


def reopened(id: str, viewer: Viewer, store: Store) -> tuple[Report, Document] | None:
    """The report of an ID as it was told, with its state and comment of now.

    None where there is none, and just so where the viewer may not see all that it tells of. `ValueError`
    where what is kept is not what was issued.
    """
    report = store.reports.get(id)
    if report is None or not may_open(report, viewer):
        return None
    return report, as_told(report, store)


def as_told(report: Report, store: Store) -> Document:
    """What a report told, whoever may open it; `ValueError` where what is kept is not what was issued."""
    content = store.reports.content(report.id)
    if content is None or hashlib.sha256(content).hexdigest() != report.sha256:
        raise ValueError(f"What is kept of report {report.id} is not what was issued.")
    return _told(decoded(content), report)


def plain(document: Document) -> Document:
    """The document without what issuing adds: the same for the same figures, whenever they are asked."""
    return replace(document, id="", made_us=0, state="", comment="", comment_by="")


def _told(document: Document, report: Report) -> Document:
    return replace(
        document,
        id=report.id,
        made_us=report.made_us,
        state=report.state,
        comment=report.comment,
        comment_by=report.comment_by,
    )
