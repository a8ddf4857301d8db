"""Pulls one source: reads what is new, lands it batch by batch, and keeps with each load how far it came."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from config.settings import Settings
from data.identify import Pseudonyms
from data.snapshot import Lake
from etl.commit import LakeBusy
from etl.door import check_secret, foresee, land_batch
from etl.intake import Batch, interpret, report
from etl.land import Landed
from etl.publish import check_zone
from etl.pull.database import reading
from etl.pull.position import Position, at_start, next_of
from etl.pull.rows import batches
from etl.sources.mapping import Mapping
from etl.sources.problems import IntakeError
from etl.sources.sql import Sql
from etl.sources.toml import load_mapping


@dataclass(frozen=True)
class Pulled:
    """What one batch of a pull came to."""

    landed: Landed
    position: Position


def pull(settings: Settings, mapping: Path, *, anew: bool = False, wait: bool = True) -> Iterator[Pulled]:
    """Land what is new in the database of a mapping; `anew` reads from its `start` again.

    The position stands in the row of `loads` that makes a load count: what was not landed is read
    again, whatever ended the pull. `LakeBusy` where another pull is under way and `wait` is false.
    """
    given, sql = _asked(mapping)
    check_zone(Lake(settings.lake).latest(), settings)
    check_secret(settings)
    with _alone(settings, wait):
        after = at_start(sql) if anew else next_of(Lake(settings.lake), given, sql)
        for batch, position in _read(settings, given, sql, after):
            yield Pulled(land_batch(settings, batch), position)


def foresee_pull(settings: Settings, mapping: Path, *, anew: bool = False) -> str | None:
    """The dry run of the first batch in words, None where nothing is new; changes nothing."""
    given, sql = _asked(mapping)
    after = at_start(sql) if anew else next_of(Lake(settings.lake), given, sql)
    for batch, _ in _read(settings, given, sql, after):
        more = "" if batch.rows_in < sql.batch else "\n  these are the first rows; the pull reads on"
        return report(batch, foresee(settings, batch).already_present) + more
    return None


def configured(settings: Settings) -> list[Path]:
    """The mappings that every scheduled run pulls, by name."""
    return sorted(settings.sources.glob("*.toml"))


def _asked(path: Path) -> tuple[Mapping, Sql]:
    mapping = load_mapping(path)
    if mapping.sql is None:
        raise IntakeError(
            f"{path.name}: has no [sql] section, which says where to pull from; "
            "a file is read by: python -m etl import FILE --mapping " + path.name
        )
    return mapping, mapping.sql


def _read(
    settings: Settings, mapping: Mapping, sql: Sql, after: Position
) -> Iterator[tuple[Batch, Position]]:
    ids = Pseudonyms(settings.secret())
    with reading(settings, sql.database) as connection:
        for rows, position in batches(connection, mapping, sql, after, ids):
            batch = interpret(rows, mapping, ids, settings.zone)
            yield replace(batch, position=position.dumped()), position


@contextmanager
def _alone(settings: Settings, wait: bool) -> Iterator[None]:
    """Two pulls at once would read the same rows from the same position."""
    with (settings.lake / ".puller").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as busy:
            raise LakeBusy("Another pull is under way; try again when it has finished.") from busy
        yield
