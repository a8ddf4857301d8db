"""Rows 1, 6 and 7 of the budget: a page's callbacks, a large CSV, and the weight of answers, over HTTP."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from multiprocessing import get_context
from typing import Any
from urllib.parse import urljoin

import numpy as np

from app.factory import create_app
from bench.reach import asked, percentiles
from bench.rows import campaign
from bench.server import Browser, memory_mib
from config.settings import Settings
from tests.asking import SHOW, guard_of, request_of

TITLES = {
    "/": "Overview",
    "/campaign": "Campaigns",
    "/compare": "Compare",
    "/definitions": "Definitions",
    "/data": "Data",
}
ROUNDS = 30
CSV_METRICS = (
    "sent", "delivered", "bounced", "opened", "opened_human", "clicked", "engaged", "opt_outs", "complaints",
    "members_sent", "members_delivered", "members_opened", "members_clicked", "members_engaged",
    "delivered_rate", "click_rate", "bounce_rate", "engaged_rate", "opt_out_rate", "cost",
)  # fmt: skip
RAW, PACKED = 15_000, 5_000
# A window wide enough for the Overview's grid asks for its frame once its script is there, and never for the
# table of a phone.
FRAME, OF_PHONES = "overview-campaigns.children", ("overview-plain.children",)


def bodies(settings: Settings, path: str, draw: np.random.Generator) -> list[dict[str, Any]]:
    """What a browser sends when it opens a page under filters that nobody asked for before."""
    known = guard(settings)
    filters = {**asked(draw).query(), "compare": "previous"}
    chosen = {
        "/campaign": {"campaign": campaign(40)},
        "/compare": {"campaign": f"{campaign(40)},{campaign(41)}"},
    }
    query = {**filters, **chosen.get(path, {})}
    search = "?" + "&".join(f"{name}={value}" for name, value in query.items())
    given = {
        "frame-address.pathname": path, "frame-address.search": search, "filters-query.data": query,
        "compare-query.data": query, "campaign-id.data": campaign(40), "frame-snapshot.data": 1,
        "overview-shape.data": "grid",
    }  # fmt: skip
    own = [
        output
        for output, title in known.homes.items()
        if title == TITLES[path] and _fires(output, known.wires[output]) and output != SHOW
    ]
    return [request_of(known.wires[output], given) for output in (SHOW, *own)]


def _fires(output: str, wire: dict[str, Any]) -> bool:
    """Whether a browser calls it as soon as the page stands."""
    at_once = wire["clientside_function"] is None and not wire.get("prevent_initial_call")
    return output == FRAME or (at_once and output not in OF_PHONES)


_guards: dict[str, Any] = {}


def guard(settings: Settings) -> Any:
    """What knows which callbacks there are, and what they take."""
    if "guard" not in _guards:
        _guards["guard"] = guard_of(create_app(settings))
    return _guards["guard"]


def pages(settings: Settings, rounds: int = ROUNDS) -> dict[str, Any]:
    """Milliseconds of each page's callbacks, one after another, as its browser waits for them."""
    browser = Browser(settings.port)
    found: dict[str, Any] = {}
    for path, title in TITLES.items():
        taken, failed, packed = [], set(), 0
        for number in range(rounds + 2):
            answers = [
                browser.call(body) for body in bodies(settings, path, np.random.default_rng([number, 1]))
            ]
            failed |= {one.status for one in answers} - {200, 204}
            packed = max(packed, *(len(one.body) for one in answers))
            if number >= 2:
                taken.append(sum(one.whole for one in answers) * 1000)
        found[title] = {
            "callbacks": len(answers), "milliseconds": percentiles(taken), "largest_packed_bytes": packed,
        }  # fmt: skip
        if failed:
            found[title]["failed"] = sorted(failed)
    return found


def throughput(settings: Settings, clients: int = 4, seconds: float = 15.0) -> dict[str, Any]:
    """Pages a second that several clients get together."""
    context = get_context("spawn")
    with context.Pool(clients) as pool:
        counts = pool.starmap(_many, [(settings, number, seconds) for number in range(clients)])
    return {"clients": clients, "pages_per_second": round(sum(counts) / seconds, 1)}


def _many(settings: Settings, client: int, seconds: float) -> int:
    browser, draw = Browser(settings.port), np.random.default_rng([client, 2])
    prepared = [bodies(settings, "/", draw) for _ in range(40)]
    ends, count = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        for body in prepared[count % len(prepared)]:
            browser.call(body)
        count += 1
    return count


def large_csv(settings: Settings, workers: Sequence[int]) -> dict[str, Any]:
    """A CSV of very many rows through HTTP: bytes a second, seconds to the first byte, extra memory."""
    browser = Browser(settings.port)
    before = max(memory_mib(pid) for pid in workers)
    address = f"/api/v1/figures?metrics={','.join(CSV_METRICS)}&by=campaign,channel,day"
    answer = browser.ask("GET", address, headers={"Accept": "text/csv"})
    peak = max(memory_mib(pid, "VmHWM") for pid in workers)
    return {
        "status": answer.status,
        "rows": answer.body.count(b"\r\n") - 1,
        "megabytes": round(len(answer.body) / 1e6, 1),
        "megabytes_per_second": round(len(answer.body) / 1e6 / answer.whole, 1),
        "first_byte_ms": round(answer.first * 1000, 1),
        "extra_mib": round(peak - before, 1),
    }


def weights(settings: Settings) -> dict[str, Any]:
    """Bytes of callbacks' answers, raw and packed, and of a first load of the Overview."""
    browser = Browser(settings.port)
    heavy: list[dict[str, Any]] = []
    for path, title in TITLES.items():
        for body in bodies(settings, path, np.random.default_rng(5)):
            packed = browser.call(body)
            plain = browser.ask(
                "POST",
                "/_dash-update-component",
                json.dumps(body).encode(),
                {"Content-Type": "application/json"},
            )
            if len(plain.body) > RAW or len(packed.body) > PACKED:
                heavy.append(
                    {
                        "page": title,
                        "output": body["output"][:60],
                        "raw": len(plain.body),
                        "packed": len(packed.body),
                    }
                )
    return {"over_the_bar": heavy, "first_load_bytes": _first_load(browser)}


def _first_load(browser: Browser) -> int:
    packed = {"Accept-Encoding": "br"}
    document = browser.ask("GET", "/", headers=packed)
    plain = browser.ask("GET", "/").body.decode()
    links = set(re.findall(r'(?:src|href)="(/(?:assets|_dash-component-suites)[^"]+)"', plain))
    found = len(document.body)
    for link in links:
        found += len(browser.ask("GET", urljoin("/", link), headers=packed).body)
    return found
