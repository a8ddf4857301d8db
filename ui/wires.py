"""Callbacks recorded beside their page, attached by the factory: the page's permission guards each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from dash import ClientsideFunction, Dash

from config.permissions import Permission
from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Viewer
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


@dataclass(frozen=True)
class Wires:
    """The callbacks of one page."""

    page: Page
    recorded: list[Wire] = field(default_factory=list)

    def callback(
        self,
        *ends: Any,
        needs: Permission | None = None,
        store: bool = False,
        settings: bool = False,
        **options: Any,
    ) -> Callable[[Function], Function]:
        """Record `function(viewer, cubes, *values)`; it stays the plain function it is.

        `ends` and `options` are those of `dash.callback`. `needs` is asked for beside the page's permission,
        where a wire does more than its page, as a download does. With `store` the function is
        `function(viewer, cubes, store, *values)`, where people's edits and notes are kept; with `settings`
        those of the app come next.
        """
        if options.get("background"):
            raise ValueError(
                "Background callbacks may give one user another user's result: keep a job row instead."
            )

        def record(function: Function) -> Function:
            self.recorded.append(Wire(function, ends, options, needs or self.page.needs, store, settings))
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
    ) -> dict[str, frozenset[Permission]]:
        """Attach what was recorded to an app; returns the permissions that each callback's output needs."""
        needed: dict[str, frozenset[Permission]] = {}
        for wire in self.recorded:
            known = len(dashboard._callback_list)
            if callable(wire.function):
                more = (*((store,) if wire.store else ()), *((settings,) if wire.settings else ()))
                dashboard.callback(*wire.ends, **wire.options)(_asked(wire.function, asker, more))
            else:
                dashboard.clientside_callback(  # type: ignore[no-untyped-call]
                    wire.function, *wire.ends, **wire.options
                )
            needs = frozenset({self.page.needs, wire.needs})
            needed |= {spec["output"]: needs for spec in dashboard._callback_list[known:]}
        return needed


def _asked(function: Callable[..., Any], asker: Asker, more: tuple[Any, ...]) -> Callable[..., Any]:
    @wraps(function)
    def wired(*values: Any) -> Any:
        return function(*asker(), *more, *values)

    return wired
