"""The pages there are: one line each."""

from __future__ import annotations

from callbacks import admin, campaign, compare, data, definitions, exports, overview, privacy
from ui.wires import Wires

PAGES: tuple[Wires, ...] = (
    overview.wires,
    campaign.wires,
    compare.wires,
    definitions.wires,
    data.wires,
    privacy.wires,
    exports.wires,
    admin.wires,
)
