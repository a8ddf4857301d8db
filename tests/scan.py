"""Looks for weaknesses that a line gives away, in code, templates, scripts and locks: `python -m tests.scan`.

Offline, as part of `make lint`. ruff's S rules look at Python as bandit does; here stand our own.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BESIDE = ("tests/", "bench/", "faults/", "docs/", "assets/plotly/")
"""What no server runs."""
CALLS = {
    "eval": "runs a text",
    "exec": "runs a text",
    "pickle.loads": "runs what it reads",
    "pickle.load": "runs what it reads",
    "marshal.loads": "reads what may crash",
    "os.system": "goes through a shell",
    "tempfile.mktemp": "names a file that another may make first",
    "flask.render_template_string": "makes a template of a text",
    "render_template_string": "makes a template of a text",
    "Markup": "turns escaping off",
    "markupsafe.Markup": "turns escaping off",
    "hashlib.md5": "is broken",
    "hashlib.sha1": "is broken",
    "random.choice": "can be foretold",
    "random.random": "can be foretold",
    "random.randint": "can be foretold",
    "yaml.load": "makes any object",
    "dcc.Markdown": "may show HTML of others",
    "ssl._create_unverified_context": "believes any certificate",
}
OPTIONS = {
    "shell": (True, "goes through a shell"),
    "verify": (False, "believes any certificate"),
    "dangerously_allow_html": (True, "shows HTML of others"),
    "autoescape": (False, "turns escaping off"),
    "debug": (True, "opens a door to the process"),
}
TEXTS = {
    ".html": {
        r"\|\s*safe\b": "turns escaping off",
        r"autoescape\s+false": "turns escaping off",
        r"<[^>]+\son(?:click|load|error|submit|focus|blur|change|input|key\w+)\s*=": "has code inside",
        r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//": "fetches from outside",
        r"javascript:": "has code inside the document",
    },
    ".js": {
        r"\.(?:inner|outer)HTML\s*=": "writes HTML of others",
        r"insertAdjacentHTML|document\.write\(": "writes HTML of others",
        r"\beval\(|new Function\(": "runs a text",
        r"localStorage\.|sessionStorage\.setItem\([^)]*(?:token|secret)": "keeps secrets where scripts read",
    },
    ".sh": {
        r"(?:curl|wget)[^|\n]*\|\s*(?:sudo\s+)?(?:ba)?sh\b": "runs what it fetches",
        r"chmod\s+777": "opens to all",
    },
}
SECRETS = re.compile(
    r"-----BEGIN (?:RSA |EC )?PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|\breachboard_[A-Za-z0-9_-]{43}\b"
)
DASHS = re.compile(r"\{\{ (css|config|scripts|renderer)\|safe \}\}")
"""What Dash itself makes for its own document, of nothing that anybody typed."""


def found(path: Path, name: str) -> Iterator[str]:
    """The weaknesses of a file, each as `name:line: what is wrong`."""
    text = path.read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        if SECRETS.search(line):
            yield f"{name}:{number}: a secret stands in it"
        if name == "app/templates/index.html" and DASHS.search(line):
            continue
        for rule, why in TEXTS.get(path.suffix, {}).items():
            if re.search(rule, line):
                yield f"{name}:{number}: {line.strip()[:60]} {why}"
    if path.suffix == ".py":
        yield from _of_python(ast.parse(text), name)


def _of_python(tree: ast.AST, name: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called in CALLS:
            yield f"{name}:{node.lineno}: {called} {CALLS[called]}"
        for given in node.keywords:
            wrong, why = OPTIONS.get(given.arg or "", (None, ""))
            if isinstance(given.value, ast.Constant) and given.value.value is wrong and wrong is not None:
                yield f"{name}:{node.lineno}: {called}({given.arg}={wrong}) {why}"


def unlocked(text: str, name: str) -> Iterator[str]:
    """Of a lock file, what is not held by a hash, or comes from elsewhere than the index."""
    for block in re.split(r"\n(?=\S)", text):
        first = block.splitlines()[0] if block.strip() else ""
        if not first or first.startswith(("#", "    ")):
            continue
        if not re.match(r"[a-z0-9][a-z0-9._-]*==\S+", first):
            yield f"{name}: {first[:60]} is not one version of the index"
        elif not re.search(r"--hash=sha256:[0-9a-f]{64}", block):
            yield f"{name}: {first[:60]} has no hash"


def everything() -> list[str]:
    """What is wrong anywhere in what is served, built or started."""
    ask = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(ask, cwd=ROOT, check=True, capture_output=True, text=True)
    wrong: list[str] = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix in {".py", *TEXTS} and not name.startswith(BESIDE):
            wrong += found(path, name)
    for name in ("requirements.txt", "requirements-test.txt"):
        wrong += unlocked((ROOT / name).read_text(), name)
    return wrong


if __name__ == "__main__":
    told = everything()
    print(*told, sep="\n", end="\n" if told else "")
    sys.exit(bool(told))
