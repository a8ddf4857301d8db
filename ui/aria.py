"""Words for those who listen to a page instead of looking at it."""

from __future__ import annotations

from typing import Any

Children = Any  # what a component may hold: text, a component, or a list of them


def aria(**words: str) -> Any:
    """Attributes `aria-<name>` for a component: `**aria(label="Close")`; `described_by` is `describedby`."""
    return {f"aria-{name.replace('_', '')}": text for name, text in words.items()}


def marks(*names: str, **words: str) -> Any:
    """Attributes `data-<name>` by which a script or a style finds a component: `**marks("print")`."""
    named = {f"data-{name.replace('_', '-')}": text for name, text in words.items()}
    return {f"data-{name}": "" for name in names} | named
