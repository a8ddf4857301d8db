"""Which reports somebody may open: those of pages, programs and lines of business that they see all of."""

from __future__ import annotations

from config.permissions import Permission
from data.viewer import Scope, Viewer
from state.reports import Report


def may_open(report: Report, viewer: Viewer) -> bool:
    """Whether a viewer sees campaigns, the page a report is of, and every program and line it covers."""
    from pages.registry import NEEDS  # which lists the tables of reports, and these ask here

    page = NEEDS.get(report.page, Permission.VIEW_CAMPAIGNS)
    if not (viewer.may(Permission.VIEW_CAMPAIGNS) and viewer.may(page)):
        return False
    return viewer.scope.covers(Scope.of(report.scope))
