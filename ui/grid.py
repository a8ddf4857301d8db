"""A big table as AG Grid: sorted and searched on the server, its bundle fetched where a page shows one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dash_ag_grid as dag
from dash.development.base_component import Component
from dash.fingerprint import build_fingerprint

from data.answer import Released
from data.metrics import Metric
from ui.hints import MADE_OF, REASON, STATUS, hint
from ui.numbers import written
from ui.tables import face

LIBRARY = "dash_ag_grid"
BUNDLE = "dash_ag_grid.min.js"
EMPTY = (
    ["not available", "is-absent", "", "a", ""],
    ["withheld", "is-withheld", "", "w", ""],
    ["–", "is-nothing", "", "n", ""],
)  # assets/grid.js writes these out
PAGES_WITHOUT_IT = {"dynamic": True}  # Dash would load every component library on every page

for _resource in dag.AgGrid._js_dist:
    if _resource["relative_package_path"] == BUNDLE:
        _resource.update(PAGES_WITHOUT_IT)


@dataclass(frozen=True)
class Column:
    """One column: its field in the rows, its heading, how its cells are drawn (assets/grid.js), its width."""

    name: str
    label: str
    draws: str = "GridFigure"
    width: int = 112
    flex: int = 1
    first: str = "desc"


def bundle() -> str:
    """Address of the grid's script, which changes with its version."""
    path = Path(dag.__file__).parent / BUNDLE
    stamp = int(path.stat().st_mtime)
    name: str = build_fingerprint(f"{LIBRARY}/{BUNDLE}", dag.__version__, stamp)  # type: ignore[no-untyped-call]
    return f"/_dash-component-suites/{name}"


def grid(
    name: str,
    columns: Sequence[Column],
    sort: str,
    shown: Collection[str],
    pinned: Collection[str],
    choose: str,
) -> Component:
    """The grid without rows. `sort` is a column's name, with a minus where it falls.

    Rows come in the order they are shown in; a click on a heading only says which order is wanted.
    `choose` says what rows are ticked for.
    """
    made: Component = dag.AgGrid(
        id=name,
        className="grid",
        rowData=[],
        columnDefs=[_column(one, sort, shown, pinned) for one in columns],
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "suppressHeaderMenuButton": True,
            "wrapHeaderText": True,
            "autoHeaderHeight": True,
            "cellDataType": False,
            "comparator": {"function": "asItCame"},
        },
        getRowId="params.data.id",
        dashGridOptions={
            "domLayout": "autoHeight",
            "ensureDomOrder": True,
            "rowHeight": 52,
            "suppressCellFocus": False,
            "suppressDragLeaveHidesColumns": True,
            "suppressColumnVirtualisation": True,
            "animateRows": False,
            "rowSelection": {
                "mode": "multiRow",
                "headerCheckbox": False,
                "enableClickSelection": False,
            },
            "selectionColumnDef": {"headerName": choose, "width": 44, "pinned": "left"},
            "localeText": {"noRowsToShow": "Nothing here yet: still loading, or nothing fits this search."},
        },
    )
    return made


def figure(value: Released, metric: Metric, *, so_far: bool = False, marked: str = "") -> list[str] | str:
    """A cell: what is written, its face as a class, then what its hint says; trailing empties are left out.

    One that says no more than why it is empty is a letter. `marked` says what the value leaves out.
    """
    later = "so-far" if so_far and value.shown else ""
    part = "part-of" if marked and value.shown else ""
    css = " ".join(one for one in (face(value), later, part) if one)
    words = written(value, metric)
    told = hint(value, metric, words)
    reason = " ".join(one for one in (told.get(REASON, ""), marked if part else "") if one)
    found = [words, css, told.get(MADE_OF, ""), told.get(STATUS, ""), reason]
    return found[3] if found in EMPTY else _short(found)


def _short(parts: list[str]) -> list[str]:
    while len(parts) > 1 and not parts[-1]:
        parts = parts[:-1]
    return parts


def _column(column: Column, sort: str, shown: Collection[str], pinned: Collection[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "field": column.name,
        "headerName": column.label,
        "cellRenderer": column.draws,
        "minWidth": column.width,
        "flex": column.flex,
        "sortingOrder": ["desc", "asc"] if column.first == "desc" else ["asc", "desc"],
    }
    if sort.removeprefix("-") == column.name:
        found["sort"] = "desc" if sort.startswith("-") else "asc"
    if column.name not in shown:
        found["hide"] = True
    if column.name in pinned:
        found["pinned"] = "left"
    if column.draws in ("GridFigure", "GridRange"):
        found |= {"headerClass": "ag-right-aligned-header", "cellClass": "number"}
    return found
