"""Reads a Dockerfile: its stages, and the instructions of each in their order."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field

KNOWN = ("FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD")


class Unreadable(ValueError):
    """An instruction that the proving script does not know: it must not be passed over in silence."""


@dataclass(frozen=True)
class Instruction:
    """One instruction: its word and its rest, lines joined."""

    word: str
    rest: str

    @property
    def command(self) -> list[str]:
        """What is started: a JSON list as it is, else by a shell."""
        text = re.sub(r"^(--\S+\s+)*(CMD\s+)?", "", self.rest) if self.word == "HEALTHCHECK" else self.rest
        return list(json.loads(text)) if text.startswith("[") else ["/bin/sh", "-c", text]

    @property
    def options(self) -> dict[str, str]:
        """Its options, such as `--from=needs`."""
        found = re.match(r"(--\S+\s+)*", self.rest)
        parts = found[0].split() if found else []
        return dict(part.removeprefix("--").split("=", 1) for part in parts)

    @property
    def words(self) -> list[str]:
        """Its words without the options."""
        return shlex.split(re.sub(r"^(--\S+\s+)*", "", self.rest))


@dataclass
class Stage:
    """One `FROM` and what follows it."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def last(self, word: str) -> Instruction | None:
        return next((one for one in reversed(self.instructions) if one.word == word), None)

    def environment(self) -> dict[str, str]:
        """What its `ENV` set in the end."""
        told = [one.words for one in self.instructions if one.word == "ENV"]
        return dict(pair.split("=", 1) for words in told for pair in words)


def stages(text: str) -> list[Stage]:
    """The stages of a Dockerfile; `Unreadable` where it holds what is not known here."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    found: list[Stage] = []
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if not line.strip():
            continue
        word, _, rest = line.strip().partition(" ")
        if word not in KNOWN:
            raise Unreadable(f"{word}: the proving script knows {', '.join(KNOWN)}.")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            found.append(Stage(base.strip(), name.strip()))
        else:
            found[-1].instructions.append(Instruction(word, rest.strip()))
    return found
