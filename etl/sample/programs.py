"""The programs of the sample: whom each is for, the outcome it wants, and what its messages say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from etl.sample.people import People

Pool = Callable[[People], np.ndarray]


@dataclass(frozen=True)
class Program:
    """A program: its outcome (file, code, base rate, window and lag in days), value, texts per channel."""

    name: str
    audience: str
    pool: Pool
    outcome: str
    file: str
    code: str
    base_rate: float
    window_days: int
    lag_days: int
    lag_median: float
    value: float
    purpose: str
    texts: dict[str, tuple[str, str]]


PROGRAMS: dict[str, Program] = {
    "a1c": Program(
        name="A1C test",
        audience="Members with diabetes and no HbA1c result this year",
        pool=lambda people: people.diabetic,
        outcome="a1c_test",
        file="labs",
        code="4548-4",
        base_rate=0.080,
        window_days=90,
        lag_days=14,
        lag_median=3.0,
        value=62.0,
        purpose="Close a care gap: HbA1c test",
        texts={
            "email": (
                "Your HbA1c test is due. It takes five minutes and costs you nothing.",
                "Book your free HbA1c test at a lab near you: choose a time now.",
            ),
            "sms": (
                "Your plan: your A1C test is due. Call us or reply YES for help. Reply STOP to end.",
                "Your plan: we can book your free A1C test. Reply YES and we call you. Reply STOP to end.",
            ),
            "push": ("Your A1C test is due", "Two taps to book your A1C test"),
            "phone": ("Reminder script: A1C test is due", "Booking script: offer three times for the test"),
            "mail": ("Letter: your A1C test is due", "Letter with lab voucher for your A1C test"),
        },
    ),
    "flu": Program(
        name="Flu shot",
        audience="All members from six months of age",
        pool=lambda people: people.age >= 1,
        outcome="flu_shot",
        file="claims",
        code="90686",
        base_rate=0.130,
        window_days=90,
        lag_days=60,
        lag_median=18.0,
        value=21.0,
        purpose="Prevention: seasonal influenza vaccination",
        texts={
            "email": (
                "Flu season is here. Your flu shot is free at any pharmacy of the plan.",
                "A flu shot is reserved for you: find the nearest pharmacy and walk in.",
            ),
            "sms": (
                "Your plan: get your free flu shot this week. Reply STOP to end.",
                "Your plan: a flu shot is reserved for you. Reply YES for a pharmacy. Reply STOP to end.",
            ),
            "push": ("Your free flu shot is waiting", "Find a flu shot within a mile"),
            "phone": ("Reminder script: free flu shot", "Question script: what keeps you from a flu shot?"),
            "mail": ("Postcard: free flu shot near you", "Letter: a flu shot is reserved for you"),
        },
    ),
    "mammogram": Program(
        name="Mammogram",
        audience="Women aged 50 to 74 without a mammogram in 27 months",
        pool=lambda people: people.female & (people.age >= 50) & (people.age < 75),
        outcome="mammogram",
        file="claims",
        code="77067",
        base_rate=0.100,
        window_days=90,
        lag_days=60,
        lag_median=21.0,
        value=96.0,
        purpose="Close a care gap: breast cancer screening",
        texts={
            "email": (
                "It is time for your mammogram. Your plan pays for all of it.",
                "Choose a time for your mammogram: Saturdays and evenings are open.",
            ),
            "sms": (
                "Your plan: your mammogram is due and free. Reply STOP to end.",
                "Your plan: we hold a mammogram time for you. Reply YES to book. Reply STOP to end.",
            ),
            "push": ("Your mammogram is due", "Book your mammogram in the app"),
            "phone": ("Reminder script: mammogram is due", "Booking script: mammogram by three-way call"),
            "mail": ("Letter: your mammogram is due", "Letter from your doctor: your mammogram is due"),
        },
    ),
    "colorectal": Program(
        name="Colorectal kit",
        audience="Members aged 45 to 75 without a colorectal screening",
        pool=lambda people: (people.age >= 45) & (people.age <= 75),
        outcome="fit_kit_returned",
        file="labs",
        code="29771-3",
        base_rate=0.070,
        window_days=60,
        lag_days=14,
        lag_median=4.0,
        value=85.0,
        purpose="Close a care gap: colorectal cancer screening",
        texts={
            "email": (
                "A screening kit for your home: free, private, done in minutes.",
                "Your kit is packed. Confirm your address and we send it today.",
            ),
            "sms": (
                "Your plan: your home screening kit is on its way. Reply STOP to end.",
                "Your plan: return your kit this week with the paid label. Reply HELP for help, STOP to end.",
            ),
            "push": ("Your screening kit is on its way", "Three steps to return your kit"),
            "phone": ("Reminder script: return the kit", "Help script: how the kit works"),
            "mail": ("Kit with instructions", "Kit with instructions and a paid return label"),
        },
    ),
    "wellchild": Program(
        name="Well-child visit",
        audience="Children and adolescents without a well-child visit this year",
        pool=lambda people: people.age < 18,
        outcome="well_child_visit",
        file="claims",
        code="99393",
        base_rate=0.120,
        window_days=90,
        lag_days=60,
        lag_median=20.0,
        value=48.0,
        purpose="Close a care gap: well-child visit",
        texts={
            "email": (
                "Your child's yearly check-up is due.",
                "Book your child's check-up and bring your questions.",
            ),
            "sms": (
                "Your plan: your child's check-up is due. Reply STOP to end.",
                "Your plan: book your child's check-up. Reply YES and we call you. Reply STOP to end.",
            ),
            "push": ("Your child's check-up is due", "Book the check-up in the app"),
            "phone": ("Reminder script: well-child visit", "Booking script: well-child visit"),
            "mail": ("Postcard: check-up is due", "Letter with vaccination card"),
        },
    ),
    "refill": Program(
        name="Medication refill",
        audience="Members with a maintenance drug about to run out",
        pool=lambda people: people.on_refills,
        outcome="refill",
        file="pharmacy",
        code="fill",
        base_rate=0.140,
        window_days=30,
        lag_days=7,
        lag_median=1.0,
        value=14.0,
        purpose="Medication adherence: refill in time",
        texts={
            "email": (
                "Your medicine runs out soon. Refill it in one click.",
                "Never run out: switch to a 90-day supply by mail.",
            ),
            "sms": (
                "Your plan: your medicine runs out in 7 days. Call your pharmacy. Reply STOP to end.",
                "Your plan: reply YES and your pharmacy prepares your refill. Reply STOP to end.",
            ),
            "push": ("Time to refill", "Refill with one tap"),
            "phone": ("Reminder script: refill", "Pharmacist script: questions on the medicine"),
            "mail": ("Postcard: refill reminder", "Letter: 90-day supply by mail"),
        },
    ),
}
