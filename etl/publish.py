"""Publishes a run: decides the release of what changed and records one snapshot."""

from __future__ import annotations

import json
import time
from typing import Any

import duckdb
import polars as pl

from config.settings import Settings, SettingsError
from config.vocabulary import CLAIMS_LAG_DAYS
from data import release
from data.metrics import DEFINITIONS_VERSION
from data.snapshot import Snapshot
from data.tables import SNAPSHOTS, TABLES
from etl.commit import Writer

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
ACTIVE_DAYS = 45
UNKNOWN = "(unknown)"
STATED = tuple(name for name in TABLES if name != SNAPSHOTS.name)
MESSAGE_FACTS = {"sent", "attempted", "printed", "delivered", "answered", "opened", "clicked", "bounced"}


def release_terms(settings: Settings) -> release.Terms:
    return release.Terms(settings.threshold, settings.profile, tuple(settings.pairs))


def _terms_json(settings: Settings) -> dict[str, Any]:
    pairs = [sorted(pair) for pair in settings.pairs]
    return {
        "threshold": settings.threshold,
        "profile": settings.profile,
        "zone": settings.zone,
        "pairs": pairs,
    }


def same_terms(last: Snapshot, settings: Settings) -> bool:
    """Whether the last snapshot was released under the terms and definitions of today."""
    return last.number == 0 or (
        last.terms == _terms_json(settings) and last.definitions == DEFINITIONS_VERSION
    )


def check_zone(last: Snapshot, settings: Settings) -> None:
    """Days were cut in the zone of the first load; another one would tear days apart."""
    zone = last.terms.get("zone", settings.zone)
    if zone != settings.zone:
        raise SettingsError(
            [
                f"REACHBOARD_ZONE={settings.zone}: the days of this lake are those of {zone}. "
                f"Set it back to {zone}, or load the files into a new lake (REACHBOARD_VAR)."
            ]
        )


def publish(
    con: duckdb.DuckDBPyConnection,
    lake: Writer,
    settings: Settings,
    last: Snapshot,
    base: Snapshot,
    load_seq: int,
) -> Snapshot:
    """Write `released` and `withheld`, compact, and append the snapshot: only here do figures change."""
    anew = not base.number or not same_terms(last, settings)
    _release(con, lake, settings, base, anew)
    _compact(lake)
    snapshot = Snapshot(
        number=last.number + 1,
        published_us=time.time_ns() // 1000,
        load_seq=load_seq,
        versions={name: version for name in STATED if (version := lake.version(name)) is not None},
        clocks=_clocks(con),
        definitions=DEFINITIONS_VERSION,
        terms=_terms_json(settings),
    )
    row = {
        "snapshot": snapshot.number,
        "published_us": snapshot.published_us,
        "load_seq": load_seq,
        "versions": json.dumps(snapshot.versions),
        "clocks": json.dumps(snapshot.clocks),
        "definitions": snapshot.definitions,
        "terms": json.dumps(snapshot.terms),
    }
    lake.append("snapshots", pl.DataFrame([row]))
    return snapshot


def _release(
    con: duckdb.DuckDBPyConnection, lake: Writer, settings: Settings, base: Snapshot, anew: bool
) -> None:
    coverage = lake.frame("coverage")
    changed = None if anew else _changed(con, lake, base, coverage)
    where = "" if changed is None else f"where campaign in (select unnest({_texts(changed)}))"
    cells, attributes = _attributed(con, lake, con.sql(f"select * from cells_next {where}").pl())
    released, withheld = release.release(cells, attributes, coverage, release_terms(settings))
    if changed is not None:
        kept = ~pl.col("campaign").is_in(changed)
        released = pl.concat([lake.frame("released", base.versions["released"]).filter(kept), released])
        withheld = pl.concat([lake.frame("withheld", base.versions["withheld"]).filter(kept), withheld])
    lake.replace("released", released.sort("view", "campaign", "channel", "month", "value", "level"))
    lake.replace("withheld", withheld)


