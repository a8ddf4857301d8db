"""Static files: open to all, so that nothing else may lie there or be reached through them."""

from __future__ import annotations

import pytest
from flask import Flask

from app.files import ASSETS
from config.permissions import Role
from tests.asking import signed_in

TRICKS = (
    "../app/factory.py", "..%2f..%2fpyproject.toml", "%2e%2e/pyproject.toml", "....//pyproject.toml",
    "..\\app\\guard.py", "/etc/passwd", "//etc/passwd", "fonts/../../pyproject.toml", "20-frame.css%00.py",
    ".", "..", "", "refresh.py/../../app/guard.py", "%252e%252e/pyproject.toml", "C:/windows/win.ini",
    "fonts", "licences", "refresh.py", "vendor.toml", "plotly/plotly-cartesian.min.js.br",
)  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize(
    "folder",
    [
        "assets",
        "_dash-component-suites/dash",
        "_dash-component-suites/plotly",
        "_dash-component-suites/app",
        "_dash-component-suites/os",
    ],
)
def test_no_path_leads_out_of_the_static_folders(server: Flask, folder: str, trick: str) -> None:
    for client in (server.test_client(), signed_in(server, Role.ADMINISTRATOR)):
        with client.get(f"/{folder}/{trick}") as answer:
            assert answer.status_code in (303, 308, 404), answer.status_code
            assert b"reachboard" not in answer.data.lower() or answer.status_code != 200
            assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "package", ["flask", "app", "config", "os", "dash", "plotly", "dash_ag_grid", "..", "__main__"]
)
@pytest.mark.parametrize(
    "file", ["__init__.py", "dash.py", "settings.py", "package-info.json", "metadata.json", "guard.py"]
)
def test_component_suites_give_scripts_and_styles_alone(server: Flask, package: str, file: str) -> None:
    with server.test_client().get(f"/_dash-component-suites/{package}/{file}") as answer:
        assert answer.status_code in (303, 404)


def test_only_what_a_browser_needs_lies_in_the_open_folder(server: Flask) -> None:
    """The folder of assets is open to all: no source or list of ours is served from it."""
    client = server.test_client()
    for path in sorted(ASSETS.rglob("*")):
        if path.is_file() and path.suffix in (".py", ".toml"):
            with client.get(f"/assets/{path.relative_to(ASSETS)}") as answer:
                assert answer.status_code == 404, path.name
