"""The catalogue laid over the days of one sample: each campaign with its dates and its audience size."""

from __future__ import annotations

from dataclasses import dataclass, replace

from etl.sample.catalogue import HOLDOUT, TEMPLATES, Template
from etl.sample.plan import Calendar, Plan
from etl.sample.programs import PROGRAMS, Program

HISTORY_DAYS = 30
ALL_LINES = "All lines"


@dataclass(frozen=True)
class Campaign:
    """One campaign of the sample. Days are whole days since the epoch, local."""

    number: int
    template: Template
    start: int
    end: int
    size: int
    wave_names: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.template.id

    @property
    def program(self) -> Program:
        return PROGRAMS[self.template.program]

    @property
    def line(self) -> str:
        return self.template.line or ALL_LINES

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(wave.channel for wave in self.template.waves))

    @property
    def arms(self) -> tuple[str, ...]:
        """Treated arms, then the holdout where there is one."""
        return (*self.template.effect, *([HOLDOUT] if self.template.holdout else []))

    @property
    def listed_start(self) -> int:
        return self.start - HISTORY_DAYS if self.template.history else self.start


def make_campaigns(plan: Plan) -> list[Campaign]:
    """The first `plan.campaigns` of the catalogue; beyond its length it starts again, at other days."""
    calendar = Calendar(plan)
    return [_campaign(plan, calendar, number) for number in range(plan.campaigns)]


def _campaign(plan: Plan, calendar: Calendar, number: int) -> Campaign:
    template = _template(plan, number)
    start = plan.last - int(template.start) if template.future else plan.scaled(template.start)
    start = calendar.first_working(max(start, plan.first))
    longest = max(wave.after + wave.over for wave in template.waves) + 7
    end = plan.last + 60 if template.always_on else start + longest
    size = int(template.size) if template.size > 1 else max(round(template.size * plan.members), 1)
    names = tuple(f"Wave {place}" for place in range(1, len(template.waves) + 1))
    return Campaign(number, template, start, end, size, names)


def _template(plan: Plan, number: int) -> Template:
    turn, place = divmod(number, len(TEMPLATES))
    template = TEMPLATES[place]
    if not turn:
        return template
    shift = float(plan.stream("turn", str(number)).uniform(20, 380))
    return replace(
        template,
        id=f"{template.id}-{turn + 1}",
        name=f"{template.name} ({turn + 1})",
        start=template.start if template.future else shift,
        size=template.size if template.size > 1 else template.size / (1 + turn),
        history=False,
    )
