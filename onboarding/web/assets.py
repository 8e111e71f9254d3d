"""Style sheets and scripts: joined, made small, named by their content, compressed ahead.

Built at start into the data folder, each version once, served by whitenoise under /assets/ with an
address that changes with the content and may be kept for ever.
"""

import gzip
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
import rcssmin
import rjsmin
from flask import Flask
from whitenoise import WhiteNoise

_SHEETS = {
    "customer.css": ("css/base/*.css", "css/customer/*.css"),
    "crm.css": ("css/base/*.css", "css/crm/*.css"),
}
_VENDORED = {
    "htmx.js": "vendor/htmx-*.min.js",
    "signature_pad.js": "vendor/signature_pad-*.umd.min.js",
}
_FOREVER = 31_536_000


@dataclass(frozen=True)
class Assets:
    """Where each asset stands: its plain name against its address."""

    addresses: dict[str, str]
    folder: Path

    def address(self, name: str) -> str:
        """The address of an asset such as `customer.css`. Raises KeyError for an unknown one."""
        return self.addresses[name]


def build(static: Path, folder: Path) -> Assets:
    """Writes every asset into `folder` under a name that carries its hash."""
    folder.mkdir(parents=True, exist_ok=True)
    addresses = {}
    for name, content in _contents(static).items():
        stem, _, ending = name.rpartition(".")
        hashed = f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
        _write(folder / hashed, lambda content: content, content)
        _write(folder / f"{hashed}.br", _by_brotli, content)
        _write(folder / f"{hashed}.gz", _by_gzip, content)
        addresses[name] = f"/assets/{hashed}"
    return Assets(addresses, folder)


def serve(app: Flask, assets: Assets) -> None:
    """Puts whitenoise before the application, and `asset(name)` into templates."""
    noise = WhiteNoise(
        app.wsgi_app,
        max_age=_FOREVER,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
        add_headers_function=_add_headers,
    )
    noise.add_files(str(assets.folder), prefix="assets/")
    app.wsgi_app = noise  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = assets.address


def _add_headers(headers: dict[str, str], path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if "/worker-" in url:
        # It stands under /assets/ and answers for the portal alone.
        headers["Service-Worker-Allowed"] = "/portal"


def _contents(static: Path) -> dict[str, bytes]:
    found = {}
    for name, patterns in _SHEETS.items():
        parts = [path.read_text() for pattern in patterns for path in sorted(static.glob(pattern))]
        found[name] = str(rcssmin.cssmin("\n".join(parts))).encode()
    for path in sorted((static / "css").glob("*.css")):
        found[path.name] = str(rcssmin.cssmin(path.read_text())).encode()
    for path in sorted((static / "js").glob("*.js")):
        found[path.name] = str(rjsmin.jsmin(path.read_text())).encode()
    for name, pattern in _VENDORED.items():
        found[name] = max(static.glob(pattern)).read_bytes()
    for path in sorted(static.glob("*.svg")):
        found[path.name] = path.read_bytes()
    return found


@cache
def _by_brotli(content: bytes) -> bytes:
    """The hardest there is, which is slow: in one process once for each content."""
    return bytes(brotli.compress(content))


@cache
def _by_gzip(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _write(path: Path, made: Callable[[bytes], bytes], content: bytes) -> None:
    """Whole or not at all, however many processes start at once; what is there stays."""
    if path.exists():
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_bytes(made(content))
    partial.replace(path)
