"""The questions behind the Data page: its panels and its files ask the very same."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from data.answer import Answer
from data.catalogue import Catalogue, catalogue
from data.cubes import Cubes
from data.filters import Filters
from data.periods import Period, day_date
from data.refusals import Reason, Waiting, by_reason, replays, waiting
from data.sources import Source, sources
from data.viewer import Viewer
from pages import data_coverage as coverage
from pages.answers import ask
from pages.table import Listing, ListTable, Table

UNLINKED = ("unlinked", "sent", "unlinked_rate")
PARTS = ("loaded", "already_present", "skipped", "refused")


class WholePlan(LookupError):
    """Files and loads concern the whole plan; whoever sees a part of it has none of them."""


@dataclass(frozen=True)
class View:
    """What is chosen on the page: a source, a campaign, and the page of each list, from 0."""

    source: str = ""
    campaign: str = ""
    pages: tuple[tuple[str, int], ...] = ()

    def page(self, of: str) -> int:
        return dict(self.pages).get(of, 0)


LISTS = ("sources", "loads", "reasons", "left", "waiting", "bridge", "replays", "trace", "touched")


def view_of(given: object, viewer: Viewer, cubes: Cubes) -> View:
    """The view that a browser or an address asks for; what does not exist is left out."""
    if not isinstance(given, dict):
        return View()
    source, campaign = given.get("source"), given.get("campaign")
    known = set(catalogue(cubes).loads["source"]) if viewer.scope.whole else set()
    pages = tuple((name, _page(given.get(name))) for name in LISTS)
    return View(
        source if isinstance(source, str) and source in known else "",
        campaign if isinstance(campaign, str) and campaign in visible(viewer, cubes) else "",
        tuple((name, page) for name, page in pages if page),
    )


def _page(given: object) -> int:
    text = str(given)
    return min(int(text), 100_000) if text.isdecimal() and text.isascii() else 0


def visible(viewer: Viewer, cubes: Cubes) -> list[str]:
    """The campaigns that a viewer may know of."""
    return Filters().campaigns(cubes, viewer)


def now_us() -> int:
    return time.time_ns() // 1000


def whole(viewer: Viewer, cubes: Cubes) -> Catalogue:
    """The catalogue, for a viewer of the whole plan; `WholePlan` for others."""
    if not viewer.scope.whole:
        raise WholePlan("Files and loads concern the whole plan.")
    return catalogue(cubes)


def all_sources(viewer: Viewer, cubes: Cubes) -> list[Source]:
    return sources(whole(viewer, cubes), now_us())


def loads(viewer: Viewer, cubes: Cubes, source: str = "") -> list[dict[str, Any]]:
    """The loads, newest first; `replays` is the number of the load that one replays."""
    known = whole(viewer, cubes)
    numbers = dict(known.loads.select("load_id", "seq").iter_rows())
    again = replays(known)
    return [
        {
            **row,
            "replays": numbers.get(again.get(row["load_id"], 0)),
            "waits": row["seq"] > known.snapshot.load_seq,
            "balanced": sum(row[part] for part in PARTS) == row["rows_in"],
        }
        for row in known.loads.iter_rows(named=True)
        if not source or row["source"] == source
    ]


def refused(viewer: Viewer, cubes: Cubes, source: str = "") -> list[Reason]:
    return _of(by_reason(whole(viewer, cubes), "refused", now_us()), source)


def left_out(viewer: Viewer, cubes: Cubes, source: str = "") -> list[Reason]:
    return _of(by_reason(whole(viewer, cubes), "skipped", now_us()), source)


def _of(reasons: list[Reason], source: str) -> list[Reason]:
    return [one for one in reasons if not source or one.of == source]


def quarantined(viewer: Viewer, cubes: Cubes, source: str = "") -> list[Waiting]:
    found = waiting(whole(viewer, cubes), now_us())
    return [one for one in found if not source or one.source == source]


def unlinked(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    return ask(UNLINKED, ("campaign", "channel"), ever(filters), viewer, cubes)


def ever(filters: Filters) -> Filters:
    """The filters without a period: what belongs to nobody has belonged to nobody from the beginning."""
    return replace(filters, period=Period("all_time"), compare="none")


def iso(us: int | None) -> str:
    """An instant for a file: ISO 8601 in UTC."""
    return "" if us is None else datetime.fromtimestamp(us / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def hours(us: int | None) -> object:
    return "" if us is None else round(us / 3_600_000_000, 1)


def _sources(viewer: Viewer, cubes: Cubes, source: str = "") -> Listing:
    columns = ("source", "kinds", "provides", "loads", "rows_in", "loaded", "refused", "last_load",
               "latest_event", "usual_gap_hours", "late_hours", "sets_outreach", "synthetic")  # fmt: skip
    rows = [
        (one.name, " ".join(one.kinds), " ".join(sorted(one.provides)), one.loads, one.rows_in, one.loaded,
         one.refused, iso(one.received_us), iso(one.latest_us), hours(one.usual_us), hours(one.late_us),
         one.sets_outreach, one.synthetic)
        for one in all_sources(viewer, cubes) if not source or one.name == source
    ]  # fmt: skip
    return Listing(columns, rows)


def _loads(viewer: Viewer, cubes: Cubes, source: str = "") -> Listing:
    columns = ("load", "load_id", "received", "source", "kind", "file_name", "rows_in", *PARTS,
               "sha256", "mapping_sha256", "replay_of_load", "in_snapshot", "synthetic")  # fmt: skip
    rows = [
        (row["seq"], row["load_id"], iso(row["received_us"]), row["source"], row["kind"], row["file_name"],
         row["rows_in"], *(row[part] for part in PARTS), row["sha256"], row["mapping_sha256"],
         row["replays"] or "", not row["waits"], row["synthetic"])
        for row in loads(viewer, cubes, source)
    ]  # fmt: skip
    return Listing(columns, rows)


def _reasons(question: Callable[..., list[Reason]]) -> Callable[..., Listing]:
    def listed(viewer: Viewer, cubes: Cubes, source: str = "") -> Listing:
        columns = ("source", "column", "reason", "rows", "share", "still_waiting")
        found = question(viewer, cubes, source)
        rows = [(o.of, o.header or "", o.reason, o.rows, round(o.share, 6), o.waiting) for o in found]
        return Listing(columns, rows)

    return listed


def _waiting(viewer: Viewer, cubes: Cubes, source: str = "") -> Listing:
    columns = ("load", "load_id", "source", "file_name", "kept_until", "column", "reason", "rows")
    rows = [
        (load.seq, load.load_id, load.source, load.file_name, iso(load.until_us), one.header or "",
         one.reason, one.rows)
        for load in quarantined(viewer, cubes, source) for one in load.reasons
    ]  # fmt: skip
    return Listing(columns, rows)


def _checks(viewer: Viewer, cubes: Cubes) -> Listing:
    columns = ("check", "meaning", "blocking", "looks_at", "bad_rows", "checked", "failing_since")
    rows = [
        (row["name"], row["meaning"], row["blocking"], "everything" if row["whole"] else "what was new",
         row["bad_rows"], iso(row["checked_us"]), iso(row["failing_since_us"]))
        for row in whole(viewer, cubes).checks.iter_rows(named=True)
    ]  # fmt: skip
    return Listing(columns, rows)


def _runs(viewer: Viewer, cubes: Cubes) -> Listing:
    columns = ("started", "kind", "ended", "seconds", "times", "run_snapshot", "words")
    rows = [
        (iso(run.started_us), run.kind, run.ended, round(run.seconds, 1), run.times, run.snapshot, run.words)
        for run in whole(viewer, cubes).runs
    ]
    return Listing(columns, rows)


def _clocks(viewer: Viewer, cubes: Cubes) -> Listing:
    known = whole(viewer, cubes)
    through = cubes.snapshot.clocks.get("outreach_through_us")
    setting = " ".join(one.source for one in known.outreach if one.sets)
    rows: list[tuple[object, ...]] = [("outreach_through", iso(through), setting, "", "")]
    rows += [
        (f"outcome {one.outcome}", day_date(one.day).isoformat(), " ".join(one.sources), one.window, one.lag)
        for one in known.outcomes
    ]
    return Listing(("clock", "complete_through", "set_by", "window_days", "lag_days"), rows)


def _coverage(viewer: Viewer, cubes: Cubes, campaign: str = "") -> Listing:
    named = [campaign] if campaign in visible(viewer, cubes) else visible(viewer, cubes)
    rows = [
        (one, cubes.campaigns[one].name, channel, fact, state)
        for one, channel, fact, state in coverage.rows(cubes, named)
    ]
    return Listing(("campaign", "campaign_name", "channel", "fact", "status"), rows)


TABLES: tuple[Table | ListTable, ...] = (
    ListTable("sources", "Sources", _sources, ("source",)),
    ListTable("loads", "Loads", _loads, ("source",)),
    ListTable("refused", "Refused rows by reason", _reasons(refused), ("source",)),
    ListTable("left-out", "Rows left out by rule", _reasons(left_out), ("source",)),
    ListTable("waiting", "Refused rows that wait", _waiting, ("source",)),
    ListTable("checks", "Checks", _checks),
    ListTable("runs", "Runs", _runs),
    ListTable("clocks", "Clocks", _clocks),
    Table("unlinked", "Messages to nobody known", unlinked),
    ListTable("coverage", "What is reported", _coverage, ("campaign",)),
)
