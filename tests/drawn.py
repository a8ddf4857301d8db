"""What components say, read from what a browser is sent."""

from __future__ import annotations

import json

from plotly.utils import PlotlyJSONEncoder


def words(part: object) -> str:
    """Everything that components say, as one text."""
    return json.dumps(part, cls=PlotlyJSONEncoder, ensure_ascii=False)


def compact(part: object) -> str:
    """The same without spaces between its parts, as it is sent."""
    return json.dumps(part, cls=PlotlyJSONEncoder, ensure_ascii=False, separators=(",", ":"))
