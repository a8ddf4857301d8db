"""Row 3 of the budget: the counts model alone, a full rebuild, new events, late outcomes."""

from __future__ import annotations

import resource
import time
from multiprocessing import get_context
from typing import Any

import numpy as np
import polars as pl

from bench import lake as filling
from bench import rows
from bench.plan import LAST_DAY, Plan
from config.settings import Settings
from data.snapshot import engine
from etl.commit import Writer
from etl.refresh import refresh

NEW = 1_000_000


def counts_alone(settings: Settings, repeats: int = 3) -> dict[str, Any]:
    """Events per campaign, channel, wave, variant, day and kind: a scan of the events and one group by."""
    source = Writer(settings.lake).source("events")
    seconds, events = [], 0
    with engine(2) as con:
        for _ in range(repeats):
            started = time.monotonic()
            found = con.sql(
                "select campaign, channel, wave, variant, event_day, event, count(*) as n "
                f"from {source} group by all"
            ).pl()
            seconds.append(time.monotonic() - started)
            events = int(found["n"].sum())
    return {
        "events": events,
        "seconds": spread(seconds),
        "events_per_second": round(events / np.median(seconds)),
    }


def rebuild(settings: Settings, plan: Plan) -> dict[str, Any]:
    """Everything from the landed rows to a published snapshot, in a process of its own."""
    seconds, used, peak = alone(_refresh, settings, True)
    return {
        "events": plan.events,
        "seconds": round(seconds, 2),
        "processor_seconds": round(used, 2),
        "events_per_second": round(plan.events / seconds),
        "peak_gib": round(peak, 2),
    }


def new_events(settings: Settings, plan: Plan, count: int = NEW) -> dict[str, Any]:
    """New events on sends of the last seven days: landed, then published."""
    wanted, parts, first = count, [], plan.messages * 2
    for day in range(LAST_DAY - 6, LAST_DAY + 1):
        messages = int(count / 7 / 2.3) + 1
        for frame in rows.sent_on(plan, day, messages, first):
            parts.append(frame)
        first += messages
    frame = pl.concat(parts).head(wanted)
    lake = Writer(settings.lake)
    started = time.monotonic()
    with lake.lock():
        filling.load(lake, {"events": frame}, "bench_mail")
    landed = time.monotonic() - started
    seconds, used, peak = alone(_refresh, settings, False)
    return {
        "events": frame.height,
        "landed_seconds": round(landed, 2),
        "published_seconds": round(seconds, 2),
        "processor_seconds": round(used, 2),
        "peak_gib": round(peak, 2),
    }


def late_outcomes(settings: Settings, plan: Plan, count: int = NEW) -> dict[str, Any]:
    """Outcomes of the last 180 days that come late: landed, then published."""
    frame = rows.outcomes(plan.outcomes, count, plan, LAST_DAY - 180, LAST_DAY)
    lake = Writer(settings.lake)
    with lake.lock():
        filling.load(lake, {"outcomes": frame}, "bench_claims")
    seconds, used, peak = alone(_refresh, settings, False)
    return {
        "outcomes": frame.height,
        "published_seconds": round(seconds, 2),
        "processor_seconds": round(used, 2),
        "peak_gib": round(peak, 2),
    }


def _refresh(settings: Settings, everything: bool) -> None:
    refresh(settings, rebuild=everything)


def alone(work: Any, *given: Any) -> tuple[float, float, float]:
    """Seconds, seconds of processors and peak memory (GiB) of a piece of work in a process of its own."""
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_measured, args=(there, work, given))
    process.start()
    there.close()
    try:
        seconds, used, peak = here.recv()
    except EOFError:
        raise RuntimeError("The measured process ended early; see its error above.") from None
    finally:
        process.join()
    return seconds, used, peak


def _measured(answer: Any, work: Any, given: tuple[Any, ...]) -> None:
    started = time.monotonic()
    work(*given)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    answer.send((time.monotonic() - started, time.process_time(), peak))


def spread(values: list[float]) -> dict[str, float]:
    """Median and range."""
    return {
        "p50": round(float(np.median(values)), 4),
        "least": round(min(values), 4),
        "most": round(max(values), 4),
    }
