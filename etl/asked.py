"""What was asked for in the app: a run looks first, and replays or undoes what was looked at and approved."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy.exc import SQLAlchemyError

from config.settings import ROOT, Settings, SettingsError
from etl import bring, door, reasons
from etl.intake import IntakeError
from etl.sources.mapping import Mapping
from etl.sources.toml import load_mapping
from etl.undo import Undone, foresee_undo, undo
from ledger.acting import acts
from state.replays import Replay, Replays, Step
from state.store import Store, store_of
from state.uploads import Upload

READY = (ROOT / "etl" / "sources", ROOT / "etl" / "sample" / "mappings")
MOST = 50  # a run ends, however many are asked for


def serve(settings: Settings) -> list[str]:
    """Take everything that waits one step further; a line for each. Without a state database, none."""
    store = store_of(settings)
    try:
        lines = []
        for queue, step in ((store.undos, _undo), (store.replays, _step)):
            queue.recover()
            lines += [line for one in _waiting(queue) if (line := step(settings, store, one))]
        store.uploads.recover()
        lines += [bring.serve(settings, store, one) for one in _brought(store)]
        return lines
    except (SQLAlchemyError, OSError, ImportError):
        return []
    finally:
        store.close()


def _waiting(queue: Replays) -> Iterator[Replay]:
    for _ in range(MOST):
        one = queue.claim()
        if one is None:
            return
        yield one


def _brought(store: Store) -> Iterator[Upload]:
    for _ in range(MOST):
        one = store.uploads.claim()
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
        with acts(one.approved_by or one.asked_by):
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


def _undo(settings: Settings, store: Store, one: Replay) -> str:
    try:
        if one.state == Step.LOOKING:
            store.undos.looked(one.id, foresee_undo(settings, one.load_id).counts(), "")
            return f"Looked at what undoing load {one.load_id} would take out."
        done = undo(settings, one.load_id, one.approved_by or one.asked_by)
    except Undone:
        words, counts, step = f"Load {one.load_id} was undone before.", one.found or {}, Step.DONE
    except (IntakeError, SettingsError) as mistake:
        words, counts, step = str(mistake), {}, Step.FAILED
    except Exception as failure:  # one undoing must not keep the run back
        words, counts, step = f"It failed: {type(failure).__name__}.", {}, Step.FAILED
    else:
        words, counts, step = f"Undid load {one.load_id}: {done.gone:,} rows went.", done.counts(), Step.DONE
    store.undos.ended(one.id, step, {**counts, "words": words[:500]})
    return words


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
