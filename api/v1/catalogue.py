"""What can be asked: the metrics with their definitions, and the dimensions with their values."""

from __future__ import annotations

from typing import Any

from flask import request

from api.v1 import bodies
from api.v1.parameters import Parameters
from data.cubes import Cubes
from data.dimensions import DIMENSIONS, Dimension, attribute
from data.filters import ATTRIBUTE, LISTS, attributes, choices
from data.metrics import METRICS, Metric
from data.viewer import Viewer
from data.words import BETTER, GROUPS, UNITS, adds_up, group_of


def metrics(_viewer: Viewer, cubes: Cubes) -> dict[str, Any]:
    """`GET /api/v1/metrics-catalogue`: every metric, as the Definitions page has it."""
    Parameters(request.args, (), attributed=False)
    return {**bodies.stamp(cubes.snapshot), "metrics": [_metric(one) for one in METRICS.values()]}


def _metric(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "label": metric.label,
        "meaning": metric.meaning,
        "formula": metric.formula,
        "group": GROUPS[group_of(metric)],
        "unit": metric.unit,
        "unit_label": UNITS[metric.unit],
        "shape": metric.shape,
        "numerator": metric.numerator,
        "denominator": metric.denominator or None,
        "additive": metric.additive,
        "adds_up": adds_up(metric),
        "better": metric.better,
        "better_label": BETTER[metric.better],
        "weak": metric.weak,
        "sensitivity": metric.sensitivity,
        "version": metric.version,
    }


def dimensions(viewer: Viewer, cubes: Cubes) -> dict[str, Any]:
    """`GET /api/v1/dimensions`: what to group and filter by, with the values in the viewer's scope."""
    Parameters(request.args, (), attributed=False)
    found = [*DIMENSIONS.values(), *(attribute(name) for name in attributes(cubes, viewer))]
    return {
        **bodies.stamp(cubes.snapshot),
        "dimensions": [_dimension(one, viewer, cubes) for one in found],
    }


def _dimension(dimension: Dimension, viewer: Viewer, cubes: Cubes) -> dict[str, Any]:
    if dimension.kind == "attribute":
        filtered: str | None = ATTRIBUTE + dimension.name
    else:
        filtered = dimension.name if dimension.name in LISTS else None
    return {
        "name": dimension.name,
        "label": dimension.label,
        "kind": dimension.kind,
        "meaning": dimension.meaning,
        "filter": filtered,
        "values": choices(dimension.name, cubes, viewer) if filtered else None,
    }
