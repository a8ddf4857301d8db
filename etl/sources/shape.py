"""What the texts of a column look like: dates in which format, addresses, numbers, words of the field."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.vocabulary import CHANNEL_SPELLINGS, EVENT_NAMES, folded

FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d-%m-%Y %H:%M",
    "%d-%b-%Y %H:%M:%S",
    "%b %d, %Y %I:%M %p",
    "%b %d, %Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m/%d/%y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%d-%b-%Y",
    "%Y%m%d",
)
ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|UTC|[+-]\d\d:?\d\d))?)?")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"\+?[\d\s().-]{7,20}")
NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+")
MOST = 0.9
"""The share of a column's texts that have to look alike."""
WORDS = {
    "sent": ("send", "sends", "emailsend", "processed", "sms sent", "pushsend", "dispatched"),
    "delivered": ("delivery", "deliver", "emaildelivery", "inboxed", "successful"),
    "opened": ("open", "opens", "emailopen", "emailopened", "opened email", "viewed", "displayed", "read",
               "uniqueopen", "impression"),
    "clicked": ("click", "clicks", "emailclick", "clicked email", "uniqueclick", "linkclicked"),
    "bounced": ("bounce", "bounces", "hardbounce", "softbounce", "emailbounce", "bounced email", "blocked",
                "undeliverable"),
    "failed": ("fail", "failure", "undelivered", "error", "rejected"),
    "suppressed": ("dropped", "skipped", "sendskip", "drop", "suppression"),
    "opt_out": ("unsubscribe", "unsubscribed", "unsub", "optout", "emailunsubscribe", "stop", "unsubscribes"),
    "complaint": ("spamreport", "spam", "complained", "emailcomplaint", "markedasspam", "abuse"),
    "replied": ("reply", "replies", "response", "responded"),
    "answered": ("connected", "human", "live answer", "completed call"),
    "no_answer": ("noanswer", "busy", "notanswered", "rnr"),
    "voicemail": ("machine", "answering machine", "leftmessage", "vm"),
    "printed": ("mailed", "posted", "produced"),
    "returned": ("returntosender", "undeliverable as addressed", "rts"),
    "attempted": ("dialed", "dialled", "attempt"),
    "acted": ("conversion", "converted", "action"),
}  # fmt: skip
EVENT_SPELLINGS = {
    **{folded(one): name for name, spelt in WORDS.items() for one in spelt},
    **{folded(name): name for name in EVENT_NAMES},
}


@dataclass(frozen=True)
class Shape:
    """What a column's texts look like. `kind`: date, datetime, epoch, email, phone, event, channel, number,
    bool, text or empty; `format` of dates, where it is not ISO; `doubtful` where day and month may be changed
    over. `words`: its different texts, where they are few and say nothing of a person."""

    kind: str
    format: str = ""
    doubtful: bool = False
    words: tuple[str, ...] = ()
    different: int = 0
    filled: int = 0

    @property
    def dated(self) -> bool:
        return self.kind in ("date", "datetime", "epoch")


def shape_of(texts: Sequence[str]) -> Shape:
    """The shape of some texts of a column; empty ones do not count."""
    found = [one.strip() for one in texts if one.strip()]
    if not found:
        return Shape("empty")
    distinct = list(dict.fromkeys(found))
    kind, form, doubtful = _dated(distinct) or (_kind(distinct), "", False)
    return Shape(kind, form, doubtful, plain_words(distinct), len(distinct), len(found))


def _kind(distinct: Sequence[str]) -> str:
    fitting = (kind for kind, test in _TESTS if sum(test(one) for one in distinct) >= MOST * len(distinct))
    return next(fitting, "text")


def plain_words(distinct: Sequence[str], most: int = 30) -> tuple[str, ...]:
    """The different texts of a column, where they are few and none may be of a person."""
    personal = any(len(one) > 40 or "@" in one or re.search(r"\d{4}", one) for one in distinct)
    if personal or len(distinct) > most:
        return ()
    return tuple(sorted(distinct))


def event_of(word: str) -> str:
    """The event that a word most likely means; empty where none comes near."""
    plain = folded(word)
    if plain in EVENT_SPELLINGS:
        return EVENT_SPELLINGS[plain]
    for prefix in ("email", "sms", "push", "inapp", "users", "messages", "usersmessagesemail"):
        rest = plain.removeprefix(prefix)
        if rest != plain and rest in EVENT_SPELLINGS:
            return EVENT_SPELLINGS[rest]
    ends = [name for spelt, name in EVENT_SPELLINGS.items() if len(spelt) > 3 and plain.endswith(spelt)]
    return ends[0] if ends else ""


def _dated(distinct: Sequence[str]) -> tuple[str, str, bool] | None:
    if all(ISO.fullmatch(one) for one in distinct):
        return ("datetime" if any(len(one) > 10 for one in distinct) else "date"), "", False
    if all(one.isdecimal() and len(one) in (10, 13) and one[0] == "1" for one in distinct):
        return "epoch", "epoch" if len(distinct[0]) == 10 else "epoch_ms", False
    fitting = [form for form in FORMATS if all(_fits(one, form) for one in distinct)]
    if not fitting:
        return None
    form = fitting[0]
    turned = form.replace("%m/%d", "%d/%m")
    doubtful = turned != form and turned in fitting
    return ("datetime" if "%H" in form or "%I" in form else "date"), form, doubtful


def _fits(text: str, form: str) -> bool:
    try:
        return 1900 <= datetime.strptime(text, form).year <= 2100
    except ValueError:
        return False


_TESTS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("email", lambda one: bool(EMAIL.fullmatch(one))),
    ("bool", lambda one: one.lower() in ("true", "false", "yes", "no", "t", "f", "y", "n")),
    ("event", lambda one: folded(one) in EVENT_SPELLINGS),
    ("channel", lambda one: folded(one) in CHANNEL_SPELLINGS),
    ("number", lambda one: bool(NUMBER.fullmatch(one)) and not (one.startswith("+") and len(one) > 9)),
    ("phone", lambda one: bool(PHONE.fullmatch(one))),
)
