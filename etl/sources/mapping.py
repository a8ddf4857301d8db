"""A mapping: what a source's file looks like and which column is which field, checked and typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from etl.sources.rules import Rule
from etl.sources.sql import Sql
from etl.sources.tables import FileSpec, Key, Lookup, Skip


@dataclass(frozen=True)
class Outcome:
    """A named outcome of a member row: whether, when, and how much money."""

    rule: Rule
    at: Rule | None
    value: Rule | None


@dataclass(frozen=True)
class Mapping:
    """A checked mapping file. `sha256` is of its bytes; `path` resolves lookups beside it."""

    path: Path
    sha256: str
    name: str
    kind: str
    label: str
    zone: str | None = None
    synthetic: bool = False
    messages: str = ""
    newer_by: Rule | None = None
    provides: frozenset[str] | None = None
    file: FileSpec = field(default_factory=FileSpec)
    fields: dict[str, Rule] = field(default_factory=dict)
    attributes: dict[str, Rule] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    counts: dict[str, Rule] = field(default_factory=dict)
    addresses: dict[str, Rule] = field(default_factory=dict)
    key: Key | None = None
    lookups: tuple[Lookup, ...] = ()
    skips: tuple[Skip, ...] = ()
    sql: Sql | None = None