def _texts(values: list[str]) -> str:
    return "[" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + "]::varchar[]"


def _changed(
    con: duckdb.DuckDBPyConnection, lake: Writer, base: Snapshot, coverage: pl.DataFrame
) -> list[str]:
    """The campaigns whose cells or coverage differ from the last snapshot's."""
    moved = con.sql(
        "select distinct campaign from cells_before union select distinct campaign from cells_after"
    ).pl()
    old = lake.frame("coverage", base.versions["coverage"])
    on = ["campaign", "channel", "fact", "origin"]
    learnt = pl.concat([coverage.join(old, on=on, how="anti"), old.join(coverage, on=on, how="anti")])
    return sorted({*moved["campaign"], *learnt["campaign"]})


def _attributed(
    con: duckdb.DuckDBPyConnection, lake: Writer, cells: pl.DataFrame
) -> tuple[pl.DataFrame, list[str]]:
    """Cells with a column `attribute <name>` each; the assignment's own go before the members file's."""
    profiles = con.sql(f"select distinct profile, attribute, value from {lake.source('profiles')}").pl()
    attributes = sorted(profiles["attribute"].unique())
    if not attributes:
        return cells, []
    wide = profiles.pivot("attribute", index="profile", values="value")
    combos = cells.select("member_profile", "profile").unique()
    stated = combos.join(wide, on="profile", how="left")
    filed = combos.join(wide, left_on="member_profile", right_on="profile", how="left")
    both = stated.join(filed, on=["member_profile", "profile"], suffix=" filed")
    chosen = both.select(
        "member_profile",
        "profile",
        *(
            pl.coalesce(pl.col(name), pl.col(f"{name} filed")).alias(f"attribute {name}")
            for name in attributes
        ),
    )
    joined = cells.join(chosen, on=["member_profile", "profile"], how="left")
    known = [
        pl.when(pl.col(f"attribute {name}").is_not_null().any().over("campaign"))
        .then(pl.col(f"attribute {name}").fill_null(UNKNOWN))
        .alias(f"attribute {name}")
        for name in attributes
    ]
    return joined.with_columns(known), attributes


def _compact(lake: Writer) -> None:
    for name, most in (("events", 2000), ("messages", 2000), ("cells", 400)):
        lake.compact(name, most)


def _clocks(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The clocks of product rule 13.

    Outreach through is the latest complete hour of the slowest active message source. Outcomes through
    is, per outcome, the last assignment day whose window and lag lie before its source's latest row.
    """
    loads = con.sql(
        "select source, provides, max(last_us) as last_us, max(received_us) as received_us, "
        "bool_or(synthetic) as synthetic from loads group by all"
    ).pl()
    sources: dict[str, int] = {}
    outcomes: dict[str, int] = {}
    for source, provides, last_us in loads.select("source", "provides", "last_us").iter_rows():
        words = set((provides or "").split())
        if last_us is not None and words & MESSAGE_FACTS:
            sources[source] = max(sources.get(source, 0), last_us)
        for word in words:
            if word.startswith("outcome:") and last_us is not None:
                name = word.removeprefix("outcome:")
                outcomes[name] = max(outcomes.get(name, 0), last_us)
    newest = max(sources.values(), default=0)
    active = [last // HOUR_US * HOUR_US for last in sources.values() if last > newest - ACTIVE_DAYS * DAY_US]
    terms = con.sql(
        "select outcome, max(window_days + lag_days) as days from terms_now group by outcome"
    ).pl()
    waits = dict(terms.iter_rows())
    return {
        "outreach_through_us": min(active, default=None),
        "outcomes_through": {
            name: last // DAY_US - waits.get(name, CLAIMS_LAG_DAYS) - 1
            for name, last in sorted(outcomes.items())
        },
        "last_load_us": loads["received_us"].max(),
        "synthetic": bool(loads["synthetic"].any()),
    }
