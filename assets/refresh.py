"""Fetches the browser assets that vendor.toml names, from npm, and checks them against their sums."""

from __future__ import annotations

import gzip
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import brotli

HERE = Path(__file__).resolve().parent
LIST = HERE / "vendor.toml"

_MASKS_HEAD = """\
/* Bootstrap Icons {version} (MIT) as masks: they take the colour and the size of the text beside them. */
.bi {{
  display: inline-block;
  width: 1em;
  height: 1em;
  vertical-align: -0.125em;
  background-color: currentcolor;
  -webkit-mask: var(--bi) no-repeat center / contain;
  mask: var(--bi) no-repeat center / contain;
  print-color-adjust: exact;
}}
@media (forced-colors: active) {{
  .bi {{
    forced-color-adjust: none;
    background-color: CanvasText;
  }}
}}
"""


def as_it_is(asset: dict[str, Any], package: Path) -> bytes:
    return (package / str(asset["file"])).read_bytes()


def without_source_map(asset: dict[str, Any], package: Path) -> bytes:
    """The style sheet without its last comment: the browser would ask for a map that is not served."""
    text = (package / asset["file"]).read_text(encoding="utf-8")
    return re.sub(r"\n/\*# sourceMappingURL=\S+ \*/", "", text).encode()


def masks(asset: dict[str, Any], package: Path) -> bytes:
    """A style sheet with a class for each icon of the list."""
    rules = [_mask(name, package / asset["file"] / f"{name}.svg") for name in asset["icons"].split()]
    return (_MASKS_HEAD.format(version=asset["version"]) + "".join(rules)).encode()


MAKERS = {maker.__name__: maker for maker in (as_it_is, without_source_map, masks)}


def refresh(asset: dict[str, Any], accept: bool) -> str | None:
    """Writes one asset, its licence and compressed forms; returns a problem if its sum is another one."""
    with tempfile.TemporaryDirectory() as folder:
        package = _fetch(f"{asset['package']}@{asset['version']}", Path(folder))
        content = MAKERS[asset["make"]](asset, package)
        licence = (package / asset.get("licence_file", "LICENSE")).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != asset["sha256"] and not accept:
        return f"{asset['to']}: expected SHA-256 {asset['sha256']}, found {found}; nothing written"
    LIST.write_text(LIST.read_text().replace(f'sha256 = "{asset["sha256"]}"', f'sha256 = "{found}"'))
    target = (HERE / str(asset["to"])).resolve()
    _write(target, content)
    _write(licence_of(asset), licence)
    if asset.get("compress"):
        _write(target.with_name(target.name + ".br"), brotli.compress(content, quality=11))
        _write(target.with_name(target.name + ".gz"), gzip.compress(content, 9, mtime=0))
    return None


def licence_of(asset: dict[str, Any]) -> Path:
    """Where the licence of an asset lies: in `licences`, or beside what only tests use."""
    name = str(asset["package"]).strip("@").replace("/", "-") + ".txt"
    target = (HERE / str(asset["to"])).resolve()
    return (HERE / "licences" if target.is_relative_to(HERE) else target.parent) / name


def _fetch(name: str, folder: Path) -> Path:
    packed = subprocess.run(
        ["npm", "pack", "--silent", name], cwd=folder, check=True, stdout=subprocess.PIPE, text=True
    )
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def _mask(name: str, file: Path) -> str:
    svg = re.sub(r"\s+", " ", file.read_text(encoding="utf-8").strip())
    svg = re.sub(r' (width|height|class|fill)="[^"]*"', "", svg, count=4).replace("> <", "><")
    quoted = svg.replace('"', "'").replace("#", "%23").replace("<", "%3c").replace(">", "%3e")
    return f'.bi-{name} {{ --bi: url("data:image/svg+xml,{quoted}"); }}\n'


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    listed = tomllib.loads(LIST.read_text())["asset"]
    problems = [problem for asset in listed if (problem := refresh(asset, "--accept" in sys.argv))]
    sys.exit("\n".join(problems) or None)
