"""What a page shows when it is printed, under an ID: its own document, or the tables that it offers."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Viewer
from documents.model import Document
from reports.builders import BUILDERS
from reports.frozen import PRINT, of_page
from reports.issue import frozen, reopened
from state.store import Store

REPORTS = "reports"


def printed(
    page: str,
    title: str,
    query: Mapping[str, str],
    viewer: Viewer,
    cubes: Cubes,
    store: Store,
    settings: Settings,
) -> Document | None:
    """What a page's print says, kept under an ID; None where it tells nothing that can be kept.

    A report that was reopened has its ID already.
    """
    if page == REPORTS:
        found = reopened(query.get("report", ""), viewer, store)
        return None if found is None else found[1]
    if page in BUILDERS:
        made, _ = BUILDERS[page](query, viewer, cubes, store, settings)
        return frozen(replace(made, kind=PRINT), viewer, store, cubes.today)
    tables = of_page(page, title, query, viewer, cubes, store, settings.plan)
    return None if tables is None else frozen(tables, viewer, store, cubes.today)
