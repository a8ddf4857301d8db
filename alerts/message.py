"""What is told of an incident, the same on every way; each way writes it in its own form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from config.settings import Settings
from state.incidents import Incident, Notice, Says

LONGEST = 1_000
PLACE = "/data#data-wrong-panel"
PLACES = {"figures": "/alerts"}
"""Where an incident of a topic is shown; all others on the Data page."""
PRODUCT = "Reachboard"


class NotTold(Exception):
    """A message did not arrive: why, in words without any secret, and after how many seconds to try again."""

    def __init__(self, words: str, after: float | None = None) -> None:
        super().__init__(words)
        self.words, self.after = words, after


@dataclass(frozen=True)
class Message:
    """One message. `incident` and `uid` are the same at every try; times are microseconds.

    No member, no value of a row, no secret and no count of members stands in it.
    """

    incident: str
    uid: str
    kind: str
    title: str
    words: str
    urgent: bool
    since_us: int
    over_us: int | None
    plan: str
    zone: str
    link: str = ""

    @property
    def over(self) -> bool:
        return self.over_us is not None

    @property
    def subject(self) -> str:
        return f"{self.plan}: {'over: ' if self.over else ''}{self.title}"

    def lines(self) -> list[str]:
        """The message as lines of plain text."""
        since = moment(self.since_us, self.zone)
        if self.over_us is None:
            said = [self.words, f"Known since {since}."]
        else:
            said = [f"Over since {moment(self.over_us, self.zone)}; it was known since {since}."]
        link = f"What is wrong, and what to do: {self.link}" if self.link else ""
        return [line for line in (self.title + ".", *said, link) if line]


def message_of(notice: Notice, incident: Incident, settings: Settings) -> Message:
    """The message that a notice stands for."""
    recovered = notice.says == Says.RECOVERED
    return Message(
        incident=incident.uid,
        uid=notice.uid,
        kind=incident.kind,
        title=plain(incident.title),
        words=plain(incident.words),
        urgent=incident.urgent,
        since_us=incident.opened_us,
        over_us=incident.recovered_us if recovered else None,
        plan=settings.plan,
        zone=settings.zone,
        link=f"{settings.public_url.rstrip('/')}{PLACES.get(incident.topic, PLACE)}"
        if settings.public_url
        else "",
    )


def plain(words: str) -> str:
    """Words on one line, of printable characters, of a bounded length."""
    said = " ".join("".join(one if one.isprintable() else " " for one in words).split())
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def iso(us: int) -> str:
    return datetime.fromtimestamp(us / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(us: int, zone: str) -> str:
    """`20 Nov 2026, 06:05 EST` in the plan's zone."""
    at = datetime.fromtimestamp(us / 1e6, UTC).astimezone(ZoneInfo(zone))
    return f"{at.day} {at:%b %Y, %H:%M %Z}"
