"""What Explore asks: metrics, dimensions and filters as an address names them, and the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from config.suggest import nearest
from data.answer import Answer
from data.cubes import Cubes
from data.dimensions import DIMENSIONS
from data.filters import Filters, attributes
from data.kept import kept
from data.metrics import METRICS, Metric
from data.viewer import Viewer
from data.words import GROUPS, group_of
from pages import coverage
from pages.answers import ask
from pages.table import Table
from ui.filterbar import filters_of

EXPLORE = "/explore"
MOST_METRICS, MOST_BY = 8, 3
MOST_ROWS = 5_000
SHAPES = {"best": "What fits best", "bars": "Bars", "lines": "Lines", "heat": "Heat map", "none": "No chart"}
TIMES = ("day", "week", "month")


@dataclass(frozen=True)
class Asked:
    """A question as somebody put it: known names alone, and a sentence for each that was left out."""

    filters: Filters
    metrics: tuple[str, ...]
    by: tuple[str, ...]
    shape: str = "best"
    of: str = ""
    sort: str = ""
    page: int = 0
    problems: tuple[str, ...] = ()

    @property
    def time(self) -> str:
        """The dimension of time it is cut by, or nothing."""
        return next((name for name in self.by if name in TIMES), "")

    @property
    def drawn(self) -> str:
        """The shape that is drawn: bars, lines, heat or none."""
        fitting = shapes(self.by)
        if self.shape in fitting:
            return self.shape
        if self.time:
            return "lines"
        return "heat" if "heat" in fitting and len(self.metrics) == 1 else "bars" if self.by else "none"

    @property
    def charted(self) -> Metric:
        """The metric of a chart that holds one."""
        return METRICS[self.of if self.of in self.metrics else self.metrics[0]]

    def query(self, **changed: str) -> dict[str, str]:
        """The question as parameters of an address, without what is the default; `changed` ones instead."""
        own = {
            "metrics": ",".join(self.metrics),
            "by": ",".join(self.by),
            "shape": "" if self.shape == "best" else self.shape,
            "of": self.of,
            "sort": self.sort,
            **changed,
        }
        return {**self.filters.query(), **{name: value for name, value in own.items() if value}}

    def address(self, **changed: str) -> str:
        """The address of the question."""
        return f"{EXPLORE}?{urlencode(self.query(**changed))}"

    def without(self, name: str) -> Asked:
        """The question without a dimension, neither cut nor filtered by it."""
        kept_values = tuple(pair for pair in self.filters.attributes if pair[0] != name)
        fixed = {name: ()} if name in ("wave", "variant", "arm", "outcome") else {}
        filters = replace(self.filters, attributes=kept_values, **fixed)  # type: ignore[arg-type]
        return replace(self, by=tuple(one for one in self.by if one != name), filters=filters)


def shapes(by: tuple[str, ...]) -> tuple[str, ...]:
    """The shapes that fit what a question is cut by."""
    fitting = ["none"]
    fitting += ["bars"] if by else []
    fitting += ["lines"] if set(by) & set(TIMES) else []
    return (*fitting, *(["heat"] if len(by) == 2 else []))


def asked(query: object, viewer: Viewer, cubes: Cubes) -> Asked:
    """The question of an address; what of it is not known is left out and said."""
    given = query if isinstance(query, Mapping) else {}
    told = {k: v for k, v in given.items() if isinstance(k, str) and isinstance(v, str)}
    filters, problems = filters_of(told, viewer, cubes)
    found: list[str] = list(problems)
    metrics = _known("metric", told.get("metrics", ""), METRICS, MOST_METRICS, found)
    by = _one_time(_known("dimension", told.get("by", ""), dimensions(viewer, cubes), MOST_BY, found), found)
    sort = told.get("sort", "")
    return Asked(
        filters,
        metrics,
        by,
        told["shape"] if told.get("shape") in SHAPES else "best",
        told["of"] if told.get("of") in metrics else "",
        sort if sort.removeprefix("-") in (*metrics, "label") else "",
        int(told["page"]) if told.get("page", "").isdecimal() and len(told["page"]) < 6 else 0,
        tuple(found),
    )


def _known(what: str, text: str, offered: Iterable[str], most: int, problems: list[str]) -> tuple[str, ...]:
    names = [name for name in dict.fromkeys(text[:2_000].split(",")) if name]
    there = list(offered)
    problems += [
        f"There is no {what} {name[:40]!r}. {nearest(name[:40], there)}".strip()
        for name in names
        if name not in there
    ]
    found = [name for name in names if name in there]
    if len(found) > most:
        problems.append(f"At most {most} {what}s at once; the first {most} are shown.")
    return tuple(found[:most])


def _one_time(by: tuple[str, ...], problems: list[str]) -> tuple[str, ...]:
    times = [name for name in by if name in TIMES]
    if len(times) > 1:
        problems.append("Break down by one of day, week and month; the first is used.")
    return tuple(name for name in by if name not in times[1:])


def dimensions(viewer: Viewer, cubes: Cubes) -> dict[str, str]:
    """Every dimension that a viewer may cut by, with its label."""
    own = {name: one.label for name, one in DIMENSIONS.items()}
    return own | {name: cubes.dimension(name).label for name in attributes(cubes, viewer)}


def grouped() -> list[Metric]:
    """The metrics that can be asked for, group by group."""
    order = list(GROUPS)
    return sorted(METRICS.values(), key=lambda one: order.index(group_of(one)))


@kept
def answer_of(
    filters: Filters, metrics: tuple[str, ...], by: tuple[str, ...], viewer: Viewer, cubes: Cubes
) -> Answer:
    """The answer, "not available" where nobody behind a channel's messages reports a metric."""
    found = ask(metrics, by, filters, viewer, cubes)
    if "channel" in by and len(found.rows) <= MOST_ROWS:
        return coverage.honest(found, filters, viewer, cubes)
    return found if by else coverage.honest_whole(found, filters, viewer, cubes)


def answer(view: Asked, viewer: Viewer, cubes: Cubes) -> Answer:
    """The answer to a question that names at least one metric."""
    return answer_of(view.filters, view.metrics, view.by, viewer, cubes)


def whole(view: Asked, viewer: Viewer, cubes: Cubes) -> Answer:
    """The same without being cut: what the rows are parts of."""
    return answer_of(view.filters, view.metrics, (), viewer, cubes)


def _figures(filters: Filters, viewer: Viewer, cubes: Cubes, metrics: str = "", by: str = "") -> Answer:
    view = asked({**filters.query(), "metrics": metrics, "by": by}, viewer, cubes)
    if not view.metrics or view.problems:
        raise LookupError("Explore's table needs metrics that there are.")
    return answer(view, viewer, cubes)


TABLES = (Table("figures", "Figures", _figures, ("metrics", "by")),)
