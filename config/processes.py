"""Commands of our own as child processes: in the places of this one, and ended where they take too long."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from config.settings import ROOT, Settings

GRACE_SECONDS = 10
NICE = 10
CUT_OFF = "it was ended before it could finish"
TOO_LONG = "it took longer than [schedule] limit allows; the next try goes on"


def start(settings: Settings, *command: str, **how: Any) -> subprocess.Popen[bytes]:
    """Start `python -m` with a command; `how` is Popen's, and says otherwise than silence."""
    silent = {"stdin": DEVNULL, "stdout": DEVNULL, "stderr": DEVNULL}
    return subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, env=settings.for_child(), **{**silent, **how}
    )


def start_nicely(settings: Settings, *command: str) -> subprocess.Popen[bytes]:
    """Start a command for which pages do not wait."""
    process = start(settings, *command)
    os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    return process


@dataclass
class Child:
    """A command under way, and when it must have ended (seconds of the monotonic clock)."""

    process: subprocess.Popen[bytes]
    until: float


class Children(dict[Path, Child]):
    """The children under way, each about a file of its own."""

    def start(self, settings: Settings, path: Path, minutes: float, *command: str) -> None:
        """Start the one of a file, which may take so many minutes."""
        self[path] = Child(start_nicely(settings, *command), time.monotonic() + minutes * 60)

    def reaped(self) -> Iterator[tuple[Path, str]]:
        """Files whose child has failed since, with why; those that ended well only go."""
        for path, child in list(self.items()):
            if (code := child.process.poll()) is not None:
                del self[path]
                if code:
                    yield path, CUT_OFF
            elif time.monotonic() > child.until:
                end(child.process)
                del self[path]
                yield path, TOO_LONG

    def close(self) -> None:
        """Ask all to end; nothing is lost by it."""
        for child in self.values():
            child.process.terminate()


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process: asked first, then made to."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_SECONDS)
    process.kill()
    process.wait()
