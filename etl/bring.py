"""Files that somebody brings in the app: taken in, guessed at, looked at by a mapping, and loaded."""

from __future__ import annotations

import secrets
import time
import tomllib
from collections.abc import Mapping as Given
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from config.settings import Settings
from etl import door, entries, reasons
from etl.intake import Batch, IntakeError
from etl.intake.reader import Rows, parse
from etl.intake.report import span
from etl.shelter import Readable, Shelter, TooLarge
from etl.sources.draft import draft_of, toml_of
from etl.sources.fields import FIELDS, MEASURES
from etl.sources.guess import CAMPAIGN_KEYS, guess
from etl.sources.problems import MappingError
from etl.sources.shape import Shape
from etl.sources.tables import FileSpec
from etl.sources.toml import load_mapping, parse_mapping
from ledger.acting import acts
from state.desk import Facts, Look, Opened, UploadRefused
from state.store import Store
from state.uploads import ENDED, Stage, Upload

HEAD = 256 * 1024
"""Bytes of a file that a look reads."""
SAMPLE = 500
"""Rows that a guess is made from."""
DAY_US = 86_400_000_000
ENCODINGS = ("utf-8-sig", "cp1252")
KNOWN = ("utf-8", "cp1252", "utf-16")
LOOKS = {"datetime": "dates with a time", "date": "dates", "epoch": "dates as seconds", "email": "addresses",
         "phone": "phone numbers", "event": "events", "channel": "channels", "number": "numbers",
         "bool": "yes or no", "text": "texts", "empty": "nothing in the first rows"}  # fmt: skip


@dataclass(frozen=True)
class Bringing:
    """The desk of the upload page."""

    settings: Settings
    store: Store

    @cached_property
    def shelter(self) -> Shelter:
        return Shelter(self.settings.uploads, self.settings.secret())

    @property
    def most(self) -> int:
        return self.settings.upload_mb * 1_000_000

    def receive(self, stream: Readable, name: str, by: str) -> Upload:
        """Take a file in; `UploadRefused` where it is empty or too large."""
        id = secrets.token_hex(16)
        try:
            size, digest = self.shelter.keep(id, stream, self.most)
        except TooLarge:
            largest = f"The file is larger than {self.settings.upload_mb} MB."
            raise UploadRefused(f"{largest} Split it, or import it by the command line.") from None
        if not size:
            self.shelter.forget(id)
            raise UploadRefused("The file is empty.")
        return self.store.uploads.add(id, by, _file_name(name), size, digest)

    def opened(self, id: object, by: str, kind: str = "", delimiter: str = "", encoding: str = "") -> Opened:
        """What a file most likely is, by itself or as somebody says it is written; `UploadRefused` where it
        cannot be read as rows."""
        upload = self._own(id, by)
        raw, whole, parted, letters = self._head(upload)
        delimiter, encoding = delimiter[:1] or parted, encoding if encoding in KNOWN else letters
        rows = _parsed(raw, FileSpec(delimiter=delimiter, encoding=encoding), upload.name)
        cells = rows.frame.head(SAMPLE).rows()
        header = list(rows.frame.columns)
        found = guess(header, cells, kind)
        facts = tuple(
            Facts(one.name, _looks(one.shape), one.shape.dated, one.shape.doubtful, one.shape.words)
            for one in found.columns
        )
        draft = draft_of(found, upload.name, delimiter, encoding)
        return Opened(upload, facts, draft, "" if kind else self._known(header), rows.rows_in, whole,
                      meanings(found.kind))  # fmt: skip

    def look(self, id: object, by: str, draft: Given[str, Any]) -> Look:
        """What the first rows would come to by a draft, or what is wrong with it."""
        upload = self._own(id, by)
        raw, whole, _, _ = self._head(upload)
        try:
            text = self._text(draft)
        except IntakeError as mistake:
            return Look(problems=(str(mistake),))
        try:
            batch = self._batch(raw, text, upload)
        except MappingError as wrong:
            return Look(text, tuple(_plain(one) for one in wrong.problems))
        except IntakeError as wrong:
            return Look(text, (_plain(str(wrong)),))
        return looked(batch, text, whole=whole)

    def check(self, id: object, by: str, draft: Given[str, Any]) -> None:
        """Have the whole file looked at by a draft, in the background."""
        self._ask(id, by, draft, Stage.CHECK)

    def load(self, id: object, by: str, draft: Given[str, Any]) -> None:
        """Keep the mapping and have the file loaded by it, in the background."""
        self._ask(id, by, draft, Stage.LOAD)

    def discard(self, id: object, by: str) -> None:
        upload = self._own(id, by)
        self.store.uploads.discard(upload.id, by)
        self.shelter.forget(upload.id)

    def toml(self, id: object, by: str) -> str:
        """The mapping that a file was asked to be read by."""
        found = self.store.uploads.one(id, by)
        if found is None or not found.mapping:
            raise UploadRefused("There is no mapping of that file.")
        return found.mapping

    def _ask(self, id: object, by: str, draft: Given[str, Any], step: Stage) -> None:
        upload = self._own(id, by)
        try:
            text = self._text(draft)
            parse_mapping(text.encode(), Path("mapping.toml"))
        except MappingError as wrong:
            raise UploadRefused(" ".join(_plain(one) for one in wrong.problems)) from None
        except IntakeError as wrong:
            raise UploadRefused(str(wrong)) from None
        self.store.uploads.ask(upload.id, by, step, text)

    def _own(self, id: object, by: str) -> Upload:
        found = self.store.uploads.one(id, by)
        if found is None or found.state in ENDED:
            raise UploadRefused("That file is not there any more; bring it again.")
        return found

    def _head(self, upload: Upload) -> tuple[bytes, bool, str, str]:
        """The first rows of a file, whether they are all, and how it is written."""
        try:
            raw, whole = self.shelter.head(upload.id, HEAD)
        except IntakeError as gone:
            raise UploadRefused(str(gone)) from None
        raw = raw if whole else raw[: raw.rfind(b"\n") + 1] or raw
        encoding = _encoding(raw)
        first = raw.decode(encoding, "replace").split("\n", 1)[0]
        delimiter = max(",;\t|", key=first.count)
        return raw, whole, delimiter, "utf-8" if encoding == "utf-8-sig" else encoding

    def _text(self, draft: Given[str, Any]) -> str:
        """The mapping of a draft: the form's, or a kept one's as it is."""
        use = draft.get("use")
        if isinstance(use, str) and use:
            for path in self._kept():
                if path.name == use:
                    return path.read_text(encoding="utf-8")
            raise IntakeError(f"the mapping {use} is not there any more")
        return toml_of(draft)

    def _kept(self) -> list[Path]:
        return sorted(self.settings.mappings.glob("*.toml"))

    def _known(self, header: list[str]) -> str:
        """The kept mapping that fits a file's columns best; empty where none does."""
        there, found = {one.strip() for one in header}, []
        for path in self._kept():
            try:
                mapping = load_mapping(path)
            except IntakeError:
                continue
            if mapping.lookups or mapping.sql or mapping.rest or mapping.folder:
                continue
            named = mapping.headers
            if named and all(there & set(spelt) for spelt in named):
                found.append((len(named), path.name))
        return max(found)[1] if found else ""

    def _batch(self, raw: bytes, text: str, upload: Upload) -> Batch:
        return batch_of(self.settings, raw, text, upload)


