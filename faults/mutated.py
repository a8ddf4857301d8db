"""Spoiled files and bodies: every row is loaded or refused with place and reason, and nothing breaks."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.settings import Settings
from data.identify import Pseudonyms
from etl.door import import_file
from etl.intake import IntakeError, read
from etl.sources.toml import load_mapping
from faults.inside import Inside
from faults.loads import MAPPING
from faults.outcome import Outcome
from faults.sent import Event, events

MESSAGES = 8
LANDED_EACH = 50
"""Of so many files one is landed, too; the others are only read."""
CELLS = (
    "", " ", "999", "-1", "1e308", "NaN", "9223372036854775808", '"', "a\nb", "\x00", "é" * 40, "2026-02-30",
    "2026-03-08 02:30:00", "0001-01-01", "9999-12-31T23:59:59Z", "$", "[1, 2]", "{", "E-mail", "x@y", "=1+1",
    "\u202e", "\ufffd", "null", "1969-12-31T23:59:60Z", "x" * 5000,
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    *CELLS, None, True, 0, -1, 1e308, 10**30, [], {}, [None], {"a": 1}, [[[[]]]],
)  # fmt: skip
BYTES = (
    b'"',
    b"\n",
    b"\r",
    b",",
    b"\x00",
    b"\xff\xfe",
    b"\xc3\x28",
    b"\xef\xbb\xbf",
    b"{",
    b"]",
    b"\\",
    b"\\u",
)


def mutated(trials: int, folder: Path, outcome: Outcome) -> None:
    """`trials` files: half of them CSV through the intake, half JSON through the collector."""
    rng = random.Random(trials)
    door, inside = _Files(folder / "files"), Inside(folder / "bodies")
    for trial in range(trials):
        fresh = events(rng, trial * MESSAGES, MESSAGES)
        try:
            (_body if trial % 2 else door.file)(rng, fresh, outcome, *((inside,) if trial % 2 else ()))
        except Exception as crash:  # any at all is what is looked for
            outcome.wrong += 1
            outcome.counts[f"crash {type(crash).__name__}"] += 1
        outcome.trials += 1


class _Files:
    """A place that reads CSV files by one mapping."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.settings, self.path = Settings(var=folder, sample=False), folder / "feed.csv"
        (folder / "feed.toml").write_text(MAPPING, encoding="utf-8")
        self.mapping = load_mapping(folder / "feed.toml")
        self.ids, self.trials = Pseudonyms(self.settings.secret()), 0

    def file(self, rng: random.Random, fresh: list[Event], outcome: Outcome) -> None:
        """One file: its cells, or its bytes, are changed."""
        in_cells = rng.random() < 0.5
        body = _csv([_in_a_value(rng, one, CELLS) if in_cells else one for one in fresh])
        self.path.write_bytes(body if in_cells else _in_bytes(rng, body))
        self.trials += 1
        try:
            batch = read(self.path, self.mapping, self.ids, self.settings.zone)
        except IntakeError as refusal:
            outcome.counts["CSV refused as a whole"] += 1
            outcome.wrong += not str(refusal)
            return
        outcome.wrong += in_cells and batch.rows_in != len(fresh)
        outcome.wrong += _unaccounted(batch)
        outcome.counts["CSV rows refused"] += batch.refused.height
        outcome.counts["CSV rows read"] += batch.rows_in - batch.refused.height
        if self.trials % LANDED_EACH == 0:
            landed = import_file(self.settings, self.path, self.path.with_suffix(".toml"))
            parts = landed.loaded + landed.already_present + landed.skipped + landed.refused
            outcome.wrong += parts != landed.rows_in
            outcome.counts["CSV landed"] += 1


def _unaccounted(batch: Any) -> int:
    """1 where a row is in none or several of loaded, left out and refused, or is refused without a reason."""
    refused, skipped = batch.refused["row"].to_list(), batch.skipped["row"].to_list()
    loaded = {row for frame in batch.tables.values() for row in frame["row"]}
    several = len(refused) + len(skipped) + len(loaded)
    whole = {*refused, *skipped, *loaded} == set(range(1, batch.rows_in + 1)) and several == batch.rows_in
    return int(not whole or not all(batch.refused["reason"]))


def _body(rng: random.Random, fresh: list[Event], outcome: Outcome, inside: Inside) -> None:
    """One request: values of its events, or its bytes, are changed."""
    lines, in_values = rng.random() < 0.5, rng.random() < 0.5
    several = [_in_a_value(rng, one, VALUES) for one in fresh] if in_values else fresh
    dumped = [json.dumps(one).encode() for one in several]
    body = b"\n".join(dumped) if lines else b"[" + b",".join(dumped) + b"]"
    answer = inside.post(
        body if in_values else _in_bytes(rng, body), "application/x-ndjson" if lines else "application/json"
    )
    if answer.status_code == 400:
        outcome.counts["JSON refused as a whole"] += 1
        outcome.wrong += in_values or not answer.get_json().get("detail")
        return
    if answer.status_code != 202:
        outcome.wrong += 1
        outcome.counts[f"JSON answered {answer.status_code}"] += 1
        return
    said = answer.get_json()
    outcome.counts["JSON events accepted"] += said["accepted"]
    outcome.counts["JSON events refused"] += said["refused"]
    total = said["accepted"] + said["not_kept"] + said["refused"]
    outcome.wrong += in_values and total != len(several)
    outcome.wrong += said["refused"] != len(said["refusals"])
    outcome.wrong += not all(isinstance(one["index"], int) and one["detail"] for one in said["refusals"])


def _in_a_value(rng: random.Random, one: Event, values: tuple[Any, ...]) -> Event:
    """The event, half the time with some values that do not belong there."""
    if rng.random() < 0.5:
        return one
    names = rng.sample(list(one), rng.randint(1, 3))
    return {**one, **{name: rng.choice(values) for name in names}}


def _in_bytes(rng: random.Random, body: bytes) -> bytes:
    """The bytes, with some cut, put in, changed or moved."""
    changes: tuple[Callable[[bytes, int], bytes], ...] = (
        lambda text, at: text[:at],
        lambda text, at: text[at:],
        lambda text, at: text[:at] + rng.choice(BYTES) + text[at:],
        lambda text, at: text[:at] + bytes([rng.randrange(256)]) + text[at + 1 :],
        lambda text, at: text[:at] + text[at + rng.randrange(1, 40) :],
        lambda text, at: text[:at] + text[max(0, at - 60) : at] + text[at:],
    )
    for _ in range(rng.randint(1, 4)):
        body = rng.choice(changes)(body, rng.randrange(len(body) + 1))
    return body


def _csv(rows: list[Event]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
