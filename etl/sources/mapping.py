"""A mapping: what a source's file looks like and which column is which field, checked and typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from etl.sources.folder import Folder
from etl.sources.rest import Rest
from etl.sources.rules import Rule
from etl.sources.sql import Sql
from etl.sources.tables import FileSpec, Key, Lookup, Skip
from etl.sources.timing import Timing


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
    once: bool = False
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
    rest: Rest | None = None
    folder: Folder | None = None
    timing: Timing = field(default_factory=Timing)

    @property
    def headers(self) -> tuple[tuple[str, ...], ...]:
        """Every header that the mapping names, each with its other spellings."""
        rules = [
            rule
            for group in (self.fields, self.attributes, self.counts, self.addresses)
            for rule in group.values()
        ]
        rules += [rule for one in self.outcomes.values() for rule in (one.rule, one.at, one.value) if rule]
        rules += [self.newer_by] if self.newer_by else []
        spelt = [rule.columns for rule in rules if rule.columns]
        single = [name for rule in rules for name in (*rule.first_of, *rule.join)]
        single += [name for lookup in self.lookups for name in lookup.on]
        single += [skip.column for skip in self.skips]
        single += self.key.columns if self.key else ()
        taken = {name for lookup in self.lookups for name in lookup.take}
        every = [*spelt, *((name,) for name in single)]
        return tuple(tuple(name.strip() for name in one) for one in every if not taken.intersection(one))
