"""Webhooks: `POST /api/v1/webhooks/NAME` takes what a vendor reports, after it has proved itself."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass

from flask import Flask, Response, request

from api.collector import LARGEST_BODY, Collector, keep, later
from api.v1 import problems
from api.v1.problems import Problem
from collect.hooks import Hook, Hooks, HookWrong
from collect.webhooks.payload import Request, Unreadable
from collect.webhooks.signatures import Unverified

WEBHOOK = "api.webhook"
log = logging.getLogger("reachboard.webhooks")


@dataclass(frozen=True)
class Webhooks:
    """What the endpoint works with. `public_url`: where vendors post to, as they sign it; empty: as asked."""

    hooks: Hooks
    collector: Collector
    public_url: str

    def post(self, name: str) -> Response:
        try:
            return self._taken(name)
        except Problem as problem:
            return problems.answer(problem)

    def _taken(self, name: str) -> Response:
        request.max_content_length = LARGEST_BODY
        hook = self._hook(name)
        if hook is None:
            raise Problem("not-found", "There is no such webhook.")
        posted = Request(request.get_data(cache=False), dict(request.headers), self._url())
        try:
            hook.verify(posted)
            said = hook.read(posted)
        except Unverified:
            raise Problem("sign-in-first", "Not verified.") from None
        except Unreadable as problem:
            log.warning("The webhook %s could not read a body: %s.", name, problem)
            raise Problem("bad-request", "The body cannot be read.") from None
        except OSError as problem:
            log.error(
                "The webhook %s cannot verify (%s): see its certificates.", name, type(problem).__name__
            )
            raise later("The sender cannot be verified now.") from None
        if said.confirm:
            log.warning(
                "The webhook %s waits to be confirmed: an administrator opens %s.", name, said.confirm
            )
        taken = self.collector.door.take(hook.source, said.events)
        taken.record.not_kept.update(said.passed_over)
        keep(taken, self.collector)
        told = {
            "accepted": taken.kept,
            "passed_over": sum(taken.record.not_kept.values()),
            "refused": len(taken.refused),
        }
        return Response(json.dumps(told), 202, content_type="application/json")

    def _hook(self, name: str) -> Hook | None:
        try:
            return self.hooks.find(name)
        except HookWrong as problem:
            log.error("A webhook cannot work: %s", problem)
            raise later("The webhook is not set up.") from None

    def _url(self) -> str:
        if not self.public_url:
            return request.url
        return self.public_url.rstrip("/") + request.full_path.rstrip("?")


def install(server: Flask, webhooks: Webhooks) -> None:
    """Add the address; a vendor proves itself by its signature, not by a key of ours."""
    server.add_url_rule("/api/v1/webhooks/<name>", WEBHOOK, webhooks.post, methods=["POST"])
