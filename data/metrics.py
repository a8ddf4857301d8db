"""The metric registry: `metrics.toml` defines each metric once; every surface reads it here."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from config.suggest import nearest
from data.release import OPERATIONAL

DEFINITIONS = Path(__file__).parent / "metrics.toml"
EFFECTS_DEFINED = Path(__file__).parent / "effects.toml"
DEFINITIONS_VERSION = hashlib.sha256(DEFINITIONS.read_bytes() + EFFECTS_DEFINED.read_bytes()).hexdigest()[:8]

Unit = Literal["msg", "mbr", "outcome", "money"]
Shape = Literal["count", "rate", "per_1000", "money", "union", "union_rate", "effect", "word"]


@dataclass(frozen=True)
class Metric:
    """A metric: a count (`numerator` alone), a ratio of two counts, or a distinct union of members.

    `numerator` and `denominator` name columns of cells, or for unions a stage of reach. `better` is
    the direction in which it improves, or `neither`. A union does not add up over anything.
    """

    name: str
    label: str
    meaning: str
    formula: str
    shape: Shape
    unit: Unit
    numerator: str
    denominator: str = ""
    better: Literal["higher", "lower", "neither"] = "neither"
    weak: bool = False
    version: int = 1

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.numerator, self.denominator) if self.denominator else (self.numerator,)

    @property
    def facts(self) -> tuple[str, ...]:
        """The columns of cells that a source must report for it to be known."""
        return tuple(UNION_COLUMNS[name] for name in self.columns) if self.is_union else self.columns

    @property
    def is_union(self) -> bool:
        return self.shape in ("union", "union_rate")

    @property
    def is_ratio(self) -> bool:
        return self.shape in ("rate", "per_1000", "union_rate") or bool(self.denominator)

    @property
    def additive(self) -> bool:
        """Whether the values of the parts add up to the value of the whole."""
        return not self.is_ratio and not self.is_union and self.shape not in ("effect", "word")

    @property
    def sensitivity(self) -> Literal["operational", "member"]:
        counted = self.columns
        return "operational" if not self.is_union and set(counted) <= OPERATIONAL else "member"

    @property
    def without_channel(self) -> bool:
        """Whether it counts members as assigned, who have no channel, wave or variant yet."""
        return self.numerator in ASSIGNED_COLUMNS


ASSIGNED_COLUMNS = frozenset(
    ("eligible", "contactable", "consented", "assigned", "held_out", "with_outcome", "value_micros")
)


def _defined(path: Path) -> dict[str, Metric]:
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: Metric(name, **entry) for name, entry in entries.items()}


METRICS: dict[str, Metric] = _defined(DEFINITIONS)
EFFECTS: dict[str, Metric] = _defined(EFFECTS_DEFINED)
"""What is worked out of released counts of arms, which `measure` does not answer (pages/evidence.py)."""
DEFINED: dict[str, Metric] = {**METRICS, **EFFECTS}
UNION_COLUMNS = {
    "sent": "members_sent",
    "delivered": "members_delivered",
    "engaged": "members_engaged",
    "responded": "members_responded",
    "converted": "members_converted",
}


class UnknownName(LookupError):
    """A metric, dimension or value that does not exist; the message names the near miss."""


def metric(name: str) -> Metric:
    """The metric of that name; `UnknownName` with the near miss."""
    try:
        return METRICS[name]
    except KeyError:
        raise UnknownName(f"There is no metric {name!r}. {nearest(name, METRICS)}".strip()) from None
