"""Settings of telling people: ways of alerts, mail, and who is sent reports."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from config.identity import ROLES
from config.setting import POSTED, setting, split_list
from config.variables import variable

_ADDRESS = r"[^\s,;:<>@\"]+@[^\s,;:<>@\"]+"
_OUTSIDE = "https://host, maybe with a path"
READERS = ROLES[:-2]  # systems read no mail


class Telling(BaseModel):
    """The settings of what goes out to people and to services that call them."""

    alerts: tuple[Literal["mail", "webhook", "slack", "pagerduty", "opsgenie"], ...] = setting(
        (),
        "Ways on which somebody is told when loading goes wrong, and when it is right again. "
        "docs/alerts.md says what each needs.",
        "some of mail, webhook, slack, pagerduty and opsgenie, separated by commas",
    )
    alert_to: tuple[Annotated[str, Field(pattern=f"^{_ADDRESS}$")], ...] = setting(
        (),
        "Who is told by `mail`.",
        "e-mail addresses, separated by commas",
    )
    alert_from: str = setting(
        "", "Sender of what is told by `mail`.", "an e-mail address", pattern=f"^({_ADDRESS})?$"
    )
    alert_url: str = setting("", "Where `webhook` posts to.", _OUTSIDE, pattern=f"^({POSTED})?$")
    pagerduty_url: str = setting(
        "https://events.pagerduty.com/v2/enqueue",
        "Where `pagerduty` posts to.",
        _OUTSIDE,
        pattern=f"^{POSTED}$",
    )
    opsgenie_url: str = setting(
        "https://api.opsgenie.com/v2/alerts", "Where `opsgenie` posts to.", _OUTSIDE, pattern=f"^{POSTED}$"
    )
    report_to: tuple[tuple[str, str], ...] = setting(
        (),
        "Whom reports go to that are scheduled for a role, such as `executive:ada@plan.example`.",
        "pairs of a role and an e-mail address, separated by commas",
    )
    report_domains: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")], ...] = setting(
        (),
        "Domains that people may have reports mailed to. Unset: that of `REACHBOARD_ALERT_FROM` alone.",
        "domains such as plan.example, separated by commas",
    )
    report_files: Literal["attached", "linked"] = setting(
        "attached",
        "Whether a mailed report brings its PDF and CSV, or a link that asks for signing in.",
        "attached or linked",
    )
    smtp_host: str = setting("", "Mail server of `mail`.", "a host's name or address", pattern=r"^[^\s/@]*$")
    smtp_port: int = setting(587, "Port of the mail server.", "a number from 1 to 65535", ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = setting(
        "starttls",
        "How the way to the mail server is encrypted: `starttls` after a greeting, `tls` from the start.",
        "starttls, tls or none",
    )
    smtp_user: str = setting(
        "", "User at the mail server, if it asks for one; the password is kept in a file.", "a name"
    )

    @field_validator("alerts", "alert_to", "report_domains", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        return split_list(value)

    @field_validator("report_to", mode="before")
    @classmethod
    def _split_recipients(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = (part.partition(":") for part in value.split(",") if part.strip())
        return tuple((role.strip(), address.strip()) for role, _, address in pairs)

    @field_validator("report_to")
    @classmethod
    def _real_recipients(cls, value: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        for role, address in value:
            if role not in READERS or not re.fullmatch(_ADDRESS, address):
                raise PydanticCustomError(
                    "recipient", "role:address, with one of {roles}", {"roles": ", ".join(READERS)}
                )
        return value

    @model_validator(mode="after")
    def _ways_are_whole(self) -> Self:
        wanted = {"mail": ("smtp_host", "alert_from", "alert_to"), "webhook": ("alert_url",)}
        for way in self.alerts:
            for field in wanted.get(way, ()):
                if not getattr(self, field):
                    raise PydanticCustomError(
                        "alerts",
                        "{field} to be set where REACHBOARD_ALERTS has {way}",
                        {"field": variable(field), "way": way},
                    )
        if self.smtp_user and self.smtp_security == "none":
            raise PydanticCustomError("smtp_security", "starttls or tls: a password is not sent in the clear")
        return self
