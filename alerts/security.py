"""What is wrong with how the plan is guarded: rules on the ledger's entries, and on what is known of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Any

from config.settings import Settings, variable
from ledger import verified
from ledger.entry import What
from ledger.index import Index
from ledger.keeping import Kept
from ledger.verified import Verified
from state.incidents import Found, IncidentStore

SECURITY = "security"
MINUTE_US = 60_000_000
DAY_US = 1_440 * MINUTE_US
DENIALS, DENIALS_MINUTES = 20, 10
DENIALS_OVER, DENIALS_OVER_MINUTES = 10, 60
PLACES, PLACES_OVER = 5, 3
Line = dict[str, Any]


class Kind(StrEnum):
    """What an incident of security is about; docs/runbook.md has a section of each."""

    DENIALS = "denial-burst"
    PLACES = "key-many-places"
    CHANGED = "ledger-changed"
    UNWRITTEN = "ledger-unwritable"
    UNCOPIED = "ledger-copy"
    CONTACT = "sent-after-opt-out"


def look(settings: Settings, incidents: IncidentStore, index: Index, kept: Kept, now_us: int) -> None:
    """Settle what is wrong by what the ledger says up to now, and how it was kept; sends nothing."""
    found = [*_of_ledger(kept, verified.last(settings.ledger))]
    changed = index.follow()
    if changed and not kept.tampered:
        found += _changed(changed)
    standing = incidents.open_keys(SECURITY)
    denied = index.since(What.DENIED.value, now_us - DENIALS_OVER_MINUTES * MINUTE_US)
    found += denial_bursts(denied, standing, now_us)
    found += keys_in_many_places(index.since(What.KEY_PLACE.value, now_us - DAY_US), standing)
    alike = {one.key: one for one in reversed(found)}
    incidents.settle(SECURITY, list(alike.values()), settings.alerts, now_us)


def _of_ledger(kept: Kept, last: Verified | None) -> Iterator[Found]:
    """The ledger itself: changed, not to be written, or not to be copied."""
    yield from _changed(kept.tampered)
    if last is not None and not last.sound:
        yield from _changed(last.findings)
    if kept.unwritten:
        words = (
            f"Its folder says: {kept.unwritten}. Exports, changes and figures of campaigns are refused until "
            "it can be written again; what was seen before is kept and written then."
        )
        yield Found("unwritten", Kind.UNWRITTEN, "the ledger cannot be written", words, urgent=True)
    if kept.uncopied:
        words = f"{variable('ledger_copy')}: {kept.uncopied}. They are copied once the folder is back."
        yield Found("uncopied", Kind.UNCOPIED, "the ledger's checkpoints cannot be copied", words)


def _changed(wrong: Sequence[str]) -> Iterator[Found]:
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        words = (
            f"{wrong[0]}{more}. Keep the folder and its copies as they are, and find out who could write to "
            "it: python -m compliance audit verify says what is wrong and where."
        )
        yield Found("changed", Kind.CHANGED, "the ledger is not as it was written", words, urgent=True)


def denial_bursts(denied: Sequence[Line], standing: Collection[str], now_us: int) -> Iterator[Found]:
    """Who is denied again and again: a person, a key, or a stranger from one address. No name leaves."""
    by: dict[str, list[Line]] = defaultdict(list)
    for line in denied:
        known = line.get("role")
        by[f"{line.get('who', '')}|{'' if known else line.get('address', '')}"].append(line)
    for of, lines in by.items():
        key = f"denied:{sha256(of.encode()).hexdigest()[:16]}"
        lately = sum(
            one.get("times", 1) for one in lines if one["at"] >= now_us - DENIALS_MINUTES * MINUTE_US
        )
        hour = sum(one.get("times", 1) for one in lines)
        if lately >= DENIALS or (key in standing and hour >= DENIALS_OVER):
            who = "Somebody who is signed in, or a key," if lines[-1].get("role") else "A stranger"
            words = (
                f"{who} asked for what is not theirs {DENIALS} times or more within {DENIALS_MINUTES} "
                "minutes. The Ledger page says who, and for what."
            )
            yield Found(key, Kind.DENIALS, "somebody is denied again and again", words, urgent=True)


def keys_in_many_places(used: Sequence[Line], standing: Collection[str]) -> Iterator[Found]:
    """The keys of the API that came from many addresses within a day."""
    places: dict[str, set[str]] = defaultdict(set)
    for line in used:
        places[line.get("key", "")].add(line.get("address", ""))
    for name, addresses in places.items():
        key = f"places:{sha256(name.encode()).hexdigest()[:16]}"
        if len(addresses) >= (PLACES_OVER if key in standing else PLACES):
            words = (
                f"One key of the API was used from {PLACES} addresses or more within a day: it may have been "
                "passed on. The Ledger page says which; Administration revokes it."
            )
            yield Found(key, Kind.PLACES, "a key is used from many places", words, urgent=True)
