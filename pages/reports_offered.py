"""What can be sent by the clock: whole reports, tables of the Overview, saved views; and what each takes."""

from __future__ import annotations

from collections.abc import Mapping

from config.permissions import Permission
from data.viewer import Viewer
from pages.registry import TABLES
from pages.table import Table as Offered

OWN = {"executive": "Executive page", "monthly": "Monthly report"}
PATHS = {
    "/": "overview",
    "/campaign": "campaign",
    "/compare": "compare",
    "/explore": "explore",
    "/reports/executive": "executive",
    "/reports/monthly": "monthly",
}
"""Path -> page, of the pages whose saved views can be sent: those that say figures of a period."""
PAGES = {"overview": "Overview", "campaign": "Campaign", "compare": "Compare", "explore": "Explore", **OWN}
VIEW = "view"
"""The parameter of a scheduled view that has its name; whatever is asked by it has it as its title."""


def offered(viewer: Viewer) -> list[tuple[str, str]]:
    """(page/table, words) of what can be scheduled beside views: whole reports, and tables that need no
    campaign."""
    found = [(f"{page}/", words) for page, words in OWN.items()]
    if viewer.may(Permission.VIEW_CAMPAIGNS):
        found += [
            (f"overview/{one.name}", f"Overview: {one.title}")
            for one in TABLES["overview"].values()
            if isinstance(one, Offered)
        ]
    return found


def may_schedule(path: str, viewer: Viewer) -> bool:
    """Whether a viewer may have a view of the page at a path sent."""
    return path in PATHS and viewer.may(Permission.ISSUE_REPORTS)


def is_fixed(query: Mapping[str, str]) -> bool:
    """Whether an address is of days that stay the same, whenever it is asked."""
    return bool({"from", "to", "month"} & query.keys())


def schedule_link(view: int) -> str:
    """The address of the form in which a saved view is chosen already."""
    return f"/reports?schedule={view}#schedule"
