"""The server for any WSGI host: `gunicorn app.wsgi:server`. Never preload: the lake opens after the fork."""

from __future__ import annotations

import logging

from app.factory import create_app
from app.process import begin
from config.settings import get_settings

logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
server = create_app(get_settings())
begin(server, get_settings())
