"""The terms of release: the strictest of the settings, the privacy officer's policy and the last publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.settings import Settings

PROFILES = ("default", "strict")  # from the looser to the stricter
MOST = 1_000  # far above any rule in use; what is raised by a slip of the finger cannot be taken back


@dataclass(frozen=True)
class Terms:
    """The fewest members that a released count may stand for, and the release profile."""

    threshold: int
    profile: str

    def words(self) -> str:
        """`threshold 25, strict profile`."""
        return f"threshold {self.threshold:,}, {self.profile} profile"

    def way_up(self) -> str:
        """How to protect more than these do."""
        stricter = ", or choose the strict profile" if self.profile != PROFILES[-1] else ""
        return f"Raise the threshold{stricter}."

    def covers(self, other: Terms) -> bool:
        """Whether these protect at least as well as `other` in every respect."""
        return strictest(self, other) == self


LEAST = Terms(11, PROFILES[0])


class TermsRefused(ValueError):
    """Terms that nobody may set; its words say what is wrong, why, and what to do next."""


@dataclass(frozen=True)
class Policy:
    """One raise by the privacy officer, with the terms that were in force before it."""

    id: int
    at_us: int
    by: str
    threshold: int
    profile: str
    was_threshold: int
    was_profile: str
    reason: str

    @property
    def terms(self) -> Terms:
        return Terms(self.threshold, self.profile)

    @property
    def before(self) -> Terms:
        return Terms(self.was_threshold, self.was_profile)


def strictest(*known: Terms) -> Terms:
    """In every respect the stricter of what is known; of nothing, the least that there is."""
    told = (LEAST, *known)
    profiles = {one.profile for one in told}
    return Terms(max(one.threshold for one in told), max(profiles & set(PROFILES), key=PROFILES.index))


def of_settings(settings: Settings) -> Terms:
    """What `REACHBOARD_THRESHOLD` and `REACHBOARD_PROFILE` ask for."""
    return Terms(settings.threshold, settings.profile)


def of_snapshot(terms: Mapping[str, object]) -> Terms:
    """Under what a snapshot was published; `LEAST` before the first publish."""
    threshold, profile = terms.get("threshold"), terms.get("profile")
    return Terms(threshold if isinstance(threshold, int) else LEAST.threshold, str(profile or LEAST.profile))


def in_force(settings: Settings, policies: list[Policy], published: Mapping[str, object]) -> Terms:
    """The terms of the next publish. A setting lowered later takes nothing back, nor does a lost policy."""
    return strictest(of_settings(settings), of_snapshot(published), *(policy.terms for policy in policies))


def checked(threshold: object, profile: object, held: Terms) -> Terms:
    """The terms asked for; `TermsRefused` unless they protect more than `held`, and less in nothing."""
    most = max(MOST, held.threshold)
    if isinstance(threshold, bool) or not isinstance(threshold, int) or not 0 < threshold <= most:
        raise TermsRefused(
            f"The threshold must be a whole number from {held.threshold:,} to {most:,}; nothing was changed. "
            f"Type one, such as {min(most, held.threshold + 1):,}."
        )
    if profile not in PROFILES:
        raise TermsRefused("There is no such profile; nothing was changed. Choose default or strict.")
    asked = Terms(threshold, str(profile))
    if asked.threshold < held.threshold:
        raise TermsRefused(
            f"A threshold of {asked.threshold:,} protects less than the {held.threshold:,} that stands; "
            f"nothing was changed. Terms of release only go up: choose {held.threshold:,} or more."
        )
    if not asked.covers(held):
        raise TermsRefused(
            "The strict profile stands already, and the default one protects less; nothing was changed. "
            "Terms of release only go up: choose strict."
        )
    if asked == held:
        raise TermsRefused(f"That stands already ({held.words()}); nothing was changed. {held.way_up()}")
    return asked
