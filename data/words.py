"""The words around the metrics: groups, adding up, classes, release, clocks and a glossary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from config.vocabulary import CLAIMS_LAG_DAYS
from data.metrics import EFFECTS, Metric

UNITS: dict[str, str] = {
    "msg": "Messages",
    "mbr": "Members",
    "outcome": "Outcomes",
    "money": "Money",
}
BETTER: dict[str, str] = {
    "higher": "Higher is better",
    "lower": "Lower is better",
    "neither": "Neither is better",
}
WEAK = "Weak evidence: never ranked by."
GROUPS: dict[str, str] = {
    "delivery": "Delivery",
    "failure": "Bounces, calls and letters",
    "interest": "Opens and clicks",
    "response": "Engagement and responses",
    "opt_out": "Opt-outs and complaints",
    "outcome": "Outcomes",
    "experiment": "Assignment and experiment",
    "cost": "Cost and value",
}
_OF: dict[str, tuple[str, ...]] = {
    "delivery": ("sent", "delivered", "suppressed", "unlinked", "members_sent", "members_delivered"),
    "failure": (
        "bounced", "bounced_hard", "bounced_soft", "bounced_block", "failed", "answered", "voicemail",
        "no_answer", "printed", "returned",
    ),
    "interest": (
        "opened", "opened_human", "clicked", "members_opened", "members_opened_human", "members_clicked",
    ),
    "response": (
        "engaged", "replied", "members_engaged", "members_responded", "members_responded_positive",
        "members_responded_negative",
    ),
    "opt_out": ("opt_out", "complaint", "members_opted_out", "members_complained"),
    "outcome": ("members_converted", "attributed", "with_outcome"),
    "experiment": ("eligible", "contactable", "consented", "assigned", "held_out"),
    "cost": ("cost_micros", "value_micros"),
}  # fmt: skip
_GROUP = {column: group for group, columns in _OF.items() for column in columns}


def group_of(metric: Metric) -> str:
    """The group of a metric, a key of `GROUPS`; KeyError for a count that no group names."""
    return _GROUP[metric.facts[0]]


def adds_up(metric: Metric) -> str:
    """Over what a metric adds up, or why it never does."""
    if metric.is_union:
        return "Does not add up: a member may be in several parts, so that each question counts anew."
    if metric.shape in ("effect", "word"):
        return "Does not add up: each campaign is compared with its own holdout, and has a range of its own."
    if metric.is_ratio:
        return "Does not add up: numerators and denominators are summed first, then divided."
    if metric.unit == "mbr" and not metric.without_channel:
        return "Adds up over days. Over channels and campaigns it counts a member once in each."
    if metric.unit == "mbr":
        return "Adds up over days and arms. Over campaigns it counts a member once in each."
    return "Adds up over days, channels and campaigns."


def effects() -> dict[str, str]:
    """What is worked out of the arms and cohorts of a campaign, in words, by label."""
    return {one.label: f"{one.meaning} Counted as {one.formula}." for one in EFFECTS.values()}


def sensitivity_words(metric: Metric, terms: Mapping[str, object]) -> str:
    """The class of a metric, and what the profile in force makes of it."""
    if metric.sensitivity == "member":
        return "Member metric: told only in groups that pass the release rule."
    if terms.get("profile") == "strict":
        return "Operational, but the strict profile is in force: judged like a member metric."
    return "Operational: told per campaign, channel and day."


def release_words(terms: Mapping[str, object]) -> tuple[str, ...]:
    """The rule of release in plain words, with the threshold and profile in force."""
    least = terms.get("threshold", 11)
    strict = terms.get("profile") == "strict"
    profile = (
        "The strict profile is in force: facts about our messages pass the same rule."
        if strict
        else "Facts about our messages (sent, delivered, bounced, cost) are told per campaign, channel and "
        f"day as soon as {least} members are behind the campaign."
    )
    return (
        f"A number that tells of members is shown where it is 0 or at least {least} members are behind it, "
        "and where that is true of its difference to every number it is part of.",
        "Where a group is too small, neighbours are counted together: days into weeks, weeks into a month, "
        "or the smallest values of a cut. What is still too small is withheld.",
        "Cuts by attribute, wave, variant, arm or time of day are told by whole months, once a count is "
        "complete: three days after the last send for what became of messages, seven for what members did, "
        "and with the outcome's clock for outcomes. Until then the month's total is told.",
        "Which groups may be told apart is decided once, when a snapshot is published, and never anew. Every "
        "answer is a sum of whole groups, so that no two answers give away a third.",
        f"What was told changes only when at least {least} members make the difference, so that no single "
        "event shows: a figure is as of the last publish that could tell it.",
        "A period or filter that cuts through a group leaves it out, and the number says that it is in part.",
        profile,
    )


CLOCKS: dict[str, str] = {
    "Outreach through": "The last hour up to which every active source of messages is complete.",
    "Outcomes complete through": (
        "The last day of which all outcomes are in: its window and the declared claims lag "
        f"({CLAIMS_LAG_DAYS} days where none is declared) lie before the outcome source's last load. "
        "Each outcome has its own day; a page shows the earliest."
    ),
    "Last load": "When a file or feed was last taken in.",
    "Snapshot": "The published state that every figure on a page comes from. A new one redraws the page.",
}
FACES: dict[str, str] = {
    "No data": "Nothing happened in this selection. It is a true zero.",
    "Withheld": "There is something, and it is not told, to protect members: too few, or not complete yet.",
    "Not available": "No source reports it. Missing is not zero.",
    "Failed": "It should be here and is not; the reference finds it in the log.",
    "–": "Nothing to divide by: the denominator is 0.",
}
GLOSSARY: dict[str, str] = {
    "Member": "A person of the plan, known here by a keyed pseudonym alone.",
    "Members … (of a stage)": (
        "Members counted once per campaign, channel and stage, on the day of their first message there. "
        "They add up over dates."
    ),
    "Reach": "Distinct members over everything asked for, each counted once.",
    "≈": "Distinct members over several campaigns or channels, rounded to 10 to hide small overlaps.",
    "Day": "In the plan's reporting zone. A message counts on the day it was sent, an assignment on its own.",
    "So far": "More is expected: outcomes of the latest members are still to come. Never ranked.",
    "In part (◐)": (
        "Some groups are left out: they are too small, not complete yet, or lie only partly inside the "
        "selection."
    ),
    "As of": (
        "A figure counts what had come in at the last publish that could tell it. A few members more may "
        "have come in since; nothing shows for which figure."
    ),
    "Held out": "Assigned, and not contacted on purpose, so that others can be compared with them.",
    "Observed": "What happened after the outreach. Observed is not caused: only a held-out arm can tell.",
    "Several together": "Values that are too small alone and are told as one.",
    "No record": "Messages name a campaign of which no record was loaded: its program is not known.",
}


def listed(names: Sequence[str]) -> str:
    """`SMS, E-mail and Mail`: names as a sentence has them."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
