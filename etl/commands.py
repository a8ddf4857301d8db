"""What each command does and prints."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from alerts import delivery, watch
from alerts.watch import watched
from config.instants import minute
from config.settings import PYTHON, Settings, SettingsError, variable
from data import catalogue
from data.runs import RunRecord
from data.snapshot import Lake
from data.tables import TABLES
from etl import asked, backup, bring, models, restore, runs, setup, status
from etl.checks import PublishBlocked
from etl.commit import LakeBusy, Writer
from etl.door import foresee, import_file, quarantine_of, read_file, replay
from etl.drain import drain
from etl.entries import COMMAND_LINE
from etl.intake import IntakeError, report
from etl.land import Landed
from etl.live import follow
from etl.pull import Keeper, Pulled, foresee_pull, pull_scheduled, tried
from etl.refresh import Run, refresh
from etl.sample import generate
from etl.undo import Undone, foresee_undo, undo, words
from state.store import store_of

Given = argparse.Namespace
SCHEDULED = "scheduled"
OF_THE_APP = ("asked", "follow")
"""What nobody types: the app starts it."""
NOTHING_NEW = "{}: nothing new there."


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
    if given.due:
        Keeper(settings).finish()
        return 0
    if not given.mappings:
        raise IntakeError("name a mapping to pull by, or say --due")
    if given.scheduled:
        with watched(settings):
            for line in pull_scheduled(settings, given.mappings[0]):
                say(line)
        return 0
    for mapping in given.mappings:
        if given.dry_run:
            say(foresee_pull(settings, mapping, anew=given.anew) or NOTHING_NEW.format(mapping.name))
            continue
        something = False
        for one in tried(settings, mapping, anew=given.anew):
            something = True
            say(one.sentence())
            if isinstance(one, Pulled):
                _say_refused(one.landed)
        if not something:
            say(NOTHING_NEW.format(mapping.name))
    return 0 if given.no_run or given.dry_run else _run(settings, given)


def _run(settings: Settings, given: Given) -> int:
    with watched(settings):
        return _land_and_publish(settings, scheduled=bool(getattr(given, "scheduled", False)))


def _land_and_publish(settings: Settings, scheduled: bool) -> int:
    kind = SCHEDULED if scheduled else "by hand"
    with failing(settings, kind):
        drained = drain(settings)
        if drained.segments:
            say(drained.sentence())
        for line in asked.serve(settings):
            say(line)
    try:
        run = recorded(
            settings,
            kind,
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


def _asked(settings: Settings, given: Given) -> int:
    """What the app starts when somebody asked for something: it need not wait for the next run."""
    del given
    lines = asked.serve(settings)
    for line in lines:
        say(line)
    if lines:
        say(recorded(settings, "asked for", threads=1).sentence())
    return 0


def _follow(settings: Settings, given: Given) -> int:
    """Until it is ended, or the process that it is kept by is gone."""
    parent, ended = given.of or os.getppid(), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with suppress(KeyboardInterrupt):
        follow(settings, lambda: not ended.is_set() and os.getppid() == parent)
    return 0


def recorded(settings: Settings, kind: str, **how: Any) -> Run:
    """Run, and keep what became of it for people to see."""
    started = time.time_ns() // 1000
    with failing(settings, kind):
        run = refresh(settings, **how)
    ended = "published" if run.changed else runs.QUIET
    runs.add(settings.lake, RunRecord(started, run.seconds, kind, ended, run.sentence(), run.snapshot.number))
    return run


@contextmanager
def failing(settings: Settings, kind: str) -> Iterator[None]:
    """Keep for people to see that what is done inside failed; a lake that is busy is no failure."""
    started, clock = time.time_ns() // 1000, time.monotonic()
    try:
        yield
    except LakeBusy:
        raise
    except Exception as failure:
        blocked = isinstance(failure, PublishBlocked)
        ended = "blocked" if blocked else "failed"
        plain = blocked or isinstance(failure, SettingsError)
        words = str(failure) if plain else f"It failed: {type(failure).__name__}."
        number = Lake(settings.lake).latest().number
        runs.add(settings.lake, RunRecord(started, time.monotonic() - clock, kind, ended, words, number))
        raise


def _clean(settings: Settings) -> None:
    """The leader's housekeeping: expired quarantine, and files that no open snapshot needs."""
    quarantine_of(settings).purge(time.time_ns() // 1000)
    bring.purge(settings)
    lake = Writer(settings.lake)
    with lake.lock():
        for name in TABLES:
            lake.vacuum(name, settings.vacuum_days * 24)


def _rebuild(settings: Settings, given: Given) -> int:
    del given
    with watched(settings):
        say(recorded(settings, "rebuild", rebuild=True).sentence())
    return 0


def _status(settings: Settings, given: Given) -> int:
    del given
    lake = Lake(settings.lake)
    for line in status.lines(catalogue.read(lake, lake.latest()), settings, time.time_ns() // 1000):
        say(line)
    return 0


def _tell(settings: Settings, given: Given) -> int:
    if not settings.alerts:
        say(f"Nobody is told: {variable('alerts')} names no way. docs/alerts.md says how.")
        return 2
    if given.test:
        tried = list(delivery.tried(settings))
        for way, failed in tried:
            say(f"{way}: {failed or 'told'}")
        return 1 if any(failed for _, failed in tried) else 0
    store = store_of(settings)
    try:
        watch.look(settings, store.incidents)
        say(f"{delivery.deliver(settings, store.incidents):,} messages were delivered.")
    finally:
        store.close()
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


def _undo(settings: Settings, given: Given) -> int:
    try:
        if given.dry_run:
            say(words(foresee_undo(settings, given.load)))
            return 0
        say(words(undo(settings, given.load, COMMAND_LINE)))
    except Undone as before:
        say(before)
        return 0
    return 0 if given.no_run else _run(settings, given)


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
        when = minute(told.made_us)
        say(f"{given.file} is whole: snapshot {told.snapshot}, backed up {when}. Nothing was written.")
        return 0
    told = restore.restore(settings, given.file)
    say(f"Restored snapshot {told.snapshot}, as it was backed up {minute(told.made_us)}.")
    for note in told.notes:
        say("  " + note)
    return 0


COMMANDS: dict[str, Callable[[Settings, Given], int]] = {
    "import": _import,
    "pull": _pull,
    "run": _run,
    "rebuild": _rebuild,
    "status": _status,
    "follow": _follow,
    "tell": _tell,
    "models": _models,
    "refused": _refused,
    "replay": _replay,
    "undo": _undo,
    "asked": _asked,
    "sample": _sample,
    "prepare": _prepare,
    "backup": _backup,
    "restore": _restore,
}
