"""One filter object: the rows it keeps, its sentence, its URL and its cache key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from config.suggest import nearest
from config.vocabulary import CHANNEL_LABELS
from data.cubes import Cubes
from data.kept import kept
from data.periods import COMPARISONS, DEFAULT_PRESET, PRESETS, Period, day_date
from data.release import label, parts
from data.viewer import Viewer
from data.words import listed

LISTS = ("campaign", "channel", "program", "line_of_business", "wave", "variant", "arm", "outcome")
ATTRIBUTE = "attr."
# Beyond these, a period to compare with would lie outside the calendar.
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Filters:
    """What a question is narrowed to. Empty tuples mean everything; `attributes` is ((name, values), ...)."""

    period: Period = field(default_factory=Period)
    compare: str = "previous"
    campaign: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    program: tuple[str, ...] = ()
    line_of_business: tuple[str, ...] = ()
    wave: tuple[str, ...] = ()
    variant: tuple[str, ...] = ()
    arm: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Filters are part of the key of everything that is kept: a page looks some hundred times."""
        return hash(tuple(getattr(self, one.name) for one in fields(self)))

    @cached_property
    def cuts(self) -> Mapping[str, tuple[str, ...]]:
        """The cuts it selects by: name -> values."""
        fixed = {
            name: getattr(self, name) for name in ("wave", "variant", "arm", "outcome") if getattr(self, name)
        }
        return {**fixed, **{name: values for name, values in self.attributes if values}}

    def campaigns(self, cubes: Cubes, viewer: Viewer) -> list[str]:
        """The campaigns it keeps, inside the viewer's row scope."""
        if self.keeps_all(viewer):
            return list(cubes.campaigns)
        return list(_selected(self.campaign, self.program, self.line_of_business, viewer, cubes))

    def keeps_all(self, viewer: Viewer) -> bool:
        """Whether no campaign is left out."""
        return viewer.scope.whole and not (self.campaign or self.program or self.line_of_business)

    def days(self, cubes: Cubes) -> tuple[int, int] | None:
        return self.period.days(cubes.today)

    def compared(self, cubes: Cubes) -> Filters | None:
        """The same question over the period to compare with; None where there is none."""
        span = self.period.compared(cubes.today, self.compare)
        if span is None:
            return None
        return replace(self, period=Period("custom", day_date(span[0]), day_date(span[1])), compare="none")

    def query(self) -> dict[str, str]:
        """The URL's query, without what is the default; commas inside a value are percent-encoded."""
        found: dict[str, str] = {}
        if self.period.start is not None and self.period.end is not None:
            found |= {"from": self.period.start.isoformat(), "to": self.period.end.isoformat()}
        elif self.period.preset != DEFAULT_PRESET:
            found["period"] = self.period.preset
        if self.compare != "previous":
            found["compare"] = self.compare
        found |= {name: _joined(getattr(self, name)) for name in LISTS if getattr(self, name)}
        return found | {
            f"{ATTRIBUTE}{name}": _joined(values) for name, values in sorted(self.attributes) if values
        }

    def url(self) -> str:
        """The query string with its question mark, or nothing."""
        query = self.query()
        return f"?{urlencode(query)}" if query else ""

    @property
    def key(self) -> str:
        """The cache key; it holds names of the plan's own records only."""
        return urlencode(sorted(self.query().items()))

    def sentence(self, cubes: Cubes) -> str:
        """The filters in words: the period, then what is kept."""
        return " · ".join([_period_words(self.period, self.days(cubes)), *self._kept(cubes)])

    def _kept(self, cubes: Cubes) -> Iterable[str]:
        names = [cubes.campaigns[c].name if c in cubes.campaigns else c for c in self.campaign]
        yield _listed(names) if names else "all campaigns"
        yield _listed([CHANNEL_LABELS.get(c, c) for c in self.channel]) if self.channel else "all channels"
        for values in (self.program, self.line_of_business):
            if values:
                yield _listed(list(values))
        for name, values in self.cuts.items():
            yield f"{cubes.dimension(name).label.lower()}: {_listed([label(v) for v in values])}"


@kept
def _selected(
    campaign: tuple[str, ...],
    program: tuple[str, ...],
    line_of_business: tuple[str, ...],
    viewer: Viewer,
    cubes: Cubes,
) -> list[str]:
    """The campaigns in the viewer's row scope that these select; empty tuples select everything."""
    return [
        c.id
        for c in cubes.campaigns.values()
        if viewer.scope.allows(c.program, c.line_of_business)
        and (not campaign or c.id in campaign)
        and (not program or c.program in program)
        and (not line_of_business or c.line_of_business in line_of_business)
    ]


