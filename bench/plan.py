"""How large the bench's plan is, and what happens in it: everything follows from the number of events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

DAYS = 365
LAST_DAY = (date(2026, 10, 31) - date(1970, 1, 1)).days
FIRST_DAY = LAST_DAY - DAYS + 1
CAMPAIGNS = 200
LENGTH = 60
"""Days that a campaign sends."""
CHANNELS = ("email", "sms", "push")
SHARES = {
    "email": {"delivered": 0.96, "opened": 0.45, "clicked": 0.08},
    "sms": {"delivered": 0.94, "opened": 0.0, "clicked": 0.06},
    "push": {"delivered": 0.90, "opened": 0.12, "clicked": 0.04},
}
EVENTS_A_MESSAGE = 2.35
ATTRIBUTES = {
    "segment": ("Well", "Rising risk", "Chronic", "Complex", "Maternity"),
    "region": ("North", "South", "East", "West", "Coast", "Central"),
    "age_band": ("18-34", "35-49", "50-64", "65-74", "75+"),
    "sex": ("F", "M"),
}
OUTCOME, WINDOW, LAG = "visit", 90, 60
LINES = ("Commercial", "Medicare Advantage", "Medicaid")


@dataclass(frozen=True)
class Plan:
    """A plan of `events` message events in a year."""

    events: int

    @property
    def members(self) -> int:
        """One for each hundred events, as at 100 M events and 1 M members."""
        return max(10_000, self.events // 100)

    @property
    def messages(self) -> int:
        return int(self.events / EVENTS_A_MESSAGE)

    @property
    def audience(self) -> int:
        """Members assigned to each campaign."""
        return max(500, self.members // 10)

    @property
    def outcomes(self) -> int:
        return self.members // 2
