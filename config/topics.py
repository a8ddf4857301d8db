"""Settings by what they are about, for whoever reads some of them at a time."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from config.declared import Declared

REST = "Figures and data"
TOPICS: Mapping[str, tuple[str, ...]] = {
    "Serving": (
        "plan", "zone", "var", "host", "port", "workers", "production", "tls", "proxies", "encrypted_volume",
        "public_url", "secret_key", "state_url", "redis_url",
    ),
    "Signing in": ("demo", "demo_*", "oidc_*", "session*", "sign_in_*"),
    "Telling people": ("alert*", "pagerduty_*", "opsgenie_*", "report_*", "smtp_*"),
    REST: (),
}  # fmt: skip
"""Names of settings, or how they begin; what no topic names is about the rest."""


def topic_of(field: str) -> str:
    """The topic of a setting."""
    return next(
        (topic for topic, names in TOPICS.items() if any(fnmatchcase(field, one) for one in names)), REST
    )


def fields_of(topic: str) -> list[str]:
    """The settings of a topic, in the order in which they are declared."""
    return [field for field in Declared.model_fields if topic_of(field) == topic]
