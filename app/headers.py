"""Headers of every answer: the content policy, no store outside static files, no doors for other sites."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, request

from api import definitions
from api.v1.routes import KEPT, PREFIX
from app.guard import STATIC
from app.transport import HSTS

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def policy(script_hashes: Sequence[str]) -> str:
    """The content policy: this server alone, and the inline scripts with these hashes (already quoted)."""
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self'", *script_hashes]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        ]
    )


def install(server: Flask, script_hashes: Sequence[str]) -> None:
    """Send the headers with every answer of the server; call it when all callbacks are attached."""
    sent = {**HEADERS, "Content-Security-Policy": policy(script_hashes)}
    if server.config["REACHBOARD_TLS"]:
        sent["Strict-Transport-Security"] = HSTS

    def send(response: Response) -> Response:
        for name, value in sent.items():
            response.headers[name] = value
        if not _may_be_kept(response):
            response.headers["Cache-Control"] = "no-store"
        return response

    server.after_request(send)


def _may_be_kept(response: Response) -> bool:
    """Static files, the words of the metrics, which hold no figure, and answers that are asked for again."""
    if response.status_code >= 400:
        return False
    endpoint, control = request.endpoint or "", response.headers.get("Cache-Control")
    words = endpoint == definitions.ENDPOINT and control == definitions.KEPT
    return endpoint in STATIC or words or (endpoint.startswith(PREFIX) and control == KEPT)
