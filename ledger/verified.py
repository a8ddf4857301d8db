"""What the last verification found, kept for people to see."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from ledger.verify import Report

FILE = "verified.json"
MOST = 20


@dataclass(frozen=True)
class Verified:
    """When somebody looked at all of the ledger (microseconds), and what was found."""

    at: int
    sentence: str
    findings: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        return not self.findings


def keep(folder: Path, report: Report, at: int) -> None:
    """Keep a report; the file is replaced in one step."""
    told = Verified(at, report.sentence(), tuple(str(one) for one in report.findings[:MOST]))
    fresh = folder / f".{FILE}.{os.getpid()}"
    fresh.write_text(json.dumps(asdict(told), indent=1), encoding="utf-8")
    fresh.replace(folder / FILE)


def last(folder: Path) -> Verified | None:
    """The last verification; None where there was none, or nothing of it can be read."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Verified(int(told["at"]), str(told["sentence"]), tuple(map(str, told["findings"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None
