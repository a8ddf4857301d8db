"""A disk that is full or fails: 503, nothing acknowledged that is not kept, and on again by itself."""

from __future__ import annotations

import errno
import itertools
import json
import os
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from collect import journal as journals
from data.snapshot import Lake
from etl.drain import drain
from etl.refresh import refresh
from faults.collector import missing
from faults.inside import Inside
from faults.outcome import Outcome
from faults.sent import Event, Truth, differing, events, published, stored

OPERATIONS = ("open", "write", "fdatasync", "fsync")
ERRORS = (errno.ENOSPC, errno.EIO)
REQUESTS = 6


def full(trials: int, folder: Path, outcome: Outcome) -> None:
    """Each trial fails one call of the journal to the disk; then, where it can be had, a disk that is really
    full."""
    rng = random.Random(trials)
    inside, truth = Inside(folder / "calls"), Truth()
    points = itertools.cycle(itertools.product(OPERATIONS, ERRORS, range(3), (False, True)))
    for trial, (operation, error, nth, torn) in zip(range(trials), points, strict=False):
        _fail(inside, truth, outcome, rng, trial, (operation, error, nth, torn))
    _judge(inside, truth, outcome)
    with small_disk(folder / "small") as place:
        if place is None:
            outcome.counts["a real full disk: not tried, nothing may be mounted here"] += 1
        else:
            _fill(place, outcome, rng)


def _fail(
    inside: Inside, truth: Truth, outcome: Outcome, rng: random.Random, trial: int,
    point: tuple[str, int, int, bool],
) -> None:  # fmt: skip
    """Some requests, of which one meets the fault; those that are refused are sent again afterwards."""
    operation, error, nth, torn = point
    several = [events(rng, (trial * REQUESTS + n) * 10, 5) for n in range(REQUESTS)]
    if operation in ("open", "fsync"):
        inside.journal.release()  # they come with a new segment only
    refused = []
    with _failing(operation, error, nth if operation in ("write", "fdatasync") else 0, torn):
        for some in several:
            status = inside.post(_json(some)).status_code
            outcome.wrong += status not in (202, 503)
            if status == 202:
                truth.add(some)
            else:
                refused.append(some)
    outcome.counts[f"{operation} {errno.errorcode[error]}"] += len(refused)
    for some in refused:
        outcome.wrong += not inside.send(some)
        truth.add(some)
    outcome.trials += 1


def _judge(inside: Inside, truth: Truth, outcome: Outcome) -> None:
    inside.journal.release()
    drain(inside.settings)
    refresh(inside.settings)
    lake = Lake(inside.settings.lake)
    there, twice = stored(lake)
    outcome.lost += missing(inside.settings, truth)
    outcome.doubled += twice + max(0, there - len(truth.known))
    outcome.wrong += differing(truth.figures(), published(lake))


@contextmanager
def _failing(operation: str, error: int, nth: int, torn: bool) -> Iterator[None]:
    """Let the `nth` call fail, where it writes maybe after half of it."""
    true: Callable[..., Any] = getattr(os, operation)
    left = [nth]

    def failing(*given: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] != -1:
            return true(*given, **more)
        if operation == "write" and torn:
            true(given[0], given[1][: len(given[1]) // 2])
        raise OSError(error, os.strerror(error))

    class Disk:
        """The module `os`, with one call that fails."""

        def __getattr__(self, name: str) -> Any:
            return failing if name == operation else getattr(os, name)

    with mock.patch.object(journals, "os", Disk()):
        yield


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A file system of some megabytes, where one may be mounted; else None."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def _fill(folder: Path, outcome: Outcome, rng: random.Random) -> None:
    """Everything lies on a disk that runs full while events come in, and has room again later."""
    inside, truth = Inside(folder), Truth()
    outcome.wrong += not inside.send([])
    ballast = folder / "ballast"
    refused, number = [], 10_000_000
    for room in (0, 1 << 12, 1 << 14):
        _take_all_but(ballast, room)
        for _ in range(20):
            number += 100
            some = events(rng, number, 40)
            status = inside.post(_json(some)).status_code
            outcome.counts[f"on a full disk: {status}"] += 1
            outcome.wrong += status not in (202, 503)
            if status == 202:
                truth.add(some)
            else:
                refused.append(some)
        ballast.unlink()
        outcome.trials += 1
    for some in refused:
        outcome.wrong += not inside.send(some)
        truth.add(some)
    inside.journal.release()
    outcome.lost += missing(inside.settings, truth)


def _take_all_but(ballast: Path, room: int) -> None:
    """Fill the file system up to some bytes."""
    with ballast.open("wb", buffering=0) as out:
        try:
            while True:
                out.write(b"\0" * 4096)
        except OSError:
            out.truncate(max(0, out.tell() - room))


def _json(several: list[Event]) -> bytes:
    return json.dumps(several).encode()