def batch_of(settings: Settings, raw: bytes, text: str, upload: Upload) -> Batch:
    """Rows of a file that was brought, read by a mapping, as an import would."""
    mapping = parse_mapping(text.encode(), Path(f"{_name(text)}.toml"))
    rows = parse(raw, mapping.file, upload.name)
    rows.sha256 = upload.sha256
    return door.read_rows(settings, rows, mapping)


def serve(settings: Settings, store: Store, one: Upload) -> str:
    """Check or load a file that somebody asked for; a line of what came of it."""
    shelter = Shelter(settings.uploads, settings.secret())
    try:
        raw = shelter.whole(one.id)
        store.uploads.progress(one.id, 20)
        if sha256(raw).hexdigest() != one.sha256:
            raise IntakeError("the file was changed since it was brought; bring it again")
        batch = batch_of(settings, raw, one.mapping or "", one)
        store.uploads.progress(one.id, 60)
        if one.state == Stage.CHECKING:
            present = door.foresee(settings, batch).already_present
            found = looked(batch, one.mapping or "", whole=True, present=present)
            store.uploads.ended(one.id, Stage.CHECKED, asdict(found))
            return f"Looked at all of {one.name}."
        with acts(one.by):
            entries.mapped(settings, _name(one.mapping or ""), batch.mapping_sha256, one.by)
            _keep(settings, one.mapping or "")
            landed = door.land_batch(settings, batch)
    except IntakeError as wrong:
        words = _plain(str(wrong))
    except Exception as failure:  # one file must not keep the run back
        words = f"It failed: {type(failure).__name__}."
    else:
        counts = {"rows": landed.rows_in, "load": landed.loaded, "present": landed.already_present,
                  "skipped": landed.skipped, "refused": landed.refused, "before": landed.before}  # fmt: skip
        store.uploads.ended(one.id, Stage.LOADED, counts, landed.load_id)
        shelter.forget(one.id)
        return landed.sentence()
    store.uploads.ended(one.id, Stage.FAILED, {"words": words[:500]})
    return f"{one.name} was not loaded: {words}"


