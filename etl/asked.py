"""Replays asked for in the app: a run looks first, and replays what was looked at and approved."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy.exc import SQLAlchemyError

from config.settings import ROOT, Settings, SettingsError
from etl import door, reasons
from etl.intake import IntakeError
from etl.sources.mapping import Mapping
from etl.sources.toml import load_mapping
from state.replays import Replay, Step
from state.store import Store

READY = (ROOT / "etl" / "sources", ROOT / "etl" / "sample" / "mappings")
MOST = 50  # a run ends, however many are asked for


def serve(settings: Settings) -> list[str]:
    """Take every replay that waits one step further; a line for each. Without a state database, none."""
    store = Store(settings.state)
    try:
        store.replays.recover()
        return [line for one in _waiting(store) if (line := _step(settings, store, one))]
    except (SQLAlchemyError, OSError, ImportError):
        return []
    finally:
        store.close()


def _waiting(store: Store) -> Iterator[Replay]:
    for _ in range(MOST):
        one = store.replays.claim()
        if one is None:
            return
        yield one


def _step(settings: Settings, store: Store, one: Replay) -> str:
    try:
        mapping = mapping_of(settings, door.quarantine_of(settings).entry(one.load_id).source)
        if one.state == Step.LOOKING:
            store.replays.looked(one.id, look(settings, one.load_id, mapping), mapping.sha256)
            return f"Looked at what a replay of load {one.load_id} would bring."
        if mapping.sha256 != one.mapping_sha256:
            raise IntakeError(f"{mapping.path.name} was changed since somebody looked; look again")
        landed = door.replay(settings, one.load_id, mapping.path)
    except (IntakeError, SettingsError) as mistake:
        words = str(mistake)
    except Exception as failure:  # one replay must not keep the run back
        words = f"It failed: {type(failure).__name__}."
    else:
        counts = {"loaded": landed.loaded, "already_present": landed.already_present,
                  "skipped": landed.skipped, "refused": landed.refused}  # fmt: skip
        store.replays.ended(
            one.id, Step.DONE, {**(one.found or {}), **counts, "load_id": str(landed.load_id)}
        )
        return landed.sentence()
    store.replays.ended(one.id, Step.FAILED, {"words": words[:500]})
    return f"The replay of load {one.load_id} failed: {words}"


def look(settings: Settings, load_id: int, mapping: Mapping) -> dict[str, Any]:
    """What a replay would bring, counted by class of reason; nothing of a row."""
    batch = door.reread(settings, load_id, mapping)
    come = door.coming(batch, door.quarantine_of(settings).rows(load_id))
    return {"mapping": mapping.path.name, "come": _counted(come), "stay": _counted(batch.refused)}


def _counted(rows: pl.DataFrame) -> list[list[Any]]:
    found = reasons.refused(rows).sort("rows", "reason", descending=[True, False])
    return [list(row) for row in found.select("header", "reason", "rows").iter_rows()]


def mapping_of(settings: Settings, source: str) -> Mapping:
    """The mapping of a source as it is now: the plan's own before the ready ones; IntakeError without any."""
    for folder in (settings.mappings, settings.sources, *READY):
        for path in sorted(folder.glob("*.toml")):
            if _name(path) == source:
                return load_mapping(path)
    raise IntakeError(
        f'no mapping of the source "{source}" stands in {settings.mappings.name}/ beside the lake; put the '
        "mended one there and look again"
    )


def _name(path: Path) -> str | None:
    """The source that a mapping is of; None for a file that is none, or not readable at the moment."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get("source")
    except (OSError, ValueError):
        return None
    name = found.get("name") if isinstance(found, dict) else None
    return name if isinstance(name, str) else None
