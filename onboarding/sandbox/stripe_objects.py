"""Objects with exactly the fields of Stripe's own samples (stripe_fixtures.json).

Each constructor starts from the sample, so that no field can be missing or of another type, and
puts in what is so here. What has no part in saving a card is null, as at Stripe.
"""

import copy
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from onboarding import clock, tokens

Body = dict[str, Any]

API_VERSION = "2026-10-28.endive"
_SESSION_SECONDS = 24 * 3600


def new_identifier(prefix: str) -> str:
    return f"{prefix}_{tokens.new_id()}"


def sample(kind: str) -> Body:
    """A fresh copy of Stripe's sample object."""
    return copy.deepcopy(_samples()[kind])


@lru_cache(maxsize=1)
def _samples() -> dict[str, Body]:
    text = Path(__file__).with_name("stripe_fixtures.json").read_text("utf-8")
    resources: dict[str, Body] = json.loads(text)["resources"]
    return resources


def customer() -> Body:
    body = sample("customer")
    body.update(
        id=new_identifier("cus"),
        created=clock.unix(),
        currency=None,
        discount=None,
        address=None,
        shipping=None,
        invoice_prefix=tokens.new_id()[-8:].upper(),
    )
    return body


def deleted_customer(identifier: str) -> Body:
    body = sample("deleted_customer")
    body["id"] = identifier
    return body


def session(public_url: str) -> Body:
    """An open Checkout Session in setup mode; `url` is where its hosted page is."""
    body = sample("checkout.session")
    identifier = f"cs_test_{tokens.new_id()}{tokens.new_id()}"
    nothing = (
        "after_expiration",
        "collected_information",
        "consent_collection",
        "currency_conversion",
        "customer_details",
        "invoice_creation",
        "managed_payments",
        "payment_intent",
        "payment_method_configuration_details",
        "permissions",
        "saved_payment_method_options",
        "shipping_address_collection",
        "shipping_cost",
        "total_details",
        "wallet_options",
    )
    body.update(dict.fromkeys(nothing))
    body["adaptive_pricing"] = {"enabled": False}
    body["custom_text"] = dict.fromkeys(body["custom_text"])
    body.update(
        id=identifier,
        created=clock.unix(),
        expires_at=clock.unix() + _SESSION_SECONDS,
        mode="setup",
        payment_method_collection="always",
        payment_status="no_payment_required",
        status="open",
        ui_mode="hosted_page",
        url=f"{public_url}/sandbox/checkout/{identifier}",
    )
    return body


def setup_intent() -> Body:
    body = sample("setup_intent")
    identifier = new_identifier("seti")
    body.update(
        id=identifier,
        client_secret=f"{identifier}_secret_{tokens.new_id()}",
        created=clock.unix(),
        automatic_payment_methods=None,
        last_setup_error=None,
        next_action=None,
        payment_method_configuration_details=None,
        payment_method_options={"card": {"request_three_d_secure": "automatic"}},
    )
    return body


def setup_attempt(intent: Body, method: str) -> Body:
    """A try of one card. The fields are those of the SDK's own SetupAttempt."""
    return {
        "id": new_identifier("setatt"),
        "object": "setup_attempt",
        "application": None,
        "created": clock.unix(),
        "customer": intent["customer"],
        "flow_directions": None,
        "livemode": False,
        "on_behalf_of": None,
        "payment_method": method,
        "payment_method_details": {"card": {"three_d_secure": None}, "type": "card"},
        "setup_error": None,
        "setup_intent": intent["id"],
        "status": "processing",
        "usage": intent["usage"],
    }


def account(country: str, due: list[str]) -> Body:
    """A connected account that has told nothing yet, with a dashboard of its own at Stripe."""
    return {
        "id": new_identifier("acct"),
        "object": "account",
        "business_profile": {"name": None, "url": None},
        "business_type": None,
        "capabilities": {"card_payments": "inactive", "transfers": "inactive"},
        "charges_enabled": False,
        "controller": {
            "type": "application",
            "fees": {"payer": "account"},
            "is_controller": True,
            "losses": {"payments": "stripe"},
            "requirement_collection": "stripe",
            "stripe_dashboard": {"type": "full"},
        },
        "country": country,
        "created": clock.unix(),
        "default_currency": "usd",
        "details_submitted": False,
        "email": None,
        "metadata": {},
        "payouts_enabled": False,
        "requirements": {
            "alternatives": [],
            "current_deadline": None,
            "currently_due": due,
            "disabled_reason": "requirements.past_due",
            "errors": [],
            "eventually_due": due,
            "past_due": due,
            "pending_verification": [],
        },
        "settings": {},
        "type": "standard",
    }


def payment_method(
    card: Body, postal_code: str | None, email: str | None, name: str | None = None
) -> Body:
    """A card that belongs to nobody yet. `card` overrides the sample's brand, digits and expiry."""
    body = sample("payment_method")
    body["card"].update(
        generated_from=None,
        wallet=None,
        networks={"available": [card["brand"]], "preferred": None},
        display_brand=card["brand"],
        **card,
    )
    address = body["billing_details"]["address"]
    address.update(dict.fromkeys(address), country=card["country"], postal_code=postal_code)
    body["billing_details"].update(email=email, phone=None, name=name)
    body.update(
        id=new_identifier("pm"), created=clock.unix(), metadata={}, allow_redisplay="limited"
    )
    return body


def mandate(method: str, address: str, user_agent: str) -> Body:
    """What a card's holder agreed to on the hosted page, from where."""
    body = sample("mandate")
    body["customer_acceptance"].update(
        accepted_at=clock.unix(), online={"ip_address": address, "user_agent": user_agent}
    )
    body.update(
        id=new_identifier("mandate"),
        payment_method=method,
        payment_method_details={"card": {}, "type": "card"},
    )
    return body


def event(kind: str, subject: Body, previous: Body | None, request: Body) -> Body:
    """A notice that `subject` is now so; `previous` are the attributes that changed."""
    body = sample("event")
    data = {"object": subject} | ({"previous_attributes": previous} if previous else {})
    body.update(
        id=new_identifier("evt"),
        api_version=API_VERSION,
        created=clock.unix(),
        data=data,
        request=request,
        type=kind,
    )
    return body
