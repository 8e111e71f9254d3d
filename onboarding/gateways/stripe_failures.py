"""The SDK's failures, named as the product knows them."""

from collections.abc import Iterator
from contextlib import contextmanager

import stripe

from onboarding.gateways.cards import (
    AccountGone,
    CardsBroken,
    CardsRefused,
    CardsUnavailable,
    UnknownObject,
)


@contextmanager
def named_failures() -> Iterator[None]:
    """Turns the SDK's errors into the gateway's."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as failure:
        raise CardsUnavailable(_sentence(failure)) from failure
    except stripe.APIError as failure:
        raise CardsBroken(_sentence(failure)) from failure
    except stripe.StripeError as refusal:
        if _code(refusal) == "account_invalid":
            raise AccountGone(_sentence(refusal), _code(refusal)) from refusal
        if refusal.code == "resource_missing":
            raise UnknownObject(_sentence(refusal), refusal.code) from refusal
        raise CardsRefused(_sentence(refusal), _code(refusal)) from refusal


def _sentence(failure: stripe.StripeError) -> str:
    """Stripe's own message with the request's number, which Stripe's support asks for."""
    message = (failure.user_message or type(failure).__name__).strip()
    return f"{message} ({failure.request_id})" if failure.request_id else message


def _code(refusal: stripe.StripeError) -> str:
    stated = refusal.code or (refusal.error.code if refusal.error else None)
    return stated or (refusal.error.type if refusal.error else None) or ""
