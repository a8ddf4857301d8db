"""The campaigns of the sample: who, when, by which channels, and with what true effect."""

from __future__ import annotations

from dataclasses import dataclass

HOLDOUT = "Holdout"
OUTREACH = "Outreach"


@dataclass(frozen=True)
class Wave:
    """One wave: `after` days from the start, over `over` working days, to `share` of those treated."""

    channel: str
    after: int = 0
    over: int = 3
    share: float = 1.0
    arm: str | None = None


@dataclass(frozen=True)
class Template:
    """A campaign as planned. `start` is in days before the end of a sample of 400 days.

    `effect` holds, per treated arm, the planted difference of its outcome rate from the holdout's;
    `size` is a share of all members, or a number of members when above 1.
    """

    id: str
    name: str
    program: str
    line: str | None
    start: float
    size: float
    waves: tuple[Wave, ...]
    effect: dict[str, float]
    holdout: float = 0.15
    always_on: bool = False
    recorded: bool = True
    future: bool = False
    history: bool = False
    base_factor: float = 1.0
    planted: str = ""


def _one(effect: float) -> dict[str, float]:
    return {OUTREACH: effect}


MA, MD, CO = "Medicare Advantage", "Medicaid", "Commercial"

TEMPLATES: tuple[Template, ...] = (
    Template(
        "flu-2026-ma", "Flu shot 2026, Medicare Advantage", "flu", MA, 70, 0.20,
        (Wave("email", 0, 3), Wave("sms", 14, 3), Wave("mail", 25, 2, 0.35), Wave("email", 42, 3, 0.8),
         Wave("sms", 54, 4, 0.5)),
        _one(0.016), 0.15,
    ),
    Template(
        "refill-2026", "Refill reminders, always on", "refill", None, 398, 0.14,
        (Wave("sms", 0, 1), Wave("email", 2, 1, 0.6), Wave("push", 4, 1), Wave("sms", 10, 1, 0.6)),
        _one(0.018), 0.25, always_on=True, planted="always on: a trickle on every working day",
    ),
    Template(
        "a1c-2026-arms", "A1C test 2026, text or text and call", "a1c", None, 235, 0.085,
        (Wave("sms", 0, 3), Wave("phone", 12, 8, 0.9, "Text and call"), Wave("sms", 30, 3, 0.7)),
        {"Text": 0.012, "Text and call": 0.020}, 0.30, planted="two treated arms",
    ),
    Template(
        "mammogram-2026-ma", "Mammogram 2026, Medicare Advantage", "mammogram", MA, 190, 0.075,
        (Wave("email", 0, 3), Wave("mail", 10, 2, 0.6), Wave("phone", 26, 10, 0.3)),
        _one(0.009), 0.20,
    ),
    Template(
        "colorectal-2026-co", "Colorectal kit 2026, Commercial", "colorectal", CO, 170, 0.08,
        (Wave("email", 0, 2), Wave("email", 21, 2, 0.9)),
        _one(0.0), 0.20, planted="no effect; e-mail only",
    ),
    Template(
        "wellchild-2026-md", "Well-child visit 2026, Medicaid", "wellchild", MD, 160, 0.085,
        (Wave("sms", 0, 3), Wave("email", 7, 3), Wave("mail", 28, 2, 0.5)),
        _one(0.011), 0.15,
    ),
    Template(
        "refill-pilot-22", "Refill pilot", "refill", CO, 64, 0.015,
        (Wave("sms", 0, 2), Wave("email", 6, 2), Wave("push", 20, 2)),
        _one(0.010), 0.0, recorded=False, planted="no campaign record; no holdout",
    ),
    Template(
        "mammogram-2027-co", "Mammogram 2027, Commercial", "mammogram", CO, -52, 0.05,
        (Wave("email", 0, 3), Wave("sms", 14, 3)),
        _one(0.010), 0.20, future=True, planted="scheduled; a record and nothing else",
    ),
    Template(
        "a1c-2026-ma-calls", "A1C test 2026, daily calls", "a1c", MA, 120, 0.09,
        (Wave("phone", 0, 15, 0.6), Wave("sms", 3, 3), Wave("sms", 12, 3), Wave("sms", 24, 3)),
        _one(-0.018), 0.30, base_factor=1.2, planted="harmful",
    ),
    Template(
        "flu-2025", "Flu shot 2025, all lines", "flu", None, 390, 0.17,
        (Wave("email", 0, 4), Wave("sms", 15, 3), Wave("mail", 26, 2, 0.3), Wave("sms", 47, 3, 0.6)),
        _one(0.013), 0.25, history=True, planted="pre-aggregated history before the first detailed day",
    ),
    Template(
        "a1c-house-calls", "A1C test by house call", "a1c", None, 92, 7,
        (Wave("phone", 0, 2),), _one(0.0), 0.0, planted="seven members",
    ),
    Template(
        "wellchild-two-texts", "Well-child visit, pilot of two texts", "wellchild", CO, 104, 180,
        (Wave("sms", 0, 2), Wave("sms", 16, 2, 0.7)), _one(0.010), 0.20, planted="fewer than 200 members",
    ),
    Template(
        "colorectal-2026-ma", "Colorectal kit 2026, Medicare Advantage", "colorectal", MA, 262, 0.09,
        (Wave("mail", 0, 3), Wave("sms", 10, 3), Wave("email", 24, 3, 0.8)),
        _one(0.020), 0.30, base_factor=1.2,
    ),
    Template(
        "mammogram-2026-co", "Mammogram 2026, Commercial", "mammogram", CO, 112, 0.04,
        (Wave("email", 0, 3), Wave("push", 9, 2), Wave("email", 35, 3, 0.8)), _one(0.004), 0.20,
    ),
    Template(
        "flu-2026-co", "Flu shot 2026, Commercial", "flu", CO, 62, 0.15,
        (Wave("email", 0, 3), Wave("push", 9, 2), Wave("sms", 20, 3), Wave("email", 54, 4, 0.7)),
        _one(0.007), 0.15,
    ),
    Template(
        "flu-2026-md", "Flu shot 2026, Medicaid", "flu", MD, 55, 0.12,
        (Wave("sms", 0, 3), Wave("email", 8, 3), Wave("mail", 20, 2, 0.4), Wave("sms", 42, 3, 0.7)),
        _one(0.012), 0.15,
    ),
    Template(
        "a1c-2025-co", "A1C test 2025, Commercial", "a1c", CO, 352, 0.035,
        (Wave("email", 0, 3), Wave("push", 8, 2), Wave("email", 25, 3, 0.8)),
        _one(0.0), 0.20, planted="no effect",
    ),
    Template(
        "wellchild-2026-co", "Well-child visit 2026, Commercial", "wellchild", CO, 318, 0.05,
        (Wave("email", 0, 3), Wave("sms", 12, 3), Wave("email", 33, 3, 0.8)), _one(0.006), 0.20,
    ),
    Template(
        "refill-2026-co", "Refill reminders, Commercial, always on", "refill", CO, 205, 0.025,
        (Wave("push", 0, 1), Wave("sms", 5, 1), Wave("email", 9, 1, 0.7)),
        _one(0.009), 0.15, always_on=True, planted="always on: a trickle on every working day",
    ),
    Template(
        "mammogram-2026-winter", "Mammogram, winter 2026, all lines", "mammogram", None, 297, 0.05,
        (Wave("mail", 0, 3), Wave("phone", 14, 10, 0.5), Wave("sms", 30, 3)), _one(0.014), 0.20,
    ),
    Template(
        "colorectal-2026-md", "Colorectal kit 2026, Medicaid", "colorectal", MD, 206, 0.03,
        (Wave("mail", 0, 2), Wave("sms", 9, 3)), _one(0.010), 0.0, planted="no holdout",
    ),
    Template(
        "a1c-2026-co", "A1C test 2026, Commercial", "a1c", CO, 85, 0.035,
        (Wave("email", 0, 3), Wave("sms", 10, 3), Wave("email", 30, 3, 0.8)), _one(0.010), 0.20,
    ),
    Template(
        "wellchild-fall-2026", "Well-child visit, autumn 2026", "wellchild", MD, 39, 0.05,
        (Wave("email", 0, 3), Wave("push", 8, 2), Wave("sms", 25, 3)), _one(0.005), 0.20,
    ),
    Template(
        "colorectal-fall-2026", "Colorectal kit, autumn 2026", "colorectal", MA, 21, 0.07,
        (Wave("email", 0, 3), Wave("mail", 7, 2), Wave("sms", 18, 2)), _one(0.012), 0.20,
    ),
)  # fmt: skip
