"""The query of a request, read strictly: what is unknown, empty or twice there is told with the near miss."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from api.v1.problems import Fault, of
from config.suggest import nearest
from data.cubes import Cubes
from data.filters import ATTRIBUTE, EARLIEST, LATEST, LISTS, Filters, attributes, parse
from data.metrics import METRICS
from data.periods import PRESETS, day_date, day_number
from data.viewer import Viewer

PERIOD = ("start_date", "end_date", "period")
PAGING = ("limit", "cursor")
ONCE = (*PERIOD, *PAGING, "interval", "since", "month")
INTERVALS = {"daily": "day", "weekly": "week", "monthly": "month"}
ALL_TIME = "all_time"
LIMIT, MOST = 1_000, 10_000
MOST_NAMES = 100
INSTEAD = {"from": "start_date", "to": "end_date", "metric": "metrics", "group_by": "by", "format": "Accept"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Page:
    """Which part of the rows is asked for."""

    limit: int = LIMIT
    cursor: str = ""


class Parameters:
    """The parameters of one request; each reader raises `Problem` with everything that is wrong in it."""

    def __init__(self, given: MultiDict[str, str], known: Collection[str], attributed: bool = True) -> None:
        self.given = given
        faults = list(_strangers(given, known, attributed))
        if faults:
            raise of("bad-request", faults)

    def names(self, name: str, known: Collection[str], default: Iterable[str] = ()) -> tuple[str, ...]:
        """A list of names, each of which must be known and stand once."""
        asked = self._list(name) or tuple(default)
        faults = [
            Fault(name, f"There is no {_one(name)} {one!r}. {nearest(one, known)}".strip())
            for one in dict.fromkeys(asked)
            if one not in known
        ]
        faults += [Fault(name, f"{one!r} stands twice in {name}.") for one in _repeated(asked)]
        if faults:
            raise of("bad-request", faults)
        return asked

    def listed(self, name: str) -> tuple[str, ...]:
        """A list of words, each of which must stand once."""
        asked = self._list(name)
        faults = [Fault(name, f"{one!r} stands twice in {name}.") for one in _repeated(asked)]
        if faults:
            raise of("bad-request", faults)
        return asked

    def one_of(self, name: str, known: Collection[str], default: str) -> str:
        """One word of a few."""
        word = self.given.get(name, default)
        if word not in known:
            raise of("bad-request", [Fault(name, f"There is no {name} {word!r}. {nearest(word, known)}")])
        return word

    def page(self) -> Page:
        """`limit` and `cursor`."""
        text = self.given.get("limit", str(LIMIT))
        if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= MOST:
            fault = Fault("limit", f"limit is a whole number from 1 to {MOST:,}.")
            raise of("bad-request", [fault])
        return Page(int(text), self.given.get("cursor", ""))

    def day(self, name: str) -> int | None:
        """One day as a day number; None where it is not given."""
        found = self._day(name)
        return None if found is None else day_number(found)

    def filters(self, cubes: Cubes, viewer: Viewer) -> Filters:
        """The filters: dates (inclusive) or a named period, and lists of values; without dates all time."""
        query = self._period(cubes)
        query |= {name: ",".join(self.listed(name)) for name in LISTS if name in self.given}
        query |= {n: ",".join(self.listed(n)) for n in self.given if n.startswith(ATTRIBUTE)}
        filters, problems = parse({**query, "compare": "none"}, cubes, viewer)
        if problems:
            raise of("not-found", [Fault(_about(words, query), words) for words in problems])
        return filters

    def _period(self, cubes: Cubes) -> dict[str, str]:
        start, end = self._day("start_date"), self._day("end_date")
        if "period" in self.given:
            if start or end:
                told = "Ask for a period or for dates, not for both."
                raise of("excluded", [Fault("period", told)])
            return {"period": self.one_of("period", PRESETS, ALL_TIME)}
        if start is None and end is None:
            return {"period": ALL_TIME}
        first = start or EARLIEST
        last = end or max(day_date(cubes.today), first)
        if first > last:
            raise of("excluded", [Fault("start_date", "start_date lies after end_date.")])
        return {"from": first.isoformat(), "to": last.isoformat()}

    def _day(self, name: str) -> date | None:
        text = self.given.get(name)
        if text is None:
            return None
        try:
            found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            found = None
        if found is None:
            fault = Fault(name, f"{name} is a day written like 2026-11-30, not {text[:40]!r}.")
            raise of("bad-request", [fault])
        # Nothing happened beyond the calendar of the filters.
        return day_date(min(max(day_number(found), day_number(EARLIEST)), day_number(LATEST)))

    def _list(self, name: str) -> tuple[str, ...]:
        if name not in self.given:
            return ()
        parts = [part for text in self.given.getlist(name) for part in text.split(",")]
        if any(not part for part in parts):
            raise of("bad-request", [Fault(name, f"{name} has an empty entry.")])
        if len(parts) > MOST_NAMES:
            raise of("bad-request", [Fault(name, f"{name} takes {MOST_NAMES} entries at most.")])
        return tuple(parts)


def filter_names(viewer: Viewer, cubes: Cubes) -> tuple[str, ...]:
    """The parameters that filter, of this viewer's data."""
    return (*PERIOD, *LISTS, *(f"{ATTRIBUTE}{name}" for name in attributes(cubes, viewer)))


def metric_names(parameters: Parameters, default: Iterable[str] = ()) -> tuple[str, ...]:
    """The metrics asked for; one at least."""
    found = parameters.names("metrics", METRICS, default)
    if not found:
        told = "Name one metric at least: metrics=sent,delivered. /api/v1/metrics-catalogue lists all."
        raise of("bad-request", [Fault("metrics", told)])
    return found


def _strangers(given: Mapping[str, str], known: Collection[str], attributed: bool) -> Iterator[Fault]:
    for name in given:
        if name in known:
            if not name.startswith(ATTRIBUTE) and any(not text for text in _texts(given, name)):
                yield Fault(name, f"{name} is empty.")
            elif name in ONCE and len(_texts(given, name)) > 1:
                yield Fault(name, f"{name} stands twice.")
        elif not (attributed and name.startswith(ATTRIBUTE)):
            hint = f"Write {INSTEAD[name]}." if name in INSTEAD else nearest(name, known)
            yield Fault(name, f"There is no parameter {name!r}. {hint}".strip())


def _texts(given: Mapping[str, str], name: str) -> list[str]:
    return given.getlist(name) if isinstance(given, MultiDict) else [given[name]]


def _repeated(words: Collection[str]) -> list[str]:
    seen: dict[str, int] = {}
    for word in words:
        seen[word] = seen.get(word, 0) + 1
    return [word for word, times in seen.items() if times > 1]


def _one(name: str) -> str:
    return {"metrics": "metric", "by": "dimension"}.get(name, name)


def _about(words: str, query: Mapping[str, str]) -> str:
    """The parameter that a sentence of the filters is about."""
    for name in query:
        if words.startswith(f"There is no {name.removeprefix(ATTRIBUTE).replace('_', ' ')} "):
            return name
    return next(
        (n for n in query if n.startswith(ATTRIBUTE) and f"{n.removeprefix(ATTRIBUTE)!r}" in words), ""
    )
