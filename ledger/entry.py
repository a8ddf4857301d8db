"""One entry of the ledger: what it may hold, how long, and its one form as a line of JSON."""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class What(StrEnum):
    """What an entry is about."""

    BEGIN = "begin"
    CHECKPOINT = "checkpoint"
    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    SESSION = "session"
    DENIED = "denied"
    VIEW = "view"
    EXPORT = "export"
    LOAD = "load"
    UNDO = "undo"
    REPLAY = "replay"
    MAPPING = "mapping"
    TOTALS = "totals"
    DEFINITION = "definition"
    RECORD = "record"
    NOTE = "note"
    ALERT = "alert"
    REPORT = "report"
    VIEWS = "views"
    TERMS = "terms"
    ROLE = "role"
    KEY = "key"
    KEY_PLACE = "key-place"
    RESTORE = "restore"


MEANINGS: dict[What, str] = {
    What.BEGIN: "A process began a chain.",
    What.CHECKPOINT: "All chains as they stood were signed.",
    What.SIGN_IN: "Somebody signed in.",
    What.SIGN_OUT: "Somebody signed out, or was signed out.",
    What.SESSION: "Somebody ended the session of another.",
    What.DENIED: "Somebody asked for what their role or key does not include, or came without one.",
    What.VIEW: "Somebody looked at figures below the whole portfolio; one entry per state of a page.",
    What.EXPORT: "Released figures were taken out: by a file, an export job, or an answer of the API.",
    What.LOAD: "A file or a pull was asked for, looked at or loaded.",
    What.UNDO: "A load was asked to be taken out again, or was.",
    What.REPLAY: "Refused rows were asked to be read again, or were.",
    What.MAPPING: "The mapping that a source is read by was kept anew.",
    What.TOTALS: "A sending platform's own totals were brought or taken away.",
    What.DEFINITION: "The definitions of the metrics changed with a publish.",
    What.RECORD: "A campaign's record was changed, or a change was taken back.",
    What.NOTE: "A note beside the figures was written, taken away or brought back.",
    What.ALERT: "An alert was acknowledged, commented, snoozed, resolved or judged by somebody.",
    What.REPORT: "A report was issued, commented, approved, reopened, scheduled or sent.",
    What.VIEWS: "A view of a page was saved, changed, shared, made the default, deleted or brought back.",
    What.TERMS: "The terms of release, threshold and profile, were raised.",
    What.ROLE: "Who holds which role, or sees which rows, was changed.",
    What.KEY: "A key of the API was made or revoked.",
    What.KEY_PLACE: "A key was used from an address for the first time that day.",
    What.RESTORE: "A backup was restored.",
}
OF_THE_LEDGER = (What.BEGIN, What.CHECKPOINT)
"""What the ledger writes about itself."""

ABOUT: dict[str, str] = {
    "do": "what was done: `make`, `revoke`, `ask`, `approve`, `done` and the like",
    "name": "name of the key, source, table or person that it was done to",
    "number": "number of the load, edit, note, or checkpoint",
    "fields": "names of the fields of a record that were changed, without their values",
    "format": "format of a file",
    "id": "id of an export, or of a session, shortened",
    "mapping": "SHA-256 of the mapping, its first 16 digits",
    "sha256": "SHA-256 of the file that was loaded, its first 16 digits",
    "was": "what stood before",
    "is": "what stands since",
    "status": "status of the answer",
    "how": "by what way: demo, single sign-on, key, command line",
    "hash": "SHA-256 of a checkpoint",
    "process": "kind of the process that began a chain",
    "after": "the chain that the same process wrote before",
    "day": "day of a note, as a date",
}
"""What `about` may hold, and nothing else: no member, no value of a row, no figure."""

LONGEST = {"who": 120, "role": 40, "key": 80, "place": 120, "filters": 2000, "words": 400, "why": 200}
OF_ABOUT, CAMPAIGNS, CAMPAIGN = 200, 20, 80


class UnknownDetail(ValueError):
    """An entry would hold something that the list above does not name."""


@dataclass(frozen=True)
class Entry:
    """What is written down. `filters` is the canonical query, `words` the same in words, `rows` counts rows
    of a table or file, `address` a keyed hash of where it came from, `times` how often it came."""

    what: What
    who: str = ""
    role: str = ""
    key: str = ""
    place: str = ""
    filters: str = ""
    words: str = ""
    campaigns: tuple[str, ...] = ()
    rows: int | None = None
    snapshot: int | None = None
    why: str = ""
    address: str = ""
    times: int = 1
    about: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = self.about.keys() - ABOUT.keys()
        if unknown:
            raise UnknownDetail(f"An entry never holds {', '.join(sorted(unknown))}; ledger.entry says what.")

    def body(self) -> dict[str, Any]:
        """What of it goes into a line: empty values are left out, long ones are cut."""
        texts = {name: plain(getattr(self, name), most) for name, most in LONGEST.items()}
        found: dict[str, Any] = {"what": self.what.value, **{k: v for k, v in texts.items() if v}}
        found |= {k: getattr(self, k) for k in ("rows", "snapshot") if getattr(self, k) is not None}
        found |= {"address": self.address} if self.address else {}
        found |= {"times": self.times} if self.times != 1 else {}
        if self.campaigns:
            found["campaigns"] = [plain(one, CAMPAIGN) for one in self.campaigns[:CAMPAIGNS]]
        about = {k: plain(v, OF_ABOUT) if isinstance(v, str) else v for k, v in self.about.items()}
        return found | ({"about": about} if about else {})


def plain(text: str, most: int) -> str:
    """Text on one line, without signs that nobody sees, of a bounded length."""
    one = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return one if len(one) <= most else one[: most - 1] + "…"


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one form of a document: sorted names, no spaces, UTF-8."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def operator() -> str:
    """Who works at the command line, as entries name them."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):  # an account without a name
        return "command line"
