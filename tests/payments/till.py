"""What tests do at the card page, and Stripe's events as they arrive."""

import hashlib
import hmac
import json
from typing import Any

import requests
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from onboarding import clock
from onboarding.database import end_reads
from onboarding.payments.converging import converge
from onboarding.payments.models import CardSetup, PaymentMethod
from tests.cards import SECRET, CardWorld
from tests.deal import Deal, now


def press_add_card(browser: FlaskClient, **fields: str) -> str:
    """*Add card*; the address of the card page that it leads to."""
    answer = browser.post("/portal/card", data=fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def use(url: str, test_card: str = "visa") -> requests.Response:
    """Presses the button of a test card on the card page at `url`."""
    return requests.post(url, data={"test_card": test_card}, allow_redirects=False, timeout=10)


def session_of(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def come_back(browser: FlaskClient, url: str) -> TestResponse:
    """The return from the card page, its form sent off."""
    return browser.post("/portal/card/return", data={"session_id": session_of(url)})


def add_card(deal: Deal, browser: FlaskClient, test_card: str = "visa", **fields: str) -> None:
    url = press_add_card(browser, **fields)
    use(url, test_card)
    assert come_back(browser, url).status_code == 303


def settle(setup_id: str) -> str:
    """Converges in a thread of its own, and gives back what that read, as a request does."""
    try:
        return converge(setup_id)
    finally:
        end_reads()


def cards(deal: Deal) -> list[PaymentMethod]:
    """Every card row of the contact, removed ones too, the oldest first."""
    statement = select(PaymentMethod).where(PaymentMethod.contact_id == deal.contact.id)
    return list(now(deal.company.id).scalars(statement.order_by(PaymentMethod.id)))


def setups(deal: Deal) -> list[CardSetup]:
    statement = select(CardSetup).where(CardSetup.contact_id == deal.contact.id)
    return list(now(deal.company.id).scalars(statement.order_by(CardSetup.id)))


def events_at_stripe(world: CardWorld) -> list[dict[str, Any]]:
    """Stripe's events, the oldest first."""
    return list(reversed(world.ask("GET", "events?limit=100").json()["data"]))


def deliver(
    browser: FlaskClient, event: dict[str, Any], *, secret: str = SECRET, late: int = 0
) -> int:
    """One webhook, signed as Stripe signs it; the status it is answered with."""
    payload, headers = signature(event, secret=secret, late=late)
    answer = browser.post("/webhooks/stripe", data=payload, headers=headers)
    return answer.status_code


def signature(
    event: dict[str, Any], *, secret: str = SECRET, late: int = 0
) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of a webhook."""
    payload = json.dumps(event).encode()
    at = clock.unix() - late
    mac = hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()
    return payload, {
        "Content-Type": "application/json",
        "Stripe-Signature": f"t={at},v1={mac}",
    }
