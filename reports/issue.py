"""Issues a document under an ID, and opens it again with its own numbers for whom they may be told to."""

from __future__ import annotations

import hashlib
import time

import msgspec

from config.permissions import Permission
from data.viewer import Scope, Viewer
from documents.model import Document, decoded, encoded
from exports.owner import owner_of, scope_of
from pages.registry import NEEDS
from state.reports import DRAFT, Report, new_id
from state.store import Store


def issue(document: Document, viewer: Viewer, store: Store, *, why: str = "", tell: bool = True) -> Document:
    """Keep a document under an ID of its own, in the row scope of who asked; returns it with ID and time.

    `tell` writes it into the ledger, which a caller leaves out who writes an entry of his own.
    """
    made = msgspec.structs.replace(
        document, id=new_id(), made_us=time.time_ns() // 1000, state="", comment="", comment_by=""
    )
    content = encoded(made)
    known = {
        "kind": made.kind,
        "title": made.title,
        "period": made.period,
        "page": made.page,
        "query": made.query,
        "scope": owner_of(viewer).scope,
        "by": viewer.name,
        "role": viewer.role,
        "made_us": made.made_us,
        "snapshot": made.snapshot,
        "definitions": made.definitions,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    store.reports.add(known, content, made.id, tell=tell, why=why)
    return msgspec.structs.replace(made, state=DRAFT)


def reopened(id: str, viewer: Viewer, store: Store) -> tuple[Report, Document] | None:
    """The report of an ID as it was told, with its state and comment of now.

    None where there is none, and just so where the viewer may not see all that it tells of. `ValueError`
    where what is kept is not what was issued.
    """
    report = store.reports.get(id)
    if report is None or not may_open(report, viewer):
        return None
    content = store.reports.content(report.id)
    if content is None or hashlib.sha256(content).hexdigest() != report.sha256:
        raise ValueError(f"What is kept of report {report.id} is not what was issued.")
    own = {"state": report.state, "comment": report.comment, "comment_by": report.comment_by}
    return report, msgspec.structs.replace(decoded(content), **own)


def may_open(report: Report, viewer: Viewer) -> bool:
    """Whether a viewer sees campaigns, the page a report is of, and every program and line it covers."""
    page = NEEDS.get(report.page, Permission.VIEW_CAMPAIGNS)
    if not (viewer.may(Permission.VIEW_CAMPAIGNS) and viewer.may(page)):
        return False
    return covers(viewer.scope, scope_of(report.scope))


def covers(wide: Scope, narrow: Scope) -> bool:
    """Whether everything of one row scope lies in another."""
    pairs = ((wide.programs, narrow.programs), (wide.lines, narrow.lines))
    return all(own is None or (other is not None and other <= own) for own, other in pairs)
