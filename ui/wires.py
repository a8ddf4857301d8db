"""Callbacks recorded beside their page, attached by the factory: the page's permission guards each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from dash import ClientsideFunction, Dash, Input, State

from config.permissions import Permission
from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Viewer
from state.desk import Desk
from state.store import Store
from ui.page import Page

Function = TypeVar("Function", bound=Callable[..., Any])
Asker = Callable[[], tuple[Viewer, Cubes]]


@dataclass(frozen=True)
class Wire:
    """One recorded callback. `function` is Python, or JavaScript as text or by name."""

    function: Callable[..., Any] | ClientsideFunction | str
    ends: tuple[Any, ...]
    options: dict[str, Any]
    needs: Permission
    store: bool = False
    settings: bool = False
    desk: bool = False


@dataclass(frozen=True)
class Looked:
    """What somebody looks at below the whole portfolio: canonical filters, the same in words, campaigns."""

    filters: str
    words: str
    campaigns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Watch:
    """By what a page's state is known, for the ledger: the ids whose `data` or `value` names it.

    `parts` name less than all of it, as a campaign without its filters. `told` reads what a browser sent, as
    the page does; None is the whole portfolio, or nothing, and is not written down.
    """

    states: tuple[str, ...]
    told: Callable[[object, Viewer, Cubes], Looked | None]
    parts: tuple[str, ...] = ()


Seen = Callable[[Page, Watch, bool, object, Viewer, Cubes], None]


@dataclass(frozen=True)
class Wires:
    """The callbacks of one page; `watch` says what of them is written into the ledger."""

    page: Page
    recorded: list[Wire] = field(default_factory=list)
    watch: Watch | None = None

    def callback(
        self,
        *ends: Any,
        needs: Permission | None = None,
        store: bool = False,
        settings: bool = False,
        desk: bool = False,
        **options: Any,
    ) -> Callable[[Function], Function]:
        """Record `function(viewer, cubes, *values)`; it stays the plain function it is.

        `ends` and `options` are those of `dash.callback`. `needs` is asked for beside the page's permission,
        where a wire does more than its page, as a download does. With `store` the function is
        `function(viewer, cubes, store, *values)`, where people's edits and notes are kept; with `settings`
        those of the app come next, and with `desk` what takes files in.
        """
        if options.get("background"):
            raise ValueError(
                "Background callbacks may give one user another user's result: keep a job row instead."
            )

        def record(function: Function) -> Function:
            self.recorded.append(
                Wire(function, ends, options, needs or self.page.needs, store, settings, desk)
            )
            return function

        return record

    def clientside(self, function: ClientsideFunction | str, *ends: Any, **options: Any) -> None:
        """Record a callback that runs in the browser."""
        self.recorded.append(Wire(function, ends, options, self.page.needs))

    def attach(
        self,
        dashboard: Dash,
        asker: Asker,
        store: Store | None = None,
        settings: Settings | None = None,
        desk: Desk | None = None,
        seen: Seen | None = None,
    ) -> dict[str, frozenset[Permission]]:
        """Attach what was recorded to an app; returns the permissions that each callback's output needs.

        `seen` is told of each state of the page that somebody asks for, before it is answered.
        """
        needed: dict[str, frozenset[Permission]] = {}
        for wire in self.recorded:
            known = len(dashboard._callback_list)
            if callable(wire.function):
                given = ((wire.store, store), (wire.settings, settings), (wire.desk, desk))
                more = tuple(one for wanted, one in given if wanted)
                asked = _asked(wire.function, self._watched(wire, asker, seen), more)
                dashboard.callback(*wire.ends, **wire.options)(asked)
            else:
                dashboard.clientside_callback(  # type: ignore[no-untyped-call]
                    wire.function, *wire.ends, **wire.options
                )
            needs = frozenset({self.page.needs, wire.needs})
            needed |= {spec["output"]: needs for spec in dashboard._callback_list[known:]}
        return needed

    def _watched(self, wire: Wire, asker: Asker, seen: Seen | None) -> Callable[..., tuple[Viewer, Cubes]]:
        """Who asks, told to the ledger where a callback's values name a state of the page."""
        found = None if self.watch is None or seen is None else _place(wire, self.watch)
        if found is None:
            return lambda _values: asker()
        (at, part), watch, tell = found, self.watch, seen

        def asking(values: Sequence[Any]) -> tuple[Viewer, Cubes]:
            viewer, cubes = asker()
            if at < len(values):
                tell(self.page, watch, part, values[at], viewer, cubes)  # type: ignore[misc, arg-type]
            return viewer, cubes

        return asking


def _place(wire: Wire, watch: Watch) -> tuple[int, bool] | None:
    """Which of a callback's values names the state, and whether a part of it: inputs come before states."""
    ends = [one for kind in (Input, State) for one in wire.ends if isinstance(one, kind)]
    for part, names in ((False, watch.states), (True, watch.parts)):
        for at, end in enumerate(ends):
            if isinstance(end.component_id, str) and end.component_id in names:
                return at, part
    return None


def _asked(
    function: Callable[..., Any],
    asking: Callable[[Sequence[Any]], tuple[Viewer, Cubes]],
    more: tuple[Any, ...],
) -> Callable[..., Any]:
    @wraps(function)
    def wired(*values: Any) -> Any:
        return function(*asking(values), *more, *values)

    return wired
