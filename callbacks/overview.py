"""The Overview's wires."""

from __future__ import annotations

from pages.overview import PAGE
from ui.wires import Wires

wires = Wires(PAGE)
