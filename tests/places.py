"""Where each page is opened in tests, and by whom: the parameters that it needs to have something to show."""

from __future__ import annotations

from collections.abc import Mapping

from config.permissions import PERMISSIONS, Role
from data.viewer import Viewer

LINE = "All lines"  # a line of business of the sample, that of these campaigns
WHOLE = Viewer("Demo analyst", Role.ANALYST, frozenset(PERMISSIONS[Role.ANALYST]))
SCOPED = f"{Role.MANAGER.value}:{LINE}"  # who signs in as a manager of that line alone
CAMPAIGN, OTHER = "flu-2025", "a1c-house-calls"
# A page without a line here is opened as it is; an empty text says that this is meant.
QUERIES: Mapping[str, str] = {
    "/": "",
    "/vault": "",
    "/ledger": "",
    "/campaign": f"campaign={CAMPAIGN}",
    "/compare": f"campaign={CAMPAIGN},{OTHER}",
    "/calendar": "",
    "/explore": "metrics=sent,members_delivered,click_rate&by=channel,month",
    "/experiments": f"campaign={CAMPAIGN}",
    "/reports/executive": "",
    "/alerts": "",
    "/reports": "",
    "/reports/monthly": "",
    "/definitions": "",
    "/data": "",
    "/data/upload": "",
    "/privacy": "",
    "/exports": "",
    "/administration": "",
}
CHOSEN = {"Campaigns": "/campaign", "Compare": "/compare", "Experiments": "/experiments"}
NAMED = {"monthly": "/reports/monthly", "overview": "/", "campaign": "/campaign", "compare": "/compare"}


def query_of(address: str) -> str:
    """The query of a page's address or of one of its files; KeyError where nobody has thought of it."""
    if "." in address:
        page = address.split("/")[1]
        return QUERIES[NAMED.get(page, f"/{page}")]
    return QUERIES[address]


def values_of(title: str) -> dict[str, object]:
    """What the callbacks of a page are sent: the query of its address."""
    asked = {title: QUERIES[path] for title, path in CHOSEN.items()}.get(title, "")
    query = dict(part.split("=") for part in asked.split("&") if part)
    asked_by = dict.fromkeys(("filters-query.data", "compare-query.data"), query)
    return {**asked_by, "campaign-id.data": CAMPAIGN, "frame-snapshot.data": 1}
