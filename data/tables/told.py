"""What was told of members, and from what it is told next: decisions, which a rebuild keeps."""

from __future__ import annotations

from data.tables.derived import CELL_COUNTS, REACH
from data.tables.schema import Column, Table, columns

TOLD_COUNTS = "\n".join(
    line for line in CELL_COUNTS.splitlines() if line.split("_")[0].strip() not in ("behind", "first")
)
BLOCK_KEYS = """
        campaign text! Campaign id.
        channel text! Channel; empty for facts without one.
        origin text! rows of members, or counts that a source had added up.
        month int! Year and month; 0 where undated.
        result text Outcome that is counted, where it is not the declared one's block; else empty.
"""
RELEASED = Table(
    "released",
    "One group of members that may be told apart, and the counts that are told in just this group.",
    columns(
        "        view text! The cut: operations, or what is told apart beside campaign, channel and month.\n"
        + BLOCK_KEYS
        + """
        level int! 0 day, 1 week inside the month, 2 two weeks, 3 four weeks or the rest, 6 month.
        value text! Value of the cut; pooled values are joined by the unit separator (0x1f), pairs by 0x1e.
        first_day int First day in the group; null where undated.
        last_day int Last day in the group; null where undated.
        """
        + TOLD_COUNTS
    ),
    ("view", "campaign", "channel", "origin", "month", "result", "level", "value", "first_day"),
)

WITHHELD = Table(
    "withheld",
    "Where a count is told nowhere in a month, so that an answer can say so.",
    columns(
        "        view text! The cut.\n"
        + BLOCK_KEYS
        + """
        measure text! Which count.
        why text few: too few members; early: it is told once it is complete.
        """
    ),
    ("view", "campaign", "channel", "origin", "month", "result", "measure"),
)

STANDING = Table(
    "standing",
    "As what a block's total was told last, and whether its groups are decided for good; never shown.",
    columns(
        BLOCK_KEYS
        + """
        measure text! Which count.
        total long! The total as it was told last.
        as_of_us long When the data were as told.
        frozen bool! Whether it is complete: its groups can only be joined from now on.
        """
    ),
    ("campaign", "channel", "origin", "month", "result", "measure"),
)

PENDING = Table(
    "pending",
    "The parts of a total that is told but not complete, as of the state it was told from; never shown.",
    columns(
        "        view text! The cut.\n"
        + BLOCK_KEYS
        + """
        value text Value of the cut.
        day int Day, for operations.
        """
        + CELL_COUNTS
    ),
    ("view", "campaign", "channel", "origin", "month", "result", "value", "day"),
)


def _of_told() -> tuple[Column, ...]:
    """Every column of what was told, once."""
    named = {c.name: c for table in (RELEASED, WITHHELD, STANDING, PENDING) for c in table.columns}
    return tuple(Column(c.name, c.type, c.meaning) for c in named.values())


WITHDRAWN = Table(
    "withdrawn",
    "What was told of groups whose rows were undone: not told now, and where they start if they return.",
    (Column("of", "text", "released, withheld, standing or pending.", required=True), *_of_told()),
    (),
    ("of",),
)

UTILITY = Table(
    "utility",
    "How much of the true figures each cut tells, in whole percent of the plan.",
    columns(
        """
        view text! The cut.
        measure text! Which count.
        single int Percent of what is complete that is told for single values.
        told int Percent of what is complete that is told, pooled values included.
        waiting int Percent of everything that is not complete yet.
        """
    ),
    ("view", "measure"),
)

TOLD_REACH = Table(
    "told_reach",
    "The bitmaps of reach that unions are counted from: renewed where enough members differ.",
    REACH.columns,
    REACH.key,
)

TOLD = (RELEASED, WITHHELD, STANDING, PENDING, TOLD_REACH, WITHDRAWN, UTILITY)
