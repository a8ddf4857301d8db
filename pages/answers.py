"""Answers of a snapshot, kept for the panels that ask the same; they go when the snapshot goes."""

from __future__ import annotations

from collections.abc import Sequence

from data.answer import Answer
from data.cubes import Cubes
from data.filters import Filters
from data.kept import kept
from data.measure import measure
from data.viewer import Viewer


def ask(metrics: Sequence[str], by: Sequence[str], filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """What `measure` answers. The row scope is part of the key: two viewers share what both may see."""
    return _asked(tuple(metrics), tuple(by), filters, viewer, cubes)


@kept
def _asked(
    metrics: tuple[str, ...], by: tuple[str, ...], filters: Filters, viewer: Viewer, cubes: Cubes
) -> Answer:
    return measure(metrics, by, filters, viewer, cubes)
