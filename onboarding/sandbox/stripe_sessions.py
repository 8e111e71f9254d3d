"""The sandbox's Checkout Sessions in setup mode, their setup intents, and the list of events."""

from urllib.parse import urlsplit

from onboarding import clock
from onboarding.sandbox import stripe_objects
from onboarding.sandbox.stripe_desk import Desk, only
from onboarding.sandbox.stripe_errors import refused, unsupported
from onboarding.sandbox.stripe_params import Params
from onboarding.sandbox.stripe_store import Body

_SESSION_PARAMS = (
    "mode",
    "customer",
    "allowed_payment_method_types",
    "currency",
    "client_reference_id",
    "metadata",
    "setup_intent_data",
    "success_url",
    "cancel_url",
    "expires_at",
    "locale",
)
_SHORTEST_SECONDS = 30 * 60
_LONGEST_SECONDS = 24 * 3600


def create(desk: Desk, params: Params) -> Body:
    only(params, _SESSION_PARAMS)
    _refuse_unfit(params)
    customer = params.get("customer")
    if customer:
        desk.live_customer(customer, "customer")
    intent = _intent(customer, params.get("setup_intent_data", {}))
    desk.shelf.keep(intent)
    body = stripe_objects.session(desk.public_url)
    body.update(
        customer=customer or None,
        setup_intent=intent["id"],
        client_reference_id=params.get("client_reference_id"),
        currency=params.get("currency"),
        metadata=params.get("metadata") or {},
        success_url=params["success_url"],
        cancel_url=params.get("cancel_url"),
        locale=params.get("locale"),
        expires_at=params.get("expires_at", body["expires_at"]),
    )
    desk.shelf.keep(body)
    desk.emit("setup_intent.created", intent)
    return body


def retrieve(desk: Desk, params: Params, identifier: str) -> Body:
    return current(desk, identifier)


def current(desk: Desk, identifier: str) -> Body:
    """The session, expired first if its time is over."""
    body = desk.fetch("checkout.session", identifier)
    if body["status"] == "open" and body["expires_at"] <= clock.unix():
        close(desk, body)
    return body


def list_all(desk: Desk, params: Params) -> Body:
    only(params, ("customer", "status", "limit", "starting_after", "ending_before"))
    found = desk.shelf.newest_first("checkout.session", params.get("customer"))
    status = params.get("status")
    found = [current(desk, body["id"]) for body in found]
    kept = [body for body in found if status is None or body["status"] == status]
    return desk.page(kept, params, "/v1/checkout/sessions")


def expire(desk: Desk, params: Params, identifier: str) -> Body:
    body = current(desk, identifier)
    if body["status"] != "open":
        raise refused(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session'
            f" has a status of `{body['status']}`."
        )
    close(desk, body)
    return body


def close(desk: Desk, body: Body) -> None:
    """Expires the session; what it began to set up is canceled."""
    body.update(status="expired", url=None)
    desk.shelf.keep(body)
    desk.emit("checkout.session.expired", body)
    intent = desk.fetch("setup_intent", body["setup_intent"])
    intent.update(status="canceled", cancellation_reason="abandoned", next_action=None)
    desk.shelf.keep(intent)
    desk.emit("setup_intent.canceled", intent)


def create_intent(desk: Desk, params: Params) -> Body:
    only(params, ("customer", "usage", "metadata", "description", "allowed_payment_method_types"))
    if params.get("customer"):
        desk.live_customer(params["customer"], "customer")
    body = _intent(params.get("customer"), params)
    body["usage"] = params.get("usage", "off_session")
    desk.shelf.keep(body)
    desk.emit("setup_intent.created", body)
    return body


def retrieve_intent(desk: Desk, params: Params, identifier: str) -> Body:
    return desk.fetch("setup_intent", identifier)


def list_intents(desk: Desk, params: Params) -> Body:
    only(params, ("customer", "payment_method", "limit", "starting_after", "ending_before"))
    found = desk.shelf.newest_first("setup_intent", params.get("customer"))
    method = params.get("payment_method")
    kept = [body for body in found if method is None or body["payment_method"] == method]
    return desk.page(kept, params, "/v1/setup_intents")


def retrieve_event(desk: Desk, params: Params, identifier: str) -> Body:
    return desk.fetch("event", identifier)


def list_events(desk: Desk, params: Params) -> Body:
    only(params, ("type", "types", "created", "limit", "starting_after", "ending_before"))
    found = desk.shelf.newest_first("event", None)
    types = params.get("types") or ([params["type"]] if "type" in params else None)
    created = params.get("created", {})
    kept = [
        body
        for body in found
        if (types is None or body["type"] in types) and _is_within(body["created"], created)
    ]
    return desk.page(kept, params, "/v1/events")


def _intent(customer: str | None, described: Params) -> Body:
    body = stripe_objects.setup_intent()
    body.update(
        customer=customer or None,
        metadata=described.get("metadata") or {},
        description=described.get("description"),
    )
    return body


def _refuse_unfit(params: Params) -> None:
    if params.get("mode") != "setup":
        raise unsupported("mode")
    if params.get("allowed_payment_method_types", ["card"]) != ["card"]:
        raise unsupported("allowed_payment_method_types")
    if "allowed_payment_method_types" not in params and not params.get("currency"):
        raise refused(
            "You must provide `currency` in `setup` mode when `allowed_payment_method_types` is"
            " not set.",
            code="parameter_missing",
            param="currency",
        )
    for name in ("success_url", "cancel_url"):
        _refuse_address(params, name)
    reach = params.get("expires_at", clock.unix() + _LONGEST_SECONDS) - clock.unix()
    if not _SHORTEST_SECONDS <= reach <= _LONGEST_SECONDS:
        raise refused(
            "The `expires_at` timestamp must be from 30 minutes to 24 hours after creation.",
            param="expires_at",
        )


def _refuse_address(params: Params, name: str) -> None:
    if name == "success_url" and not params.get(name):
        raise refused(f"Missing required param: {name}.", code="parameter_missing", param=name)
    address = urlsplit(params.get(name) or "https://none")
    if address.scheme not in ("http", "https") or not address.netloc:
        raise refused("Not a valid URL", code="url_invalid", param=name)


def _is_within(moment: int, created: Params | int) -> bool:
    if isinstance(created, int):
        return moment == created
    bounds = {
        "gt": moment > created.get("gt", moment - 1),
        "gte": moment >= created.get("gte", moment),
        "lt": moment < created.get("lt", moment + 1),
        "lte": moment <= created.get("lte", moment),
    }
    return all(bounds.values())
