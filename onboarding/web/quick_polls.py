"""Polls with nothing new, answered in front of the application: one read, and none of what a page
needs. A board that lies open in an office asks 1,200 times an hour, and almost always for nothing.

Whatever is not plainly an idle poll of a signed-in person goes on to the application, which has the
same address and finds out for itself.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Protocol

from onboarding.web.sessions import IDLE

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_SEEN = re.compile(r"(?:^|&)revision=([0-9]{1,15})(?:&|$)")


class Pulse(Protocol):
    @property
    def revision(self) -> int: ...


Ask = Callable[[str, timedelta], Pulse | None]


class QuickPolls:
    """WSGI in front of `inner`. `quick`: an address, and who asks what stands behind it."""

    def __init__(
        self,
        inner: WSGI,
        *,
        host: str,
        prefix: str,
        headers: Mapping[str, str],
        quick: dict[str, Ask],
    ) -> None:
        self.inner = inner
        self.host = host
        self.headers = list(headers.items())
        self.quick = quick
        self.visit = f"{prefix}visit="
        self.cookie = re.compile(rf"(?:^|; ?){re.escape(prefix)}crm=s\.([\w-]{{43}})(?:;|$)")

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        ask = self.quick.get(environ["PATH_INFO"])
        if ask is not None and self._is_idle(environ, ask):
            start_response("204 NO CONTENT", self.headers[:])
            return []
        return self.inner(environ, start_response)

    def _is_idle(self, environ: dict[str, Any], ask: Ask) -> bool:
        """A member polls, alone in this browser, and has seen the newest revision."""
        if environ["REQUEST_METHOD"] != "GET" or environ.get("HTTP_HOST") != self.host:
            return False
        cookies = environ.get("HTTP_COOKIE", "")
        seen = _SEEN.search(environ.get("QUERY_STRING", ""))
        mine = self.cookie.search(cookies)
        if seen is None or mine is None or self.visit in cookies:
            return False
        found = ask(mine[1], IDLE["crm"])
        return found is not None and found.revision <= int(seen[1])
