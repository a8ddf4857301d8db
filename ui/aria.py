"""Words for those who listen to a page instead of looking at it."""

from __future__ import annotations

from typing import Any

Children = Any  # what a component may hold: text, a component, or a list of them


def aria(**words: str) -> Any:
    """Attributes `aria-<name>` for a component: `**aria(label="Close")`; `described_by` is `describedby`."""
    return {f"aria-{name.replace('_', '')}": text for name, text in words.items()}
