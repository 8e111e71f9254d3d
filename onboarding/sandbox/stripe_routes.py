"""Stripe's addresses: which SDK type a request must fit, and who answers it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from stripe import params as shapes
from stripe.params import checkout as checkout_shapes

from onboarding.sandbox import stripe_accounts as accounts
from onboarding.sandbox import stripe_attempts as attempts
from onboarding.sandbox import stripe_customers as customers
from onboarding.sandbox import stripe_methods as methods
from onboarding.sandbox import stripe_sessions as sessions
from onboarding.sandbox.stripe_errors import refused, unknown_address
from onboarding.sandbox.stripe_store import Body, Shelf

Operation = Callable[..., Body]

_KINDS = {
    "cus": "customer",
    "cs": "checkout.session",
    "seti": "setup_intent",
    "pm": "payment_method",
    "mandate": "mandate",
    "setatt": "setup_attempt",
}
_DEEPEST_EXPANSION = 4


@dataclass(frozen=True)
class Route:
    """`identifiers` are those that stood in the address, in order."""

    shape: type
    operation: Operation
    identifiers: tuple[str, ...] = ()


ROUTES: tuple[tuple[str, str, type, Operation], ...] = (
    ("POST", "customers", shapes.CustomerCreateParams, customers.create),
    ("GET", "customers", shapes.CustomerListParams, customers.list_all),
    ("GET", "customers/*", shapes.CustomerRetrieveParams, customers.retrieve),
    ("POST", "customers/*", shapes.CustomerUpdateParams, customers.update),
    ("DELETE", "customers/*", shapes.CustomerDeleteParams, customers.delete),
    (
        "GET",
        "customers/*/payment_methods",
        shapes.CustomerPaymentMethodListParams,
        customers.list_methods,
    ),
    (
        "GET",
        "customers/*/payment_methods/*",
        shapes.CustomerPaymentMethodRetrieveParams,
        customers.retrieve_method,
    ),
    ("POST", "checkout/sessions", checkout_shapes.SessionCreateParams, sessions.create),
    ("GET", "checkout/sessions", checkout_shapes.SessionListParams, sessions.list_all),
    ("GET", "checkout/sessions/*", checkout_shapes.SessionRetrieveParams, sessions.retrieve),
    ("POST", "checkout/sessions/*/expire", checkout_shapes.SessionExpireParams, sessions.expire),
    ("POST", "setup_intents", shapes.SetupIntentCreateParams, sessions.create_intent),
    ("GET", "setup_intents", shapes.SetupIntentListParams, sessions.list_intents),
    ("GET", "setup_intents/*", shapes.SetupIntentRetrieveParams, sessions.retrieve_intent),
    ("GET", "payment_methods", shapes.PaymentMethodListParams, methods.list_all),
    ("GET", "payment_methods/*", shapes.PaymentMethodRetrieveParams, methods.retrieve),
    ("POST", "payment_methods/*", shapes.PaymentMethodUpdateParams, methods.update),
    ("POST", "payment_methods/*/attach", shapes.PaymentMethodAttachParams, methods.attach),
    ("POST", "payment_methods/*/detach", shapes.PaymentMethodDetachParams, methods.detach),
    ("GET", "setup_attempts", shapes.SetupAttemptListParams, attempts.list_all),
    ("POST", "accounts", shapes.AccountCreateParams, accounts.create),
    ("GET", "accounts/*", shapes.AccountRetrieveParams, accounts.retrieve),
    ("POST", "account_links", shapes.AccountLinkCreateParams, accounts.create_link),
    ("GET", "mandates/*", shapes.MandateRetrieveParams, methods.retrieve_mandate),
    ("GET", "events", shapes.EventListParams, sessions.list_events),
    ("GET", "events/*", shapes.EventRetrieveParams, sessions.retrieve_event),
)
_PATTERNS = [
    (method, re.compile(address.replace("*", "([A-Za-z0-9_]+)")), shape, operation)
    for method, address, shape, operation in ROUTES
]


def route_of(method: str, address: str) -> Route:
    """Raises StripeRefusal (404) for an address that the sandbox does not have."""
    for known, pattern, shape, operation in _PATTERNS:
        found = pattern.fullmatch(address)
        if found and known == method:
            return Route(shape, operation, found.groups())
    raise unknown_address(method, f"/v1/{address}")


def expand(shelf: Shelf, body: Body, paths: list[str]) -> Body:
    """Puts whole objects where identifiers stand, along paths such as `setup_intent.customer`."""
    for path in paths:
        parts = path.split(".")
        if len(parts) > _DEEPEST_EXPANSION:
            raise refused(f"You cannot expand more than 4 levels of a property ({path}).")
        _expand_one(shelf, body, parts, path)
    return body


def _expand_one(shelf: Shelf, body: Body, parts: list[str], path: str) -> None:
    name, rest = parts[0], parts[1:]
    if name not in body:
        raise refused(f"This property cannot be expanded ({path}).", param="expand[0]")
    value = body[name]
    if isinstance(value, str):
        kind = _KINDS.get(value.split("_")[0])
        found = shelf.find(kind, value) if kind else None
        if found is None:
            raise refused(f"This property cannot be expanded ({path}).", param="expand[0]")
        body[name] = value = found
    for one in value if isinstance(value, list) else [value]:
        if rest and one is not None:
            _expand_one(shelf, one, rest, path)
