"""Which counts a reader combines: chains of nested counts, parts of a whole, messages and their members."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache

from data.release.rules import MONEY, NESTED_IN, REMAINDERS, SUMS

# Written out anew: an attack that read the rule's own closure would miss what the rule overlooks.
TWINS = (
    ("sent", "members_sent"), ("delivered", "members_delivered"), ("opened", "members_opened"),
    ("opened_human", "members_opened_human"), ("clicked", "members_clicked"),
    ("engaged", "members_engaged"), ("opt_out", "members_opted_out"), ("complaint", "members_complained"),
)  # fmt: skip
WITHIN = {count: tuple(w for w in NESTED_IN.get(count, ()) if w not in MONEY) for count in SUMS}
State = frozenset[str]


def above(count: str) -> frozenset[str]:
    """All that a count is nested in."""
    found: set[str] = set()
    for whole in WITHIN[count]:
        found |= {whole} | above(whole)
    return frozenset(found)


ABOVE = {count: above(count) for count in SUMS}


def families(told: Collection[str]) -> list[tuple[str, ...]]:
    """The sets of told counts that are asked about together, none inside another."""
    found = {tuple(c for c in SUMS if c in one) for one in _all(told)}
    sets = {one: set(one) for one in found}
    return sorted(one for one in found if not any(sets[one] < other for other in sets.values()))


def _all(told: Collection[str]) -> Iterator[set[str]]:
    counts = {c for c in told if c not in MONEY}
    for count in counts:
        for chain in _chains(count):
            yield set(chain) & counts
    for whole, parts in REMAINDERS:
        own = {whole, *parts} & counts
        if own:
            yield own
    for pair in TWINS:
        if set(pair) <= counts:
            yield set(pair)


@lru_cache
def _chains(count: str) -> tuple[tuple[str, ...], ...]:
    wholes = WITHIN[count]
    if not wholes:
        return ((count,),)
    return tuple((*chain, count) for whole in wholes for chain in _chains(whole))


def states(family: tuple[str, ...]) -> list[State]:
    """What one member or message can be: the counts of the family that it is in."""
    found = [frozenset[str]()]
    for count in family:
        found += [state | {count} for state in found]
    return [state for state in found if state and _can_be(state, family)]


def _can_be(state: State, family: tuple[str, ...]) -> bool:
    if any((ABOVE[count] & set(family)) - state for count in state):
        return False
    if any(len(state & set(parts)) > 1 for _, parts in REMAINDERS):
        return False
    return not any(part in state and whole not in state for whole, part in TWINS if whole in family)


def differences(family: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """What is left of a whole when its parts are taken off: differences of which no small one may be told."""
    found = [(whole, (part,)) for part in family for whole in family if whole in ABOVE[part]]
    return found + [(whole, parts) for whole, parts in REMAINDERS if {whole, *parts} <= set(family)]
