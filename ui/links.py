"""Addresses of pages for a filter: a link keeps the period that its reader has chosen."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from data.filters import Filters

CAMPAIGN = "/campaign"
COMPARE = "/compare"


def campaign_link(campaign: str, filters: Filters | None = None) -> str:
    """Address of a campaign's page; of the filters it keeps those that the page has, too."""
    kept = Filters() if filters is None else replace(filters, program=(), line_of_business=())
    return CAMPAIGN + replace(kept, campaign=(campaign,)).url()


def compare_link(campaigns: tuple[str, ...]) -> str:
    """Address of several campaigns side by side."""
    return f"{COMPARE}?{urlencode({'campaign': Filters(campaign=campaigns).query()['campaign']})}"
