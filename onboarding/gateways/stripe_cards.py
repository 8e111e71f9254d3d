"""Cards at Stripe, or at the sandbox that speaks Stripe's wire format: Checkout in setup mode.

Each call may be made on a contractor's own account (Connect): the platform's key opens it, together
with the header `Stripe-Account`. No contractor's key is ever known here.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace

import stripe
from stripe import RequestOptions, SetupAttempt
from stripe.checkout import Session

from onboarding import tokens
from onboarding.config import Settings
from onboarding.gateways.cards import (
    AccountState,
    Card,
    Cards,
    CardsRefused,
    CardsUnavailable,
    Mode,
    SetupPage,
    SetupResult,
    StripeEvent,
    UnknownObject,
)
from onboarding.gateways.stripe_answers import account_of_stripe, card_of, moment, setup_of
from onboarding.gateways.stripe_events import read_event
from onboarding.gateways.stripe_failures import named_failures

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
        self._on = ""
        self._client = stripe.StripeClient(
            account.secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": account.base_url} if account.base_url else None,
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=timeout),
        )

    @property
    def mode(self) -> Mode:
        key = self._account.secret_key
        if key.startswith("sk_test_sandbox_"):
            return "sandbox"
        return "live" if key.startswith(("sk_live_", "rk_live_")) else "test"

    def at(self, account: str) -> Cards:
        there = copy(self)
        there._on = account
        return there

    def create_account(self, *, idempotency_key: str, contractor_id: str, email: str) -> str:
        # Its owner has a dashboard at Stripe, pays Stripe's fees and answers to Stripe: what used
        # to be called a standard account. The platform never carries its losses.
        with named_failures():
            account = self._client.v1.accounts.create(
                {
                    "controller": {
                        "fees": {"payer": "account"},
                        "losses": {"payments": "stripe"},
                        "requirement_collection": "stripe",
                        "stripe_dashboard": {"type": "full"},
                    },
                    "email": email,
                    "metadata": {"contractor_id": contractor_id},
                },
                {"idempotency_key": idempotency_key},
            )
        return account.id

    def account_page(self, account: str, *, return_url: str, refresh_url: str) -> str:
        with named_failures():
            link = self._client.v1.account_links.create(
                {
                    "account": account,
                    "type": "account_onboarding",
                    "return_url": return_url,
                    "refresh_url": refresh_url,
                }
            )
        return link.url

    def fetch_account(self, account: str) -> AccountState:
        with named_failures():
            return account_of_stripe(self._client.v1.accounts.retrieve(account))

    def create_customer(
        self, *, idempotency_key: str, contractor_id: str, contact_id: str, name: str, email: str
    ) -> str:
        metadata = {"contractor_id": contractor_id, "contact_id": contact_id}
        with named_failures():
            customer = self._client.v1.customers.create(
                {"name": name, "email": email, "metadata": metadata},
                self._options(idempotency_key),
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
        with named_failures():
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
                self._options(idempotency_key),
            )
        if session.url is None:
            raise CardsUnavailable("Stripe made a page without an address.")
        return SetupPage(session.id, session.url, moment(session.expires_at))

    def fetch_setup(self, session_id: str) -> SetupResult:
        with named_failures():
            session = self._client.v1.checkout.sessions.retrieve(
                session_id, {"expand": ["setup_intent.payment_method"]}, self._options()
            )
        return setup_of(session, self._declines(session))

    def expire_setup(self, session_id: str) -> None:
        try:
            with named_failures():
                self._client.v1.checkout.sessions.expire(session_id, options=self._options())
        except UnknownObject:
            raise
        except CardsRefused:
            # Only an open page can be expired: refused because it is closed means it is done.
            if self.fetch_setup(session_id).status == "open":
                raise

    def list_cards(self, customer: str) -> list[Card]:
        with named_failures():
            methods = self._client.v1.payment_methods.list(
                {"customer": customer, "type": "card", "limit": _PAGE}, self._options()
            )
            return [card_of(method) for method in methods.auto_paging_iter()]

    def fetch_card(self, card_id: str) -> Card:
        with named_failures():
            method = self._client.v1.payment_methods.retrieve(card_id, options=self._options())
        return card_of(method)

    def detach_card(self, card_id: str, idempotency_key: str) -> None:
        try:
            with named_failures():
                self._client.v1.payment_methods.detach(
                    card_id, options=self._options(idempotency_key)
                )
        except UnknownObject:
            raise
        except CardsRefused:
            # Stripe refuses to detach what is off already, without a code of its own for it.
            if self.fetch_card(card_id).customer is not None:
                raise

    def set_default(self, customer: str, payment_method: str, idempotency_key: str) -> None:
        with named_failures():
            self._client.v1.customers.update(
                customer,
                {"invoice_settings": {"default_payment_method": payment_method}},
                self._options(idempotency_key),
            )

    def read_event(self, payload: bytes, signature_header: str) -> StripeEvent:
        return read_event(self._account.webhook_secrets, payload, signature_header)

    def check(self) -> str:
        try:
            with named_failures():
                self._client.v1.customers.list({"limit": 1})
        except (CardsUnavailable, CardsRefused) as failure:
            return str(failure)
        return ""

    def _declines(self, session: Session) -> int:
        """How many cards were turned down on the page so far: each try is kept by Stripe."""
        intent = session.setup_intent
        if session.status == "complete" or intent is None or isinstance(intent, str):
            return 0
        if intent.latest_attempt is None:
            return 0
        with named_failures():
            tried = self._client.v1.setup_attempts.list(
                {"setup_intent": intent.id, "limit": _PAGE}, self._options()
            )
        return sum(_is_declined(attempt) for attempt in tried.data)

    def _options(self, idempotency_key: str = "") -> RequestOptions:
        options: RequestOptions = {}
        if self._on:
            options["stripe_account"] = self._on
        if idempotency_key:
            options["idempotency_key"] = idempotency_key
        return options


def _is_declined(attempt: SetupAttempt) -> bool:
    return attempt.status == "failed"
