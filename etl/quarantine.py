"""Refused rows, encrypted per load and kept apart from the lake until mended, replayed or expired."""

from __future__ import annotations

import io
import json
import os
import struct
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import polars as pl
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from config.suggest import near
from data.identify import Pseudonyms
from etl.corrections import corrected_rows, header_fields, parsed_rows, write_rows
from etl.intake.batch import REFUSED, Batch
from etl.intake.reader import Rows, texts_frame
from etl.intake.reading import interpret, records_batch
from etl.sources.mapping import Mapping
from etl.sources.problems import IntakeError

MAGIC = b"RBQ1"
SUFFIX = ".quarantine"
NONCE = 12
DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Entry:
    """One load's refused rows, without their content. `reasons` counts rows by "column: reason"."""

    load_id: int
    source: str
    kind: str
    file_name: str
    sha256: str
    header: str
    folder: str
    rows: int
    reasons: dict[str, int]
    written_us: int
    expires_us: int


class Quarantine:
    """Files under `folder` (mode 0600), one per load: AES-256-GCM under a key derived from `secret`."""

    def __init__(self, folder: Path, secret: bytes, keep_days: int = 30) -> None:
        self.folder, self.secret, self.keep_days = folder, secret, keep_days

    def until(self, now_us: int) -> int:
        """Until when rows that are written now are kept."""
        return now_us + self.keep_days * DAY_US

    def write(self, load_id: int, batch: Batch, now_us: int | None = None) -> int:
        """Keep a batch's refused rows; returns how many. A load without any leaves no file."""
        if batch.refused.height == 0:
            self._path(load_id).unlink(missing_ok=True)
            return 0
        now_us = time.time_ns() // 1000 if now_us is None else now_us
        entry = Entry(
            load_id=load_id,
            source=batch.source,
            kind=batch.kind,
            file_name=batch.file_name,
            sha256=batch.origin or batch.sha256,
            header=batch.header,
            folder=batch.folder,
            rows=batch.refused.height,
            reasons=_reasons(batch.refused),
            written_us=now_us,
            expires_us=self.until(now_us),
        )
        self._save(entry, batch.refused)
        return batch.refused.height

    def entries(self) -> list[Entry]:
        """What is kept, newest first."""
        found = [self._open(path)[0] for path in self.folder.glob(f"*{SUFFIX}")]
        return sorted(found, key=lambda entry: (-entry.written_us, entry.load_id))

    def entry(self, load_id: int) -> Entry:
        """One load's entry; IntakeError where it has none."""
        return self._load(load_id)[0]

    def rows(self, load_id: int) -> pl.DataFrame:
        """The refused rows of a load: row, column, reason, raw."""
        return self._load(load_id)[1]

    def remove(self, load_id: int, rows: Collection[int]) -> int:
        """Take rows out, after they were landed; returns how many remain. The last one removes the file."""
        entry, frame = self._load(load_id)
        left = frame.filter(~pl.col("row").is_in(list(rows)))
        if left.height == 0:
            self._path(load_id).unlink(missing_ok=True)
        elif left.height < frame.height:
            changed = {"rows": left.height, "reasons": _reasons(left)}
            self._save(Entry(**{**asdict(entry), **changed}), left)
        return left.height

    def forget(self, load_id: int) -> None:
        """Drop what a load left that never came to stand: its rows are read again, maybe in other batches."""
        self._path(load_id).unlink(missing_ok=True)

    def purge(self, now_us: int) -> list[int]:
        """Delete what has expired; returns the load ids."""
        gone = [entry.load_id for entry in self.entries() if entry.expires_us <= now_us]
        for load_id in gone:
            self._path(load_id).unlink(missing_ok=True)
        return gone

    def export(self, load_id: int, path: Path) -> int:
        """Write a CSV (mode 0600) to be corrected: _row, _column, _reason, then the file's columns."""
        entry, frame = self._load(load_id)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
            write_rows(out, entry.header, frame)
        return frame.height

    def replay_batch(
        self, load_id: int, mapping: Mapping, pseudonyms: Pseudonyms, zone: str, corrected: Path | None = None
    ) -> Batch:
        """Read the kept rows again through a mended mapping, or the corrected rows of an exported CSV.

        Rows keep their numbers, and keys that hold the file's SHA-256 keep it (`origin`), so that a row is
        the same row as before; the batch's own `sha256` is that of this replay. Land the batch, which
        quarantines again what is still refused under its own load; then `remove` the replayed rows here.
        """
        entry, frame = self._load(load_id)
        if mapping.name != entry.source:
            raise IntakeError(
                f'these rows are of the source "{entry.source}", the mapping is of "{mapping.name}"'
            )
        if not entry.header:
            return self._replay_records(entry, frame, mapping, zone, corrected)
        header = header_fields(entry.header, mapping.file)
        if corrected is None:
            cells, broken = parsed_rows(frame, header, mapping.file)
        else:
            cells, broken = corrected_rows(corrected, header, set(frame["row"]))
        rows = Rows(
            entry.file_name, entry.folder, entry.sha256, entry.header,
            texts_frame([one for _, one in cells], header),
            pl.Series("row", [number for number, _ in cells], dtype=pl.Int64), broken,
            len(cells) + len(broken),
        )  # fmt: skip
        return _of_replay(interpret(rows, mapping, pseudonyms, zone), entry, [*cells, *broken])

    def _replay_records(
        self, entry: Entry, frame: pl.DataFrame, mapping: Mapping, zone: str, corrected: Path | None
    ) -> Batch:
        texts = dict(zip(frame["row"], frame["raw"], strict=True))
        if corrected is not None:
            cells, _ = corrected_rows(corrected, ["record"], set(texts))
            texts = {number: one[0] for number, one in cells}
        records = [(number, json.loads(text)) for number, text in texts.items()]
        batch = records_batch(records, mapping, zone, entry.file_name, entry.sha256, entry.folder)
        return _of_replay(batch, entry, texts)

    def _path(self, load_id: int) -> Path:
        return self.folder / f"{load_id & (2**64 - 1):016x}{SUFFIX}"

    def _cipher(self, salt: bytes) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, salt, b"plan|quarantine|v1").derive(self.secret))

    def _save(self, entry: Entry, frame: pl.DataFrame) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        body = io.BytesIO()
        frame.write_ipc(body, compression="zstd")
        salt = os.urandom(16)
        cipher = self._cipher(salt)
        parts = [MAGIC, salt]
        for name, plain in ((b"entry", json.dumps(asdict(entry)).encode()), (b"rows", body.getvalue())):
            nonce = os.urandom(NONCE)
            sealed = nonce + cipher.encrypt(nonce, plain, MAGIC + name)
            parts += [struct.pack(">Q", len(sealed)), sealed]
        path = self._path(entry.load_id)
        draft = path.with_suffix(".draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(b"".join(parts))
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)

    def _load(self, load_id: int) -> tuple[Entry, pl.DataFrame]:
        path = self._path(load_id)
        if not path.exists():
            known = [str(entry.load_id) for entry in self.entries()]
            raise IntakeError(f"load {load_id} has no refused rows in quarantine{near(str(load_id), known)}")
        return self._open(path)

    def _open(self, path: Path) -> tuple[Entry, pl.DataFrame]:
        raw = path.read_bytes()
        parts, at = [], len(MAGIC) + 16
        with suppress(InvalidTag, struct.error, ValueError):
            cipher = self._cipher(raw[len(MAGIC) : at])
            for name in (b"entry", b"rows"):
                (size,) = struct.unpack(">Q", raw[at : at + 8])
                sealed = raw[at + 8 : at + 8 + size]
                parts.append(cipher.decrypt(sealed[:NONCE], sealed[NONCE:], MAGIC + name))
                at += 8 + size
        if len(parts) != 2:
            raise IntakeError(
                f"{path.name}: cannot be opened: it is damaged, or was written under another secret"
            )
        return Entry(**json.loads(parts[0])), pl.read_ipc(io.BytesIO(parts[1])).cast(REFUSED)


def _of_replay(batch: Batch, entry: Entry, content: object) -> Batch:
    """A load of its own: the digest says which rows were replayed, `origin` of which file."""
    digest = sha256(f"{entry.sha256}|{content!r}".encode()).hexdigest()
    return replace(batch, sha256=digest, origin=entry.sha256)


def _reasons(frame: pl.DataFrame) -> dict[str, int]:
    counted = frame.group_by("column", "reason").len().sort("len", "reason", descending=[True, False])
    return {f"{column or 'row'}: {reason}": n for column, reason, n in counted.iter_rows()}
