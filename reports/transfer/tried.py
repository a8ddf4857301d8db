"""A push, and what became of it kept: how the target stands, when it is next, and whom it concerns."""

from __future__ import annotations

import fcntl
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from alerts import transfers
from config.settings import Settings, SettingsError
from data.cubes import Cubes
from data.snapshot import Lake
from remote import breaker
from remote.breaker import MINUTE_US
from reports.transfer.problems import Busy, TargetError
from reports.transfer.push import Sent, push
from reports.transfer.targets import Timing, load
from state.pushes import TargetState
from state.store import Store

SCHEDULE = "schedule"
log = logging.getLogger("reachboard.push")


def tried(
    settings: Settings, path: Path, store: Store, months: Sequence[str] | None = None, anew: bool = False,
    by: str = SCHEDULE,
) -> Iterator[Sent]:  # fmt: skip
    """What `push` does; how the target stands is kept whatever happens, and who is to be told is.

    Busy where another push to it is under way.
    """
    with alone(settings, path.stem):
        state = begun(standing(settings, path, store), timing_of(path), now_us())
        store.pushes.write(state)
        try:
            target = load(path)
            lake = Lake(settings.lake)
            cubes = Cubes(lake, lake.latest())
            yield from push(settings, target, cubes, store.pushes, months, anew, by)
        except GeneratorExit:
            store.pushes.write(replace(state, began_us=None, next_us=now_us() + MINUTE_US))
            raise
        except Exception as failure:
            missed(settings, path, store, state, in_words(failure, path))
            raise
        done = succeeded(state, target.schedule, now_us(), settings.zone)
        store.pushes.write(done)
    look(settings, store)


def missed(settings: Settings, path: Path, store: Store, state: TargetState, words: str) -> None:
    """Keep that a push failed, and who is to be told."""
    store.pushes.write(failed(state, timing_of(path), words, now_us()))
    look(settings, store)


def look(settings: Settings, store: Store) -> None:
    """Settle which targets cannot be reached; a state database that is away only puts it off."""
    try:
        transfers.look(settings, store, now_us())
    except Exception as error:  # the next push looks again
        log.error("It could not be looked whether anything is wrong: %s.", type(error).__name__)


def standing(settings: Settings, path: Path, store: Store) -> TargetState:
    """How the target of a file stands. One that is new, or was mended, is tried without delay."""
    digest = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    known = store.pushes.target(path.stem)
    if known is not None and known.digest == digest:
        return known
    state = replace(known or TargetState(path.stem), digest=digest, next_us=now_us())
    try:
        target = load(path)
    except TargetError:
        return replace(state, place="", plan="")
    return replace(state, place=target.shown, plan=target.schedule.words)


def timing_of(path: Path) -> Timing:
    """The timing that a file asks for; the usual one where it cannot be read."""
    try:
        return load(path).schedule
    except TargetError:
        return Timing()


def begun(state: TargetState, timing: Timing, now_us: int) -> TargetState:
    """A try begins. One that ended without a word, as after kill -9, was a failure."""
    words = "the last push was ended before it could finish"
    return breaker.begun(state, lambda one: failed(one, timing, words, now_us), now_us)


def succeeded(state: TargetState, timing: Timing, now_us: int, zone: str) -> TargetState:
    """A try came to its end, and the circuit is closed."""
    return breaker.succeeded(state, now_us, timing.next_us(now_us, zone))


def failed(state: TargetState, timing: Timing, words: str, now_us: int) -> TargetState:
    """A try failed: soon again, and after enough of them not before a pause is over."""
    patience = breaker.Patience(timing.failures, timing.pause, timing.pause)
    return breaker.failed(state, patience, words, now_us)


@contextmanager
def alone(settings: Settings, name: str) -> Iterator[None]:
    """One push to a target at a time; else Busy."""
    settings.pushes.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.pushes / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise Busy("Another push to it is under way; try again when it has finished.") from busy
        yield


def is_alone(settings: Settings, name: str) -> bool:
    """Whether no push to a target is under way."""
    try:
        with alone(settings, name):
            return True
    except Busy:
        return False


def in_words(failure: Exception, path: Path) -> str:
    """Why a push failed, in our own words alone: others may quote a figure or a secret."""
    if isinstance(failure, TargetError | SettingsError):
        said = " ".join(str(failure).splitlines())
        return said if said.startswith(path.name) else f"{path.name}: {said}"
    return f"{path.name}: it failed: {type(failure).__name__}"


def now_us() -> int:
    return time.time_ns() // 1000
