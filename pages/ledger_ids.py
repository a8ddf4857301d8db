"""The ids of the Ledger page."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """What callbacks of the page name."""

    VIEW = "ledger-view"  # what the address asks for
    LIST = "ledger-list"
    STATE = "ledger-state"
