"""Why somebody is not let in: the kinds of trouble, and what a person is told of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Trouble(StrEnum):
    """What went wrong at the door."""

    AWAY = "provider_away"
    SETUP = "provider_set_up"
    DENIED = "provider_denied"
    STALE = "not_begun_here"
    UNTRUSTED = "not_trusted"
    NO_ROLE = "no_role"
    NO_ROWS = "no_rows"
    SECOND_FACTOR = "second_factor"


@dataclass(frozen=True)
class Words:
    """What the page says: its status, its title, and what to do next."""

    status: int
    title: str
    next: str


WORDS = {
    Trouble.AWAY: Words(
        503,
        "Your identity provider does not answer",
        "Try again in a minute. If it stays, tell your administrator; nothing is wrong with your account.",
    ),
    Trouble.SETUP: Words(
        503,
        "Signing in is not set up right",
        "The identity provider is not what the settings say. Give your administrator the reference: the "
        "log of this server names what differs.",
    ),
    Trouble.DENIED: Words(
        403,
        "Your identity provider refused the sign-in",
        "You may have cancelled it, or your account is not assigned to this app. Try again, or ask those who "
        "run your identity provider to assign you.",
    ),
    Trouble.STALE: Words(
        400,
        "This sign-in is over",
        "It took longer than ten minutes, was used already, or was begun in another browser. Begin again.",
    ),
    Trouble.UNTRUSTED: Words(
        403,
        "The identity provider's answer could not be trusted",
        "Nobody was signed in. Try again; if it stays, give your administrator the reference.",
    ),
    Trouble.NO_ROLE: Words(
        403,
        "Your account has no role here",
        "Ask those who run your identity provider to give your account one of the roles of this app, then "
        "sign in again.",
    ),
    Trouble.NO_ROWS: Words(
        403,
        "Your account sees no campaigns",
        "It names no program or line of business that you may see. Ask those who run your identity provider "
        "to add one, then sign in again.",
    ),
    Trouble.SECOND_FACTOR: Words(
        403,
        "Administrators sign in with a second factor",
        "Sign in again and use it.",
    ),
}


class Refused(Exception):
    """Somebody is not let in.

    `detail` is for the log: it names what differs, never a token or a person. `who` is for the ledger, where
    the provider has said who it is.
    """

    who = ""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble, self.detail = trouble, detail

    def of(self, who: str) -> Self:
        """The same, about somebody."""
        self.who = who
        return self
