"""The ids that the executive page's layout and its wires share."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """What callbacks of the executive page speak of."""

    SCOPE = "executive-scope"
    HEAD = "executive-head"
    SHEET = "executive-sheet"
    REST = "executive-rest"
    ISSUE = "executive-issue"
    SAID = "executive-said"
