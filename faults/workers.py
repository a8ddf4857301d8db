"""Processes that are killed: real commands, with their modules loaded, so that the kill hits the work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from config.settings import ROOT, Settings, variable

READY = "ready"
ONE = f"""
import sys
from etl.__main__ import main
print("{READY}", flush=True)
sys.stdin.readline()
sys.exit(main(sys.argv[1:]))
"""
MANY = f"""
import sys
from config.settings import Settings
from etl import schedule
from etl.__main__ import main
from contextlib import redirect_stdout
import io
settings = Settings.load()
print("{READY}", flush=True)
for line in sys.stdin:
    if line == "elect\\n":
        said = str(schedule._elect(settings))
    elif line == "yield\\n":
        while schedule._elected:
            schedule._elected.pop().close()
        said = "yielded"
    else:
        with redirect_stdout(io.StringIO()) as told:
            code = main(line.split())
        said = f"{{code}} {{told.getvalue().strip().splitlines()[-1:]}}"
    print(said, flush=True)
"""


def environ(settings: Settings, **more: str) -> dict[str, str]:
    """The environment of a child in the place of these settings, and of nobody else's."""
    plain = {name: text for name, text in os.environ.items() if not name.startswith("REACHBOARD_")}
    ours = {
        "var": str(settings.var),
        "port": str(settings.port),
        "zone": settings.zone,
        "sample": "0",
        **more,
    }
    return plain | {variable(name): text for name, text in ours.items()}


class Worker:
    """A process that waits until it is told to go."""

    def __init__(self, settings: Settings, program: str, words: Sequence[str] = ()) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, *words], cwd=ROOT, env=environ(settings), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ready(self) -> None:
        if self.answer() != READY:
            raise RuntimeError("A worker did not become ready.")

    def go(self, line: str = "") -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def kill(self) -> bool:
        """Kill it now; true where it was still at work."""
        working = self.process.poll() is None
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()
        return working
