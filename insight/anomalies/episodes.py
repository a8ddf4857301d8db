"""From judged buckets to alerts: what is a finding on its day, and what of it is one and the same trouble."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from data.catalogue import Catalogue
from data.sources import sources
from insight.anomalies.discovery import findings
from insight.anomalies.released import Judged, Kind
from insight.anomalies.series import Watched
from insight.attention import late_source
from state.alerts import Raised

LASTS_DAYS = 7
"""Findings of a series this near to each other are one trouble, and it is over so long after the last."""
URGENT = frozenset({Kind.DELIVERY, Kind.OPT_OUTS, Kind.COMPLAINTS})


def raised(series: Sequence[Watched]) -> list[Raised]:
    """The troubles of the days looked at, each with whether it still stands, in the order of their days.

    All series are looked at day by day: which buckets that ended on a day are findings is decided over all
    of them together, with what was known on that day alone.
    """
    found = chosen(series)
    several = [
        _raised(one, episode)
        for one in series
        for episode in episodes([j for j in one.judged if (one.key, j.bucket.last) in found])
    ]
    return sorted(several, key=lambda one: (one.first_day or 0, one.key))


def chosen(series: Iterable[Watched]) -> set[tuple[str, int]]:
    """The findings: key of the series, and the last day of the bucket."""
    by_day: dict[int, list[tuple[str, Judged]]] = {}
    for one in series:
        for judged in one.judged:
            by_day.setdefault(judged.bucket.last, []).append((one.key, judged))
    found = set()
    for day, looks in by_day.items():
        decided = findings([judged.chance for _, judged in looks])
        found |= {
            (key, day)
            for (key, judged), finding in zip(looks, decided, strict=True)
            if finding and judged.large
        }
    return found


def episodes(judged: Sequence[Judged]) -> list[list[Judged]]:
    """Findings of one series in runs whose buckets lie no more than a week apart."""
    runs: list[list[Judged]] = []
    for one in judged:
        if runs and one.bucket.first - runs[-1][-1].bucket.last <= LASTS_DAYS:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _raised(series: Watched, episode: Sequence[Judged]) -> Raised:
    """The trouble of an episode, told by its worst bucket."""
    worst = max(episode, key=lambda one: abs(one.value - one.usual))
    last = episode[-1].bucket.last
    points = tuple((one.bucket.last, one.value, one.low, one.high) for one in series.judged)
    rule = series.rule
    return Raised(
        key=series.key, kind=rule.kind, metric=rule.metric, subject=series.channel, campaign=series.campaign,
        urgent=rule.kind in URGENT, first_day=episode[0].bucket.first, last_day=last, value=worst.value,
        usual=worst.usual, low=worst.low, high=worst.high, chance=min(one.chance for one in episode),
        complete_through=series.through, stands=last > _reach(series) - LASTS_DAYS, points=points,
    )  # fmt: skip


def _reach(series: Watched) -> int:
    """The last day of which there is, or could be, a whole bucket."""
    length = series.judged[-1].bucket.last - series.judged[-1].bucket.first
    return max(series.judged[-1].bucket.last, series.through - length)


def silent_sources(known: Catalogue, now_us: int) -> list[Raised]:
    """The sources that keep their own rhythm no more, as the rules of the Overview's strip find them."""
    found = []
    for one in sources(known, now_us):
        late = late_source(one.name, one.loads, one.waited_us(now_us), one.usual_us)
        if late is not None:
            found.append(
                Raised(
                    key=f"{Kind.SOURCE}::{one.name}", kind=Kind.SOURCE, metric="", subject=one.name,
                    campaign=None, urgent=True, first_day=None, last_day=None, value=late.now,
                    usual=late.usual, low=None, high=None, chance=None, complete_through=None, stands=True,
                )
            )  # fmt: skip
    return found
