"""What became of an e-mail after a server had taken it, in one shape, whoever reports it.

Our own form is JSON, signed over its bytes: `Portal-Signature: t=<unix seconds>,v1=<hex>`, each v1
the HMAC-SHA256 of `<t>.<body>` under one of the secrets that are set.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from onboarding import clock, tokens

SIGNATURE = "Portal-Signature"
# Their clock and ours may differ, and a report may wait a little on its way.
_TOLERANCE_SECONDS = 300
_MOST = 1000


class What(StrEnum):
    DELIVERED = "delivered"
    DELAYED = "delayed"  # still tried
    GIVEN_UP = "given_up"  # not delivered, for a reason that may pass
    BOUNCED = "bounced"  # nobody is there, and nobody will be
    COMPLAINED = "complained"  # marked as spam


@dataclass(frozen=True)
class MailReport:
    """One e-mail's fate. Found by `message_id`, ours in angle brackets, or by `mark`, the id of
    the delivery where a provider keeps one for us."""

    what: What
    message_id: str = ""
    mark: str = ""
    answer: str = ""


class ForgedReport(Exception):
    """Not signed by whoever may report, or not now."""


class UnreadableReport(Exception):
    """Signed, and not what was agreed on; the message says why."""


def signed(secret: str, body: bytes, at: int) -> str:
    """The header for `body`, as whoever reports to us makes it."""
    return f"t={at},v1={_digest(secret, at, body)}"


def refuse_forged(secrets: Sequence[str], header: str, body: bytes) -> None:
    """Raises ForgedReport unless one of the signatures is right and the time is about now."""
    parts = [part.partition("=")[::2] for part in header.split(",")[:20]]
    at = next((value for name, value in parts if name.strip() == "t"), "")
    if not at.isascii() or not at.isdecimal() or len(at) > 12:
        raise ForgedReport("It bears no time.")
    if abs(clock.unix() - int(at)) > _TOLERANCE_SECONDS:
        raise ForgedReport("It is too old, or of the future.")
    right = [_digest(secret, int(at), body) for secret in secrets if secret]
    claimed = [value for name, value in parts if name.strip() == "v1" and value.isascii()]
    if not any(tokens.same(one, other) for one in right for other in claimed):
        raise ForgedReport("It is signed by nobody we know.")


def read_reports(body: bytes) -> list[MailReport]:
    """`{"events": [{"type", "message_id", "answer"}]}`. Raises UnreadableReport."""
    try:
        said = json.loads(body)
        events = said["events"]
        if not isinstance(events, list) or len(events) > _MOST:
            raise UnreadableReport(f"events is a list of {_MOST} at the most.")
        return [_read(event) for event in events]
    except (ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise UnreadableReport("It is no JSON of the form that was agreed on.") from wrong


def _read(event: dict[str, Any]) -> MailReport:
    return MailReport(
        what=What(event["type"]),
        message_id=str(event["message_id"])[:200],
        answer=str(event.get("answer", ""))[:480],
    )


def _digest(secret: str, at: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
