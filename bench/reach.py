"""Row 2 of the budget: exact distinct members under any filter, asked of the one door."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import numpy as np

from bench import rows
from bench.plan import CAMPAIGNS, CHANNELS, FIRST_DAY, LAST_DAY, LINES
from config.settings import Settings
from data.cubes import Shelf
from data.filters import Filters
from data.measure import measure
from data.periods import Period, day_date, month_of, month_span
from data.snapshot import Lake
from data.viewer import EVERYTHING

QUESTIONS = 300


def distinct(settings: Settings) -> dict[str, Any]:
    """Milliseconds of a question for reach: whole months, some channels, campaigns and lines, each once."""
    cubes = Shelf(Lake(settings.lake)).current()
    draw = np.random.default_rng(3)
    measure(["reach"], [], Filters(Period("all_time")), EVERYTHING, cubes)  # the bitmaps are read once
    taken = []
    for _ in range(QUESTIONS):
        filters = asked(draw)
        started = time.perf_counter()
        measure(["reach"], [], filters, EVERYTHING, cubes)
        taken.append((time.perf_counter() - started) * 1000)
    return {"questions": QUESTIONS, "milliseconds": percentiles(taken)}


def asked(draw: np.random.Generator) -> Filters:
    """A random question that nobody asked before."""
    first, last = sorted(draw.integers(FIRST_DAY, LAST_DAY + 1, 2))
    start, _ = month_span(month_of(int(first)))
    _, end = month_span(month_of(int(last)))
    chosen: Iterable[Any] = (
        draw.choice(CAMPAIGNS, draw.integers(1, 40), replace=False) if draw.random() < 0.5 else []
    )
    channels: Iterable[Any] = (
        draw.choice(CHANNELS, draw.integers(1, 3), replace=False) if draw.random() < 0.4 else []
    )
    lines: Iterable[Any] = draw.choice(LINES, 1) if draw.random() < 0.3 else []
    return Filters(
        Period("custom", day_date(start), day_date(end)),
        campaign=tuple(rows.campaign(int(one)) for one in chosen),
        channel=tuple(str(one) for one in channels),
        line_of_business=tuple(str(one) for one in lines),
    )


def percentiles(values: list[float]) -> dict[str, float]:
    """Median, 95th percentile and the most, to the hundredth."""
    return {
        "p50": round(float(np.percentile(values, 50)), 2),
        "p95": round(float(np.percentile(values, 95)), 2),
        "most": round(max(values), 2),
    }
