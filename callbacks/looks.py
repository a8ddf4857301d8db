"""What of each page is written into the ledger: which of its states is below the whole portfolio."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from pages import (
    campaign_questions,
    data_questions,
    executive_questions,
    experiments_questions,
    explore_asked,
    monthly_month,
)
from pages.campaign_ids import Ids as Campaign
from pages.compare_chosen import chosen
from pages.compare_ids import Ids as Compare
from pages.data_ids import Ids as Data
from ui.filterbar import Bar, filters_of
from ui.wires import Looked, Watch


def looked(filters: Filters, cubes: Cubes, **more: str) -> Looked:
    """A selection as the ledger keeps it."""
    query = {**replace(filters, compare="previous").query(), **more}
    return Looked(urlencode(query), filters.sentence(cubes), filters.campaign)


def _overview(query: object, viewer: Viewer, cubes: Cubes) -> Looked | None:
    """What is narrowed by more than a period; the whole portfolio is not written down."""
    filters, _ = filters_of(query, viewer, cubes)
    return looked(filters, cubes) if _narrowed(filters) else None


def _narrowed(filters: Filters) -> bool:
    return bool(
        filters.cuts or filters.campaign or filters.channel or filters.program or filters.line_of_business
    )


def _campaign(query: object, viewer: Viewer, cubes: Cubes) -> Looked | None:
    given = query if isinstance(query, dict) else {"campaign": query}
    filters, campaign, _ = campaign_questions.asked(given, viewer, cubes)
    return None if campaign is None else looked(filters, cubes)


def _compare(query: object, viewer: Viewer, cubes: Cubes) -> Looked | None:
    asked = chosen(query, viewer, cubes)
    if not asked.campaigns:
        return None
    return looked(asked.filters, cubes, window=asked.window, metric=asked.metric)


def _data(query: object, viewer: Viewer, cubes: Cubes) -> Looked | None:
    """A campaign that is chosen on the Data page: of its figures, where they come from is shown."""
    given = query.get("campaign") if isinstance(query, dict) else query
    if not isinstance(given, str) or given not in data_questions.visible(viewer, cubes):
        return None
    return looked(Filters(campaign=(given,)), cubes)


def _executive(query: object, viewer: Viewer, cubes: Cubes) -> Looked | None:
    filters, _ = executive_questions.asked(query, viewer, cubes)
    return looked(filters, cubes) if _narrowed(filters) else None


def _experiments(query: object, viewer: Viewer, cubes: Cubes) -> Looked | None:
    filters, _ = experiments_questions.asked(query, viewer, cubes)
    narrowed = filters.campaign or filters.program or filters.line_of_business
    return looked(filters, cubes) if narrowed else None


def _explore(query: object, viewer: Viewer, cubes: Cubes) -> Looked | None:
    """A question of one's own: its figures, what they are broken down by, and the filters."""
    view = explore_asked.asked(query, viewer, cubes)
    if not view.metrics:
        return None
    more = {name: ",".join(getattr(view, name)) for name in ("metrics", "by") if getattr(view, name)}
    return looked(view.filters, cubes, **more)


def _monthly(query: object, viewer: Viewer, cubes: Cubes) -> Looked | None:
    """A month that is narrowed; a month of the whole portfolio is not written down."""
    filters = monthly_month.asked(query, viewer, cubes).filters
    narrowed = filters.attributes or filters.campaign or filters.program or filters.line_of_business
    return looked(filters, cubes) if narrowed else None


OVERVIEW = Watch((Bar.QUERY,), _overview)
CAMPAIGN = Watch((Bar.QUERY,), _campaign, parts=(Campaign.CAMPAIGN,))
COMPARE = Watch((Compare.QUERY,), _compare)
EXPLORE = Watch((Bar.QUERY,), _explore)
MONTHLY = Watch((Bar.QUERY,), _monthly)
EXPERIMENTS = Watch((Bar.QUERY,), _experiments)
DATA = Watch((Data.VIEW, Data.OF_CAMPAIGN), _data)
EXECUTIVE = Watch((Bar.QUERY,), _executive)
