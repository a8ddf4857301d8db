"""The process that follows: reads what is new several times a second, tells at most once a second."""

from __future__ import annotations

import fcntl
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from collect.tail import Tail
from config.settings import Settings
from data import live
from data.live import LIVE_STAGES, MINUTE_US, Cell
from data.snapshot import Lake
from etl.live.sources import Day, Landed, journaled
from etl.live.tally import Place, Tally
from etl.policy import effective

LOOK_SECONDS = 0.15
TELL_SECONDS = 1.0
STILL_SECONDS = 10.0
"""How long nothing is written where nothing moves: the clock of the counts is never older."""
TERMS_SECONDS = 60.0
LATELY = 5
log = logging.getLogger("reachboard.live")


class Busy(RuntimeError):
    """Another process follows already."""


class Follower:
    """Live counts of the day that it is, from the journal and the lake."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.lake = settings, Lake(settings.lake)
        self._told_at = self._terms_at = float("-inf")
        self._begin(time.time_ns() // 1000)

    def _begin(self, now_us: int) -> None:
        self.day = Day.at(now_us, self.settings.zone)
        self.tail, self.landed = Tail(self.settings.journal), Landed(self.lake, self.day)
        self.tally = Tally(self._threshold())
        self._minutes: deque[tuple[int, dict[Place, int]]] = deque()
        before = live.read(self.settings.lake)
        self._read()
        if before.day == self.day.number:
            self.tally.carry(before.cells)

    def _threshold(self) -> int:
        self._terms_at = time.monotonic()
        return effective(self.settings, self.lake.latest())[0].threshold

    def look(self) -> None:
        """Read what is new, and tell it where the last telling is long enough ago."""
        now_us = time.time_ns() // 1000
        if now_us >= self.day.end_us:
            self._begin(now_us)
        if time.monotonic() - self._terms_at > TERMS_SECONDS:
            self.tally.threshold = self._threshold()
        self._read()
        waited = time.monotonic() - self._told_at
        if waited >= TELL_SECONDS and (self.tally.tell(now_us) or waited >= STILL_SECONDS):
            self._told_at = time.monotonic()
            live.write(self.settings.lake, self.day.number, now_us, self._cells(now_us))

    def _read(self) -> None:
        for happened in self.landed.new():
            self.tally.add(happened)
        for happened in journaled(self.tail, self.day):
            self.tally.add(happened)

    def _cells(self, now_us: int) -> Iterator[Cell]:
        told = {place: held.told for place, held in self.tally.cells.items() if held.told}
        before = self._before(now_us // MINUTE_US, told)
        for place, count in sorted(told.items()):
            campaign, channel, stage = place
            moved_us = self.tally.cells[place].moved_us
            yield Cell(campaign, channel, LIVE_STAGES[stage], count, before.get(place, 0), moved_us)

    def _before(self, minute: int, told: dict[Place, int]) -> dict[Place, int]:
        """What was told some minutes ago; what the first look finds was there before."""
        if not self._minutes or self._minutes[-1][0] < minute:
            self._minutes.append((minute, told))
        while len(self._minutes) > 1 and self._minutes[0][0] < minute - LATELY:
            self._minutes.popleft()
        return self._minutes[0][1]


def follow(settings: Settings, goes_on: Callable[[], bool]) -> None:
    """Follow while `goes_on`; `Busy` where another process does."""
    with _alone(settings):
        follower = Follower(settings)
        while goes_on():
            try:
                follower.look()
            except OSError as problem:  # a full or failing disk: the next look tries again
                log.error("Live counts could not be read or written: %s.", type(problem).__name__)
            time.sleep(LOOK_SECONDS)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    settings.lake.mkdir(parents=True, exist_ok=True)
    with (settings.lake / ".follower").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise Busy("Another process follows the journal already.") from busy
        yield
