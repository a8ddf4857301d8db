"""Who asks, and which campaigns that person may see."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scope:
    """Row scope by program and line of business; None means all of them."""

    programs: frozenset[str] | None = None
    lines: frozenset[str] | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is out of it."""
        return self.programs is None and self.lines is None

    def allows(self, program: str, line: str) -> bool:
        return (self.programs is None or program in self.programs) and (
            self.lines is None or line in self.lines
        )


@dataclass(frozen=True)
class Viewer:
    """The signed-in person: name, role, permissions (names of config.permissions) and row scope."""

    name: str
    role: str
    permissions: frozenset[str] = frozenset()
    scope: Scope = field(default_factory=Scope)

    def may(self, permission: str) -> bool:
        return permission in self.permissions


EVERYTHING = Viewer("system", "system")
