"""Counts of requests that all processes of a machine add to: one file of numbers for each process."""

from __future__ import annotations

import hashlib
import mmap
import os
import threading
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path

NUMBER = 8  # bytes of one
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))
"""Upper bounds in seconds; the last takes what is longer than all."""
STATUSES = (
    200,
    202,
    204,
    206,
    302,
    303,
    304,
    308,
    400,
    401,
    403,
    404,
    405,
    406,
    409,
    413,
    416,
    429,
    500,
    503,
)
OTHER = 0
SUFFIX = ".meters"
Key = tuple[str | int | float, ...]


class Meters:
    """Numbers by key. Which keys there are is known from the start, so that each has its place in the file.

    A file belongs to a process; a number is the sum over the files. Those of processes that ended stay until
    the server starts anew, so that no count ever falls.
    """

    def __init__(self) -> None:
        self._places: dict[Key, int] = {}
        self._numbers: array[float] | memoryview[float] = array("d")
        self._held: mmap.mmap | None = None
        self._turn = threading.Lock()
        self._folder: Path | None = None

    def settle(self, routes: Iterable[tuple[str, str]], callbacks: Iterable[str]) -> None:
        """Make the places for these (method, route) and callbacks; counts begin at zero."""
        self._places = {key: place for place, key in enumerate(_keys(routes, callbacks))}
        self._numbers = array("d", bytes(len(self._places) * NUMBER))

    def share(self, folder: Path) -> None:
        """Keep the numbers of this process in a file of a folder from here on; raises OSError."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        mark, size = self._mark(), len(self._places) * NUMBER
        for path in folder.glob(f"*{SUFFIX}"):
            if not path.name.startswith(mark):  # of another version, whose places mean something else
                path.unlink(missing_ok=True)
        with (folder / f"{mark}-{os.getpid()}{SUFFIX}").open("a+b") as file:
            file.truncate(size)
            held = mmap.mmap(file.fileno(), size)
        with self._turn:
            shared: memoryview[float] = memoryview(held).cast("d")
            for place, number in enumerate(self._numbers):
                shared[place] += number
            self._held, self._numbers, self._folder = held, shared, folder

    def asked(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        code = status if status in STATUSES else OTHER
        bucket = BUCKETS[bisect_left(BUCKETS, seconds)]
        self._add(
            (("requests", method, route, code), 1), (("bucket", route, bucket), 1), (("took", route), seconds)
        )

    def called(self, callback: str, seconds: float) -> None:
        """Count one call of a callback."""
        self._add((("calls", callback), 1), (("called", callback), seconds))

    def _add(self, *several: tuple[Key, float]) -> None:
        with self._turn:
            for key, more in several:
                place = self._places.get(key)
                if place is not None:
                    self._numbers[place] += more

    def read(self) -> dict[Key, float]:
        """The numbers of all processes together, by key; those that are zero are left out."""
        files = [] if self._folder is None else sorted(self._folder.glob(f"{self._mark()}-*{SUFFIX}"))
        whole = [0.0] * len(self._places)
        for numbers in [_read(path) for path in files] or [array("d", self._numbers)]:
            whole = [one + more for one, more in zip(whole, numbers, strict=True)]
        return {key: whole[place] for key, place in self._places.items() if whole[place]}

    def processes(self) -> int:
        """How many web processes live."""
        if self._folder is None:
            return 1
        return sum(_lives(path) for path in self._folder.glob(f"{self._mark()}-*{SUFFIX}"))

    def _mark(self) -> str:
        return hashlib.sha256(repr(list(self._places)).encode()).hexdigest()[:12]


def clear(folder: Path) -> None:
    """Begin anew: take away what earlier servers counted."""
    for path in folder.glob(f"*{SUFFIX}") if folder.is_dir() else ():
        path.unlink(missing_ok=True)


def _keys(routes: Iterable[tuple[str, str]], callbacks: Iterable[str]) -> Iterator[Key]:
    pairs = sorted(set(routes))
    for method, route in pairs:
        yield from (("requests", method, route, code) for code in (*STATUSES, OTHER))
    for route in sorted({route for _, route in pairs}):
        yield from (("bucket", route, bound) for bound in BUCKETS)
        yield ("took", route)
    for name in sorted(callbacks):
        yield from (("calls", name), ("called", name))


def _read(path: Path) -> array[float]:
    numbers = array("d")
    numbers.frombytes(path.read_bytes())
    return numbers


def _lives(path: Path) -> bool:
    try:
        os.kill(int(path.stem.rpartition("-")[2]), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
