"""Who acts in this request or command, for entries that do not say so themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from ledger.entry import Entry


@dataclass(frozen=True)
class Acting:
    """Who, in which role, by which key of the API, and from where (a keyed hash of the address)."""

    who: str = ""
    role: str = ""
    key: str = ""
    address: str = ""

    def completes(self, entry: Entry) -> Entry:
        """The entry with what it leaves open. The role and key of somebody are never put to another."""
        if entry.who and entry.who != self.who:
            return entry if entry.address else replace(entry, address=self.address)
        return replace(
            entry,
            who=entry.who or self.who,
            role=entry.role or self.role,
            key=entry.key or self.key,
            address=entry.address or self.address,
        )


NOBODY = Acting()
acting: ContextVar[Acting] = ContextVar("acting", default=NOBODY)


@contextmanager
def acts(who: str) -> Iterator[None]:
    """Have what is done inside be somebody's."""
    token = acting.set(Acting(who))
    try:
        yield
    finally:
        acting.reset(token)
