"""What has happened today so far, for other systems: the live counts that the pages show."""

from __future__ import annotations

from typing import Any

from flask import request

from api.v1 import bodies
from api.v1.parameters import Parameters
from data.cubes import Cubes
from data.live import now
from data.viewer import Viewer


def live(viewer: Viewer, cubes: Cubes) -> dict[str, Any]:
    """`GET /api/v1/live`: messages that reached a stage today, by campaign and channel."""
    Parameters(request.args, (), attributed=False)
    found = now(viewer, cubes)
    return {
        **bodies.stamp(cubes.snapshot),
        "day": bodies.day(found.day or None),
        "as_of": bodies.moment(found.as_of_us or None),
        "counts": [
            {
                "campaign": one.campaign or None,
                "channel": one.channel or None,
                "stage": one.stage,
                "messages": one.told,
                "last_5_minutes": one.told - one.before,
                "moved_at": bodies.moment(one.moved_us or None),
            }
            for one in found.cells
        ],
    }


def as_of(viewer: Viewer, cubes: Cubes) -> int:
    """What an answer depends on beside the snapshot."""
    return now(viewer, cubes).as_of_us