def _joined(values: Iterable[str]) -> str:
    return ",".join(value.replace("%", "%25").replace(",", "%2C") for value in values)


def split(text: str) -> tuple[str, ...]:
    """The values of a list in an address, as `Filters.query` writes it."""
    return tuple(dict.fromkeys(v.replace("%2C", ",").replace("%25", "%") for v in text.split(",") if v))


def _listed(names: list[str]) -> str:
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return listed(names)


def _period_words(period: Period, days: tuple[int, int] | None) -> str:
    if days is None:
        return "all time"
    first, last = day_date(days[0]), day_date(days[1])
    start = f"{first.day} {first:%b}" + (f" {first.year}" if first.year != last.year else "")
    return (
        f"{start} – {last.day} {last:%b} {last.year}"
        if first != last
        else f"{last.day} {last:%b} {last.year}"
    )


def choices(name: str, cubes: Cubes, viewer: Viewer) -> list[str]:
    """The values that a filter or attribute offers a viewer: those of campaigns in scope, and no others."""
    kept = Filters().campaigns(cubes, viewer)
    if name == "campaign":
        return kept
    if name in ("program", "line_of_business"):
        return sorted({str(getattr(cubes.campaigns[campaign], name)) for campaign in kept})
    scope = None if viewer.scope.whole else kept
    return cubes.channels_of(scope) if name == "channel" else cubes.values(name, scope)


def attributes(cubes: Cubes, viewer: Viewer) -> list[str]:
    """The member attributes that a viewer may filter by."""
    return cubes.attributes_of(None if viewer.scope.whole else Filters().campaigns(cubes, viewer))


def parse(query: Mapping[str, str], cubes: Cubes, viewer: Viewer) -> tuple[Filters, list[str]]:
    """Filters from a URL's query, and a sentence for each thing in it that does not exist and was left out.

    What is out of the viewer's scope does not exist: neither a value nor a near miss tells of it.
    Parameters that no filter knows (`utm_source` and the like) are passed over in silence.
    """
    problems: list[str] = []
    period = _period(query, problems)
    compare = _one_of("compare", query.get("compare", "previous"), COMPARISONS, "previous", problems)
    lists = {
        name: _values(name, query[name], choices(name, cubes, viewer), problems)
        for name in LISTS
        if query.get(name)
    }
    found, offered = [], attributes(cubes, viewer)
    for name in sorted(n.removeprefix(ATTRIBUTE) for n in query if n.startswith(ATTRIBUTE)):
        if name not in offered:
            problems.append(f"There is no attribute {name!r}. {nearest(name, offered)}".strip())
        elif values := _values(name, query[ATTRIBUTE + name], choices(name, cubes, viewer), problems):
            found.append((name, values))
    problems += [f"Write {ATTRIBUTE}{name} to filter by {name}." for name in offered if name in query]
    return Filters(period=period, compare=compare, attributes=tuple(found), **lists), problems


def _period(query: Mapping[str, str], problems: list[str]) -> Period:
    if "from" in query or "to" in query:
        try:
            start, end = date.fromisoformat(query.get("from", "")), date.fromisoformat(query.get("to", ""))
        except ValueError:
            problems.append("A period needs a first and a last day, written like 2026-11-30.")
            return Period()
        if not (EARLIEST <= start <= LATEST and EARLIEST <= end <= LATEST):
            problems.append(f"A period lies between {EARLIEST.year} and {LATEST.year}.")
            return Period()
        if start > end:
            problems.append("The period began after its end; the two dates were exchanged.")
        return Period("custom", min(start, end), max(start, end))
    return Period(_one_of("period", query.get("period", DEFAULT_PRESET), PRESETS, DEFAULT_PRESET, problems))


def _one_of(name: str, value: str, known: Iterable[str], otherwise: str, problems: list[str]) -> str:
    if value in known:
        return value
    problems.append(f"There is no {name} {value!r}. {nearest(value, known)}".strip())
    return otherwise


def _values(name: str, text: str, known: Iterable[str], problems: list[str]) -> tuple[str, ...]:
    there = set(known)
    asked = split(text)
    problems.extend(
        f"There is no {name.replace('_', ' ')} {value!r}. {nearest(value, there)}".strip()
        for value in asked
        if value not in there
    )
    return tuple(value for value in asked if value in there)


def chosen(value: str, values: tuple[str, ...]) -> str:
    """How a group's value stands to a selection: `inside`, `cut` (some of its pooled values) or `outside`."""
    found = [part in values for part in parts(value)]
    return "inside" if all(found) else "cut" if any(found) else "outside"
