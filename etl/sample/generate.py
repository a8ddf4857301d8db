"""Writes a sample: raw files, their mappings, campaign records, the order to load them in, and the truths."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from etl.sample.audiences import assignments_frame
from etl.sample.calls import call_log
from etl.sample.emails import UNSUBSCRIBE_URL, email_log
from etl.sample.history import history_frame
from etl.sample.letters import letter_log
from etl.sample.opt_outs import opt_out_log
from etl.sample.outcomes import outcome_files
from etl.sample.people import members_frame, moved_frame
from etl.sample.plan import Plan
from etl.sample.pushes import push_log
from etl.sample.records import records_toml
from etl.sample.spoil import write_csv
from etl.sample.texts import reply_log, sms_log, sms_updates
from etl.sample.truth import truth
from etl.sample.world import World, make_world

MAPPINGS = Path(__file__).parent / "mappings"
SHARED_MAPPINGS = {"members_update": "members", "sms_updates": "sms_log", "claims_late": "claims"}
DEFERRED = "deferred is not a final state"
UNSUBSCRIBE_LINK = "a click on the unsubscribe link is not a click"


@dataclass(frozen=True)
class Manifest:
    """What was written: `files` are (data file, mapping file) in the order to load them; `rows` per file."""

    folder: Path
    files: tuple[tuple[Path, Path], ...]
    rows: dict[str, int]
    truth: Path


def generate(out: Path, members: int, campaigns: int, days: int, seed: int) -> Manifest:
    """Write a sample into the folder `out` (made if missing); the same arguments give the same bytes.

    Raises ValueError for sizes that make no sample, and OSError where `out` cannot be written.
    """
    world = make_world(Plan(members, campaigns, days, seed))
    (out / "mappings").mkdir(parents=True, exist_ok=True)
    (out / "campaigns.toml").write_text(records_toml(world.plan, world.campaigns), encoding="utf-8")
    written = {}
    for name, frame in _frames(world):
        written[name] = write_csv(world.plan, out / name, frame)
        if name == "email_events.csv":
            written[name].skipped = _skipped(out / name)
    for mapping in sorted(MAPPINGS.glob("*.toml")):
        shutil.copyfile(mapping, out / "mappings" / mapping.name)
    files = _files(out, ["campaigns.toml", *written])
    _write_manifest(out, files)
    told = json.dumps(truth(world, written), indent=1, ensure_ascii=False)
    (out / "truth.json").write_text(told + "\n", encoding="utf-8")
    return Manifest(out, files, {name: one.rows for name, one in written.items()}, out / "truth.json")


def _frames(world: World) -> Iterator[tuple[str, pl.DataFrame]]:
    """The raw files one by one, in the order to load them."""
    plan, people, names = world.plan, world.people, world.names
    yield "members.csv", members_frame(plan, people)
    yield "assignments.csv", assignments_frame(people, world.audiences)
    yield "history.csv", history_frame(plan, world.campaigns)
    yield "email_events.csv", email_log(plan, people, world.of("email"), names, world.emails)
    yield "sms_log.csv", sms_log(world.texts)
    yield "sms_replies.csv", reply_log(plan, world.replies)
    yield "push_log.csv", push_log(plan, people, world.of("push"), names, world.pushes)
    yield "calls.csv", call_log(plan, people, world.of("phone"), names, world.calls)
    yield "letters.csv", letter_log(plan, people, world.of("mail"), names, world.letters)
    yield "opt_outs.csv", opt_out_log(plan, people, world.left, names)
    outcomes = outcome_files(plan, people, world.outcomes)
    late = outcomes.pop("claims_late.csv")
    yield from outcomes.items()
    yield "members_update.csv", moved_frame(plan, people)
    yield "sms_updates.csv", sms_updates(world.texts)
    yield "claims_late.csv", late


def _skipped(path: Path) -> dict[str, int]:
    """Rows of the event log that its mapping leaves out by rule."""
    rows = pl.scan_csv(path, infer_schema=False, truncate_ragged_lines=True, encoding="utf8-lossy")
    deferred = pl.col("event") == "deferred"
    link = (pl.col("url") == UNSUBSCRIBE_URL) & ~deferred
    counts = rows.select(deferred.sum().alias(DEFERRED), link.sum().alias(UNSUBSCRIBE_LINK)).collect()
    return {name: int(counts[name][0] or 0) for name in (DEFERRED, UNSUBSCRIBE_LINK)}


def _files(out: Path, names: list[str]) -> tuple[tuple[Path, Path], ...]:
    stems = [Path(name).stem for name in names]
    return tuple(
        (out / name, out / "mappings" / f"{SHARED_MAPPINGS.get(stem, stem)}.toml")
        for name, stem in zip(names, stems, strict=True)
    )


def _write_manifest(out: Path, files: tuple[tuple[Path, Path], ...]) -> None:
    lines = ["# The files of the sample in the order to load them, each with the mapping that reads it."]
    for file, mapping in files:
        lines += ["", "[[file]]", f'path = "{file.name}"', f'mapping = "mappings/{mapping.name}"']
    (out / "manifest.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
