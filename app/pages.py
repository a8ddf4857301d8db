"""The pages there are: one line each."""

from __future__ import annotations

from callbacks import campaign, compare, data, definitions, overview, privacy
from ui.wires import Wires

PAGES: tuple[Wires, ...] = (
    overview.wires,
    campaign.wires,
    compare.wires,
    definitions.wires,
    data.wires,
    privacy.wires,
)
