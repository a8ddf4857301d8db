"""What a receiver asks of the files beside a manifest: are they there, whole, and what it says? No lake."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from reports.manifest import File, Manifest, ManifestError, loaded
from reports.monthly_export import COLUMNS, SCHEMA

CHUNK = 1 << 20
AGAIN = "fetch it again; if it stays so, tell whoever sends it"


@dataclass(frozen=True)
class Read:
    """What a file holds: rows, columns, and the months and schemas that its rows name."""

    rows: int
    columns: list[str]
    months: set[str]
    schemas: set[str]


def verified(path: Path) -> tuple[Manifest | None, list[str]]:
    """The manifest at a path and what is wrong, a line for each thing; no line where all is well."""
    try:
        found = loaded(path.read_bytes())
    except OSError as error:
        return None, [f"{path}: cannot be read: {error.strerror}; name the file of a manifest"]
    except ManifestError as wrong:
        return None, [f"{path.name}: {wrong}"]
    lines = [line for file in found.files for line in wrong_with(file, path.parent / file.name, found)]
    return found, lines


def wrong_with(file: File, path: Path, manifest: Manifest) -> Iterator[str]:
    """What is wrong with one file: what, where, and what to do next."""
    if Path(file.name).name != file.name or file.name in ("", ".", ".."):
        yield f"{manifest.name}: names a file outside its folder; {AGAIN}"
        return
    if not path.is_file():
        yield f"{file.name}: is missing beside the manifest; fetch it, or fetch all of {manifest.month} again"
        return
    size, digest = measured(path)
    if size != file.bytes:
        how = "cut off" if size < file.bytes else "longer than it was sent"
        yield f"{file.name}: is {how}: {size:,} bytes, and the manifest says {file.bytes:,}; {AGAIN}"
    elif digest != file.sha256:
        yield f"{file.name}: its bytes were changed: another SHA-256 than in the manifest; {AGAIN}"
    yield from _content(file, path, manifest)


def measured(path: Path) -> tuple[int, str]:
    """Bytes and SHA-256 of a file."""
    size, digest = 0, sha256()
    with path.open("rb") as opened:
        while piece := opened.read(CHUNK):
            size += len(piece)
            digest.update(piece)
    return size, digest.hexdigest()


def _content(file: File, path: Path, manifest: Manifest) -> Iterator[str]:
    if file.format not in READERS:
        yield f"{file.name}: nothing here reads the format {file.format!r}; update what verifies"
        return
    try:
        read = READERS[file.format](path)
    except (ValueError, KeyError, TypeError, OSError, csv.Error, pa.ArrowException):
        yield f"{file.name}: cannot be read as {file.format}; {AGAIN}"
        return
    if read.rows != file.rows:
        less = file.rows - read.rows
        many = "1 row" if abs(less) == 1 else f"{abs(less):,} rows"
        told = f"{many} missing" if less > 0 else f"{many} too many"
        yield f"{file.name}: {told}: it holds {read.rows:,}, and the manifest says {file.rows:,}; {AGAIN}"
    if read.columns != list(COLUMNS) and manifest.schema == SCHEMA:
        odd = sorted(set(read.columns) ^ set(COLUMNS)) or ["their order"]
        yield f"{file.name}: other columns than those of schema {manifest.schema}: {', '.join(odd)}; {AGAIN}"
    for what, met, said in (
        ("schema", read.schemas, manifest.schema),
        ("month", read.months, manifest.month),
    ):
        if read.rows and met != {said}:
            names = ", ".join(sorted(met)[:5]) or "none"
            yield f"{file.name}: its rows are of {what} {names}, and the manifest says {said}; {AGAIN}"


def _csv(path: Path) -> Read:
    with path.open(encoding="utf-8", newline="") as opened:
        rows = csv.reader(opened, strict=True)
        columns = next(rows)
        at = [columns.index(name) for name in ("month", "schema")]
        many, met = 0, [set[str](), set[str]()]
        for row in rows:
            if len(row) != len(columns):
                raise ValueError("a row of another length")
            many += 1
            for one, place in zip(met, at, strict=True):
                one.add(row[place])
    return Read(many, columns, *met)


def _parquet(path: Path) -> Read:
    table = pq.read_table(path)
    met = [{str(one) for one in table[name].unique().to_pylist()} for name in ("month", "schema")]
    return Read(table.num_rows, table.column_names, *met)


def _json(path: Path) -> Read:
    rows = json.loads(path.read_bytes())["rows"]
    columns = list(rows[0]) if rows else list(COLUMNS)
    if not all(list(row) == columns for row in rows):
        raise ValueError("a row of other columns")
    met = [{str(row[name]) for row in rows} for name in ("month", "schema")]
    return Read(len(rows), columns, *met)


READERS: dict[str, Callable[[Path], Read]] = {"csv": _csv, "parquet": _parquet, "json": _json}


def told(path: Path, found: Manifest | None, wrong: list[str]) -> str:
    """What was found, for a terminal."""
    out = io.StringIO()
    for line in wrong:
        out.write(f"{line}.\n")
    if found is None or wrong:
        things = "1 thing is" if len(wrong) == 1 else f"{len(wrong):,} things are"
        out.write(f"{path.name}: {things} wrong. Load nothing of it.\n")
    else:
        files = "1 file" if len(found.files) == 1 else f"{len(found.files)} files"
        out.write(
            f"{path.name}: as it was sent: {files} of {found.rows:,} rows each, {found.month}, "
            f"snapshot {found.snapshot}.\n"
        )
    return out.getvalue()
