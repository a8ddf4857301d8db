"""Addresses of pages for a filter: a link keeps the period that its reader has chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote_plus, urlencode

from data.filters import Filters

CAMPAIGN = "/campaign"
COMPARE = "/compare"
EXPERIMENTS = "/experiments"
PLACE = "~campaign~"


def campaign_link(campaign: str, filters: Filters | None = None) -> str:
    """Address of a campaign's page; of the filters it keeps those that the page has, too."""
    kept = Filters() if filters is None else replace(filters, program=(), line_of_business=())
    return CAMPAIGN + replace(kept, campaign=(campaign,)).url()


def campaign_links(filters: Filters) -> Callable[[str], str]:
    """What `campaign_link` says of any campaign under some filters, for tables of many."""
    before, after = campaign_link(PLACE, filters).split(PLACE, 1)

    def link(campaign: str) -> str:
        (name,) = Filters(campaign=(campaign,)).query().values()
        return f"{before}{quote_plus(name)}{after}"

    return link


def compare_link(campaigns: tuple[str, ...]) -> str:
    """Address of several campaigns side by side."""
    return f"{COMPARE}?{urlencode({'campaign': Filters(campaign=campaigns).query()['campaign']})}"


def experiment_link(campaign: str, filters: Filters | None = None) -> str:
    """Address of a campaign's experiment; of the filters it keeps program and line of business."""
    kept = filters or Filters()
    alone = Filters(campaign=(campaign,), program=kept.program, line_of_business=kept.line_of_business)
    return f"{EXPERIMENTS}{alone.url()}"
