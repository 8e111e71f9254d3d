"""No card number may reach the product: not in a request, a log line, a row, a file (R20).

Watched through the whole run of tests: every request to an app of theirs, every line of any log,
and what each of their data folders holds in the end.
"""

import logging
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask

from onboarding.sandbox.stripe_testcards import CARDS

# Each number plain, or in groups as people type them.
_BETWEEN = "(?:[ +-]|%20)?"
_SEEN = "card numbers seen"
NUMBERS = re.compile("|".join(_BETWEEN.join(card.number) for card in CARDS).encode())


class CardNumberSeen(AssertionError):
    """A card number, where none may be; its last four digits are in the message."""


def refuse(content: bytes, where: str) -> None:
    found = NUMBERS.search(content)
    if found is not None:
        raise CardNumberSeen(f"a card ending in {found[0][-4:].decode()} in {where}")


def watch_requests(app: Flask) -> None:
    """Of the product's own addresses: the sandbox's stand for Stripe's. What was seen is told by
    refuse_requests: the app itself would answer an exception with a page."""
    app.extensions[_SEEN] = []
    answer = app.wsgi_app

    def watched(environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        path, sent = environ["PATH_INFO"], environ.get("QUERY_STRING", "").encode() + b"\n" + body
        if not path.startswith("/sandbox/") and NUMBERS.search(sent):
            app.extensions[_SEEN].append(path)
        return answer(environ, start_response)

    watched.__wrapped__ = answer  # type: ignore[attr-defined]
    app.wsgi_app = watched  # type: ignore[method-assign]


def refuse_requests(app: Flask) -> None:
    seen, app.extensions[_SEEN] = app.extensions[_SEEN], []
    if seen:
        raise CardNumberSeen(f"a card number in a request to {', '.join(seen)}")


def refuse_files(folder: Path) -> None:
    """Databases with what waits beside them, papers, queues: every file."""
    for path in folder.rglob("*"):
        if path.is_file():
            refuse(path.read_bytes(), str(path))


class LogWatch(logging.Handler):
    """Raises where a line is written: pytest shows whose it was."""

    def emit(self, record: logging.LogRecord) -> None:
        refuse(record.getMessage().encode(), f"a line of {record.name}")
