"""Cards at Stripe, or at the sandbox that speaks Stripe's wire format: Checkout in setup mode."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import stripe

from onboarding import tokens
from onboarding.config import Settings
from onboarding.gateways.cards import (
    Card,
    Cards,
    CardsBroken,
    CardsRefused,
    CardsUnavailable,
    SetupPage,
    SetupResult,
    StripeEvent,
    UnknownObject,
)
from onboarding.gateways.stripe_answers import card_of, moment, setup_of
from onboarding.gateways.stripe_events import read_event

# Pinned, so that neither an upgrade of the SDK nor a click in Stripe's dashboard changes what the
# answers look like. Move it together with the SDK: its parameter types belong to this version.
API_VERSION = "2026-10-28.endive"

_CONNECT_SECONDS = 4.0
_READ_SECONDS = 8.0
_RETRIES = 1
_PAGE = 100


@dataclass(frozen=True)
class StripeAccount:
    """Where cards are kept and what opens it. Secrets are kept out of its repr."""

    secret_key: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(repr=False)
    base_url: str = ""


def account_of(settings: Settings) -> StripeAccount:
    """Stripe's account where one is set, otherwise the sandbox's, whose secrets every process of
    the installation derives from the same SECRET_KEY.
    """
    if settings.stripe_secret_key:
        return StripeAccount(
            settings.stripe_secret_key, settings.stripe_webhook_secrets, settings.stripe_base_url
        )
    key = tokens.keyed_hash(settings.secret_key, "card sandbox key", "")
    secrets = [tokens.keyed_hash(one, "card sandbox events", "") for one in settings.secret_keys]
    return StripeAccount(
        f"sk_test_sandbox_{key[:32]}",
        tuple(f"whsec_{secret}" for secret in secrets),
        settings.stripe_base_url or f"{settings.base_url}/sandbox/stripe",
    )


def cards_at(settings: Settings, base_url: str) -> Cards:
    """The same account at another address: the demo's sandbox before its web server listens."""
    return StripeCards(replace(account_of(settings), base_url=base_url))


class StripeCards:
    """The Cards of one Stripe account. Safe to share between threads."""

    def __init__(
        self,
        account: StripeAccount,
        *,
        timeout: tuple[float, float] = (_CONNECT_SECONDS, _READ_SECONDS),
        retries: int = _RETRIES,
    ) -> None:
        # The SDK's telemetry would write a tracking file into the home folder.
        stripe.enable_telemetry = False
        self._account = account
        self._client = stripe.StripeClient(
            account.secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": account.base_url} if account.base_url else None,
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=timeout),
        )

    def create_customer(
        self, *, idempotency_key: str, contractor_id: str, contact_id: str, name: str, email: str
    ) -> str:
        metadata = {"contractor_id": contractor_id, "contact_id": contact_id}
        with _named_failures():
            customer = self._client.v1.customers.create(
                {"name": name, "email": email, "metadata": metadata},
                {"idempotency_key": idempotency_key},
            )
        return customer.id

    def start_setup(
        self,
        *,
        idempotency_key: str,
        customer: str,
        success_url: str,
        cancel_url: str,
        metadata: Mapping[str, str],
        reference: str = "",
    ) -> SetupPage:
        # Checkout in setup mode always prepares for `off_session` use; there is no parameter for
        # it. Naming the allowed types is what spares the currency, which setup has no use for.
        with _named_failures():
            session = self._client.v1.checkout.sessions.create(
                {
                    "mode": "setup",
                    "customer": customer,
                    "allowed_payment_method_types": ["card"],
                    "client_reference_id": reference or customer,
                    "metadata": dict(metadata),
                    "setup_intent_data": {"metadata": dict(metadata)},
                    "success_url": success_url,
                    "cancel_url": cancel_url,
                },
                {"idempotency_key": idempotency_key},
            )
        if session.url is None:
            raise CardsUnavailable("Stripe made a page without an address.")
        return SetupPage(session.id, session.url, moment(session.expires_at))

    def fetch_setup(self, session_id: str) -> SetupResult:
        with _named_failures():
            session = self._client.v1.checkout.sessions.retrieve(
                session_id, {"expand": ["setup_intent.payment_method"]}
            )
        return setup_of(session)

    def expire_setup(self, session_id: str) -> None:
        try:
            with _named_failures():
                self._client.v1.checkout.sessions.expire(session_id)
        except UnknownObject:
            raise
        except CardsRefused:
            # Only an open page can be expired: refused because it is closed means it is done.
            if self.fetch_setup(session_id).status == "open":
                raise

    def list_cards(self, customer: str) -> list[Card]:
        with _named_failures():
            methods = self._client.v1.payment_methods.list(
                {"customer": customer, "type": "card", "limit": _PAGE}
            )
            return [card_of(method) for method in methods.auto_paging_iter()]

    def fetch_card(self, card_id: str) -> Card:
        with _named_failures():
            return card_of(self._client.v1.payment_methods.retrieve(card_id))

    def detach_card(self, card_id: str, idempotency_key: str) -> None:
        try:
            with _named_failures():
                self._client.v1.payment_methods.detach(
                    card_id, options={"idempotency_key": idempotency_key}
                )
        except UnknownObject:
            raise
        except CardsRefused:
            # Stripe refuses to detach what is off already, without a code of its own for it.
            if self.fetch_card(card_id).customer is not None:
                raise

    def set_default(self, customer: str, payment_method: str, idempotency_key: str) -> None:
        with _named_failures():
            self._client.v1.customers.update(
                customer,
                {"invoice_settings": {"default_payment_method": payment_method}},
                {"idempotency_key": idempotency_key},
            )

    def read_event(self, payload: bytes, signature_header: str) -> StripeEvent:
        return read_event(self._account.webhook_secrets, payload, signature_header)

    def check(self) -> str:
        try:
            with _named_failures():
                self._client.v1.customers.list({"limit": 1})
        except (CardsUnavailable, CardsRefused) as failure:
            return str(failure)
        return ""


@contextmanager
def _named_failures() -> Iterator[None]:
    """Turns the SDK's errors into the gateway's."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as failure:
        raise CardsUnavailable(_sentence(failure)) from failure
    except stripe.APIError as failure:
        raise CardsBroken(_sentence(failure)) from failure
    except stripe.StripeError as refusal:
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
