"""A plan with groups that are too small by far, of sizes that occur nowhere else.

613 live in a region and 619 click. The threshold is a thousand, so that a small group has a size that no
date, width or version has.
"""

from __future__ import annotations

from datetime import timedelta

from tests.worlds import START, Row, World, email_of, settled

THRESHOLD = 1_000
REGIONS = {"north": 613, "south": 2_111, "east": 1_787}
CLICKED = 619
SUNG = (613, 619, 4_511 - 613, 4_511 - 619)
CAMPAIGN = "canary-1"


def canary(moved: int = 0) -> World:
    """The plan; with `moved`, so many others in the south clicked instead of as many in the north."""
    people = [f"M{n:05d}" for n in range(sum(REGIONS.values()))]
    plan = World([CAMPAIGN], people)
    places = [region for region, size in REGIONS.items() for _ in range(size)]
    clicked = {(n * 7) % len(people) for n in range(CLICKED)}
    swapped = [n for n in sorted(clicked) if places[n] == "north"][:moved]
    others = [n for n, place in enumerate(places) if place == "south" and n not in clicked][:moved]
    clicked = (clicked - set(swapped)) | set(others)
    for number, (member, region) in enumerate(zip(people, places, strict=True)):
        plan.add(
            "members", member=member, as_of="2026-01-01", email=email_of(member), phone="", region=region,
            segment="new" if number % 2 else "loyal",
        )  # fmt: skip
        when = START + timedelta(days=number % 3, hours=5)
        for event in ("sent", "delivered", *(("clicked",) if number in clicked else ())):
            plan.add("mailer", **_mail(number, member, event, when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")))
    plan.add(
        "records", id=CAMPAIGN, name="Of canaries", program="Song", line="Birds", outcome="", window="",
        lag="", costs="email=0.002",
    )  # fmt: skip
    return settled(plan)


def _mail(number: int, member: str, event: str, at: str) -> Row:
    return {
        "id": f"{number}-{event}", "event": event, "at": at, "machine": "no", "detail": "",
        "msg": f"mail-{number}", "to": email_of(member), "campaign": CAMPAIGN, "wave": "w1", "variant": "A",
    }  # fmt: skip
