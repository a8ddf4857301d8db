"""The server for any WSGI host: `gunicorn app.wsgi:server`. Never preload: the lake opens after the fork."""

from __future__ import annotations

from app import logs
from app.factory import create_app
from app.process import begin
from config.settings import get_settings

logs.set_up(get_settings().production)
server = create_app(get_settings())
begin(server, get_settings())
