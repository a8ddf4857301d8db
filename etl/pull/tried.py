"""A pull, and what became of it kept for people and for the schedule to see."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from config.settings import Settings, SettingsError, database_variable
from data import pulls
from data.pulls import PullState
from etl.commit import LakeBusy
from etl.pull.breaker import Beat, begun, failed, succeeded
from etl.pull.door import Came, alone, come
from etl.pull.patience import NotNow
from etl.pull.tally import Tally
from etl.pull.web import shown
from etl.sources.mapping import Mapping
from etl.sources.problems import IntakeError
from etl.sources.timing import MINUTE_US, Timing
from etl.sources.toml import load_mapping


def tried(settings: Settings, path: Path, *, anew: bool = False, wait: bool = True) -> Iterator[Came]:
    """What `come` does; of a mapping of the schedule it is kept how its source stands, whatever happens."""
    if path.resolve().parent != settings.sources.resolve():
        yield from come(settings, path, anew=anew, wait=wait)
        return
    # Held from here on: a try that is not marked as ended below is one that was killed.
    with alone(settings, path.name, wait):
        yield from _noted(settings, path, anew, wait)


def _noted(settings: Settings, path: Path, anew: bool, wait: bool) -> Iterator[Came]:
    lake, beat, tally = settings.lake, beat_of(settings, path), Tally()
    before = standing(settings, path, _now_us())
    state = begun(before, beat, _now_us())
    pulls.write(lake, state)
    try:
        for one in come(settings, path, anew=anew, wait=wait):
            tally.add(one)
            yield one
    except (LakeBusy, GeneratorExit):
        pulls.write(lake, replace(before, began_us=None, next_us=_now_us() + MINUTE_US))
        raise
    except Exception as failure:
        seconds = failure.seconds if isinstance(failure, NotNow) else 0.0
        pulls.write(lake, failed(state, beat, in_words(failure, path), _now_us(), seconds))
        raise
    pulls.write(lake, succeeded(state, beat, _now_us(), tally))


def standing(settings: Settings, path: Path, now_us: int) -> PullState:
    """How the source of a mapping stands. A mapping that is new, or was mended, is tried without delay."""
    digest = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    known = pulls.of_mapping(settings.lake, path.name)
    if known is not None and known.digest == digest:
        return known
    state = replace(known or PullState(path.name), digest=digest, source="", place="", plan="")
    try:
        mapping = load_mapping(path)
    except IntakeError:
        return replace(state, next_us=now_us)
    beat = beat_of(settings, path)
    first = beat.next_us(now_us, now_us) if mapping.timing.cron and known is None else now_us
    return replace(
        state,
        source=mapping.name,
        place=place_of(mapping),
        plan=mapping.timing.words(beat.usual),
        next_us=first,
    )


def beat_of(settings: Settings, path: Path) -> Beat:
    """The rhythm that a mapping asks for; the usual one where it cannot be read."""
    try:
        timing = load_mapping(path).timing
    except IntakeError:
        timing = Timing()
    return Beat(timing, settings.refresh_minutes, settings.zone)


def place_of(mapping: Mapping) -> str:
    """Where a mapping pulls from, without anything secret."""
    if mapping.sql is not None:
        return database_variable(mapping.sql.database)
    if mapping.rest is not None:
        return shown(mapping.rest.url)
    return mapping.folder.shown if mapping.folder is not None else ""


def in_words(failure: Exception, path: Path) -> str:
    """Why a pull failed, in our own words alone: others may quote a row or a secret."""
    if isinstance(failure, IntakeError | SettingsError):
        said = " ".join(str(failure).splitlines())
        return said if said.startswith(path.name) else f"{path.name}: {said}"
    return f"{path.name}: it failed: {type(failure).__name__}."


def _now_us() -> int:
    return time.time_ns() // 1000
