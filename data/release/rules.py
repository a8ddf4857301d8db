"""What makes a group safe: who is behind a count, and what it is nested in."""

from __future__ import annotations

import polars as pl

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
BEHIND = tuple(name for name in COUNTS if name.startswith("behind_"))
SUMS = tuple(name for name in COUNTS if name not in BEHIND)
JUDGED_BY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("sent", "cost_micros", "unlinked", "attempted", "printed"), ("behind_sent", "members_sent")
    ),
    **dict.fromkeys(("delivered", "answered", "voicemail"), ("behind_delivered", "members_delivered")),
    **dict.fromkeys(
        (
            "bounced",
            "bounced_hard",
            "bounced_soft",
            "bounced_block",
            "failed",
            "suppressed",
            "returned",
            "no_answer",
        ),
        ("behind_bounced",),
    ),
    "opened": ("behind_opened", "members_opened"),
    "opened_human": ("behind_opened_human", "members_opened_human"),
    "clicked": ("behind_clicked", "members_clicked"),
    "replied": ("behind_replied", "members_responded"),
    "engaged": ("behind_engaged", "members_engaged"),
    "opt_out": ("behind_opt_out", "members_opted_out"),
    "complaint": ("behind_complaint", "members_complained"),
    "value_micros": ("with_outcome",),
}
NESTED_IN: dict[str, tuple[str, ...]] = {
    "delivered": ("sent",),
    "bounced": ("sent",),
    "bounced_hard": ("bounced",),
    "bounced_soft": ("bounced",),
    "bounced_block": ("bounced",),
    "failed": ("sent",),
    "answered": ("delivered",),
    "voicemail": ("delivered",),
    "no_answer": ("sent",),
    "returned": ("printed",),
    "unlinked": ("sent",),
    "opened": ("delivered",),
    "opened_human": ("opened", "delivered"),
    "clicked": ("delivered",),
    "replied": ("delivered",),
    "engaged": ("delivered",),
    "members_delivered": ("members_sent",),
    "members_opened": ("members_delivered",),
    "members_opened_human": ("members_opened", "members_delivered"),
    "members_clicked": ("members_delivered", "members_opened_human"),
    "members_engaged": ("members_delivered",),
    "members_responded": ("members_delivered",),
    "members_responded_positive": ("members_responded", "members_delivered"),
    "members_responded_negative": ("members_responded", "members_delivered"),
    "members_opted_out": ("members_delivered",),
    "members_complained": ("members_delivered",),
    "members_converted": ("members_delivered",),
    "attributed": ("members_delivered",),
    "assigned": ("eligible",),
    "contactable": ("eligible",),
    "consented": ("eligible",),
    "held_out": ("assigned",),
    "with_outcome": ("assigned",),
    "value_micros": ("with_outcome", "assigned"),
}


def _apart(count: pl.Expr, threshold: int) -> pl.Expr:
    return (count == 0) | (count >= threshold) | (count <= -threshold)


def _judge(column: str) -> pl.Expr:
    """The members behind a count, at most: no more of them than of what is counted."""
    by = JUDGED_BY.get(column, (column,))
    behind = pl.col(by[0]) if len(by) == 1 else pl.max_horizontal(*by)
    return behind if column in MONEY else pl.min_horizontal(pl.col(column), behind)


def safe(column: str, threshold: int, free: frozenset[str]) -> pl.Expr:
    """Whether a count may be told in a group: it, and its difference to what it is nested in."""
    if column in free:
        return pl.col("campaign_base") >= threshold
    judge = _judge(column)
    nothing = (pl.col(column) == 0) & (judge == 0)
    tests = [nothing | (judge >= threshold)]
    tests += [
        _apart(pl.col(parent) - pl.col(column), threshold) | (pl.col(parent) == 0)
        for parent in NESTED_IN.get(column, ())
        if column not in MONEY
    ]
    return pl.all_horizontal(tests)
