"""Writes a picture of every page into docs/screenshots: desktop, phone, dark and print, from the sample.

`make screenshots` runs it on the lake that the settings name, with a server and a browser of its own; names
of pages as arguments picture those alone. The pictures are reduced to 256 colours in the browser itself, so
that they stay small without an image library.
"""

from __future__ import annotations

import base64
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Window
from werkzeug.serving import WSGIRequestHandler, make_server

from app import shelf
from app.factory import create_app
from app.pages import PAGES
from config.permissions import PERMISSIONS, Role
from config.settings import Settings, get_settings
from ui.page import Page

FOLDER = Path(__file__).parent / "screenshots"
# What a page shows where it needs something chosen; campaigns of the sample.
QUERIES = {
    "campaign": "?campaign=flu-2025",
    "compare": "?campaign=flu-2026-ma,flu-2026-co,flu-2025",
    "experiments": "?campaign=a1c-2026-ma-calls",
}
LOOKS: dict[str, tuple[int, str]] = {
    "desktop": (1400, "light"),
    "dark": (1400, "dark"),
    "phone": (390, "light"),
}
TALLEST = {1400: 2600, 390: 2200}  # px of a page that a picture shows
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Reads a PNG, keeps the most used colour of each of the 255 most used corners of colour space, and packs.
REDUCE = """async (png) => {
    const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
    const {width, height} = image;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    const exact = new Map();
    for (const one of pixels) exact.set(one, (exact.get(one) || 0) + 1);
    const corner = one => ((one >> 3) & 31) << 10 | ((one >> 11) & 31) << 5 | ((one >> 19) & 31);
    const corners = new Map();
    for (const [one, times] of exact) {
        const found = corners.get(corner(one)) || {times: 0, most: 0, colour: one};
        found.times += times;
        if (times > found.most) { found.most = times; found.colour = one; }
        corners.set(corner(one), found);
    }
    const kept = [...corners.values()].sort((a, b) => b.times - a.times).slice(0, 256).map(one => one.colour);
    const parts = one => [one & 255, (one >> 8) & 255, (one >> 16) & 255];
    const palette = kept.map(parts);
    const nearest = new Map();
    const place = one => {
        const [r, g, b] = parts(one);
        let best = 0, least = Infinity;
        palette.forEach(([x, y, z], at) => {
            const far = (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2;
            if (far < least) { least = far; best = at; }
        });
        return best;
    };
    for (const one of exact.keys()) nearest.set(one, place(one));
    const rows = new Uint8Array((width + 1) * height);
    for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
            rows[y * (width + 1) + 1 + x] = nearest.get(pixels[y * width + x]);
    let text = '';
    for (let at = 0; at < rows.length; at += 32768)
        text += String.fromCharCode(...rows.subarray(at, at + 32768));
    return {width, height, palette: palette.flat(), rows: btoa(text)};
}"""


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The app on a free port of this machine, for as long as the pictures take."""
    server = create_app(settings)
    shelf.keeper(server).renew()
    made = make_server("127.0.0.1", 0, server, threaded=True, request_handler=Quiet)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()


class Quiet(WSGIRequestHandler):
    """Writes no line per request."""

    def log(self, *_told: Any) -> None:
        return


def main() -> int:
    chromium = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if chromium is None:
        sys.stderr.write("Pictures need a chromium on the PATH: sh tests/install_browser.sh\n")
        return 2
    FOLDER.mkdir(exist_ok=True)
    with serving(get_settings()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        canvas = browser.new_page()  # about:blank: no policy keeps it from reading a picture
        for page in [wires.page for wires in PAGES if not sys.argv[1:] or wires.page.name in sys.argv[1:]]:
            for look, picture in pictures(browser, address, page):
                file = FOLDER / f"{page.name}-{look}.png"
                file.write_bytes(reduced(canvas, picture))
                sys.stdout.write(f"{file.name}  {file.stat().st_size // 1024} KB\n")
        browser.close()
    return 0


def pictures(browser: Browser, address: str, page: Page) -> Iterator[tuple[str, bytes]]:
    """A page in each of its looks."""
    for look, (width, scheme) in LOOKS.items():
        with opened(browser, address, page, width, scheme) as window:
            yield look, clipped(window, width)
            if look == "dark":
                yield "print", printed(window)


@contextmanager
def opened(browser: Browser, address: str, page: Page, width: int, scheme: Any) -> Iterator[Window]:
    """A page as somebody who may see it does, drawn to its end."""
    role = next(role for role in Role if page.needs in PERMISSIONS[role])
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    window = context.new_page()
    window.goto("/sign-in")
    window.click(f"button[value={role.value}]")
    window.wait_for_selector("#frame-page h1")
    window.goto(page.path + QUERIES.get(page.name, ""))
    window.wait_for_selector("#frame-page h1")
    window.wait_for_load_state("networkidle")
    window.locator("#frame-page .bone:visible").first.wait_for(state="hidden")
    window.wait_for_timeout(1000)
    yield window
    context.close()


def clipped(window: Window, width: int) -> bytes:
    """The page from its top, as far as a picture reaches."""
    height = min(window.evaluate("document.documentElement.scrollHeight"), TALLEST[width])
    window.set_viewport_size({"width": width, "height": height})
    window.wait_for_timeout(500)
    return window.screenshot()


def printed(window: Window) -> bytes:
    """The first A4 sheet of the page; where nothing here can draw a PDF, the page as print media."""
    window.set_viewport_size({"width": 1400, "height": 900})
    if shutil.which("pdftoppm") is None:
        window.emulate_media(media="print")
        window.set_viewport_size({"width": 794, "height": 1123})
        window.wait_for_timeout(500)
        return window.screenshot()
    with tempfile.TemporaryDirectory() as folder:
        window.pdf(path=f"{folder}/sheet.pdf", format="A4")
        draw = ["pdftoppm", "-png", "-r", "96", "-f", "1", "-l", "1", "-singlefile", "sheet.pdf", "sheet"]
        subprocess.run(draw, cwd=folder, check=True)
        return Path(folder, "sheet.png").read_bytes()


def reduced(canvas: Window, picture: bytes) -> bytes:
    """A PNG with a palette, of a PNG without."""
    found = canvas.evaluate(REDUCE, base64.b64encode(picture).decode())
    head = struct.pack(">IIBBBBB", found["width"], found["height"], 8, 3, 0, 0, 0)
    rows = zlib.compress(base64.b64decode(found["rows"]), 9)
    parts = ((b"IHDR", head), (b"PLTE", bytes(found["palette"])), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


if __name__ == "__main__":
    sys.exit(main())
