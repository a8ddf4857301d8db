"""Settings of signing in at an identity provider, by OpenID Connect; docs/oidc.md says how each is found."""

from __future__ import annotations

import json
import re
from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError

from config.setting import POSTED, setting

ROLES = ("manager", "executive", "analyst", "privacy_officer", "administrator", "source", "monitor")
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
RoleName = Literal["manager", "executive", "analyst", "privacy_officer", "administrator", "source", "monitor"]
Word = Annotated[str, Field(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]+$")]
_CLAIM = r"^[\x21-\x7e]{0,200}$"
_NAME = "a claim's name; dots lead into objects"


class Identity(BaseModel):
    """The settings of the identity provider; without an issuer nobody signs in by one."""

    oidc_issuer: str = setting(
        "",
        "Identity provider at which people sign in: `issuer` of its discovery document, letter by letter.",
        "https://host, maybe with a path",
        pattern=f"^({POSTED})?$",
    )
    oidc_client_id: str = setting(
        "", "What the provider calls this app.", "a client id", pattern=r"^[\x21-\x7e]{0,200}$"
    )
    oidc_client_secret: SecretStr | None = setting(
        None,
        "Secret of this app at the provider. Unset: a public client, held by PKCE alone.",
        "a secret without spaces",
    )
    oidc_scopes: tuple[Word, ...] = setting(
        ("openid", "profile", "email"),
        "Scopes that are asked for; `openid` among them.",
        "scopes, separated by spaces or commas",
    )
    oidc_alg: Algorithm = setting(
        "RS256", "How the provider signs: tokens signed by anything else are refused.", ", ".join(ALGORITHMS)
    )
    oidc_role_claim: str = setting(
        "roles", "Claim that says what somebody is.", _NAME, pattern=_CLAIM, min_length=1
    )
    oidc_roles: tuple[tuple[str, RoleName], ...] = setting(
        tuple((role, role) for role in ROLES[:-2]),
        "Which value of that claim is which role; of several the first that somebody has counts. "
        'As `value:role, value:role`, or as JSON `{"value": "role"}`.',
        "pairs of a value and a role: " + ", ".join(ROLES),
    )
    oidc_programs_claim: str = setting(
        "", "Claim with the programs that somebody sees; `*` stands for all.", _NAME, pattern=_CLAIM
    )
    oidc_lines_claim: str = setting(
        "",
        "Claim with the lines of business that somebody sees; `*` stands for all.",
        _NAME,
        pattern=_CLAIM,
    )
    oidc_admin_acr: tuple[Word, ...] = setting(
        (), "Values of `acr` one of which an administrator's sign-in needs.", "values, separated by commas"
    )
    oidc_admin_amr: tuple[Word, ...] = setting(
        (),
        "Values of `amr` one of which an administrator's sign-in needs, such as `mfa`.",
        "values, separated by commas",
    )
    oidc_audience: str = setting(
        "",
        "Audience of the provider's access tokens that the API takes beside keys. Unset: it takes none.",
        "an audience, such as https://reachboard.example/api",
        pattern=r"^[\x21-\x7e]{0,200}$",
    )

    @field_validator("oidc_scopes", "oidc_admin_acr", "oidc_admin_amr", mode="before")
    @classmethod
    def _split_words(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(dict.fromkeys(word for word in re.split(r"[\s,]+", value) if word))

    @field_validator("oidc_scopes")
    @classmethod
    def _openid(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in value:
            raise PydanticCustomError("scopes", "openid is missing")
        return value

    @field_validator("oidc_roles", mode="before")
    @classmethod
    def _split_roles(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("{"):
            try:
                return tuple(json.loads(value).items())
            except ValueError:
                raise PydanticCustomError("roles", "not JSON") from None
        pairs = (pair.rpartition(":") for pair in value.split(",") if pair.strip())
        return tuple((said.strip(), role.strip()) for said, _, role in pairs)

    @field_validator("oidc_roles")
    @classmethod
    def _said_once(cls, value: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        said = [one for one, _ in value]
        if not all(said) or len(set(said)) < len(said):
            raise PydanticCustomError("roles", "a value is empty or stands twice")
        return value
