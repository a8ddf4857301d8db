"""How a number is written: thousands, percent, per 1,000, money, ≈, and the words where there is none."""

from __future__ import annotations

from math import floor, log10

from data.answer import Released, Status
from data.metrics import EFFECTS, Metric

MINUS = "−"
WORDS = {Status.WITHHELD: "withheld", Status.NOT_AVAILABLE: "not available"}
NOTHING = "–"
_SCALES = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K"))


def count(value: float) -> str:
    """`1,234,567`, signs typographic; a fraction keeps up to two digits."""
    text = f"{abs(value):,.2f}".rstrip("0").rstrip(".")
    return (MINUS if value < 0 and text != "0" else "") + text


def three(value: float) -> str:
    """At most three significant digits, never in powers of ten: `94.1`, `0.384`, `1,230`."""
    if not value:
        return "0"
    size = abs(value)
    digits = max(0, 2 - _magnitude(size))
    rounded = round(size, 2 - _magnitude(size))
    digits = max(0, 2 - _magnitude(rounded))
    text = f"{rounded:,.{digits}f}"
    return (MINUS if value < 0 else "") + text


def short(value: float) -> str:
    """A count on a card: `9,280,000` is `9.28M`."""
    for size, letter in _SCALES:
        if abs(float(f"{value:.3g}")) >= size:
            return three(value / size) + letter
    return count(value)


def percent(value: float) -> str:
    """A fraction as percent: `94.1%`."""
    return f"{three(100 * value)}%"


def money(value: float) -> str:
    """Dollars, with cents where they count: `$22,673`, `$0.0965`."""
    sign, size = (MINUS if value < 0 else ""), abs(value)
    if size >= 1000 or not size:
        return f"{sign}${size:,.0f}"
    return f"{sign}${size:.2f}" if size >= 1 else f"{sign}${three(size)}"


def written(value: Released, metric: Metric, *, brief: bool = False) -> str:
    """A released value in words and digits. `brief` is for cards: three significant digits."""
    if value.value is None and metric.name in EFFECTS and value.status is Status.RELEASED:
        return value.reason.partition(":")[0].lower() or NOTHING
    if value.value is None:
        return WORDS.get(value.status, NOTHING)
    about = "≈ " if value.approximate else ""
    return about + _plain(value.value, metric, brief)


def behind(value: Released, metric: Metric) -> str:
    """What a value is made of: `2,745 of 59,025`, or the exact count; empty where nothing may be said."""
    if value.value is None and value.denominator is None:
        return ""
    about = "≈ " if value.approximate else ""
    if metric.denominator and value.denominator is not None:
        k = value.numerator or 0
        top = money(k) if metric.shape == "money" else count(k)
        return f"{about}{top} of {about}{count(value.denominator)}"
    return f"{about}{_plain(value.value or 0, metric, False)}"


def _plain(value: float, metric: Metric, brief: bool) -> str:
    if metric.shape in ("rate", "union_rate"):
        return percent(value)
    if metric.shape == "per_1000":
        return three(value)
    if metric.shape == "money":
        return money(value)
    if metric.shape == "effect":
        value = round(value)
    return short(value) if brief else count(value)


def _magnitude(size: float) -> int:
    return floor(log10(size))
