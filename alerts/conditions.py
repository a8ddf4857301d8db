"""What is wrong with the loading: pure rules on what the lake says of its runs, loads and sources."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

import polars as pl

from data.catalogue import Catalogue
from data.clocks import DAY_US, HOUR_US
from data.pulls import PullState
from data.records import BROWSER
from data.refusals import replays
from data.runs import RunRecord, last_run
from data.sources import PATIENCE_US, QUIET_GAPS, QUIET_LOADS, quiet, sources
from state.incidents import Found

# A day's share of refused rows is judged against the days on which the source came before.
SPIKE_SHARE = 0.05  # below one row in twenty nobody has to get up
SPIKE_TIMES = 3.0
SPIKE_FIRST = 0.25  # of a source that never came before
SPIKE_ROWS = 200  # below it a few rows are a share
SPIKE_OVER = 0.5  # of what opened it: a share at the edge opens and ends nothing twice
SPIKE_DAYS = 7
BEFORE_DAYS = 8


class Kind(StrEnum):
    """What an incident of the loading is about; docs/runbook.md has a section of each."""

    RUN = "run-failed"
    PUBLISH = "publish-blocked"
    REFUSALS = "refusal-spike"
    MISMATCH = "mismatch"
    PULL = "source-failing"
    QUIET = "source-quiet"


RULES: dict[Kind, str] = {
    Kind.RUN: "The last run failed; pulls of a source have a rule of their own.",
    Kind.PUBLISH: "A blocking check stopped the last publish.",
    Kind.REFUSALS: (
        f"Of a source's last day (of the last {SPIKE_DAYS}, from {SPIKE_ROWS} rows on) at least "
        f"{SPIKE_SHARE:.0%} of the rows were refused and {SPIKE_TIMES:.0f} times what is usual for it; at "
        f"least {SPIKE_FIRST:.0%} where it never came before. Rows that were replayed do not count."
    ),
    Kind.MISMATCH: (
        "The rows of a load do not add up, or a dropped file was turned away because it is not what its "
        "checksum, its count or its mapping says."
    ),
    Kind.PULL: "Pulling a source failed so often in a row that it is left alone for a while.",
    Kind.QUIET: (
        f"Nothing new of a source for more than {QUIET_GAPS:.0f} times the usual gap between its deliveries, "
        f"from {QUIET_LOADS} deliveries on."
    ),
}


@dataclass(frozen=True)
class Day:
    """What a source brought on one day of receipt (UTC): rows, and those refused and not replayed since."""

    day: int
    rows: int
    refused: int

    @property
    def share(self) -> float:
        return self.refused / self.rows if self.rows else 0.0


def of_loading(
    known: Catalogue, pulled: Sequence[PullState], standing: Collection[str], now_us: int
) -> list[Found]:
    """Everything that is wrong with the loading; `standing` are the keys of what is known to be wrong."""
    return [
        *failed_run(known.runs),
        *blocked_publish(known),
        *refusal_spikes(known, standing, now_us),
        *unbalanced(known),
        *failing_pulls(pulled),
        *files_turned_away(pulled),
        *quiet_sources(known, now_us),
    ]


def failed_run(runs: Sequence[RunRecord]) -> Iterator[Found]:
    """The last run failed."""
    last = last_run(runs)
    if last is not None and last.ended == "failed":
        words = f"{last.words} All figures are those of the last snapshot."
        yield Found("run", Kind.RUN, "the last run failed", words, urgent=True)


def blocked_publish(known: Catalogue) -> Iterator[Found]:
    """A blocking check stopped the last publish."""
    if not known.blocking.is_empty():
        names, meanings = ", ".join(known.blocking["name"]), " ".join(known.blocking["meaning"])
        words = f"{meanings} ({names}) All figures are those of the last snapshot."
        yield Found("publish", Kind.PUBLISH, "publishing is blocked", words, urgent=True)


def refusal_spikes(known: Catalogue, standing: Collection[str], now_us: int) -> Iterator[Found]:
    """The sources of which far more rows are refused than is usual."""
    for source, days in sorted(refused_by_day(known).items()):
        key = f"refusals:{source}"
        spike = _spike(days, now_us // DAY_US, SPIKE_OVER if key in standing else 1.0)
        if spike is not None:
            last, usual = spike
            was = "it never came before" if usual is None else f"usually it is {usual:.0%}"
            words = (
                f"Of what the source {source} brought last, {last.share:.0%} of the rows were refused; "
                f"{was}. The Data page says why; the rows can be mended and replayed."
            )
            yield Found(key, Kind.REFUSALS, f"many rows of {source} are refused", words)


def _spike(days: Sequence[Day], today: int, ease: float) -> tuple[Day, float | None] | None:
    """The last day and the usual share, where the last is a spike. `ease` lowers what a spike needs."""
    last, before = days[-1], [one.share for one in days[:-1]][-BEFORE_DAYS:]
    if last.day <= today - SPIKE_DAYS or last.rows < SPIKE_ROWS:
        return None
    usual = median(before) if before else None
    least = SPIKE_FIRST if usual is None else max(SPIKE_SHARE, SPIKE_TIMES * usual)
    return (last, usual) if last.share >= ease * min(least, 1.0) else None


def refused_by_day(known: Catalogue) -> dict[str, list[Day]]:
    """The days on which each source came, the earliest first, with what is still refused of them."""
    again = replays(known)
    loads = known.loads.filter((pl.col("source") != BROWSER) & ~pl.col("load_id").is_in(list(again)))
    taken = known.refusals.filter(pl.col("kind") == "replayed")
    mended = taken.group_by(load_id="of_load").agg(mended=pl.col("rows").sum())
    days = (
        loads.join(mended, on="load_id", how="left")
        .with_columns(
            day=pl.col("received_us") // DAY_US, left=pl.col("refused") - pl.col("mended").fill_null(0)
        )
        .group_by("source", "day")
        .agg(pl.col("rows_in").sum(), pl.col("left").sum())
        .sort("source", "day")
    )
    found: dict[str, list[Day]] = {}
    for source, day, rows, left in days.select("source", "day", "rows_in", "left").iter_rows():
        found.setdefault(source, []).append(Day(day, rows, max(left, 0)))
    return found


def unbalanced(known: Catalogue) -> Iterator[Found]:
    """The sources with a load whose rows are not each in exactly one of loaded, there, left out, refused."""
    parts = pl.sum_horizontal("loaded", "already_present", "skipped", "refused")
    for source in sorted(set(known.loads.filter(parts != pl.col("rows_in"))["source"])):
        words = (
            f"The rows of a load of {source} are not each in one of loaded, already there, left out and "
            "refused. The Data page shows which load."
        )
        yield Found(f"sum:{source}", Kind.MISMATCH, f"a load of {source} does not add up", words, urgent=True)


def failing_pulls(pulled: Sequence[PullState]) -> Iterator[Found]:
    """The sources that cannot be pulled; why is said on the Data page, to those who may see it."""
    for one in pulled:
        if one.fails:
            words = f"The source {one.name} is {_told_apart(one.words)}. The Data page says why."
            yield Found(f"pull:{one.name}", Kind.PULL, f"the source {one.name} cannot be pulled", words)


def _told_apart(words: str) -> str:
    """How a source stands, without how often: the same incident has the same words."""
    return words.partition(":")[0]


def files_turned_away(pulled: Sequence[PullState]) -> Iterator[Found]:
    """The sources with dropped files of which nothing is loaded."""
    for one in pulled:
        if one.files:
            words = (
                f"Nothing of a dropped file of {one.name} is loaded: it is not what its checksum, its count "
                "or its mapping says. The Data page says which file, and why."
            )
            yield Found(f"file:{one.name}", Kind.MISMATCH, f"a file of {one.name} was turned away", words)


def quiet_sources(known: Catalogue, now_us: int) -> Iterator[Found]:
    """The sources that keep their own rhythm no more."""
    for one in sources(known, now_us):
        if one.usual_us is not None and quiet(one.loads, one.waited_us(now_us), one.usual_us):
            words = (
                f"The source {one.name} usually brings something new every {_span(one.usual_us)}, and has "
                f"brought nothing for more than {QUIET_GAPS:.0f} times as long."
            )
            yield Found(f"quiet:{one.name}", Kind.QUIET, f"the source {one.name} is quiet", words)


def _span(us: int) -> str:
    """A gap in words: hours below two days, else days; never below the least that counts as one."""
    hours = max(us, PATIENCE_US) / HOUR_US
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"