def purge(settings: Settings) -> int:
    """Delete files that were brought and not loaded within a day; how many."""
    return Shelter(settings.uploads, settings.secret()).purge(time.time_ns() // 1000 - DAY_US)


def looked(batch: Batch, text: str, *, whole: bool, present: int = 0) -> Look:
    """A batch as counts and words; no value of a row."""
    sound = batch.rows_in - batch.refused.height - batch.skipped.height - present
    tables = tuple(
        (name, frame.height, span(frame).lstrip(", ")) for name, frame in batch.tables.items() if frame.height
    )
    left = tuple((why, n) for _, why, n in _counted(reasons.skipped(batch.skipped)))
    return Look(text, (), batch.rows_in, sound, present, batch.skipped.height, batch.refused.height,
                _refused(batch.refused), left, tables, tuple(sorted(batch.provides)), whole)  # fmt: skip


def meanings(kind: str) -> tuple[tuple[str, str], ...]:
    """What a column may mean in a kind of row: value and words."""
    fields = [(one.name, one.name.replace("_", " ")) for one in FIELDS[kind]]
    found = [pair for pair in fields if pair[0] != "recipient"]
    if len(found) < len(fields):
        found += [(f"recipient {of}", f"recipient: {words}") for of, words in ADDRESSED]
    if kind == "aggregate":
        found += [(f"count {one}", f"count of {one.replace('_', ' ')}") for one in MEASURES]
    if kind == "members":
        found += [(f"address {of}", f"address: {words}") for of, words in ADDRESSED]
    if kind == "campaigns":
        found = [(one, one.replace("_", " ")) for one in CAMPAIGN_KEYS]
    return tuple(found)


ADDRESSED = (
    ("email", "e-mail"),
    ("phone", "phone"),
    ("device", "device or push token"),
    ("id", "another id"),
)


def _refused(rows: pl.DataFrame) -> tuple[tuple[str, str, int, str], ...]:
    """Reasons by class, the most frequent first, with the numbers of the first rows."""
    first: dict[tuple[str | None, str], list[int]] = {}
    for row, column, reason in rows.select("row", "column", "reason").sort("row").iter_rows():
        first.setdefault(reasons.classed(column, reason), []).append(row)
    listed = sorted(first.items(), key=lambda item: -len(item[1]))
    return tuple(
        (column or "", reason, len(numbers), ", ".join(str(one) for one in numbers[:5]))
        for (column, reason), numbers in listed
    )


def _counted(frame: pl.DataFrame) -> list[tuple[str, str, int]]:
    return [(header or "", why, n) for header, why, n in frame.select("header", "reason", "rows").iter_rows()]


def _keep(settings: Settings, text: str) -> None:
    """Put the mapping where replays, and the next file of that shape, find it."""
    settings.mappings.mkdir(parents=True, exist_ok=True)
    path = settings.mappings / f"{_name(text)}.toml"
    draft = path.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _name(text: str) -> str:
    """The source that a mapping is of, as far as it can be read."""
    try:
        name = tomllib.loads(text).get("source", {}).get("name")
    except (tomllib.TOMLDecodeError, AttributeError):
        name = None
    return name if isinstance(name, str) and name.isidentifier() else "mapping"


def _parsed(raw: bytes, spec: FileSpec, name: str) -> Rows:
    try:
        return parse(raw, spec, name)
    except IntakeError as wrong:
        raise UploadRefused(_plain(str(wrong))) from None


def _file_name(name: str) -> str:
    """A file's own name, without folders and signs that nobody sees."""
    plain = "".join(one for one in name.replace("\\", "/").rsplit("/", 1)[-1] if one.isprintable()).strip()
    return plain[:120] or "upload.csv"


def _encoding(raw: bytes) -> str:
    for one in ENCODINGS:
        try:
            raw.decode(one)
        except UnicodeDecodeError:
            continue
        return one
    return "latin-1"


def _looks(shape: Shape) -> str:
    words = LOOKS[shape.kind]
    return words if shape.kind == "empty" else f"{words}, {shape.different:,} different"


def _plain(words: str) -> str:
    """The words of a mistake, beginning with a capital letter."""
    return words[:1].upper() + words[1:]
