"""Publishes a run: decides the release of what changed and records one snapshot."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

from config.settings import Settings, SettingsError
from data import release
from data.clocks import clocks
from data.metrics import DEFINITIONS_VERSION
from data.snapshot import Snapshot
from data.tables import CHECKS, SNAPSHOTS, TABLES
from etl import entries, models, withdrawn
from etl.commit import Writer
from etl.cuts import cuts, totals
from etl.due import clock_of, due, texts

STATED = tuple(name for name in TABLES if name not in (SNAPSHOTS.name, CHECKS.name))


def release_terms(settings: Settings) -> release.Terms:
    return release.Terms(settings.threshold, settings.profile, tuple(settings.pairs))


MODELS = "models"


def _terms_json(settings: Settings) -> dict[str, Any]:
    pairs = [sorted(pair) for pair in settings.pairs]
    return {
        "rule": release.RULE,
        "threshold": settings.threshold,
        "profile": settings.profile,
        "zone": settings.zone,
        "pairs": pairs,
        "cuts": release.CUTS,
    }


def same_terms(last: Snapshot, settings: Settings) -> bool:
    """Whether the last snapshot was released under the terms and definitions of today."""
    known = {name: value for name, value in last.terms.items() if name != MODELS}
    return last.number == 0 or (known == _terms_json(settings) and last.definitions == DEFINITIONS_VERSION)


def same_models(last: Snapshot) -> bool:
    """Whether the tables of the last snapshot were made by the models of today."""
    return last.number == 0 or last.terms.get(MODELS) == models.digest()


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
    now = clocks(con.sql("from loads").pl(), con.sql("from terms_now").pl())
    now_us = time.time_ns() // 1000
    entries.publishing(settings, last, _terms_json(settings))
    _release(con, lake, settings, last, base, now, now_us)
    _compact(lake)
    snapshot = Snapshot(
        number=last.number + 1,
        published_us=now_us,
        load_seq=load_seq,
        versions={name: version for name in STATED if (version := lake.version(name)) is not None},
        clocks=now,
        definitions=DEFINITIONS_VERSION,
        terms={**_terms_json(settings), MODELS: models.digest()},
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
    con: duckdb.DuckDBPyConnection,
    lake: Writer,
    settings: Settings,
    last: Snapshot,
    base: Snapshot,
    now: Mapping[str, Any],
    now_us: int,
) -> None:
    """Decide what is told of every campaign that changed or is not complete; the rest stays as it was told.

    What was told is read from the last snapshot, also where everything else is computed anew: a rebuild
    decides nothing again.
    """
    coverage = lake.frame("coverage")
    told, remembered = _told(lake, last), _remembered(lake, last, settings)
    anew = not base.number or not same_terms(last, settings)
    clock = clock_of(con, "cells_next", "terms_now", now)
    changed = None if anew else due(con, lake, base, coverage, told, clock)
    where = "" if changed is None else f"where campaign in (select unnest({texts(changed)}))"
    terms = release_terms(settings)
    own = cuts(con, lake, f"(select * from cells_next {where})", terms.pairs)
    case = release.Case(
        own.plain,
        own.attributes,
        coverage,
        terms,
        clock,
        now_us,
        own.inside,
        retold=not same_terms(last, settings),
        by_attribute=own.by_attribute,
        profiles=own.profiles,
    )
    own_told = told.and_of(remembered)
    own_told = own_told if changed is None else own_told.of(changed)
    decided = release.release(case, own_told)
    away = release.withdrawn(own_told, decided)
    if changed is not None:
        decided = told.of(changed, inside=False).and_of(decided)
        away = remembered.of(changed, inside=False).and_of(away)
    lake.replace("withdrawn", withdrawn.frame_of(away))
    lake.replace("released", decided.released.sort("view", "campaign", "channel", "month", "value", "level"))
    lake.replace("withheld", decided.withheld)
    lake.replace("standing", decided.standing)
    lake.replace("pending", decided.pending)
    whole = release.totals(totals(con, "cells_next"))
    every = release.views(_attributes_of(decided.released, decided.withheld), case.terms.pairs, case.inside)
    lake.replace("utility", release.utility(whole, decided.released, decided.withheld, every))
    reached = lake.frame("told_reach", last.versions.get("told_reach"))
    before = reached if last.terms.get("rule") == release.RULE else reached.clear()
    lake.replace("told_reach", release.held_reach(before, lake.frame("reach"), settings.threshold))


def _attributes_of(*frames: pl.DataFrame) -> list[str]:
    """The member attributes that some campaign is told by."""
    fixed = {view.name for view in release.FIXED}
    names = {name for frame in frames for name in frame["view"].unique()} - fixed
    return sorted(name for name in names if "|" not in name)


def _told(lake: Writer, last: Snapshot) -> release.Told:
    """What the last snapshot tells; nothing, where it was released by an earlier rule."""
    if last.terms.get("rule") != release.RULE:
        return release.Told.nothing()
    names = ("released", "withheld", "standing", "pending")
    return release.Told(*(lake.frame(name, last.versions[name]) for name in names))


def _remembered(lake: Writer, last: Snapshot, settings: Settings) -> release.Told:
    """What groups would start from if they returned; nothing, where it was told by an earlier rule."""
    if last.terms.get("rule") != release.RULE:
        return release.Told.nothing()
    found = withdrawn.read(lake, last)
    return found if same_terms(last, settings) else release.totals_alone(found, settings.threshold)


def _compact(lake: Writer) -> None:
    for name, most in (
        ("events", 2000),
        ("messages", 2000),
        ("cells", 400),
        ("loads", 200),
        ("refusals", 200),
    ):
        lake.compact(name, most)
