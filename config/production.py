"""What serving real members asks for: each requirement once, with why it is asked and how it is met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.variables import variable

if TYPE_CHECKING:
    from config.settings import Settings

FEWEST_SIGNS = 10
"""Different characters of a secret that was drawn and not typed; 64 hexadecimal digits have about 16."""
TYPED = ("secret", "password", "change", "example", "reachboard", "default", "12345", "abcde", "qwert")


@dataclass(frozen=True)
class Requirement:
    """What `field` must be. `met` looks at all settings; `what`, `why` and `how` are one sentence each."""

    field: str
    met: Callable[[Settings], bool]
    what: str
    why: str
    how: str

    @property
    def words(self) -> str:
        return f"{variable(self.field)}: {self.what} {self.why} {self.how}"


def _drawn(settings: Settings) -> bool:
    """Whether a secret, where there is one, looks drawn by a machine."""
    if settings.secret_key is None:
        return True
    secret = settings.secret_key.get_secret_value()
    return len(set(secret)) >= FEWEST_SIGNS and not any(word in secret.lower() for word in TYPED)


REQUIREMENTS = (
    Requirement(
        "demo",
        lambda settings: not settings.demo,
        "production has no demo sign-in.",
        "Anybody on the machine would enter as an administrator, without a password.",
        f"Set {variable('demo')}=0.",
    ),
    Requirement(
        "sample",
        lambda settings: not settings.sample,
        "production begins without the synthetic sample.",
        "Its figures would stand among those of real members.",
        f"Set {variable('sample')}=0.",
    ),
    Requirement(
        "secret_key",
        lambda settings: settings.secret_key is not None,
        "production needs a secret of its own.",
        "Pseudonyms, sessions and refused rows are kept under it, and a lost or guessed one opens them.",
        f"Write one into a file outside {variable('var')} (`openssl rand -hex 32`), and name that file in "
        f"{variable('secret_key')}_FILE.",
    ),
    Requirement(
        "secret_key",
        _drawn,
        "this secret looks typed or copied.",
        "What stands in a document, or was thought of, is found by trying.",
        "Draw one: `openssl rand -hex 32`.",
    ),
    Requirement(
        "var",
        lambda settings: not settings.secret_file.exists(),
        "its folder holds a file `secret`, which a trial made up.",
        "A secret must not lie beside what it locks, and a lake of a trial is none of production.",
        f"Begin with an empty folder; or move that secret into the file of {variable('secret_key')}_FILE, "
        "and remove `secret`.",
    ),
    Requirement(
        "tls",
        lambda settings: settings.tls == "terminated",
        "production is reached by TLS alone.",
        "Without it figures, cookies and keys travel for everybody to read.",
        f"Put a proxy that ends TLS before this server (docs/production.md), and state it: "
        f"{variable('tls')}=terminated.",
    ),
    Requirement(
        "proxies",
        lambda settings: settings.proxies > 0,
        "the proxies that stand before this server are not counted.",
        "Only with their number is it known who asks, and whether by https; what others claim is ignored.",
        f"Set {variable('proxies')}=1 for one proxy, 2 for a load balancer before it.",
    ),
    Requirement(
        "public_url",
        lambda settings: settings.public_url.startswith("https://"),
        "the address at which people reach this is not told.",
        "The server answers to that name alone, and sends people and identity providers back to it.",
        f"Set {variable('public_url')}=https://reachboard.your-plan.example.",
    ),
    Requirement(
        "oidc_issuer",
        lambda settings: settings.oidc_issuer.startswith("https://") and bool(settings.oidc_client_id),
        "nobody could sign in, or not safely.",
        "Production has no passwords of its own: people sign in at the identity provider of the plan.",
        f"Set {variable('oidc_issuer')}=https://... and {variable('oidc_client_id')} (docs/oidc.md).",
    ),
    Requirement(
        "encrypted_volume",
        lambda settings: settings.encrypted_volume,
        f"it is not stated that {variable('var')} lies on an encrypted volume.",
        "The lake is not encrypted by Reachboard itself; whoever takes the disk reads it.",
        f"Put the folder on LUKS, or on a volume that the cloud encrypts, and state it: "
        f"{variable('encrypted_volume')}=1.",
    ),
)


def refusals(settings: Settings) -> list[str]:
    """Why this must not serve real members, all of it at once; nothing where it may."""
    return [one.words for one in REQUIREMENTS if not one.met(settings)]
