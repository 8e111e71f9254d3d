"""Bounces as mail servers write them (RFC 3464), and complaints as mailbox providers do (RFC 5965).

The mail server hands such a message on as it came; our own Message-ID in the part that returns the
original says which e-mail it is about.
"""

import re
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import unquote

from onboarding.gateways.email_reports import MailReport, UnreadableReport, What

_OURS = re.compile(r"<[^<>\s]{1,190}>")
# Refused for good, though somebody is there: full, too large, not wanted from us.
_SOMEBODY_IS_THERE = re.compile(r"5\.(2\.[23]|3\.\d+|7\.\d+)")


def read_bounce(content: bytes) -> MailReport:
    """What a bounce or complaint says. Raises UnreadableReport: it is neither."""
    try:
        message = message_from_bytes(content, policy=policy.default)
        parts = {part.get_content_type(): part for part in message.walk()}
        message_id = _original_id(parts)
        if "message/feedback-report" in parts:
            return MailReport(What.COMPLAINED, message_id, answer="Marked as spam.")
        fields = _recipient_fields(parts["message/delivery-status"])
    except (KeyError, ValueError, IndexError, LookupError, AttributeError, TypeError) as wrong:
        raise UnreadableReport("It is no report of a delivery.") from wrong
    return MailReport(_what(fields), message_id, answer=_answer(fields))


def _original_id(parts: Mapping[str, Message]) -> str:
    """From the message that was returned, or from its headers alone."""
    found = None
    if "message/rfc822" in parts:
        inner = parts["message/rfc822"].get_payload(0)
        found = inner["Message-ID"] if isinstance(inner, Message) else None
    elif "text/rfc822-headers" in parts:
        headers = parts["text/rfc822-headers"]
        text = headers.get_content() if isinstance(headers, EmailMessage) else ""
        found = message_from_bytes(str(text).encode(), policy=policy.default)["Message-ID"]
    ours = _OURS.search(str(found or ""))
    if ours is None:
        raise UnreadableReport("It does not say which e-mail it is about.")
    return ours.group()


def _recipient_fields(status: Message) -> Message:
    """The block about the recipient: each of our e-mails has one, after the block of the server."""
    blocks = [block for block in status.get_payload() if isinstance(block, Message)]
    return next(block for block in reversed(blocks) if block["Action"])


def _what(fields: Message) -> What:
    action = str(fields["Action"]).strip().lower()
    status = str(fields["Status"] or "").strip()
    if action in {"delivered", "relayed", "expanded"}:
        return What.DELIVERED if action == "delivered" else What.DELAYED
    elif action != "failed":
        return What.DELAYED
    is_passing = status.startswith("4") or _SOMEBODY_IS_THERE.match(status)
    return What.GIVEN_UP if is_passing else What.BOUNCED


def _answer(fields: Message) -> str:
    diagnostic = str(fields["Diagnostic-Code"] or "").partition(";")[2].strip()
    words = diagnostic or f"{fields['Action']} {fields['Status'] or ''}"
    return " ".join(unquote(words).split())[:480]
