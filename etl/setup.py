"""Makes a lake ready for its first page: the sample where there is nothing yet, then a run."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from config.settings import Settings
from data.snapshot import Lake
from etl.door import import_file
from etl.refresh import refresh
from etl.sample import generate

MEMBERS, CAMPAIGNS, DAYS, SEED = 120_000, 24, 400, 7


def prepare(settings: Settings, say: Callable[[str], None]) -> None:
    """Fill an empty lake with the sample, unless the settings say not to; a filled lake is left alone."""
    lake = Lake(settings.lake)
    if lake.latest().number:
        return
    if settings.sample and not lake.last_seq():
        sample = settings.var / "sample"
        if not (sample / "manifest.toml").is_file():
            say(f"Making a synthetic sample of {MEMBERS:,} members ...")
            generate(sample, MEMBERS, CAMPAIGNS, DAYS, SEED)
        import_manifest(settings, sample / "manifest.toml", say)
    if not lake.frame("loads").is_empty():
        started = time.monotonic()
        refresh(settings)
        say(f"Published the first snapshot in {time.monotonic() - started:.1f} s.")


def import_manifest(settings: Settings, manifest: Path, say: Callable[[str], None]) -> None:
    """Import the files that a manifest lists, in its order, each with its mapping."""
    listed = tomllib.loads(manifest.read_text(encoding="utf-8"))["file"]
    for entry in listed:
        landed = import_file(settings, manifest.parent / entry["path"], manifest.parent / entry["mapping"])
        say("  " + landed.sentence())
