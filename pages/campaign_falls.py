"""The waterfall of a campaign as a file: who left at each step and who remains, or why it is not told."""

from __future__ import annotations

from collections.abc import Iterator

from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from pages.campaign_questions import alone
from pages.campaign_waterfall import Flow, flows
from pages.table import Listing, ListTable

COLUMNS = (
    "campaign", "waterfall", "leads", "place", "step", "left", "remain", "because", "approximate", "told",
    "reason",
)  # fmt: skip


def falls(filters: Filters, viewer: Viewer, cubes: Cubes) -> Listing:
    """A row per step of each waterfall, the first with all who began."""
    kept = alone(filters, viewer, cubes)
    rows = [row for flow in flows(kept, viewer, cubes) for row in _rows(kept.campaign[0], flow)]
    return Listing(COLUMNS, rows, kept.sentence(cubes))


def _rows(campaign: str, flow: Flow) -> Iterator[tuple[object, ...]]:
    head = (campaign, flow.name, flow.to)
    rounded = flow.about and flow.start == "Delivered"
    yield (*head, 0, flow.start, None, flow.falls.start, "", rounded, True, "")
    for place, fall in enumerate(flow.falls.falls, 1):
        rounded = rounded or (flow.about and fall.name == "Sent")
        told = fall.left is not None
        yield (*head, place, fall.name, fall.left, fall.remain, fall.because, rounded, told, fall.reason)


TABLES = (ListTable("waterfall", "Where members leave on the way", falls, filtered=True),)
