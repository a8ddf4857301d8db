"""Charts as SVG for paper and for the pages of others: greyscale-safe, labelled directly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from math import ceil, floor, log10

from documents.model import Band, Bars, Lines, Series, Value
from documents.outline import longest

WIDTH = 520.0
INK, QUIET, RULE, FILL = "#16202b", "#54606d", "#dde3e9", "#0b5c8a"
FONT = "Inter, Helvetica, Arial, sans-serif"
SIZE = 9.0
PANEL_HEIGHT, PANEL_GAP, PANELS = 112.0, 18.0, 3
ROW, LABEL, GAP = 17.0, 150.0, 8.0
BULLET = 6.0  # a bar that has a band below it
LETTER = 0.56  # width of an average letter of Inter, in its size
WIDER = 1.08  # by so much a name may be wider than its letters on average


def lines(block: Lines, wide: float = WIDTH) -> str:
    """Lines of one chart, `wide` in points; those that would tangle get a panel each."""
    drawn = [one for one in block.series if not one.dashed]
    if together(block):
        return _svg(wide, PANEL_HEIGHT + 40, _panel(block, block.series, 0, 0, wide, PANEL_HEIGHT + 26))
    across = 2 if len(drawn) in (2, 4) else PANELS
    each = (wide - (across - 1) * PANEL_GAP) / across
    parts = []
    for place, series in enumerate(drawn):
        beside = [one for one in block.series if one.dashed and one.label.startswith(series.label)]
        x, y = (place % across) * (each + PANEL_GAP), (place // across) * (PANEL_HEIGHT + 24)
        title = _text(x, y + SIZE, series.label, weight=600)
        panel = _panel(block, [series, *beside], x, y + 14, each, PANEL_HEIGHT - 14, names=False)
        parts.append(title + panel)
    return _svg(wide, ceil(len(drawn) / across) * (PANEL_HEIGHT + 24), "".join(parts))


def together(block: Lines) -> bool:
    """Whether all lines share one chart: one with what it is compared with, or the ends of a range."""
    return block.band or sum(not one.dashed for one in block.series) <= 1


def bars(block: Bars, wide: float = WIDTH) -> str:
    """A bar per row for the first column of numbers; what every column says stands beside it."""
    label = min(LABEL, wide * 0.34)
    ends = _ends(block, wide)
    room = max(40.0, ends[0] - _widest(block, 0) - GAP - label)
    top = longest(block) or 1
    named = zip(block.columns[1:], ends, strict=True)
    parts = [_text(end, ROW * 0.6, column.label, anchor="end", fill=QUIET) for column, end in named]
    for place, row in enumerate(block.rows):
        y = (place + 1) * ROW
        parts.append(_text(label - GAP, y + ROW * 0.66, _cut(row.label, label - GAP), anchor="end"))
        parts.append(_bar(row.values[0], label, y, room, top, BULLET if row.band else ROW - 6))
        if row.band is not None:
            parts.append(_band(row.band, label, y, room / top))
        for value, end in zip(row.values, ends, strict=True):
            parts.append(_text(end, y + ROW * 0.66, value.text, anchor="end"))
    return _svg(wide, (len(block.rows) + 1) * ROW + 4, "".join(parts))


def _ends(block: Bars, wide: float) -> list[float]:
    """Where each column of words ends, the last one at the edge."""
    widths = [_widest(block, place) + GAP for place in range(len(block.columns) - 1)]
    return [wide - sum(widths[place + 1 :]) for place in range(len(widths))]


def _widest(block: Bars, place: int) -> float:
    texts = [block.columns[place + 1].label, *(row.values[place].text for row in block.rows)]
    return max(_wide(text) for text in texts)


def _bar(value: Value, x: float, y: float, room: float, top: float, high: float) -> str:
    if value.value is None:
        dashes = f'stroke="{QUIET}" stroke-dasharray="2 3" fill="none"'
        return f'<rect x="{x:g}" y="{y + 3:g}" width="{room * 0.12:.1f}" height="{high:g}" {dashes}/>'
    width = max(0.0, room * value.value / top)
    return f'<rect x="{x:g}" y="{y + 3:g}" width="{width:.1f}" height="{high:g}" fill="{FILL}"/>'


def _band(band: Band, x: float, y: float, scale: float) -> str:
    """Below its bar the range with its ends and its middle, and the goal as a line across both."""
    parts, at = [], y + 3 + BULLET + 3.5
    if band.low is not None and band.high is not None:
        low, high = x + band.low * scale, x + band.high * scale
        path = f"M{low:.1f} {at:g}H{high:.1f}M{low:.1f} {at - 2:g}v4M{high:.1f} {at - 2:g}v4"
        parts.append(f'<path d="{path}" stroke="{INK}" stroke-width="1.1" fill="none"/>')
    if band.middle is not None:
        parts.append(f'<circle cx="{x + band.middle * scale:.1f}" cy="{at:g}" r="2" fill="{INK}"/>')
    if band.goal is not None:
        goal = f"M{x + band.goal * scale:.1f} {y + 1:g}v{ROW - 2:g}"
        parts.append(f'<path d="{goal}" stroke="{INK}" stroke-width="1.6" stroke-dasharray="2.4 1.4"/>')
    return "".join(parts)


def _panel(
    block: Lines,
    series: Sequence[Series],
    x: float,
    y: float,
    wide: float,
    high: float,
    *,
    names: bool = True,
) -> str:
    """One set of axes: from zero, the top rounded up; days as numbers where the buckets are days."""
    known = [value.value for one in series for value in one.values if value.value is not None]
    top = _rounded(max(known, default=0) or 1)
    margin = max(22, *(_wide(_tick(top * share, block.unit)) + 5 for share in (0.5, 1.0)))
    end = (max(_wide(one.label) for one in series) + 12) if names and len(series) > 1 else 4
    left, right, low = x + margin, x + wide - min(end, wide / 3), y + high - 14
    parts = []
    for share in (0.0, 0.5, 1.0):
        at = low - share * (low - y - 4)
        parts.append(_rule(left, at, right))
        parts.append(_text(left - 4, at + 3, _tick(top * share, block.unit), anchor="end", fill=QUIET))
    step = (right - left) / max(1, len(block.x) - 1)
    each = max((_wide(_day(one)) for one in block.x), default=0) + 16
    for place in _ticks(len(block.x), right - left, each):
        anchor = "start" if place == 0 else "end" if place == len(block.x) - 1 else "middle"
        parts.append(_text(left + place * step, y + high, _day(block.x[place]), anchor=anchor, fill=QUIET))
    if block.seam in block.x:
        at = left + block.x.index(block.seam) * step
        parts.append(f'<path d="M{at:.1f} {y + 4:.1f}V{low:.1f}" stroke="{QUIET}" stroke-dasharray="1 3"/>')
    taken: list[float] = []
    for one in sorted(series, key=lambda line: line.dashed):
        parts.append(_line(one, left, low, step, (low - y - 4) / top))
        last = next((v.value for v in reversed(one.values) if v.value is not None), None)
        if names and len(series) > 1 and last is not None:
            at = _free(low - last * (low - y - 4) / top, taken)
            parts.append(_text(right + 5, at + 3, one.label, fill=QUIET if one.dashed else INK))
    return "".join(parts)


def _line(series: Series, left: float, low: float, step: float, scale: float) -> str:
    path, dots, pen = [], [], "M"
    colour, width = (QUIET, 1.1) if series.dashed else (FILL, 1.7)
    after = [*(value.value for value in series.values[1:]), None]
    for place, (value, following) in enumerate(zip(series.values, after, strict=True)):
        if value.value is None:
            pen = "M"
            continue
        x, y = f"{left + place * step:.1f}", f"{low - value.value * scale:.1f}"
        if pen == "M" and following is None:  # between two gaps there is nothing to draw a line to
            dots.append(f'<circle cx="{x}" cy="{y}" r="{1.4 * width:.1f}" fill="{colour}"/>')
        path.append(f"{pen}{x} {y}")
        pen = "L"
    dash = ' stroke-dasharray="4 3"' if series.dashed else ""
    return (
        f'<path d="{"".join(path)}" fill="none" stroke="{colour}" stroke-width="{width}" '
        f'stroke-linejoin="round"{dash}/>{"".join(dots)}'
    )


def _free(at: float, taken: list[float]) -> float:
    """A height at which a label covers no other."""
    while any(abs(at - other) < SIZE + 1 for other in taken):
        at += SIZE + 1
    taken.append(at)
    return at


def _ticks(count: int, room: float, each: float) -> list[int]:
    fit = max(2, min(count, int(room // each)))
    return sorted({round(place * (count - 1) / max(1, fit - 1)) for place in range(fit)}) if count else []


def _day(words: str) -> str:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return words
    return f"{day.day} {day:%b}"


def _tick(value: float, unit: str) -> str:
    if unit == "%":
        return f"{100 * value:.3g}%"
    if unit == "$":
        return f"${_short(value)}"
    return _short(value)


def _short(value: float) -> str:
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def _rounded(value: float) -> float:
    size = 10.0 ** floor(log10(value))
    return next((step * size for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8) if step * size >= value), 10 * size)


def _rule(left: float, at: float, right: float) -> str:
    return f'<path d="M{left:.1f} {at:.1f}H{right:.1f}" stroke="{RULE}" stroke-width="0.8"/>'


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", fill: str = INK, weight: int = 400
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{SIZE:g}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


def _wide(words: str) -> float:
    return len(words) * SIZE * LETTER


def _cut(words: str, room: float) -> str:
    most = int(room / (SIZE * LETTER * WIDER))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _svg(wide: float, high: float, inside: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" '
        f'height="{high:g}" font-family="{FONT}">{inside}</svg>'
    )
