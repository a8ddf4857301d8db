"""Who asks, and which campaigns that person may see."""

from __future__ import annotations

import json
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

    def covers(self, other: Scope) -> bool:
        """Whether everything of another row scope lies in this one."""
        pairs = ((self.programs, other.programs), (self.lines, other.lines))
        return all(own is None or (narrow is not None and narrow <= own) for own, narrow in pairs)

    @property
    def text(self) -> str:
        """The scope as text, which is equal where the scope is."""
        told = {"programs": self.programs, "lines": self.lines}
        return json.dumps({of: None if names is None else sorted(names) for of, names in told.items()})

    @staticmethod
    def of(text: str) -> Scope:
        """The scope that `text` wrote."""
        told = json.loads(text)
        programs, lines = (None if told[of] is None else frozenset(told[of]) for of in ("programs", "lines"))
        return Scope(programs, lines)

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
