"""The sandbox's customers."""

from onboarding.sandbox import stripe_methods, stripe_objects
from onboarding.sandbox.stripe_desk import Desk, merged_metadata, only
from onboarding.sandbox.stripe_errors import refused
from onboarding.sandbox.stripe_params import Params
from onboarding.sandbox.stripe_store import Body

_COPIED = ("description", "email", "name", "phone")
_HONOURED = (*_COPIED, "metadata", "invoice_settings")


def create(desk: Desk, params: Params) -> Body:
    only(params, _HONOURED)
    body = stripe_objects.customer()
    _change(desk, body, params)
    desk.shelf.keep(body)
    desk.emit("customer.created", body)
    return body


def retrieve(desk: Desk, params: Params, identifier: str) -> Body:
    """A deleted customer is still answered, as `deleted`."""
    return desk.fetch("customer", identifier)


def update(desk: Desk, params: Params, identifier: str) -> Body:
    only(params, _HONOURED)
    body = desk.live_customer(identifier, "id")
    before = dict(body, invoice_settings=dict(body["invoice_settings"]))
    _change(desk, body, params)
    desk.shelf.keep(body)
    changed = {name: value for name, value in before.items() if body[name] != value}
    if changed:
        desk.emit("customer.updated", body, changed)
    return body


def delete(desk: Desk, params: Params, identifier: str) -> Body:
    body = desk.live_customer(identifier, "id")
    for method in stripe_methods.of_customer(desk, identifier):
        stripe_methods.take_off(desk, method)
    gone = stripe_objects.deleted_customer(identifier)
    desk.shelf.keep(gone)
    desk.emit("customer.deleted", body)
    return gone


def list_all(desk: Desk, params: Params) -> Body:
    only(params, ("email", "limit", "starting_after", "ending_before"))
    everyone = desk.shelf.newest_first("customer", None)
    email = params.get("email")
    found = [
        body
        for body in everyone
        if not body.get("deleted") and (email is None or body["email"] == email)
    ]
    return desk.page(found, params, "/v1/customers")


def list_methods(desk: Desk, params: Params, identifier: str) -> Body:
    only(params, ("type", "limit", "starting_after", "ending_before"))
    desk.live_customer(identifier, "customer")
    methods = stripe_methods.of_customer(desk, identifier)
    return desk.page(methods, params, f"/v1/customers/{identifier}/payment_methods")


def retrieve_method(desk: Desk, params: Params, identifier: str, method: str) -> Body:
    desk.live_customer(identifier, "customer")
    return stripe_methods.owned(desk, identifier, method, "payment_method")


def _change(desk: Desk, body: Body, params: Params) -> None:
    for name in _COPIED:
        if name in params:
            body[name] = params[name] or None
    if "metadata" in params:
        body["metadata"] = merged_metadata(body["metadata"], params["metadata"])
    if "invoice_settings" in params:
        _change_default(desk, body, params["invoice_settings"])


def _change_default(desk: Desk, body: Body, settings: Params) -> None:
    only(settings, ("default_payment_method",))
    wanted = settings.get("default_payment_method")
    if wanted:
        method = desk.fetch("payment_method", wanted, "invoice_settings[default_payment_method]")
        if method["customer"] != body["id"]:
            raise refused(
                f"The customer does not have a payment method with the ID {wanted}. The payment"
                " method must be attached to the customer.",
                code="resource_missing",
                param="invoice_settings[default_payment_method]",
            )
    body["invoice_settings"]["default_payment_method"] = wanted or None
