"""From claims to a person: name, role and rows, by the rules of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.permissions import PEOPLE, PERMISSIONS, Role
from data.viewer import Scope, Viewer
from identity.rules import Rules
from identity.trouble import Refused, Trouble

ALL = "*"
LONGEST = 80
Claims = Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    """Who came: `subject` is the provider's own id for them."""

    subject: str
    name: str
    role: Role
    scope: Scope

    @property
    def viewer(self) -> Viewer:
        return viewer_of(self.name, self.role, self.scope)


def viewer_of(name: str, role: Role, scope: Scope) -> Viewer:
    return Viewer(name, role.value, frozenset(one.value for one in PERMISSIONS[role]), scope)


def person(claims: Claims, rules: Rules) -> Person:
    """The person that checked claims are about; `Refused` without role, rows or second factor."""
    role = role_of(claims, rules)
    if role not in PEOPLE:
        raise Refused(Trouble.NO_ROLE, f"the claim {rules.role_claim} holds none of the mapped values")
    ask_for_second_factor(role, claims, rules)
    return Person(str(claims["sub"]), name_of(claims), role, scope_of(claims, rules))


def found(claims: Claims, name: str) -> Any:
    """The value of a claim: by its whole name, else along its dots; None where there is none."""
    if name in claims:
        return claims[name]
    head, dot, rest = name.partition(".")
    while dot:
        inner = claims.get(head)
        if isinstance(inner, Mapping):
            return found(inner, rest)
        more, dot, rest = rest.partition(".")
        head = f"{head}.{more}"
    return None


def values(claims: Claims, name: str) -> tuple[str, ...]:
    """The texts that a claim holds, one or a list."""
    held = found(claims, name) if name else None
    if isinstance(held, str):
        return (held,)
    return tuple(one for one in held if isinstance(one, str)) if isinstance(held, list) else ()


def role_of(claims: Claims, rules: Rules, also: tuple[str, ...] = ()) -> Role | None:
    """The first role of the map that the claim, or one of the values beside it, stands for."""
    held = {*values(claims, rules.role_claim), *also}
    return next((role for said, role in rules.roles if said in held), None)


def scope_of(claims: Claims, rules: Rules) -> Scope:
    """The rows that the claims allow; where a claim is asked for and missing, there are none: `Refused`."""
    return Scope(programs=_allowed(claims, rules.programs_claim), lines=_allowed(claims, rules.lines_claim))


def _allowed(claims: Claims, name: str) -> frozenset[str] | None:
    if not name:
        return None
    held = frozenset(one.strip() for one in values(claims, name) if one.strip())
    if not held:
        raise Refused(Trouble.NO_ROWS, f"the claim {name} is missing or empty")
    return None if ALL in held else held


def ask_for_second_factor(role: Role, claims: Claims, rules: Rules) -> None:
    """`Refused` where an administrator's claims do not show what the settings ask for."""
    if role is not Role.ADMINISTRATOR:
        return
    if rules.admin_acr and claims.get("acr") not in rules.admin_acr:
        raise Refused(Trouble.SECOND_FACTOR, "acr is none of REACHBOARD_OIDC_ADMIN_ACR")
    if rules.admin_amr and not set(values(claims, "amr")) & set(rules.admin_amr):
        raise Refused(Trouble.SECOND_FACTOR, "amr holds none of REACHBOARD_OIDC_ADMIN_AMR")


def name_of(claims: Claims) -> str:
    """The name as the app shows it: `Ada Lovelace (ada@plan.example)`; no two people have the same.

    An address that the provider says it did not verify is anybody's claim, and names nobody.
    """
    mail = claims.get("email") if claims.get("email_verified") is not False else None
    login = _plain(mail) or _plain(claims.get("preferred_username")) or _plain(claims.get("sub"))
    name = _plain(claims.get("name"))
    return f"{name} ({login})" if name and name != login else login


def _plain(given: object) -> str:
    """A text as one printable line."""
    if not isinstance(given, str):
        return ""
    return "".join(one for one in " ".join(given.split()) if one.isprintable())[:LONGEST]
