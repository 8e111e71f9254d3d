"""No log of this process says an address that lets somebody in (R34): whoever writes the line, the
web server's request log included, what follows `/i/` and its like is masked in it."""

import logging
import re
import traceback
from typing import Any

# The addresses that end in a secret.
CARRIES_SECRET = (
    *("/i/", "/portal/link/", "/support/visit/"),
    *("/crm/new-password/", "/crm/join/", "/crm/sign-up/"),
    "/reminders/",
)
MASK = "[secret]"

# A slash of an address may also come doubled, or as %2F.
_BEFORE = "|".join(prefix.replace("/", "(?:/|%2f)+") for prefix in CARRIES_SECRET)
_SECRET = re.compile(rf"({_BEFORE}|[?&]session_id=)[^/\s?&#\"'<>]+", re.IGNORECASE)


def masked(text: str) -> str:
    """`text` without the secrets of addresses in it."""
    return _SECRET.sub(rf"\1{MASK}", text)


class _Record(logging.LogRecord):
    """A line of any log, as it may be written down."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0] is not None:
            self.exc_text = masked("".join(traceback.format_exception(*self.exc_info)).rstrip())

    def getMessage(self) -> str:  # noqa: N802 (the library's own name)
        return masked(super().getMessage())


def install() -> None:
    """Every log of this process is masked from now on."""
    logging.setLogRecordFactory(_Record)
