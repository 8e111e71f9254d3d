"""Stripe's webhooks: whether one is Stripe's own, and where it says to look.

Source: https://docs.stripe.com/webhooks#verify-manually, with the tolerance applied in both
directions and measured on the product's own clock.
"""

import json
from typing import Any

from stripe import SignatureVerificationError, WebhookSignature

from onboarding import clock
from onboarding.gateways.cards import ForgedEvent, StripeEvent
from onboarding.gateways.stripe_answers import moment

TOLERANCE_SECONDS = 300
MOST_BYTES = 1_000_000


def read_event(secrets: tuple[str, ...], payload: bytes, signature_header: str) -> StripeEvent:
    """The event, if it was signed with any of `secrets` within five minutes. Raises ForgedEvent."""
    if len(payload) > MOST_BYTES:
        raise ForgedEvent("The body is larger than any event.")
    if not any(_is_signed(secret, payload, signature_header) for secret in secrets):
        raise ForgedEvent("No present secret made this signature.")
    if abs(clock.unix() - _signed_at(signature_header)) > TOLERANCE_SECONDS:
        raise ForgedEvent("The signature is more than five minutes off.")
    try:
        return _event_of(json.loads(payload))
    except (ValueError, KeyError, TypeError, AttributeError) as unreadable:
        raise ForgedEvent("The body is not an event.") from unreadable


def _is_signed(secret: str, payload: bytes, header: str) -> bool:
    try:
        # The SDK measures age on the system's clock, so age is left to the caller.
        return bool(WebhookSignature.verify_header(payload, header, secret, tolerance=None))
    except (SignatureVerificationError, UnicodeDecodeError, TypeError):
        # TypeError: the SDK compares text, and refuses letters beyond ASCII in a signature.
        return False


def _signed_at(header: str) -> int:
    stated = [part[2:] for part in header.split(",") if part.startswith("t=")]
    return int(stated[0])


def _event_of(body: dict[str, Any]) -> StripeEvent:
    if body["object"] != "event":
        raise ValueError(body["object"])
    subject = body["data"]["object"]
    return StripeEvent(
        id=str(body["id"]),
        type=str(body["type"]),
        object_id=str(subject["id"]),
        customer=_customer_of(subject, body["data"].get("previous_attributes") or {}),
        created=moment(body["created"]),
        livemode=bool(body["livemode"]),
        account=str(body.get("account") or ""),
    )


def _customer_of(subject: dict[str, Any], previous: dict[str, Any]) -> str | None:
    """Of a detached card the customer stands only among the previous attributes."""
    if subject["object"] == "customer":
        return str(subject["id"])
    stated = subject.get("customer") or previous.get("customer")
    return str(stated["id"] if isinstance(stated, dict) else stated) if stated else None
