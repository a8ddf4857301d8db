"""A month's table as files, CSV, Parquet and JSON: the same bytes for the same snapshot."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from exports.formats import MIMES, Written, pieces
from exports.json_rows import document
from reports.manifest import VERSION, File
from reports.monthly_export import SCHEMA, Monthly, written

Kind = Literal["csv", "parquet", "json"]
KINDS: dict[Kind, str] = {"csv": MIMES["csv"], "parquet": MIMES["parquet"], "json": "application/json"}


def file_name(made: Monthly, kind: Kind) -> str:
    return f"{made.name}.{kind}"


def bytes_of(made: Monthly, kind: Kind, counted: Written) -> Generator[bytes, None, None]:
    """The file, piece by piece; `counted` counts rows, bytes and SHA-256 along."""
    if kind == "json":
        yield from document(made.sheet, head(made), counted)
    else:
        yield from pieces(made.sheet, kind, counted)


def head(made: Monthly) -> dict[str, Any]:
    """What stands before the rows of the JSON document."""
    return {"export": VERSION, "month": written(made.month), "schema": SCHEMA, "snapshot": made.snapshot}


def counted(made: Monthly, kinds: Sequence[Kind]) -> Iterator[File]:
    """What the files would hold, without keeping them."""
    for kind in kinds:
        said = Written()
        for _ in bytes_of(made, kind, said):
            pass
        yield _file(made, kind, said)


def laid(made: Monthly, kinds: Sequence[Kind], folder: Path) -> Iterator[File]:
    """Write the files into a folder, for this user alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for kind in kinds:
        said = Written()
        path = folder / file_name(made, kind)
        path.touch(mode=0o600)
        with path.open("wb") as out:
            out.writelines(bytes_of(made, kind, said))
        yield _file(made, kind, said)


def _file(made: Monthly, kind: Kind, said: Written) -> File:
    return File(file_name(made, kind), kind, said.rows, said.size, said.sha256)
