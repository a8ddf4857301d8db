"""Dash's HTML elements, made and written ten times as fast: a page is made of many hundreds of them."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from dash import html as dash_html
from dash.development.base_component import Component, ComponentMeta

from ui.aria import Children

Element = TypeVar("Element", bound=Component)
WILD = ("data-", "aria-")


class _Quick:
    """What an element is given is kept as it is, and is what is written; only unknown names are refused."""

    children: Children = None
    _known: ClassVar[frozenset[str]]
    _type: ClassVar[str]
    _namespace: ClassVar[str]

    def __init__(self, children: Children = None, **props: Any) -> None:
        if not props.keys() <= self._known:
            self._refuse(props)
        if children is not None:
            self.children = children
        self.__dict__.update(props)

    def to_plotly_json(self) -> dict[str, Any]:
        return {"props": self.__dict__, "type": self._type, "namespace": self._namespace}

    def _refuse(self, props: dict[str, Any]) -> None:
        unknown = [name for name in props.keys() - self._known if not name.startswith(WILD)]
        if unknown:
            raise TypeError(f"{self._type} has no property {unknown[0]!r}; it has {sorted(self._known)}.")


def _quick(of: type[Element]) -> type[Element]:
    """The same element, and a kind of it, without Dash's checks of every property of every element."""
    plain: Any = of()
    own = {
        "__module__": of.__module__,
        "_namespace": plain._namespace,
        "_prop_names": plain._prop_names,
        "_valid_wildcard_attributes": list(WILD),
        "_known": frozenset(plain._prop_names),
    }
    made: Any = ComponentMeta(of.__name__, (_Quick, of), own)  # type: ignore[no-untyped-call]
    return made  # type: ignore[no-any-return]


A = _quick(dash_html.A)
Article = _quick(dash_html.Article)
Br = _quick(dash_html.Br)
Button = _quick(dash_html.Button)
Caption = _quick(dash_html.Caption)
Code = _quick(dash_html.Code)
Datalist = _quick(dash_html.Datalist)
Dd = _quick(dash_html.Dd)
Del = _quick(dash_html.Del)
Details = _quick(dash_html.Details)
Dialog = _quick(dash_html.Dialog)
Div = _quick(dash_html.Div)
Dl = _quick(dash_html.Dl)
Dt = _quick(dash_html.Dt)
Fieldset = _quick(dash_html.Fieldset)
Footer = _quick(dash_html.Footer)
Form = _quick(dash_html.Form)
H1 = _quick(dash_html.H1)
H2 = _quick(dash_html.H2)
H3 = _quick(dash_html.H3)
Header = _quick(dash_html.Header)
Ins = _quick(dash_html.Ins)
Label = _quick(dash_html.Label)
Legend = _quick(dash_html.Legend)
Li = _quick(dash_html.Li)
Main = _quick(dash_html.Main)
Nav = _quick(dash_html.Nav)
Ol = _quick(dash_html.Ol)
Option = _quick(dash_html.Option)
P = _quick(dash_html.P)
Progress = _quick(dash_html.Progress)
Section = _quick(dash_html.Section)
Small = _quick(dash_html.Small)
Span = _quick(dash_html.Span)
Strong = _quick(dash_html.Strong)
Summary = _quick(dash_html.Summary)
Table = _quick(dash_html.Table)
Tbody = _quick(dash_html.Tbody)
Td = _quick(dash_html.Td)
Th = _quick(dash_html.Th)
Thead = _quick(dash_html.Thead)
Tr = _quick(dash_html.Tr)
Ul = _quick(dash_html.Ul)
