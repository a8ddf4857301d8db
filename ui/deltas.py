"""A value against the one it is compared with: sign, word and tone, or why there is nothing to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from data.answer import Released, Status
from data.metrics import Metric
from ui.numbers import MINUS, three

Tone = Literal["better", "worse", "neutral", "none"]
TENFOLD = 9.0
UNSEEN = 0.05


@dataclass(frozen=True)
class Delta:
    """How a value stands to an earlier one; with tone `none` they are not compared, and `text` says why."""

    text: str
    tone: Tone = "none"
    word: str = ""
    rises: bool = False


def delta(now: Released, before: Released | None, metric: Metric) -> Delta:
    """The change from `before` to `now`: points for rates, percent for counts, in the metric's direction."""
    if now.value is None or before is None:
        return Delta("no comparison")
    if before.value is None or not (before.denominator or before.value):
        return Delta("no comparison data")
    if not metric.is_ratio and Status.PARTIAL in (now.status, before.status):
        return Delta("counted in part: not compared")
    if metric.shape in ("rate", "union_rate"):
        change, unit = 100 * (now.value - before.value), " pt"
        return _told(change, _one_decimal(change) + unit, metric)
    if not before.value:
        return Delta("no comparison data")
    change = now.value / before.value - 1
    if change > TENFOLD:
        return Delta("more than tenfold: hardly the same thing")
    return _told(100 * change, _one_decimal(100 * change) + "%", metric)


def _told(change: float, text: str, metric: Metric) -> Delta:
    if abs(change) < UNSEEN:
        return Delta("no change", "neutral")
    rises = change > 0
    if metric.better == "neither":
        return Delta(text, "neutral", "more" if rises else "fewer", rises)
    good = rises == (metric.better == "higher")
    return Delta(text, "better" if good else "worse", "better" if good else "worse", rises)


def _one_decimal(change: float) -> str:
    size = abs(change)
    text = f"{size:.1f}" if size < 100 else three(size)
    return ("+" if change >= 0 else MINUS) + text
