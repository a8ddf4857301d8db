"""Asks a server again where it was busy or broke off, never faster than it may be asked."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from etl.pull.web import Answer, Broken, Request, Server
from etl.sources.problems import IntakeError

AGAIN = (408, 425, 429, 500, 502, 503, 504)
LONGEST_WAIT = 60.0
"""Seconds that a pull waits by itself; what asks for more is left to the schedule."""
SAID = {
    400: "it does not understand the request (400); check params, paging and since in [rest]",
    401: "it does not accept the token (401)",
    403: "the token may not read this (403)",
    404: "there is nothing at this address (404); check [rest] url",
    405: "it does not take this method (405); check [rest] method",
    410: "what stood at this address is gone (410); check [rest] url",
    429: "it is asked too often (429); lower [rest] rate",
}


class NotNow(IntakeError):
    """The server names a time before which it will not answer; `seconds` from now."""

    def __init__(self, words: str, seconds: float) -> None:
        super().__init__(words)
        self.seconds = seconds


class Refused(IntakeError):
    """An answer that asking again will not change; `status` is its code."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status = status


class Patient:
    """A server that is asked at most `rate` times a second, and up to `tries` times for one answer."""

    def __init__(
        self, server: Server, *, rate: float, tries: int, wait: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self.server, self.gap, self.tries, self.wait, self.sleep = server, 1 / rate, tries, wait, sleep
        self.free_at = 0.0

    def ask(self, request: Request) -> Answer:
        """An answer of status 200 to 299; IntakeError in words that hold no address and no secret."""
        said, pause = "", 0.0
        for tried in range(1, self.tries + 1):
            self._keep_pace()
            try:
                answer = self.server.ask(request)
            except Broken as broken:
                said, pause = str(broken), 0.0
            else:
                if 200 <= answer.status < 300:
                    return answer
                said, pause = in_words(answer.status), retry_after(answer.headers.get("retry-after", ""))
                if answer.status not in AGAIN:
                    raise Refused(said, answer.status)
            if pause > LONGEST_WAIT:
                raise NotNow(f"{said}, and asks us to wait {pause:,.0f} seconds", pause)
            if tried < self.tries:
                self.sleep(max(pause, self._backoff(tried)))
        times = f" ({self.tries} times in a row)" if self.tries > 1 else ""
        raise NotNow(said + times, pause)

    def _keep_pace(self) -> None:
        now = time.monotonic()
        if now < self.free_at:
            self.sleep(self.free_at - now)
        self.free_at = max(now, self.free_at) + self.gap

    def _backoff(self, tried: int) -> float:
        """Twice as long each time; by chance up to half less, so that many do not come back at once."""
        full = min(LONGEST_WAIT, self.wait * 2 ** (tried - 1))
        return float(full) * random.uniform(0.5, 1)  # noqa: S311 - nobody is kept out by it


def in_words(status: int) -> str:
    """What a status means for whoever set the source up."""
    if status >= 500:
        return f"it fails on its side ({status})"
    return SAID.get(status, f"it refuses the request ({status}); check [rest]")


def retry_after(text: str) -> float:
    """Seconds that a server asks to wait, 0 where it says nothing that can be read."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), 7 * 86_400))
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return 0.0
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0.0, (at - datetime.now(UTC)).total_seconds()), 7 * 86_400)
