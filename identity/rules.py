"""How a provider's claims become a role and rows: the settings of signing in, as one value."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Self

from config.permissions import Role
from config.settings import Settings


@dataclass(frozen=True)
class Rules:
    """What is asked of a provider and made of its answer; `issuer` is empty where none is set."""

    issuer: str
    client_id: str
    scopes: tuple[str, ...]
    alg: str
    role_claim: str
    roles: tuple[tuple[str, Role], ...]
    programs_claim: str
    lines_claim: str
    admin_acr: tuple[str, ...]
    admin_amr: tuple[str, ...]
    audience: str
    maps_scopes: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            scopes=settings.oidc_scopes,
            alg=settings.oidc_alg,
            role_claim=settings.oidc_role_claim,
            roles=tuple((said, Role(role)) for said, role in settings.oidc_roles),
            programs_claim=settings.oidc_programs_claim,
            lines_claim=settings.oidc_lines_claim,
            admin_acr=settings.oidc_admin_acr,
            admin_amr=settings.oidc_admin_amr,
            audience=settings.oidc_audience,
            maps_scopes=settings.oidc_roles != Settings.model_fields["oidc_roles"].default,
        )

    @property
    def digest(self) -> str:
        """Of all rules: another one stands for other rules."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:16]
