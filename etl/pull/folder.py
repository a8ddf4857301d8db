"""The files of a drop folder: each once, only when it is whole, and wholly or not at all."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

import polars as pl

from config.settings import Settings
from data.snapshot import Lake
from etl.intake.reader import Rows, parse
from etl.pull.places import Place, opened
from etl.pull.proofs import Missing, Proof, Proofs
from etl.pull.remembered import Remembered
from etl.sources.folder import Folder
from etl.sources.mapping import Mapping
from etl.sources.problems import IntakeError, PlaceError
from remote.folder import Entry

GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class TurnedAway:
    """A file of which nothing is loaded, and why."""

    file_name: str
    reason: str

    def sentence(self) -> str:
        return f"{self.file_name}: nothing of it is loaded: {self.reason}"


@dataclass(frozen=True)
class Waiting:
    """A file that is not whole yet, and what it waits for."""

    file_name: str
    reason: str

    def sentence(self) -> str:
        return f"{self.file_name}: {self.reason}"


@dataclass(frozen=True)
class Dropped:
    """A file that was read; say `done` once it is landed."""

    rows: Rows
    name: str
    content: str


Found = TurnedAway | Waiting | Dropped


class Drop:
    """A look into a drop folder."""

    def __init__(self, settings: Settings, mapping: Mapping, anew: bool = False) -> None:
        assert mapping.folder is not None
        self.settings, self.mapping, self.anew = settings, mapping, anew
        self.folder: Folder = mapping.folder
        self.trouble: list[PlaceError] = []
        self.memory = Remembered(settings.lake / "_pulls", mapping.name)
        self.now_us = time.time_ns() // 1000
        self.known: set[str] = set()

    def files(self) -> Iterator[Found]:
        """Every file that is new, wrong or not whole yet; IntakeError where the folder cannot be read."""
        try:
            with opened(self.settings, self.folder) as place:
                proofs = Proofs(self.folder, place, place.entries())
                self.known = _known(Lake(self.settings.lake), self.mapping)
                data = proofs.data()
                self.memory.only({one.name for one in data})
                for entry in data:
                    yield from self._look(entry, place, proofs)
            # One file that cannot be read keeps the others back from nothing, and still is a failure.
            if self.trouble:
                raise self.trouble[0]
        except IntakeError as problem:
            problem.args = (f"{self.mapping.path.name}: {self.folder.shown}: {problem}",)
            raise

    def done(self, dropped: Dropped) -> None:
        """Remember that a file is in the lake."""
        self.known.add(dropped.content)
        self._remember(dropped.name, sha=dropped.content)

    def refused(self, name: str, problem: IntakeError) -> TurnedAway:
        """Remember why nothing of a file is loaded; it is looked at again once something changed."""
        said = " ".join(str(problem).splitlines()).removeprefix(f"{name}: ")
        self._remember(name, said=said)
        return TurnedAway(name, said)

    def _look(self, entry: Entry, place: Place, proofs: Proofs) -> Iterator[Found]:
        if not entry.name.isprintable():
            yield TurnedAway(ascii(entry.name)[:100], "has a name that cannot be shown; rename it")
            return
        # Another mapping may read what this one could not.
        beside = f"{proofs.beside(entry.name)} {self.mapping.sha256[:16]}"
        met = self.memory.met(entry.name, entry.stamp, beside, self.now_us)
        if met.sha256 in self.known and not self.anew:
            return
        if met.said and not self.anew:
            yield TurnedAway(entry.name, met.said)
            return
        rests = self._rests(entry, place, met.since_us)
        try:
            proof = proofs.of(entry.name)
            if not proofs.wanted and not (rests or place.at_once):
                raise Missing(f"waits until it has not changed for {self.folder.stable:g} seconds")
            dropped = self._taken(entry, place, proof)
        except Missing as missing:
            yield Waiting(entry.name, str(missing))
        except PlaceError as trouble:
            self.trouble.append(trouble)
        except IntakeError as problem:
            # What came before its file, or while that is still written, need not be wrong.
            yield self.refused(entry.name, problem) if rests else Waiting(entry.name, "is still written")
        else:
            if dropped.content in self.known and not self.anew:
                self.done(dropped)
            else:
                yield dropped

    def _rests(self, entry: Entry, place: Place, since_us: int) -> bool:
        """Whether a file has not changed for long enough; by its own time only where that is our clock's."""
        since = entry.changed_us if place.our_clock or place.at_once else since_us
        return self.now_us - since >= self.folder.stable * 1_000_000

    def _taken(self, entry: Entry, place: Place, proof: Proof) -> Dropped:
        most = self.folder.most_mb << 20
        raw = place.read(entry.name, most)
        if len(raw) > most:
            raise IntakeError(f"has more than {self.folder.most_mb} MB; split it, or raise [folder] most_mb")
        if len(raw) != entry.size:
            raise Missing("changed while it was read")
        proof.check_bytes(raw)
        plain = unpacked(raw, most)
        content = sha256(plain).hexdigest()
        rows = parse(plain, self.mapping.file, entry.name)
        proof.check_rows(rows.rows_in)
        rows.sha256 = content
        rows.folder = (
            self.folder.path if self.folder.scheme == "file" else str(self.mapping.path.resolve().parent)
        )
        return Dropped(rows, entry.name, content)

    def _remember(self, name: str, sha: str = "", said: str = "") -> None:
        self.memory.keep(name, replace(self.memory.files[name], sha256=sha, said=said))


def unpacked(raw: bytes, most: int) -> bytes:
    """The content of a file, maybe packed with gzip; IntakeError where it is damaged or beyond bounds."""
    plain = b""
    while raw.startswith(GZIP):
        unpack = zlib.decompressobj(wbits=31)
        try:
            plain += unpack.decompress(raw, most - len(plain) + 1)
        except zlib.error:
            raise IntakeError("is damaged: it cannot be unpacked") from None
        if len(plain) > most:
            raise IntakeError(f"unpacks to more than {most >> 20} MB; split it, or raise [folder] most_mb")
        if not unpack.eof:
            raise IntakeError("is cut short: it cannot be unpacked whole")
        raw = unpack.unused_data
        if not raw.startswith(GZIP):
            return plain
    return raw


def _known(lake: Lake, mapping: Mapping) -> set[str]:
    """The contents that a source has landed; one whose load was undone only as long as the mapping stays."""
    own = pl.col("source") == mapping.name
    undone = own & (pl.col("mapping_sha256") == mapping.sha256)
    return {*lake.frame("loads").filter(own)["sha256"], *lake.frame("undone").filter(undone)["sha256"]}
