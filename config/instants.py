"""Instants in words for a terminal, in UTC; pages tell them in the plan's zone (ui/clocks.py)."""

from __future__ import annotations

from datetime import UTC, datetime


def minute(us: int | None) -> str:
    """`2026-11-21 12:00 UTC` of microseconds since 1970."""
    return "unknown" if us is None else datetime.fromtimestamp(us / 1e6, UTC).strftime("%Y-%m-%d %H:%M UTC")
