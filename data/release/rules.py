"""Who is behind a count, what it is nested in, and what is free to be told."""

from __future__ import annotations

from data.tables import COUNTS

OPERATIONAL = frozenset(
    (
        "sent",
        "delivered",
        "bounced",
        "bounced_hard",
        "bounced_soft",
        "bounced_block",
        "failed",
        "suppressed",
        "answered",
        "voicemail",
        "no_answer",
        "printed",
        "returned",
        "unlinked",
        "cost_micros",
    )
)
MONEY = frozenset(("cost_micros", "value_micros"))
INTERNAL = tuple(name for name in COUNTS if name.startswith(("behind_", "first_")))
SUMS = tuple(name for name in COUNTS if name not in INTERNAL)
BOUNCES = ("bounced_hard", "bounced_soft", "bounced_block")
RESPONSES = ("members_responded_positive", "members_responded_negative")

STAGE_BEHIND: dict[str, str] = {
    **dict.fromkeys(("sent", "cost_micros", "unlinked", "printed"), "sent"),
    **dict.fromkeys(("delivered", "answered", "voicemail"), "delivered"),
    **dict.fromkeys(("bounced", *BOUNCES, "failed", "suppressed", "returned", "no_answer"), "bounced"),
    "opened": "opened",
    "opened_human": "opened_human",
    "clicked": "clicked",
    "replied": "replied",
    "engaged": "engaged",
    "opt_out": "opt_out",
    "complaint": "complaint",
}
"""Message counts, and the stage whose members (`behind_`, `first_`) stand behind them."""

NESTED_IN: dict[str, tuple[str, ...]] = {
    "cost_micros": ("sent",),
    "unlinked": ("sent",),
    "delivered": ("sent",),
    "bounced": ("sent",),
    **dict.fromkeys(BOUNCES, ("bounced",)),
    "failed": ("sent",),
    "answered": ("delivered",),
    "voicemail": ("delivered",),
    "no_answer": ("sent",),
    "printed": ("sent",),
    "returned": ("printed",),
    "opened": ("delivered",),
    "opened_human": ("opened",),
    "engaged": ("delivered",),
    "clicked": ("engaged",),
    "replied": ("delivered",),
    "opt_out": ("delivered",),
    "complaint": ("delivered",),
    "members_delivered": ("members_sent",),
    "members_opened": ("members_delivered",),
    "members_opened_human": ("members_opened",),
    "members_engaged": ("members_delivered",),
    "members_clicked": ("members_engaged", "members_opened_human"),
    "members_responded": ("members_delivered",),
    "members_responded_positive": ("members_responded", "members_engaged"),
    "members_responded_negative": ("members_responded",),
    "members_opted_out": ("members_delivered",),
    "members_complained": ("members_delivered",),
    "members_converted": ("members_delivered",),
    "assigned": ("eligible",),
    "contactable": ("eligible",),
    "consented": ("eligible",),
    "held_out": ("assigned",),
    "with_outcome": ("assigned",),
    "value_micros": ("with_outcome",),
}
"""Whose members or messages lie inside whose; what is left between them must be safe as well."""

REMAINDERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("bounced", BOUNCES),
    ("members_responded", RESPONSES),
)
"""Disjoint parts of a whole: what all of them together leave of it must be safe as well."""


TWINS: dict[str, str] = {
    "members_sent": "sent",
    "members_delivered": "delivered",
    "members_opened": "opened",
    "members_opened_human": "opened_human",
    "members_clicked": "clicked",
    "members_engaged": "engaged",
    "members_opted_out": "opt_out",
    "members_complained": "complaint",
}
"""Members and their messages: where everybody got one message, one number says the other."""


def twins(count: str) -> tuple[str, ...]:
    """A count and the one of its messages or members."""
    return (count, *(c for pair in TWINS.items() if count in pair for c in pair if c != count))


def siblings(count: str) -> tuple[str, ...]:
    """The other parts of a whole. They share their groups: each alone is what the others leave of it."""
    return next((tuple(c for c in parts if c != count) for _, parts in REMAINDERS if count in parts), ())


def whole_of(count: str) -> str:
    """The whole that a count is one of several parts of; else itself."""
    return next((whole for whole, parts in REMAINDERS if count in parts), count)


def _ancestors(count: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for parent in NESTED_IN.get(count, ()):
        found |= dict.fromkeys((parent, *_ancestors(parent)))
    return tuple(found)


ANCESTORS: dict[str, tuple[str, ...]] = {count: _ancestors(count) for count in SUMS}
"""Everything a count is nested in, nearest first: where one is not told, the next stands in for it."""

ORDER: tuple[str, ...] = tuple(sorted(SUMS, key=lambda count: (len(ANCESTORS[count]), SUMS.index(count))))
"""The counts with each after all it is nested in."""

TRANSPORT_DAYS, ENGAGEMENT_DAYS = 3, 7
OUTCOMES = frozenset(("members_converted", "attributed", "with_outcome", "value_micros"))
ENGAGEMENT = frozenset(
    ("opened", "opened_human", "clicked", "replied", "engaged", "opt_out", "complaint")
) | frozenset(name for name in SUMS if name.startswith("members_") and name not in OUTCOMES) - {
    "members_sent",
    "members_delivered",
}


def wait(count: str) -> int | None:
    """Days after a send until a count of its cohort is complete; None where the outcome's clock says."""
    if count in OUTCOMES:
        return None
    return ENGAGEMENT_DAYS if count in ENGAGEMENT else TRANSPORT_DAYS
