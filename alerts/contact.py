"""Messages that were sent to members after they had opted out: told without a small count."""

from __future__ import annotations

import time
from collections.abc import Iterator

from alerts.security import DAY_US, Kind
from config.settings import Settings
from data.snapshot import Lake, engine
from state.incidents import Found
from state.policy import in_force
from state.store import Store

CONTACT = "contact"
GRACE_US = DAY_US
"""Between systems an opt-out may take so long; the law gives more."""
LAST_DAYS = 30
EVERY_SECONDS = 6 * 3600
SENT_AFTER = """
with outs as (
  select member, channel, min(opt_out_us) as out_us
  from {messages} where opt_out_us is not null group by all
)
select count(distinct m.member)
from {messages} m join outs o on o.member = m.member and o.channel = m.channel
where m.sent_us >= $since and m.sent_us > o.out_us + $grace
"""


def look(settings: Settings, store: Store, now_us: int) -> None:
    """Settle whether members were written to after they opted out; looks again after some hours."""
    mark = settings.alert_secrets / ".contact-looked"
    if mark.exists() and time.time() - mark.stat().st_mtime < EVERY_SECONDS:
        return
    lake = Lake(settings.lake)
    last = lake.latest()
    if not last.number:
        return
    mark.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.touch()
    least = in_force(settings, store.policies(), last.terms).threshold
    store.incidents.settle(CONTACT, list(found(sent_after(lake, now_us), least)), settings.alerts, now_us)


def sent_after(lake: Lake, now_us: int) -> int:
    """Members who were sent a message of a channel more than a day after they had opted out of it."""
    query = SENT_AFTER.format(messages=lake.source("messages"))
    with engine(threads=1) as con:
        asked = {"since": now_us - LAST_DAYS * DAY_US, "grace": GRACE_US}
        (many,) = con.execute(query, asked).fetchone() or (0,)
    return int(many)


def found(members: int, least: int) -> Iterator[Found]:
    """What is told of so many members: a number only where it may be released, and then rounded."""
    if members:
        many = f"at least {members // 10 * 10:,} members" if members >= max(least, 10) else "some members"
        words = (
            f"Within the last {LAST_DAYS} days messages were sent to {many} more than a day after they had "
            "opted out of that channel. Compare the sending platform's list of opt-outs with these here."
        )
        yield Found("after", Kind.CONTACT, "messages were sent after an opt-out", words, urgent=True)
