"""The pages there are: one line each."""

from __future__ import annotations

from callbacks import (
    admin,
    alerts,
    calendar,
    campaign,
    compare,
    data,
    definitions,
    executive,
    experiments,
    explore,
    exports,
    ledger,
    monthly,
    overview,
    privacy,
    reports,
    upload,
)
from ui.wires import Wires

PAGES: tuple[Wires, ...] = (
    overview.wires,
    campaign.wires,
    calendar.wires,
    compare.wires,
    explore.wires,
    experiments.wires,
    alerts.wires,
    executive.wires,
    reports.wires,
    monthly.wires,
    definitions.wires,
    data.wires,
    upload.wires,
    privacy.wires,
    ledger.wires,
    exports.wires,
    admin.wires,
)
