"""How figures are protected, in plain words: what the terms do, what a raise changes, what the signs mean."""

from __future__ import annotations

from collections.abc import Iterator

from data import words
from state.policy import Terms

PROFILES = {
    "default": "Default: facts about our messages are told per campaign, channel and day",
    "strict": "Strict: facts about our messages are judged like figures of members",
}
FOR_GOOD = (
    "It counts from the next publish on, for every page, file and printout. "
    "It cannot be undone: terms of release only go up."
)
# Each sign with the part of Definitions that says more.
SIGNS: tuple[tuple[str, str, str], ...] = (
    ("Withheld", words.FACES["Withheld"], "nothing"),
    ("Several together", words.GLOSSARY["Several together"], "glossary"),
    ("In part (◐)", words.GLOSSARY["In part (◐)"], "glossary"),
    ("≈", words.GLOSSARY["≈"], "glossary"),
    (
        "As of",
        "A number that stands as it was on that day: it moves again once a whole group of members has been "
        "added, so that no step tells of a few.",
        "release",
    ),
)


def finding(terms: Terms) -> str:
    """What the terms come to, as a title."""
    return f"A figure of members tells of nobody, or of at least {terms.threshold:,}"


def changes(before: Terms, after: Terms) -> Iterator[str]:
    """What a raise changes, a sentence each."""
    if after.threshold > before.threshold:
        last = after.threshold - 1
        fewer = f"{before.threshold:,} to {last:,}" if last > before.threshold else f"{last:,}"
        yield (
            f"The threshold goes from {before.threshold:,} to {after.threshold:,}: groups of {fewer} members "
            "may be told today; they are then counted together with others, or withheld."
        )
    if after.profile != before.profile:
        yield (
            "The profile goes from default to strict: sent, delivered, bounced and cost are then judged "
            "like figures of members."
        )


def from_to(old: object, new: object) -> str:
    """`11 → 25`, or the one value where it stayed."""
    return str(new) if old == new else f"{old} → {new}"
