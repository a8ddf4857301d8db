"""Dash's HTML elements, made and written ten times as fast: a page is made of many hundreds of them."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from dash import html as dash_html
from dash.development.base_component import Component, ComponentMeta

from ui.aria import Children

Element = TypeVar("Element", bound=Component)
WILD = ("data-", "aria-")
# The names of Dash's libraries in an answer, which holds them hundreds of times; assets/frame.js knows them.
SHORT = {"dash_html_components": "h", "dash_core_components": "d", "dash_bootstrap_components": "b"}


class _Quick:
    """What an element is given is kept as it is, and is what is written; only unknown names are refused."""

    children: Children = None
    _known: ClassVar[frozenset[str]]
    _type: ClassVar[str]
    _library: ClassVar[str]

    def __init__(self, children: Children = None, **props: Any) -> None:
        if not props.keys() <= self._known:
            self._refuse(props)
        if children is not None:
            self.children = children
        self.__dict__.update(props)

    def to_plotly_json(self) -> dict[str, Any]:
        return {"props": self.__dict__, "type": self._type, "namespace": self._library}

    def _refuse(self, props: dict[str, Any]) -> None:
        unknown = [name for name in props if name not in self._known and not name.startswith(WILD)]
        if unknown:
            raise TypeError(f"{self._type} has no property {unknown[0]!r}; it has {sorted(self._known)}.")


def quick(of: type[Element]) -> type[Element]:
    """The same element, and a kind of it, without Dash's checks of every property of every element."""
    plain: Any = of(id="any")
    own = {
        "__module__": of.__module__,
        "_namespace": plain._namespace,
        "_prop_names": plain._prop_names,
        "_valid_wildcard_attributes": list(WILD),
        "_known": frozenset(plain._prop_names),
        "_library": SHORT[plain._namespace],
    }
    made: Any = ComponentMeta(of.__name__, (_Quick, of), own)  # type: ignore[no-untyped-call]
    return made  # type: ignore[no-any-return]


A = quick(dash_html.A)
Article = quick(dash_html.Article)
Br = quick(dash_html.Br)
Button = quick(dash_html.Button)
Caption = quick(dash_html.Caption)
Code = quick(dash_html.Code)
Datalist = quick(dash_html.Datalist)
Dd = quick(dash_html.Dd)
Del = quick(dash_html.Del)
Details = quick(dash_html.Details)
Dialog = quick(dash_html.Dialog)
Div = quick(dash_html.Div)
Dl = quick(dash_html.Dl)
Dt = quick(dash_html.Dt)
Fieldset = quick(dash_html.Fieldset)
Footer = quick(dash_html.Footer)
Form = quick(dash_html.Form)
H1 = quick(dash_html.H1)
H2 = quick(dash_html.H2)
H3 = quick(dash_html.H3)
Header = quick(dash_html.Header)
Ins = quick(dash_html.Ins)
Label = quick(dash_html.Label)
Legend = quick(dash_html.Legend)
Li = quick(dash_html.Li)
Main = quick(dash_html.Main)
Nav = quick(dash_html.Nav)
Ol = quick(dash_html.Ol)
Option = quick(dash_html.Option)
P = quick(dash_html.P)
Pre = quick(dash_html.Pre)
Progress = quick(dash_html.Progress)
Section = quick(dash_html.Section)
Small = quick(dash_html.Small)
Span = quick(dash_html.Span)
Strong = quick(dash_html.Strong)
Summary = quick(dash_html.Summary)
Table = quick(dash_html.Table)
Tbody = quick(dash_html.Tbody)
Td = quick(dash_html.Td)
Th = quick(dash_html.Th)
Thead = quick(dash_html.Thead)
Tr = quick(dash_html.Tr)
Ul = quick(dash_html.Ul)
