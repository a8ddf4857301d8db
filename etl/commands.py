"""What each command does and prints."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from config.settings import PYTHON, Settings, SettingsError
from data import catalogue
from data.runs import RunRecord
from data.snapshot import Lake
from data.tables import TABLES
from etl import asked, backup, models, restore, runs, setup, status
from etl.checks import PublishBlocked
from etl.commit import LakeBusy, Writer
from etl.door import foresee, import_file, quarantine_of, read_file, replay
from etl.drain import drain
from etl.intake import report
from etl.land import Landed
from etl.pull import foresee_pull, pull, pull_all
from etl.refresh import Run, refresh
from etl.sample import generate

Given = argparse.Namespace
NOTHING_NEW = "{}: nothing new in the database."


def say(words: object) -> None:
    """A line for the person at the terminal."""
    sys.stdout.write(f"{words}\n")


def _import(settings: Settings, given: Given) -> int:
    if given.dry_run:
        for file in given.files:
            batch = read_file(settings, file, given.mapping)
            say(report(batch, foresee(settings, batch).already_present))
        return 0
    for file in given.files:
        landed = import_file(settings, file, given.mapping)
        say(landed.sentence())
        _say_refused(landed)
    return 0 if given.no_run else _run(settings, given)


def _say_refused(landed: Landed) -> None:
    if landed.refused:
        told = f"{PYTHON} -m etl refused {landed.load_id} --out rows.csv"
        say(f"  The refused rows are in quarantine: {told}")


def _pull(settings: Settings, given: Given) -> int:
    for mapping in given.mappings:
        if given.dry_run:
            say(foresee_pull(settings, mapping, anew=given.anew) or NOTHING_NEW.format(mapping.name))
            continue
        something = False
        for one in pull(settings, mapping, anew=given.anew):
            something = True
            say(f"{one.landed.sentence()}; through {one.position.column} {one.position.value}")
            _say_refused(one.landed)
        if not something:
            say(NOTHING_NEW.format(mapping.name))
    return 0 if given.no_run or given.dry_run else _run(settings, given)


def _run(settings: Settings, given: Given) -> int:
    scheduled = bool(getattr(given, "scheduled", False))
    for line in pull_all(settings) if scheduled else ():
        say(line)
    drained = drain(settings)
    if drained.segments:
        say(drained.sentence())
    for line in asked.serve(settings):
        say(line)
    try:
        run = recorded(
            settings,
            "scheduled" if scheduled else "by hand",
            threads=1 if scheduled else 2,
            wait=not scheduled,
        )
    except LakeBusy:
        if scheduled:
            return 0
        raise
    say(run.sentence())
    for warning in run.warnings:
        say("  " + warning)
    if scheduled:
        _clean(settings)
    return 0


def recorded(settings: Settings, kind: str, **how: Any) -> Run:
    """Run, and keep what became of it for people to see."""
    started = time.time_ns() // 1000
    clock = time.monotonic()
    try:
        run = refresh(settings, **how)
    except LakeBusy:
        raise
    except Exception as failure:
        words = (
            str(failure) if isinstance(failure, PublishBlocked) else f"It failed: {type(failure).__name__}."
        )
        ended = "blocked" if isinstance(failure, PublishBlocked) else "failed"
        number = Lake(settings.lake).latest().number
        runs.add(settings.lake, RunRecord(started, time.monotonic() - clock, kind, ended, words, number))
        raise
    ended = "published" if run.changed else runs.QUIET
    runs.add(settings.lake, RunRecord(started, run.seconds, kind, ended, run.sentence(), run.snapshot.number))
    return run


def _clean(settings: Settings) -> None:
    """The leader's housekeeping: expired quarantine, and files that no open snapshot needs."""
    quarantine_of(settings).purge(time.time_ns() // 1000)
    lake = Writer(settings.lake)
    with lake.lock():
        for name in TABLES:
            lake.vacuum(name, settings.vacuum_days * 24)


def _rebuild(settings: Settings, given: Given) -> int:
    del given
    say(recorded(settings, "rebuild", rebuild=True).sentence())
    return 0


def _status(settings: Settings, given: Given) -> int:
    del given
    lake = Lake(settings.lake)
    for line in status.lines(catalogue.read(lake, lake.latest()), settings, time.time_ns() // 1000):
        say(line)
    return 0


def _models(settings: Settings, given: Given) -> int:
    del settings, given
    for name in models.NAMES:
        say(f"{name}\n    {models.summary(name)}")
    return 0


def _refused(settings: Settings, given: Given) -> int:
    count = quarantine_of(settings).export(given.load, given.out)
    say(
        f"Wrote {count:,} refused rows to {given.out}. Correct them, then: "
        f"{PYTHON} -m etl replay {given.load} --mapping M.toml --rows {given.out}"
    )
    return 0


def _replay(settings: Settings, given: Given) -> int:
    say(replay(settings, given.load, given.mapping, given.rows).sentence())
    return _run(settings, given)


def _sample(settings: Settings, given: Given) -> int:
    del settings
    try:
        generate(given.out, given.members, given.campaigns, given.days, given.seed)
    except ValueError as mistake:
        raise SettingsError([str(mistake)]) from None
    say(f"Wrote a synthetic plan of {given.members:,} members to {given.out}; manifest.toml lists its files.")
    return 0


def _prepare(settings: Settings, given: Given) -> int:
    del given
    setup.prepare(settings, say)
    return 0


def _backup(settings: Settings, given: Given) -> int:
    told = backup.backup(settings, given.file, given.with_secret)
    size = given.file.stat().st_size / 1e6
    say(f"Backed up snapshot {told.snapshot} and what was landed since to {given.file}: {size:,.1f} MB.")
    for note in told.notes:
        say("  " + note)
    return 0


def _restore(settings: Settings, given: Given) -> int:
    if given.check:
        told = restore.check(settings, given.file)
        say(f"{given.file} is whole: snapshot {told.snapshot}, backed up {_when(told)}. Nothing was written.")
        return 0
    told = restore.restore(settings, given.file)
    say(f"Restored snapshot {told.snapshot}, as it was backed up {_when(told)}.")
    for note in told.notes:
        say("  " + note)
    return 0


def _when(told: backup.Told) -> str:
    return datetime.fromtimestamp(told.made_us / 1e6, UTC).strftime("%Y-%m-%d %H:%M UTC")


COMMANDS: dict[str, Callable[[Settings, Given], int]] = {
    "import": _import,
    "pull": _pull,
    "run": _run,
    "rebuild": _rebuild,
    "status": _status,
    "models": _models,
    "refused": _refused,
    "replay": _replay,
    "sample": _sample,
    "prepare": _prepare,
    "backup": _backup,
    "restore": _restore,
}
