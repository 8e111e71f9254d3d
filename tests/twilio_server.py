"""An HTTP server that answers as Twilio's API reference says, and fails as it is told."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from onboarding import clock

ACCOUNT, TOKEN, NUMBER = "AC" + "1" * 32, "a token that only Twilio knows", "+15005550006"
ROOT = f"/2010-04-01/Accounts/{ACCOUNT}"


@dataclass
class Exchange:
    """What a Twilio accepted. Each entry of `moods` spoils one POST, in turn:

    a status such as 429 refuses it; `500 after` and `silence after` accept it first; `half` answers
    something that is no JSON.
    """

    texts: list[dict[str, Any]] = field(default_factory=list)
    moods: list[str] = field(default_factory=list)
    lookups: int = 0
    is_down_for_reading: bool = False
    page_size: int = 100
    let_go: threading.Event = field(default_factory=threading.Event)

    def accept(self, form: dict[str, str]) -> dict[str, Any]:
        now = format_datetime(clock.now())
        text = {
            "sid": f"SM{len(self.texts):032x}",
            "account_sid": ACCOUNT,
            "to": form["To"],
            "from": form.get("From"),
            "body": form["Body"],
            "status": "queued",
            "direction": "outbound-api",
            "date_created": now,
            "date_sent": None,
            "num_segments": "1",
            "error_code": None,
            "callback": form.get("StatusCallback"),
        }
        self.texts.append(text)
        return text

    def listed(self, query: dict[str, list[str]]) -> dict[str, Any]:
        self.lookups += 1
        page = int(query.get("Page", ["0"])[0])
        to = query["To"][0]
        found = [text for text in reversed(self.texts) if text["to"] == to]
        shown = found[page * self.page_size : (page + 1) * self.page_size]
        more = len(found) > (page + 1) * self.page_size
        following = f"{ROOT}/Messages.json?To=%2B{to[1:]}&Page={page + 1}" if more else None
        return {"messages": shown, "next_page_uri": following, "page": page}


REFUSALS = {
    "400": (21211, "The 'To' number is not a valid phone number."),
    "400 stopped": (21610, "Attempt to send to unsubscribed recipient"),
    "400 full": (21611, "This 'From' number has exceeded its queue"),
    "401": (20003, "Authenticate"),
    "429": (20429, "Too Many Requests"),
    "503": (20503, "Service unavailable"),
}


class _Handler(BaseHTTPRequestHandler):
    exchange: Exchange

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        posted = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
        form = {name: values[0] for name, values in posted.items()}
        mood = self.exchange.moods.pop(0) if self.exchange.moods else ""
        if not self._is_signed_in() or self.path != f"{ROOT}/Messages.json":
            self._answer(401, {"code": 20003, "message": "Authenticate"})
        elif mood in REFUSALS:
            code, message = REFUSALS[mood]
            self._answer(int(mood[:3]), {"code": code, "message": message, "status": int(mood[:3])})
        elif mood == "500":
            self._answer(500, None)
        elif mood == "500 after":
            self.exchange.accept(form)
            self._answer(500, None)
        elif mood == "half":
            self.exchange.accept(form)
            self._answer(201, None)
        elif mood == "silence after":
            self.exchange.accept(form)
            self.exchange.let_go.wait(20)
        else:
            self._answer(201, self.exchange.accept(form))

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if not self._is_signed_in():
            self._answer(401, {"code": 20003, "message": "Authenticate"})
        elif self.exchange.is_down_for_reading:
            self._answer(503, {"code": 20503, "message": "Service unavailable"})
        elif parts.path == f"{ROOT}.json":
            self._answer(200, {"sid": ACCOUNT, "status": "active"})
        else:
            self._answer(200, self.exchange.listed(parse_qs(parts.query)))

    def _is_signed_in(self) -> bool:
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {expected}"

    def _answer(self, status: int, body: dict[str, Any] | None) -> None:
        content = json.dumps(body).encode() if body is not None else b"<html>oops"
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Quiet: a failing test says what it saw."""


@contextmanager
def served(exchange: Exchange) -> Iterator[str]:
    """The base address at which `exchange` is reached."""
    handler = type("Handler", (_Handler,), {"exchange": exchange})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        exchange.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
