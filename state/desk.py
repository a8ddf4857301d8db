"""What the upload page asks of the loading: the app hands it in, since pages know nothing of the ETL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from state.uploads import Upload


class UploadRefused(ValueError):
    """A file that cannot be taken, or read; its words say why and what next."""


@dataclass(frozen=True)
class Facts:
    """What a column looks like, in words without its values; `words` where they are few and of nobody."""

    name: str
    looks: str
    dated: bool = False
    doubtful: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Look:
    """What reading rows by a mapping comes to. `reasons`: column, words, rows, the first rows' numbers;
    `tables`: name, rows and span of days; `problems` of the mapping itself, and then nothing else."""

    toml: str = ""
    problems: tuple[str, ...] = ()
    rows: int = 0
    load: int = 0
    present: int = 0
    skipped: int = 0
    refused: int = 0
    reasons: tuple[tuple[str, str, int, str], ...] = ()
    left: tuple[tuple[str, int], ...] = ()
    tables: tuple[tuple[str, int, str], ...] = ()
    provides: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True)
class Opened:
    """A file that was opened: its columns, the guess, and a kept mapping that fits it."""

    upload: Upload
    facts: tuple[Facts, ...]
    draft: Mapping[str, Any]
    known: str = ""
    rows: int = 0
    whole: bool = True
    meanings: tuple[tuple[str, str], ...] = ()


class Desk(Protocol):
    """The loading, as the upload page sees it. Every call names whose file it is; no other's is opened."""

    @property
    def most(self) -> int:
        """Bytes that a file may have."""

    def receive(self, stream: Any, name: str, by: str) -> Upload: ...

    def opened(
        self, id: object, by: str, kind: str = "", delimiter: str = "", encoding: str = ""
    ) -> Opened: ...

    def look(self, id: object, by: str, draft: Mapping[str, Any]) -> Look: ...

    def check(self, id: object, by: str, draft: Mapping[str, Any]) -> None: ...

    def load(self, id: object, by: str, draft: Mapping[str, Any]) -> None: ...

    def discard(self, id: object, by: str) -> None: ...

    def toml(self, id: object, by: str) -> str: ...
