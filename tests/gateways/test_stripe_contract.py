"""One script, replayed against the sandbox and, where STRIPE_TEST_KEY holds a key of Stripe's test
mode, against Stripe itself: what the product leans on is so at both."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import stripe
from stripe import InvalidRequestError, StripeClient, StripeError

from onboarding import clock, tokens
from onboarding.gateways.cards import CardsRefused, UnknownObject
from onboarding.gateways.stripe_cards import API_VERSION, StripeAccount, StripeCards
from tests.cards import KEY, card_world

REAL_KEY = os.environ.get("STRIPE_TEST_KEY", "")
BACK = "https://portal.example.test/portal/card/return?session_id={CHECKOUT_SESSION_ID}"


@contextmanager
def at_sandbox(folder: Path) -> Iterator[StripeAccount]:
    with card_world(folder) as world:
        yield StripeAccount(KEY, (), world.served.api_url)


@contextmanager
def at_stripe(_folder: Path) -> Iterator[StripeAccount]:
    assert REAL_KEY.startswith(("sk_test_", "rk_test_")), "never with a key of real money"
    yield StripeAccount(REAL_KEY, ())


@pytest.fixture(params=[at_sandbox, at_stripe] if REAL_KEY else [at_sandbox])
def account(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StripeAccount]:
    with request.param(tmp_path) as account:
        yield account


@pytest.fixture
def sdk(account: StripeAccount) -> StripeClient:
    bases: Any = {"api": account.base_url} if account.base_url else None
    return StripeClient(account.secret_key, base_addresses=bases, stripe_version=API_VERSION)


@pytest.fixture
def cards(account: StripeAccount) -> StripeCards:
    return StripeCards(account)


@pytest.fixture
def customer(cards: StripeCards, sdk: StripeClient) -> Iterator[str]:
    made = cards.create_customer(
        idempotency_key=tokens.new_secret(),
        contractor_id="contractor-1",
        contact_id="contact-1",
        name="Ana Ruiz",
        email="ana@example.com",
    )
    yield made
    sdk.v1.customers.delete(made)


def page_of(cards: StripeCards, customer: str, key: str, setup: str = "setup-1") -> Any:
    return cards.start_setup(
        idempotency_key=key,
        customer=customer,
        success_url=BACK,
        cancel_url="https://portal.example.test/portal/card",
        metadata={"setup_id": setup},
        reference=setup,
    )


def refusal(error: StripeError) -> tuple[int | None, str | None, str | None]:
    return error.http_status, error.code, getattr(error, "param", None)


def test_a_page_is_made_once_under_its_key(cards: StripeCards, customer: str):
    key = tokens.new_secret()
    page = page_of(cards, customer, key)
    assert page_of(cards, customer, key) == page
    assert page.url.startswith("http")
    assert 23 * 3600 < (page.expires_at - clock.now()).total_seconds() <= 24 * 3600 + 60
    with pytest.raises(CardsRefused) as other:
        page_of(cards, customer, key, "setup-2")
    assert other.value.code == "idempotency_error"


def test_an_open_page_tells_whose_it_is_and_ends_when_told(cards: StripeCards, customer: str):
    page = page_of(cards, customer, tokens.new_secret())
    stands = cards.fetch_setup(page.session_id)
    assert (stands.status, stands.customer, stands.reference) == ("open", customer, "setup-1")
    assert dict(stands.metadata) == {"setup_id": "setup-1"}
    assert (stands.payment_method, stands.failure, stands.declines) == (None, None, 0)
    assert not stands.has_succeeded
    for _ in range(2):
        cards.expire_setup(page.session_id)
    assert cards.fetch_setup(page.session_id).status == "expired"


def test_setup_mode_prepares_for_use_without_the_customer(
    cards: StripeCards, sdk: StripeClient, customer: str
):
    page = page_of(cards, customer, tokens.new_secret())
    session = sdk.v1.checkout.sessions.retrieve(page.session_id, {"expand": ["setup_intent"]})
    intent = session.setup_intent
    assert isinstance(intent, stripe.SetupIntent)
    assert (session.mode, session.payment_status) == ("setup", "no_payment_required")
    assert (intent.usage, intent.status) == ("off_session", "requires_payment_method")
    assert intent.payment_method_types == ["card"]


def test_a_card_on_file_is_followed_until_it_is_off(
    cards: StripeCards, sdk: StripeClient, customer: str
):
    made = sdk.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    (card,) = cards.list_cards(customer)
    assert (card.id, card.customer, card.brand, card.last4) == (made.id, customer, "visa", "4242")
    assert (card.funding, card.country) == ("credit", "US")
    sdk.v1.payment_methods.update(
        card.id,
        {"card": {"exp_month": 11, "exp_year": 2041}, "billing_details": {"name": "Ana Ruiz"}},
    )
    card = cards.fetch_card(card.id)
    assert (card.exp_month, card.exp_year, card.holder_name) == (11, 2041, "Ana Ruiz")
    cards.set_default(customer, card.id, tokens.new_secret())
    settings = sdk.v1.customers.retrieve(customer).invoice_settings
    assert settings is not None
    assert settings.default_payment_method == card.id
    for _ in range(2):
        cards.detach_card(card.id, tokens.new_secret())
    assert cards.fetch_card(card.id).customer is None
    assert cards.list_cards(customer) == []
    with pytest.raises(InvalidRequestError) as again:
        sdk.v1.payment_methods.attach(card.id, {"customer": customer})
    assert again.value.http_status == 400


def test_lists_go_on_after_a_page(cards: StripeCards, sdk: StripeClient, customer: str):
    for token in ("pm_card_visa", "pm_card_mastercard", "pm_card_amex"):
        sdk.v1.payment_methods.attach(token, {"customer": customer})
    first = sdk.v1.customers.payment_methods.list(customer, {"limit": 2})
    assert first.has_more
    rest = sdk.v1.customers.payment_methods.list(
        customer, {"limit": 2, "starting_after": first.data[-1].id}
    )
    assert not rest.has_more
    brands = [method.card.brand for method in [*first.data, *rest.data] if method.card]
    assert brands == ["amex", "mastercard", "visa"]


def test_refusals_carry_stripes_own_codes(cards: StripeCards, sdk: StripeClient, customer: str):
    with pytest.raises(UnknownObject):
        cards.fetch_card("pm_nothing")
    with pytest.raises(InvalidRequestError) as missing:
        sdk.v1.customers.retrieve("cus_nothing")
    assert refusal(missing.value) == (404, "resource_missing", "id")
    with pytest.raises(InvalidRequestError) as unknown:
        sdk.raw_request("post", "/v1/customers", color="green")
    assert refusal(unknown.value) == (400, "parameter_unknown", "color")
    with pytest.raises(stripe.CardError) as declined:
        sdk.v1.payment_methods.attach("pm_card_chargeDeclined", {"customer": customer})
    assert declined.value.http_status == 402
    assert declined.value.code == "card_declined"


def test_a_wrong_key_opens_nothing(account: StripeAccount):
    wrong = StripeAccount("sk_test_wrong", (), account.base_url)
    assert StripeCards(wrong).check() != ""
    assert StripeCards(account).check() == ""


def test_the_answer_names_the_version_that_was_asked_for(sdk: StripeClient):
    answer = sdk.raw_request("get", "/v1/customers?limit=1")
    assert answer.headers["Stripe-Version"] == API_VERSION
    assert answer.headers["Request-Id"].startswith("req_")
