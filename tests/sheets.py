"""An answer as the text of its CSV, by the way that every download takes."""

from __future__ import annotations

from data.answer import Answer
from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from exports.formats import Written, pieces
from exports.tables import of_answer


def text(answer: Answer, filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    sheet = of_answer("test", "answer", "An answer", answer, filters, viewer, cubes)
    return b"".join(pieces(sheet, "csv", Written())).decode()
