"""The Nu HTML checker, the W3C's own, as one server for all tests: is a page valid HTML?"""

import atexit
import hashlib
import json
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.shared_server import ROOT, joined, run_folder

JAR = ROOT / ".cache/node/node_modules/vnu-jar/build/dist/vnu.jar"
TRIVIAL = b"<!doctype html><html lang=en><title>.</title>"
# A fragment is checked as what it becomes: a part of a page, under its headings.
PAGE = (
    '<!doctype html><html lang="en"><head><title>Page</title></head>'
    "<body><h1>Page</h1><h2>Part</h2>{}</body></html>"
)

# What may not stand in a body alone is checked inside what it belongs to.
AROUND = {
    "tr": "<table>{}</table>",
    "tbody": "<table>{}</table>",
    "li": "<ul>{}</ul>",
    "option": '<select aria-label="Choice">{}</select>',
    "dt": "<dl>{}</dl>",
    "dd": "<dl><dt>Term</dt>{}</dl>",
}

_opened = ExitStack()
_address: str | None = None
_known: dict[str, list[str]] = {}


class NoChecker(Exception):
    """The checker is not installed, or did not start; says what to do."""


def html_problems(html: str) -> list[str]:
    """What the checker finds in a whole page, faults and warnings, each with its line."""
    key = hashlib.sha256(html.encode()).hexdigest()
    if key not in _known:
        _known[key] = [
            f"line {message.get('lastLine', '?')}: {message['message']}"
            f" ({' '.join(message.get('extract', '').split())})"
            for message in _ask(_server(), html.encode())
            if _counts(message)
        ]
    return _known[key]


def _counts(message: dict) -> bool:
    """Faults and warnings; what the checker only remarks on does not count."""
    return message["type"] != "info" or message.get("subType") == "warning"


def fragment_problems(html: str) -> list[str]:
    """The same of a fragment that htmx swaps in."""
    first = re.search(r"<(\w+)", html)
    around = AROUND.get(first[1].lower(), "{}") if first else "{}"
    return html_problems(PAGE.format(_forms_elsewhere(html) + around.format(html)))


def _forms_elsewhere(html: str) -> str:
    """Stand-ins for the forms that fields of the fragment belong to and that the page has."""
    own = set(re.findall(r'<form[^>]*\sid="([\w-]+)"', html))
    named = set(re.findall(r'\sform="([\w-]+)"', html))
    return "".join(f'<form id="{name}"></form>' for name in sorted(named - own))


def _server() -> str:
    global _address
    if _address is None:
        atexit.register(_opened.close)
        _address = _opened.enter_context(joined(run_folder(), "tests.html.checker"))
    return _address


def _ask(address: str, page: bytes) -> list[dict]:
    request = urllib.request.Request(
        f"{address}/?out=json", page, {"Content-Type": "text/html; charset=utf-8"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["messages"]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The checker on loopback, running as long as the context."""
    java = shutil.which("java")
    if java is None or not JAR.exists():
        raise NoChecker("Java or the HTML checker is not installed: run make setup-tests")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            # The stack: its tables for HTML are walked recursively, deeper than Java's default.
            *(java, "-Xss16m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            "-Dnu.validator.servlet.bind-address=127.0.0.1",
            *("-cp", JAR, "nu.validator.servlet.Main", str(port)),
        ],
        cwd=folder,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(server, address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(server: subprocess.Popen[bytes], address: str) -> None:
    """Until it has checked its first page: only then are its tables loaded."""
    deadline = time.monotonic() + 45
    while server.poll() is None and time.monotonic() < deadline:
        try:
            _ask(address, TRIVIAL)
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    raise NoChecker("The HTML checker did not start; its own words stand above.")
