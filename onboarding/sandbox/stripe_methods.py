"""The sandbox's payment methods (cards) and mandates."""

from onboarding import clock
from onboarding.sandbox import stripe_objects
from onboarding.sandbox.stripe_desk import Desk, merged_metadata, only
from onboarding.sandbox.stripe_errors import declined, missing, refused
from onboarding.sandbox.stripe_params import Params
from onboarding.sandbox.stripe_store import Body
from onboarding.sandbox.stripe_testcards import (
    TestCard,
    brand_of,
    card_named,
    fingerprint_of,
)

# Stripe's test tokens that stand for a whole card in a request.
_TOKENS = {
    "pm_card_visa": "visa",
    "pm_card_mastercard": "mastercard",
    "pm_card_amex": "amex",
    "pm_card_discover": "discover",
    "pm_card_visa_debit": "visa_debit",
    "pm_card_chargeCustomerFail": "charge_fails",
    "pm_card_chargeDeclined": "declined",
    "pm_card_chargeDeclinedExpiredCard": "expired",
}


def of_customer(desk: Desk, customer: str) -> list[Body]:
    return desk.shelf.newest_first("payment_method", customer)


def owned(desk: Desk, customer: str, identifier: str, param: str = "id") -> Body:
    body = desk.fetch("payment_method", identifier, param)
    if body["customer"] != customer:
        raise missing("PaymentMethod", identifier, param)
    return body


def retrieve(desk: Desk, params: Params, identifier: str) -> Body:
    return desk.fetch("payment_method", identifier)


def list_all(desk: Desk, params: Params) -> Body:
    only(params, ("customer", "type", "limit", "starting_after", "ending_before"))
    if "customer" in params:
        desk.live_customer(params["customer"], "customer")
    is_card = params.get("type", "card") == "card"
    # Without a customer Stripe lists the account's own, of which a sandbox has none.
    found = of_customer(desk, params["customer"]) if is_card and "customer" in params else []
    return desk.page(found, params, "/v1/payment_methods")


def update(desk: Desk, params: Params, identifier: str) -> Body:
    only(params, ("metadata", "billing_details", "card", "allow_redisplay"))
    body = desk.fetch("payment_method", identifier)
    if body["customer"] is None:
        raise refused("You must save this PaymentMethod to a customer before you can update it.")
    only(params.get("card", {}), ("exp_month", "exp_year"))
    only(params.get("billing_details", {}), ("email", "name", "phone"))
    body["card"].update(params.get("card", {}))
    body["allow_redisplay"] = params.get("allow_redisplay", body["allow_redisplay"])
    body["metadata"] = merged_metadata(body["metadata"], params.get("metadata", {}))
    for name, value in params.get("billing_details", {}).items():
        body["billing_details"][name] = value or None
    desk.shelf.keep(body)
    desk.emit("payment_method.updated", body)
    return body


def attach(desk: Desk, params: Params, identifier: str) -> Body:
    only(params, ("customer",))
    customer = desk.live_customer(params.get("customer", ""), "customer")
    if identifier in _TOKENS:
        return _attach_token(desk, identifier, customer["id"])
    body = desk.fetch("payment_method", identifier)
    if body["customer"] is not None:
        raise refused("The payment method you provided has already been attached to a customer.")
    raise refused(
        "This PaymentMethod was previously used without being attached to a Customer or was"
        " detached from a Customer, and may not be used again."
    )


def detach(desk: Desk, params: Params, identifier: str) -> Body:
    body = desk.fetch("payment_method", identifier)
    if body["customer"] is None:
        raise refused(
            "The payment method you provided is not attached to a customer so detachment is"
            " impossible."
        )
    return take_off(desk, body)


def take_off(desk: Desk, body: Body) -> Body:
    """Detaches, and forgets it as its customer's default."""
    owner = desk.fetch("customer", body["customer"])
    body["customer"] = None
    desk.shelf.keep(body)
    desk.emit("payment_method.detached", body, {"customer": owner["id"]})
    settings = owner["invoice_settings"]
    if settings["default_payment_method"] == body["id"]:
        before = dict(settings)
        settings["default_payment_method"] = None
        desk.shelf.keep(owner)
        desk.emit("customer.updated", owner, {"invoice_settings": before})
    return body


def put_on(desk: Desk, body: Body, customer: str) -> None:
    body["customer"] = customer
    desk.shelf.keep(body)
    desk.emit("payment_method.attached", body)


def from_card(
    desk: Desk,
    card: TestCard,
    expiry: tuple[int, int] | None = None,
    postal_code: str | None = None,
    email: str | None = None,
    name: str | None = None,
) -> Body:
    """A card without an owner. Of its number only the last four digits and the fingerprint stay."""
    month, year = expiry or (12, clock.now().year + 3)
    shown = {
        "brand": brand_of(card.number),
        "last4": card.last4,
        "exp_month": month,
        "exp_year": year,
        "fingerprint": fingerprint_of(desk.fingerprint_key, card.number),
        "funding": card.funding,
        "country": card.country,
    }
    return stripe_objects.payment_method(shown, postal_code, email, name)


def retrieve_mandate(desk: Desk, params: Params, identifier: str) -> Body:
    return desk.fetch("mandate", identifier)


def _attach_token(desk: Desk, token: str, customer: str) -> Body:
    card = card_named(_TOKENS[token])
    if card is None:
        raise missing("PaymentMethod", token)
    if card.decline:
        raise declined(card.decline.message, card.decline.code, card.decline.decline_code)
    body = from_card(desk, card)
    put_on(desk, body, customer)
    return body
