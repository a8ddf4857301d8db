"""Pulls one source: reads what is new, lands it batch by batch, and keeps with each load how far it came."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import polars as pl

from config.settings import Settings
from data.identify import Pseudonyms
from data.snapshot import Lake
from etl.commit import LakeBusy
from etl.door import check_secret, foresee, land_batch, read_rows
from etl.intake import Batch, provides, report
from etl.intake.batch import REFUSED, SKIPPED
from etl.land import Landed
from etl.publish import check_zone
from etl.pull import position, rest, walked
from etl.pull.database import reading
from etl.pull.folder import Drop, Dropped, TurnedAway, Waiting
from etl.pull.rows import batches
from etl.sources.mapping import Mapping
from etl.sources.problems import IntakeError
from etl.sources.pulled import SECTIONS
from etl.sources.toml import load_mapping

Reached = position.Position | walked.Walked
Read = Iterator[tuple[Batch | None, Reached]]


@dataclass(frozen=True)
class Pulled:
    """What one batch of a pull, or one dropped file, came to; files have no position."""

    landed: Landed
    position: Reached | None = None

    def sentence(self) -> str:
        return self.landed.sentence() + (f"; {self.position.through}" if self.position else "")


Came = Pulled | TurnedAway | Waiting


def pull(settings: Settings, mapping: Path, *, anew: bool = False, wait: bool = True) -> Iterator[Pulled]:
    """Land what is new in the source of a mapping; `anew` reads from its `start` again.

    The position stands in the row of `loads` that makes a load count: what was not landed is read
    again, whatever ended the pull. `LakeBusy` where another pull of the source is under way and `wait` is
    false. Of a drop folder, `come` tells of the other files, too.
    """
    for one in come(settings, mapping, anew=anew, wait=wait):
        if isinstance(one, Pulled):
            yield one


def come(settings: Settings, mapping: Path, *, anew: bool = False, wait: bool = True) -> Iterator[Came]:
    """What `pull` does, and with it the files of a drop folder that were turned away or wait."""
    given = asked(mapping)
    check_zone(Lake(settings.lake).latest(), settings)
    check_secret(settings)
    with alone(settings, given.name, wait):
        if given.folder is not None:
            yield from _of_folder(settings, given, anew)
            return
        for batch, reached in _read(settings, given, anew):
            if batch is not None:
                yield Pulled(land_batch(settings, batch), reached)
            elif isinstance(reached, walked.Walked):
                _keep(settings, given, reached)


def foresee_pull(settings: Settings, mapping: Path, *, anew: bool = False) -> str | None:
    """The dry run of the first batch or file in words, None where nothing is new; changes nothing."""
    given = asked(mapping)
    if given.folder is not None:
        return _foreseen_file(settings, given, anew)
    for batch, reached in _read(settings, given, anew):
        if batch is not None:
            on = isinstance(reached, walked.Walked) and reached.page is not None
            on = on or (given.sql is not None and batch.rows_in >= given.sql.batch)
            more = "\n  these are the first rows; the pull reads on" if on else ""
            return report(batch, foresee(settings, batch).already_present) + more
    return None


def _foreseen_file(settings: Settings, mapping: Mapping, anew: bool) -> str | None:
    drop = Drop(settings, mapping, anew)
    said: list[str] = []
    for found in drop.files():
        if isinstance(found, Dropped):
            batch = read_rows(settings, found.rows, mapping)
            present = foresee(settings, batch).already_present
            return "\n".join([*said, report(batch, present), "  the pull reads on with the files after it"])
        said.append(found.sentence())
    return "\n".join(said) or None


def _of_folder(settings: Settings, mapping: Mapping, anew: bool) -> Iterator[Came]:
    drop = Drop(settings, mapping, anew)
    try:
        for found in drop.files():
            if not isinstance(found, Dropped):
                yield found
                continue
            try:
                batch = read_rows(settings, found.rows, mapping)
            except IntakeError as problem:
                yield drop.refused(found.name, problem)
                continue
            landed = land_batch(settings, batch)
            drop.done(found)
            yield Pulled(landed)
    finally:
        drop.memory.save()


def configured(settings: Settings) -> list[Path]:
    """The mappings that are pulled by schedule, by name."""
    return sorted(settings.sources.glob("*.toml"))


def asked(path: Path) -> Mapping:
    """A mapping that pulls."""
    mapping = load_mapping(path)
    if mapping.sql is None and mapping.rest is None and mapping.folder is None:
        names = ", ".join(f"[{one}]" for one in SECTIONS)
        raise IntakeError(
            f"{path.name}: has no section ({names}) which says where to pull from; "
            "a file is read by: python -m etl import FILE --mapping " + path.name
        )
    return mapping


def _read(settings: Settings, mapping: Mapping, anew: bool) -> Read:
    return _of_rest(settings, mapping, anew) if mapping.rest else _of_database(settings, mapping, anew)


def _of_database(settings: Settings, mapping: Mapping, anew: bool) -> Read:
    ids, sql, lake = Pseudonyms(settings.secret()), mapping.sql, Lake(settings.lake)
    assert sql is not None
    after = position.at_start(sql) if anew else position.next_of(lake, mapping, sql)
    with reading(settings, sql.database) as connection:
        for rows, reached in batches(connection, mapping, sql, after, ids):
            batch = read_rows(settings, rows, mapping)
            yield replace(batch, position=reached.dumped()), reached


def _of_rest(settings: Settings, mapping: Mapping, anew: bool) -> Read:
    """The batches, and at the end the position alone: a load that is known already moves none."""
    ids, given, lake = Pseudonyms(settings.secret()), mapping.rest, Lake(settings.lake)
    assert given is not None
    after = walked.at_start(given) if anew else walked.next_of(lake, mapping, given, settings.secret())
    for rows, reached in rest.batches(settings, mapping, given, after, ids):
        if rows is not None:
            batch = read_rows(settings, rows, mapping)
            yield replace(batch, position=reached.dumped(settings.secret())), reached
        if reached.page is None:
            yield None, reached


def _keep(settings: Settings, mapping: Mapping, reached: walked.Walked) -> None:
    """Keep a position that no load has moved: the pages end where only known records stand."""
    text = position.latest(Lake(settings.lake), mapping.name)
    last = walked.loaded(text, settings.secret()) if text else None
    if reached.same(last or replace(reached, reached="")):
        return
    # No two of these are the same load, however alike they are.
    content = sha256(f"{time.time_ns()}".encode()).hexdigest()
    nothing = Batch(
        mapping.name, mapping.kind, f"rest:{mapping.name}", content, mapping.sha256, 0, provides(mapping, {}),
        mapping.synthetic, {}, pl.DataFrame(schema=REFUSED), pl.DataFrame(schema=SKIPPED),
        position=reached.dumped(settings.secret()),
    )  # fmt: skip
    land_batch(settings, nothing)


@contextmanager
def alone(settings: Settings, source: str, wait: bool) -> Iterator[None]:
    """Two pulls of a source at once would read the same rows from the same position; else `LakeBusy`."""
    folder = settings.lake / "_pulls"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{source}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as busy:
            raise LakeBusy("Another pull is under way; try again when it has finished.") from busy
        yield
