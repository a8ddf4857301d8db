"""For whom an experiment works: its effect by attribute, where arms are told by it, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from data.answer import Status
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.kept import kept
from data.release import pair_name, parts
from data.viewer import Viewer
from insight.experiments import Arm, Reading
from insight.experiments.groups import InGroup, in_groups, interaction
from insight.experiments.intervals import LEVEL
from insight.experiments.several import holm
from pages.answers import ask
from pages.experiments_cohorts import WHENEVER
from pages.experiments_questions import Experiment, experiment, higher_is_better
from pages.questions import all_of

RUNS = (
    "Told once its planned end is past and every outcome is in: looked at meanwhile, some group always "
    "stands out."
)
UNJUDGED = "Groups are told where the whole campaign has a verdict."
NOT_TOLD = "No attribute of this campaign is told by arm for members enough to compare."
Told = Mapping[str, tuple[int, int]]
"""Of one value and month: members assigned and with the outcome, by arm."""


@dataclass(frozen=True)
class ByAttribute:
    """The effect in the groups of one attribute, p of an interaction (Holm's over attributes), and how many
    values are told too little of to be compared."""

    attribute: str
    label: str
    groups: tuple[InGroup, ...]
    p: float
    adjusted: float
    left_out: int

    @property
    def differs(self) -> bool:
        """Whether the effect differs between groups, beyond chance."""
        return self.adjusted < 1 - LEVEL


@dataclass(frozen=True)
class Groups:
    """Effects by attribute; why there are none, and which attributes are not told by arm, by label."""

    found: tuple[ByAttribute, ...] = ()
    why: str = ""
    absent: tuple[str, ...] = ()


def groups(campaign: str, viewer: Viewer, cubes: Cubes) -> Groups:
    """The effects of all arms of outreach together against those held out, by each attribute told by arm."""
    return _groups(campaign, viewer, cubes)


@kept
def _groups(campaign: str, viewer: Viewer, cubes: Cubes) -> Groups:
    one = experiment(campaign, viewer, cubes)
    if one is None or one.judged is None:
        return Groups(why=UNJUDGED)
    if one.reading is not Reading.FIXED:
        return Groups(why=RUNS)
    told = {name: _arms(one, name, viewer, cubes) for name in cubes.attributes if _is_told(name, cubes)}
    enough = {name: found for name, (found, _) in told.items() if len(found) > 1}
    absent = tuple(cubes.dimension(name).label for name in cubes.attributes if name not in enough)
    if not enough:
        return Groups(why=NOT_TOLD, absent=absent)
    # Corrected over everything that is looked at: all values of all attributes.
    pairs = [(f"{name}\n{value}", *arms) for name, of in enough.items() for value, arms in of.items()]
    every = in_groups(pairs, higher=higher_is_better(one.campaign))
    ps = [interaction(list(of.values())) or 0.0 for of in enough.values()]
    made = [
        ByAttribute(
            name,
            cubes.dimension(name).label,
            tuple(_named(each) for each in every if each.group.startswith(f"{name}\n")),
            p,
            adjusted,
            told[name][1],
        )
        for name, p, adjusted in zip(enough, ps, holm(ps), strict=True)
    ]
    return Groups(tuple(sorted(made, key=lambda found: found.adjusted)), absent=absent)


def _is_told(name: str, cubes: Cubes) -> bool:
    return cubes.has_view(pair_name("arm", name))


def _named(one: InGroup) -> InGroup:
    return replace(one, group=one.group.partition("\n")[2])


def _arms(
    one: Experiment, attribute: str, viewer: Viewer, cubes: Cubes
) -> tuple[dict[str, tuple[Arm, Arm]], int]:
    """Treated and control per value that may be compared, and how many values may not.

    A value counts where every month that the experiment is judged by tells it apart in every arm, and so many
    outcomes were to be expected there that whether it is told hardly hangs on chance: else values with few
    outcomes among those held out would be missing, and the others look harmed.
    """
    dated = one.campaign.id not in cubes.undated
    by = ("arm", "month", attribute) if dated else ("arm", attribute)
    months: dict[int, dict[str, dict[str, tuple[int, int]]]] = {}
    values: dict[str, None] = {}
    for row in ask(("outcome_rate",), by, all_of(one.campaign.id), viewer, cubes).rows:
        arm, month, name = str(row.key[0]), row.key[1] if dated else WHENEVER, str(row.key[-1])
        if arm not in one.cohorts.names or name == SEVERAL or len(parts(name)) > 1:
            continue
        values[name] = None
        told = row.values["outcome_rate"]
        if told.status is Status.RELEASED and told.denominator is not None and isinstance(month, int):
            counts = round(told.denominator), round(told.numerator or 0)
            months.setdefault(month, {}).setdefault(name, {})[arm] = counts
    least = _least(cubes)
    found = {}
    for name in values:
        own = [months.get(month, {}).get(name, {}) for month in one.cohorts.used]
        if own and _enough(own, one.cohorts.names, least):
            found[name] = _sides(own, one)
    return found, len(values) - len(found)


def _least(cubes: Cubes) -> float:
    """So many outcomes expected that fewer than the threshold come by chance once in a thousand times."""
    threshold = int(cubes.snapshot.terms.get("threshold", 11))
    return threshold + 3 * sqrt(threshold)


def _enough(own: Sequence[Told], names: Sequence[str], least: float) -> bool:
    """Whether each month tells every arm, and all would have outcomes enough by the rate of all together."""
    if any(name not in of for of in own for name in names):
        return False
    told = [counts for of in own for counts in of.values()]
    rate = sum(hits for _, hits in told) / max(1, sum(n for n, _ in told))
    return all(n * min(rate, 1 - rate) >= least for n, _ in told)


def _sides(own: Sequence[Told], one: Experiment) -> tuple[Arm, Arm]:
    held = one.cohorts.control or ""
    treated = [counts for of in own for name, counts in of.items() if name != held]
    control = [of[held] for of in own]
    return (
        Arm(one.treated, sum(n for n, _ in treated), sum(hits for _, hits in treated)),
        Arm(held, sum(n for n, _ in control), sum(hits for _, hits in control), control=True),
    )
