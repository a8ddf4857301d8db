"""The door to the ledger: an entry is on the disk when `record` returns, or within a second after `note`."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from config.settings import Settings
from ledger.acting import acting
from ledger.entry import Entry
from ledger.seals import Seals
from ledger.seen import Seen
from ledger.writing import Chain, now_us

WAIT_SECONDS = 0.5
MOST_NOTED = 20_000
log = logging.getLogger("reachboard.ledger")


class Unwritable(Exception):
    """The ledger cannot be written: what has to be recorded must not happen."""

    def __init__(self) -> None:
        super().__init__(
            "This cannot be recorded in the ledger just now, so it was not done. "
            "Try again in a minute; the administrator sees why on the Data page."
        )


@dataclass(eq=False)
class _Waiting:
    entry: Entry
    at: int = field(default_factory=now_us)
    noted: bool = False
    wanted: Callable[[], bool] | None = None
    written: bool = False
    failed: bool = False


class Book:
    """What a process writes down. Entries that come at one moment are written and flushed together.

    `broken` names the kind of the error while nothing can be written.
    """

    def __init__(self, folder: Path, seals: Seals, process: str) -> None:
        self.folder, self.seals, self.process = folder, seals, process
        self.seen = Seen(folder)
        self.broken = ""
        self._anew()
        # A daemon thread dies with the process: what was noted last is written here.
        atexit.register(self.close)

    def _anew(self) -> None:
        self._chain = Chain(self.folder, self.seals, self.process)
        self._pid = os.getpid()
        self._turn = threading.Condition()
        self._queue: list[_Waiting] = []
        self._busy = False
        self._thread: threading.Thread | None = None

    def record(self, entry: Entry) -> None:
        """Write an entry; it is on the disk when this returns. `Unwritable` where that cannot be."""
        self._own()
        mine = _Waiting(acting.get().completes(entry))
        with self._turn:
            self._queue.append(mine)
            while self._busy and not (mine.written or mine.failed):
                self._turn.wait()
            if not (mine.written or mine.failed):
                self._busy = True
        if not (mine.written or mine.failed):
            self._commit()
        if mine.failed:
            raise Unwritable

    def note(self, entry: Entry, wanted: Callable[[], bool] | None = None) -> None:
        """Have an entry written within a second; `Unwritable` while nothing can be written at all.

        `wanted` is asked when it is written: false leaves it out.
        """
        self._own()
        with self._turn:
            if self.broken or len(self._queue) >= MOST_NOTED:
                raise Unwritable
            self._queue.append(_Waiting(acting.get().completes(entry), noted=True, wanted=wanted))
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="reachboard-ledger", daemon=True)
                self._thread.start()
            self._turn.notify_all()

    def once(self, state: Hashable, make: Callable[[], Entry], within: Hashable = None) -> None:
        """Note what is seen of a state once in a while, in whatever process; `Unwritable` as `note`.

        With `within`, what holds nothing more than a larger state is left out where that is noted, too.
        """
        try:
            if not self.seen.mark(state):
                return
            wanted = None if within is None else lambda: not self.seen.known(within)
            self.note(make(), wanted)
        except Unwritable:
            self.seen.clear(state)
            raise
        except OSError:
            raise Unwritable from None

    def flush(self) -> None:
        """Write what was noted; tries again what could not be written before."""
        self._own()
        with self._turn:
            while self._busy:
                self._turn.wait()
            if not self._queue and not self.broken:
                return
            self._busy = True
        self._commit()

    def close(self) -> None:
        """Write what was noted, and let the chain go."""
        if self._pid != os.getpid():
            return
        self.flush()
        with self._turn:
            self._chain.forget()

    def _own(self) -> None:
        """A fork must not go on in the chain of its parent."""
        if self._pid != os.getpid():
            self._anew()

    def _keep(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: bool(self._queue) or bool(self.broken))
                self._turn.wait(WAIT_SECONDS)  # what comes meanwhile is written with it
            self.flush()

    def _commit(self) -> None:
        """Write the queue; called by whoever made this busy, and by nobody else at that time."""
        with self._turn:
            group, self._queue = self._queue, []
        group = [one for one in group if one.wanted is None or one.wanted()]
        try:
            if group or self.broken:
                self._written(group)
        except OSError as error:
            self._failed(group, error)
        except BaseException:
            for one in group:
                one.failed = True
            raise
        finally:
            with self._turn:
                self._busy = False
                self._turn.notify_all()

    def _written(self, group: list[_Waiting]) -> None:
        if group:
            self._chain.append([(one.at, one.entry) for one in group])
        else:
            self._probe()
        for one in group:
            one.written = True
        if self.broken:
            log.warning("The ledger can be written again.")
        self.broken = ""

    def _failed(self, group: list[_Waiting], error: OSError) -> None:
        if not self.broken:
            log.error("The ledger cannot be written: %s.", type(error).__name__)
        self.broken = error.strerror or type(error).__name__
        with self._turn:
            # Who waits is refused; what was seen already is kept until it can be written.
            self._queue[:0] = [one for one in group if one.noted]
        for one in group:
            one.failed = not one.noted

    def _probe(self) -> None:
        """See whether a file can be written again, where nothing waits to be."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f".probe-{os.getpid()}"
        try:
            with path.open("wb") as file:
                file.write(bytes(4096))
                file.flush()
                os.fsync(file.fileno())
        finally:
            path.unlink(missing_ok=True)


@lru_cache(maxsize=64)
def _open(folder: Path, secret: bytes) -> Book:
    return Book(folder, Seals.of(secret), _process())


def book_of(settings: Settings) -> Book:
    """The book of this process in the places of these settings; the same one at every call."""
    return _open(settings.ledger, settings.secret())


def _process() -> str:
    """`web`, or the command that runs: `etl`, `exports`."""
    name = Path(sys.argv[0]).parent.name if sys.argv[0].endswith("__main__.py") else "web"
    return {"app": "web"}.get(name, name if name.isalpha() and len(name) <= 12 else "tool")
