"""Whether a mapping makes sense as a whole: required fields, keys, event names, and what it provides."""

from __future__ import annotations

from typing import Any

from config.suggest import near
from config.vocabulary import EVENT_NAMES
from etl.sources.fields import FACTS, MEASURES
from etl.sources.mapping import Mapping
from etl.sources.rules import PERCENT, Note, Rule

NEEDED = {
    "event": ("event",),
    "message": (),
    "member": ("campaign",),
    "outcome": ("member", "outcome"),
    "aggregate": ("campaign",),
    "members": ("member",),
    "campaigns": (),
}
KEYED = ("event", "message", "member", "outcome")


def check_sense(mapping: Mapping, note: Note) -> None:
    """Problems that single rules cannot show; each goes to `note(where, what)`."""
    for name in NEEDED[mapping.kind]:
        if name not in mapping.fields:
            note("[fields]", f'kind "{mapping.kind}" needs the field {name}: {name} = "column"')
    for name in (*NEEDED[mapping.kind], *(("member",) if mapping.kind == "member" else ())):
        if name in mapping.fields and mapping.fields[name].optional:
            note(f"[fields] {name}.optional", f'every row of kind "{mapping.kind}" must have a value here')
    _check_key(mapping, note)
    _check_who(mapping, note)
    _check_counts(mapping, note)


def _check_key(mapping: Mapping, note: Note) -> None:
    key, kind = mapping.key, mapping.kind
    if key is not None and key.none and (mapping.sql or mapping.rest):
        place = "a database" if mapping.sql else "a REST source"
        note("[key]", f"rows of {place} come again, and nothing would tell: name the columns of a [key]")
    if key is not None and kind == "aggregate":
        _check_breakdown(mapping, note)
    elif key is not None and kind not in KEYED:
        note("[key]", f'kind "{kind}" has its own key; leave [key] out')
    known = {"event": "event_id", "member": "member", "message": "", "outcome": None}.get(kind, "")
    missing = known is None or (known and known not in mapping.fields)
    if key is None and missing:
        note("[key]", f'kind "{kind}" needs to know what tells two rows apart: columns = ["id"], all = true '
             "(identical rows are one), or none = true (identical rows are different)")  # fmt: skip


def _check_breakdown(mapping: Mapping, note: Note) -> None:
    if mapping.key is None or not mapping.key.columns:
        note("[key]", 'kind "aggregate" takes only columns = [...]: a further breakdown, which adds up')
    for name in mapping.counts:
        if name.startswith("members_"):
            note("[key]", f"members do not add up over a breakdown; leave out [counts] {name} or the [key]")


def check_events(mapping: Mapping, note: Note) -> None:
    """Event names that the vocabulary does not have; each goes to `note(where, what)`."""
    for name in ("event", "status"):
        rule = mapping.fields.get(name)
        if rule is None:
            continue
        targets = [rule.constant] if rule.constant is not None else [str(one) for one in rule.map.values()]
        for target in targets:
            if target not in (*EVENT_NAMES, "skip"):
                note(f"{rule.where}.map", f'"{target}" is not an event{near(str(target), EVENT_NAMES)}')
        if rule.unknown in ("new", "other"):
            note(f"{rule.where}.unknown", "an event is of the vocabulary: refuse, skip or missing")


def _check_who(mapping: Mapping, note: Note) -> None:
    fields, none = mapping.fields, mapping.key is not None and mapping.key.none
    if (
        mapping.kind in ("event", "message")
        and not none
        and not {"message_id", "member", "recipient"} & set(fields)
    ):
        note("[fields]", "needs message_id, member or recipient: whose message is it? (or [key] none = true)")
    if mapping.kind == "member" and not none and "member" not in fields:
        note("[fields]", "needs member (or [key] none = true: every row is another person)")
    if mapping.kind == "message" and not (set(EVENT_NAMES) | {"status"}) & set(fields):
        note("[fields]", f"needs status or at least one stage: {', '.join(EVENT_NAMES)}")
    if mapping.kind == "event" and "message_id" not in fields and "campaign" not in fields:
        note("[fields]", "needs campaign, since without message_id a message is known by who and campaign")


def _check_counts(mapping: Mapping, note: Note) -> None:
    if mapping.kind == "aggregate" and not mapping.counts:
        note("[counts]", f"needs at least one measure: {', '.join(MEASURES[:12])}, ...")
    for rule in mapping.counts.values():
        if rule.type in PERCENT and rule.of not in mapping.counts:
            note(
                f"{rule.where}.of",
                f"a percentage needs of = the measure it is a part of{near(str(rule.of), mapping.counts)}",
            )
        elif rule.type in PERCENT and mapping.counts[str(rule.of)].type != "int":
            note(f"{rule.where}.of", f'"{rule.of}" must itself be a count')


def claimed_facts(source: dict[str, Any], note: Note) -> frozenset[str] | None:
    """`[source] provides`, checked; None where the mapping leaves it to its fields."""
    given = source.get("provides")
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        note("[source] provides", 'must be a list such as ["sent", "delivered", "outcome:visit"]')
        return None
    known = (*FACTS, *MEASURES)
    for one in given:
        if one not in known and not one.startswith("outcome:"):
            note("[source] provides", f'"{one}" is not a fact{near(one, known)}')
    return frozenset(given)


def provided(mapping: Mapping) -> frozenset[str]:
    """The events and facts that the mapping's fields can report (those of free values come from the rows)."""
    if mapping.provides is not None:
        return mapping.provides
    fields = mapping.fields
    facts = {name for name in (*EVENT_NAMES, *FACTS) if name in fields}
    for name in ("event", "status"):
        if name in fields:
            facts |= _named(fields[name])
    if mapping.kind == "member":
        facts |= {"assigned"} | {f"outcome:{name}" for name in mapping.outcomes}
    if mapping.kind == "outcome":
        facts |= {f"outcome:{one}" for one in _named(fields["outcome"])}
    return frozenset(facts | set(mapping.counts))


def _named(rule: Rule) -> set[str]:
    named = {rule.constant} if rule.constant is not None else {str(one) for one in rule.map.values()}
    return named - {"skip"}
