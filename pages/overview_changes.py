"""A change of a figure as a file: its parts, which add up to it, with the values of both periods."""

from __future__ import annotations

from data.answer import Released
from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from insight.explain import NOT_TOLD
from pages.explain import Explained, Line, explainable, explained
from pages.overview_explain import cut_of, span_words
from pages.table import Listing, ListTable

FIRST = "delivered_rate"
COLUMNS = (
    "metric", "cut", "part", "before", "before_numerator", "before_denominator", "now", "now_numerator",
    "now_denominator", "by_share", "by_rate", "change", "suppressed", "reason",
)  # fmt: skip


def change(filters: Filters, viewer: Viewer, cubes: Cubes, explain: str = FIRST, cut: str = "") -> Listing:
    """A row per part, what is not told among them; one without a change where it has no parts.

    `LookupError` where the figure's change has no parts, or there is no period to compare with.
    """
    metric = explainable(explain)
    if metric is None:
        raise LookupError("That figure's change has no parts.")
    by = cut_of(cut, metric, viewer, cubes)
    found = explained(metric, by, filters, viewer, cubes)
    if found is None:
        raise LookupError("There is no period to compare with.")
    words = f"{filters.sentence(cubes)}, against {span_words(filters.compared(cubes), cubes)}"
    return Listing(COLUMNS, _rows(found, by), words)


def _rows(found: Explained, cut: str) -> list[tuple[object, ...]]:
    head = (found.metric.name, cut)
    if found.reason:
        both = (*_value(found.before), *_value(found.now))
        return [(*head, "", *both, None, None, None, True, found.reason)]
    return [(*head, *_line(line, found.metric.is_ratio)) for line in found.lines]


def _line(line: Line, ratio: bool) -> tuple[object, ...]:
    hidden = line.effect.part == NOT_TOLD
    effects = (line.effect.mix, line.effect.rate) if ratio else (None, None)
    why = "what the whole has and no told part does" if hidden else ""
    return (line.name, *_value(line.before), *_value(line.now), *effects, line.effect.both, hidden, why)


def _value(value: Released | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if value is None else (value.value, value.numerator, value.denominator)


TABLES = (ListTable("explain", "What changed a figure", change, more=("explain", "cut"), filtered=True),)
