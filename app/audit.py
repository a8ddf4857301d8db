"""The start-up audit: every page, callback and route that could be reached past the permission table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from dash import Dash, _callback
from flask import Flask
from werkzeug.exceptions import HTTPException

from app.bodies import Spec
from config.permissions import Permission
from ui.page import Page

NO_PERMISSION = "no permission"
# What a callback may be beside plain, each a way around the guard: a job, a socket, wires made by an answer.
NOT_PLAIN = ("background", "websocket", "persistent", "dynamic_creator")
DEV_TOOLS = ("ui", "hot_reload", "serve_dev_bundles", "props_check")
HOOKS = ("setup", "layout", "routes", "error", "callback", "index", "custom_data", "dev_tools")
ADDRESSES = ("requests_pathname_prefix", "routes_pathname_prefix", "url_base_pathname")


def specs_of(dashboard: Dash) -> list[Spec]:
    """What Dash knows of each callback, with its outputs as ends: `several` where it answers a list."""
    known = {**_callback.GLOBAL_CALLBACK_MAP, **dashboard.callback_map}
    return [
        {**spec, **_outputs(known.get(spec["output"], {}).get("output"))}
        for spec in (*dashboard._callback_list, *_callback.GLOBAL_CALLBACK_LIST)
    ]


def _outputs(output: Any) -> Spec:
    several = isinstance(output, list | tuple)
    ends = output if several else [output]
    return {"several": several, "outputs": [one.to_dict() for one in ends if one is not None]}


def of_callbacks(
    specs: Sequence[Spec], dashboard: Dash, needed: Mapping[str, Collection[object]]
) -> Iterator[str]:
    """Callbacks without a permission, told twice, or not plain."""
    listed = [spec["output"] for spec in specs]
    outputs = {*listed, *dashboard.callback_map, *_callback.GLOBAL_CALLBACK_MAP}
    for name in sorted(outputs):
        if not all_permissions(needed.get(name, ())):
            yield f"callback {name} ({NO_PERMISSION})"
        if listed.count(name) > 1:
            yield f"callback {name} (recorded twice)"
    for spec in specs:
        yield from (f"callback {spec['output']} ({kind})" for kind in NOT_PLAIN if spec.get(kind))
    paths = {*dashboard.callback_api_paths, *_callback.GLOBAL_API_PATHS}
    yield from (f"route {path} (of a callback)" for path in sorted(paths))


def of_pages(pages: Sequence[Page], server: Flask, endpoints: Collection[str]) -> Iterator[str]:
    """Pages without a permission or a layout for each viewer, and those whose address is not theirs."""
    for page in pages:
        if not all_permissions([page.needs]):
            yield f"page {page.path} ({NO_PERMISSION})"
        layout: object = page.layout
        if not callable(layout):
            yield f"page {page.path} (its layout is no function)"
        if sum(other.path == page.path or other.name == page.name for other in pages) > 1:
            yield f"page {page.path} (another has its address or name)"
        if _endpoint(page.path, server) not in endpoints:
            yield f"page {page.path} (its address is a route's)"


def of_routes(server: Flask, listed: Collection[str]) -> Iterator[str]:
    for rule in server.url_map.iter_rules():
        if rule.endpoint not in listed:
            yield f"route {rule.rule} ({NO_PERMISSION})"


def of_dash(dashboard: Dash) -> Iterator[str]:
    """Doors of Dash itself that its own settings, the environment or another package have opened."""
    tools = dashboard._dev_tools
    yield from (f"Dash {name} (switched on)" for name in DEV_TOOLS if tools.get(name))
    config = dashboard.config
    yield from (f"Dash {name} (not /)" for name in ADDRESSES if config.get(name) not in (None, "/"))
    held = {
        "mcp": dashboard._enable_mcp,
        "websocket": dashboard._websocket_callbacks or dashboard.backend.websocket_capability,
        "pages": dashboard.use_pages,
        "pages meta": config.include_pages_meta,
        "validation layout": dashboard.validation_layout is not None,
        "assets from elsewhere": config.assets_external_path,
        "scripts from elsewhere": not config.serve_locally or config.external_scripts,
        "style sheets from elsewhere": config.external_stylesheets,
        "callbacks checked in the browser": not config.suppress_callback_exceptions,
        "background callbacks": dashboard._background_manager is not None,
        "health": config.health_endpoint is not None,
    }
    yield from (f"Dash {name} (switched on)" for name, on in held.items() if on)
    hooks = dashboard._hooks
    yield from (f"hook {name} (of another package)" for name in HOOKS if hooks.get_hooks(name))
    if hooks.hooks._clientside_callbacks or hooks.hooks._js_dist or hooks.hooks._css_dist:
        yield "hook for scripts or styles (of another package)"


def all_permissions(needs: Iterable[object]) -> bool:
    """Whether it names permissions, at least one, and nothing else."""
    named = list(needs)
    return bool(named) and all(isinstance(one, Permission) for one in named)


def _endpoint(path: str, server: Flask) -> str | None:
    try:
        return str(server.url_map.bind("").match(path)[0])
    except HTTPException:
        return None
