"""The tables that pages offer as files: `/<page>/<table>.csv` and its like, one line per page."""

from __future__ import annotations

from config.permissions import Permission
from data.viewer import Viewer
from pages import (
    alerts_tables,
    calendar_sends,
    campaign_falls,
    campaign_questions,
    compare_questions,
    data_lineage,
    data_questions,
    data_replay,
    data_totals,
    data_undo,
    data_volumes,
    definitions_lists,
    experiments_tables,
    explore_asked,
    exports_tables,
    monthly_questions,
    overview_changes,
    overview_tables,
    privacy_history,
    reports_moved,
)
from pages.table import FactsTable, ListTable, Table

_OFFERED: tuple[tuple[str, tuple[Table | ListTable | FactsTable, ...]], ...] = (
    ("overview", (*overview_tables.TABLES, *overview_changes.TABLES)),
    ("campaign", (*campaign_questions.TABLES, *campaign_falls.TABLES)),
    ("compare", compare_questions.TABLES),
    ("experiments", experiments_tables.TABLES),
    ("explore", explore_asked.TABLES),
    ("calendar", calendar_sends.TABLES),
    ("alerts", alerts_tables.TABLES),
    ("definitions", definitions_lists.TABLES),
    (
        "data",
        (
            *data_questions.TABLES,
            *data_volumes.TABLES,
            *data_lineage.TABLES,
            *data_totals.TABLES,
            *data_undo.TABLES,
            *data_replay.TABLES,
        ),
    ),
    ("monthly", monthly_questions.TABLES),
    ("reports", reports_moved.TABLES),
    ("privacy", privacy_history.TABLES),
    ("exports", exports_tables.TABLES),
)

TABLES: dict[str, dict[str, Table | ListTable | FactsTable]] = {
    page: {table.name: table for table in offered} for page, offered in _OFFERED
}

NEEDS: dict[str, Permission] = {
    "overview": Permission.VIEW_CAMPAIGNS,
    "campaign": Permission.VIEW_CAMPAIGNS,
    "compare": Permission.VIEW_CAMPAIGNS,
    "experiments": Permission.VIEW_CAMPAIGNS,
    "alerts": Permission.VIEW_CAMPAIGNS,
    "explore": Permission.VIEW_CAMPAIGNS,
    "monthly": Permission.VIEW_CAMPAIGNS,
    "calendar": Permission.VIEW_CAMPAIGNS,
    "reports": Permission.VIEW_CAMPAIGNS,
    "definitions": Permission.VIEW_CAMPAIGNS,
    "data": Permission.VIEW_DATA,
    "privacy": Permission.VIEW_PRIVACY,
    "exports": Permission.EXPORT,
}
"""The permission of each page, as its own `PAGE` says; a test holds the two together."""


def may_see(page: str, viewer: Viewer) -> bool:
    """Whether a viewer may see the page that a table belongs to."""
    return page in NEEDS and viewer.may(NEEDS[page])
