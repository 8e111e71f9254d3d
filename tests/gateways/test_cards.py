"""The real Stripe adapter, through Stripe's own SDK, against the sandbox over HTTP."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import stripe
from stripe import WebhookSignature

from onboarding import clock
from onboarding.config import Settings
from onboarding.gateways.cards import (
    CardsRefused,
    CardsUnavailable,
    ForgedEvent,
    UnknownObject,
)
from onboarding.gateways.stripe_cards import (
    API_VERSION,
    StripeAccount,
    StripeCards,
    account_of,
)
from onboarding.gateways.stripe_events import MOST_BYTES, read_event
from onboarding.sandbox import stripe_objects
from onboarding.sandbox.stripe_faults import Fault
from tests.cards import KEY, SECRET, CardWorld, card_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CardWorld]:
    with card_world(tmp_path) as made:
        yield made


def test_a_customer_saves_a_card_and_comes_back(world: CardWorld) -> None:
    customer = world.customer()
    page = world.setup(customer)
    assert timedelta(hours=23) < page.expires_at - clock.now() <= timedelta(hours=24)
    before = world.cards.fetch_setup(page.session_id)
    assert (before.status, before.payment_method, before.has_succeeded) == ("open", None, False)

    answer = world.press(page, "visa")

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"return?session={page.session_id}")
    result = world.cards.fetch_setup(page.session_id)
    assert result.has_succeeded
    assert result.metadata == {"contractor_id": "contractor-1", "contract_id": "contract-1"}
    assert (result.customer, result.reference) == (customer, "contract-1")
    assert (result.mandate, result.failure) == (None, None)
    card = result.payment_method
    assert card is not None
    assert (card.brand, card.last4, card.exp_month, card.funding) == ("visa", "4242", 12, "credit")
    assert world.cards.list_cards(customer) == [card]
    assert world.cards.fetch_card(card.id) == card


def test_a_declined_customer_tries_another_card(world: CardWorld) -> None:
    page = world.setup(world.customer())
    assert world.press(page, "insufficient_funds").status_code == 422
    declined = world.cards.fetch_setup(page.session_id)
    assert (declined.status, declined.setup_status) == ("open", "requires_payment_method")
    assert declined.failure is not None
    assert declined.failure.decline_code == "insufficient_funds"
    assert declined.payment_method is None

    world.press(page, "mastercard")

    saved = world.cards.fetch_setup(page.session_id)
    assert saved.has_succeeded
    assert saved.failure is None


def test_the_bank_asks_and_the_customer_comes_back_in_another_tab(world: CardWorld) -> None:
    customer = world.customer()
    page = world.setup(customer)
    assert world.press(page, "authenticate").headers["Location"].endswith("/authentication")
    waiting = world.cards.fetch_setup(page.session_id)
    assert waiting.setup_status == "requires_action"
    assert not waiting.has_succeeded
    assert world.cards.list_cards(customer) == []

    assert world.answer_bank(page, "complete").status_code == 303

    assert world.cards.fetch_setup(page.session_id).has_succeeded
    assert len(world.cards.list_cards(customer)) == 1


def test_a_failed_authentication_leaves_the_page_open(world: CardWorld) -> None:
    page = world.setup(world.customer())
    world.press(page, "authenticate_setup")
    assert world.answer_bank(page, "fail").status_code == 422
    failed = world.cards.fetch_setup(page.session_id)
    assert (failed.status, failed.setup_status) == ("open", "requires_payment_method")
    assert failed.failure is not None
    assert failed.failure.code == "setup_intent_authentication_failure"


def test_a_card_with_a_mandate_says_so(world: CardWorld) -> None:
    page = world.setup(world.customer())
    world.press(page, "india")
    world.answer_bank(page, "complete")
    mandate = world.cards.fetch_setup(page.session_id).mandate
    assert mandate is not None
    assert world.ask("GET", f"mandates/{mandate}").json()["status"] == "active"


def test_the_same_key_makes_one_customer(world: CardWorld) -> None:
    assert world.customer() == world.customer()
    assert len(world.ask("GET", "customers").json()["data"]) == 1


def test_the_same_key_for_another_request_is_refused(world: CardWorld) -> None:
    customer = world.customer()
    with pytest.raises(CardsRefused, match="Keys for idempotent requests") as refusal:
        world.setup(customer, key="customer-1")
    assert refusal.value.code == "idempotency_error"


def test_an_answer_that_was_lost_is_given_again(world: CardWorld) -> None:
    world.faults.plan(Fault.CUT_AFTER, path="customers")
    with pytest.raises(CardsUnavailable):
        world.customer()
    world.customer()
    assert len(world.ask("GET", "customers").json()["data"]) == 1


def test_a_call_that_never_arrived_is_made_again(world: CardWorld) -> None:
    world.faults.plan(Fault.CUT_BEFORE, path="customers")
    with pytest.raises(CardsUnavailable):
        world.customer()
    assert world.ask("GET", "customers").json()["data"] == []
    world.customer()
    assert len(world.ask("GET", "customers").json()["data"]) == 1


def test_the_sdk_itself_tries_a_lost_answer_again(tmp_path: Path) -> None:
    with card_world(tmp_path, retries=1) as world:
        world.faults.plan(Fault.CUT_AFTER, path="customers")
        assert world.customer().startswith("cus_")
        assert len(world.ask("GET", "customers").json()["data"]) == 1


def test_a_failure_is_answered_again_under_its_key(world: CardWorld) -> None:
    world.faults.plan(Fault.FAIL, path="customers")
    for _ in range(2):
        with pytest.raises(CardsUnavailable, match="told to fail"):
            world.customer("customer-1")
    assert world.ask("GET", "customers").json()["data"] == []
    assert world.customer("customer-2").startswith("cus_")


def test_too_many_requests_are_a_matter_of_waiting(world: CardWorld) -> None:
    world.faults.plan(Fault.TOO_MANY, path="customers")
    with pytest.raises(CardsUnavailable):
        world.customer()
    assert world.customer().startswith("cus_")


def test_a_slow_answer_is_not_waited_for(tmp_path: Path) -> None:
    with card_world(tmp_path, timeout=(1.0, 0.3)) as world:
        world.faults.plan(Fault.DELAY, path="customers", seconds=1.0)
        with pytest.raises(CardsUnavailable):
            world.customer()


def test_a_stripe_that_is_not_there_is_unavailable() -> None:
    cards = StripeCards(StripeAccount(KEY, (SECRET,), "http://127.0.0.1:9"), retries=0)
    with pytest.raises(CardsUnavailable):
        cards.fetch_card("pm_1")
    assert "communicating with Stripe" in cards.check()


def test_doctor_hears_whether_the_key_opens(world: CardWorld) -> None:
    assert world.cards.check() == ""
    other = StripeCards(StripeAccount("sk_test_other", (SECRET,), world.served.api_url), retries=0)
    assert "does not know the key" in other.check()
    assert "sk_test_other" not in other.check()


def test_what_is_not_there_is_unknown(world: CardWorld) -> None:
    for look in (world.cards.fetch_card, world.cards.fetch_setup, world.cards.expire_setup):
        with pytest.raises(UnknownObject):
            look("cs_test_nothing")
    with pytest.raises(UnknownObject):
        world.cards.detach_card("pm_nothing", "detach-1")


def test_a_removed_card_stays_removed(world: CardWorld) -> None:
    customer = world.customer()
    page = world.setup(customer)
    world.press(page, "visa")
    (card,) = world.cards.list_cards(customer)
    world.cards.detach_card(card.id, "detach-1")
    world.cards.detach_card(card.id, "detach-1")
    world.cards.detach_card(card.id, "detach-2")
    assert world.cards.list_cards(customer) == []
    assert world.cards.fetch_card(card.id).customer is None
    assert not world.cards.fetch_setup(page.session_id).has_succeeded


def test_only_a_customers_own_card_becomes_the_default(world: CardWorld) -> None:
    ana, ben = world.customer("ana"), world.customer("ben")
    world.press(world.setup(ana), "visa")
    (card,) = world.cards.list_cards(ana)
    world.cards.set_default(ana, card.id, "default-1")
    settings = world.ask("GET", f"customers/{ana}").json()["invoice_settings"]
    assert settings["default_payment_method"] == card.id
    with pytest.raises(CardsRefused):
        world.cards.set_default(ben, card.id, "default-2")


def test_more_cards_than_fit_on_one_page_are_all_listed(world: CardWorld) -> None:
    customer = world.customer()
    for _ in range(103):
        answer = world.ask(
            "POST", "payment_methods/pm_card_visa/attach", data={"customer": customer}
        )
        assert answer.status_code == 200
    cards = world.cards.list_cards(customer)
    assert len({card.id for card in cards}) == 103
    assert [card.id for card in cards] == sorted((card.id for card in cards), reverse=True)


def test_an_expired_page_saves_nothing(world: CardWorld) -> None:
    customer = world.customer()
    page = world.setup(customer)
    world.cards.expire_setup(page.session_id)
    world.cards.expire_setup(page.session_id)
    assert world.press(page, "visa").status_code == 410
    assert world.cards.list_cards(customer) == []
    assert world.cards.fetch_setup(page.session_id).status == "expired"


def test_a_page_is_over_after_a_day(world: CardWorld) -> None:
    page = world.setup(world.customer())
    with clock.shifted(timedelta(hours=24, seconds=1)):
        assert world.cards.fetch_setup(page.session_id).status == "expired"
        assert world.press(page, "visa").status_code == 410


def test_the_version_of_the_api_is_the_one_that_the_sdk_was_made_for() -> None:
    assert stripe.api_version == API_VERSION == stripe_objects.API_VERSION


def test_secrets_stay_out_of_what_is_printed() -> None:
    assert SECRET not in repr(StripeAccount(KEY, (SECRET,)))
    assert KEY not in repr(StripeAccount(KEY, (SECRET,)))


def test_without_a_key_cards_go_to_the_sandbox_of_the_installation() -> None:
    settings = Settings(base_url="http://portal.test", secret_keys=("new" * 12, "old" * 12))
    account = account_of(settings)
    assert account.base_url == "http://portal.test/sandbox/stripe"
    assert account.secret_key.startswith("sk_test_sandbox_")
    assert len(set(account.webhook_secrets)) == 2
    real = replace(settings, stripe_secret_key="sk_live_1", stripe_webhook_secrets=("whsec_1",))
    assert account_of(real) == StripeAccount("sk_live_1", ("whsec_1",), "")


def event(**changes: object) -> bytes:
    body = stripe_objects.sample("event")
    body["data"]["object"] = {"id": "seti_1", "object": "setup_intent", "customer": "cus_1"}
    return json.dumps(body | {"id": "evt_1", "type": "setup_intent.succeeded"} | changes).encode()


def signed(payload: bytes, secret: str = SECRET, at: int | None = None) -> str:
    moment = clock.unix() if at is None else at
    return WebhookSignature.generate_signature_header(payload.decode(), secret, moment)


def test_a_signed_event_says_where_to_look() -> None:
    read = read_event((SECRET,), event(), signed(event()))
    assert (read.id, read.type, read.object_id) == ("evt_1", "setup_intent.succeeded", "seti_1")
    assert (read.customer, read.livemode) == ("cus_1", False)


def test_the_customer_of_a_detached_card_is_still_told() -> None:
    detached = {"object": {"id": "pm_1", "object": "payment_method", "customer": None}}
    payload = event(data=detached | {"previous_attributes": {"customer": "cus_1"}})
    assert read_event((SECRET,), payload, signed(payload)).customer == "cus_1"
    created = event(data={"object": {"id": "cus_2", "object": "customer"}})
    assert read_event((SECRET,), created, signed(created)).customer == "cus_2"


def test_while_secrets_are_rotated_either_one_is_believed() -> None:
    header = signed(event(), "whsec_old")
    assert read_event((SECRET, "whsec_old"), event(), header).id == "evt_1"
    both = signed(event(), "whsec_gone") + "," + signed(event()).split(",")[1]
    assert read_event((SECRET,), event(), both).id == "evt_1"


@pytest.mark.parametrize(
    ("payload", "header"),
    [
        (event(), signed(event(), "whsec_other")),
        (event(), ""),
        (event(), "t=1,v1="),
        (event(), "t=now,v1=abc"),
        (event(), f"t={clock.unix()}"),
        (event(), f"t={clock.unix()},v1=é"),
        (event(), signed(event()).replace("v1=", "v0=")),
        (b"", signed(b"")),
        (b"\xff\xfe", signed(event())),
        (b"[]", signed(b"[]")),
        (b'{"object": "event"}', signed(b'{"object": "event"}')),
        (event(object="v2.core.event"), signed(event(object="v2.core.event"))),
        (b" " * (MOST_BYTES + 1), signed(b" " * (MOST_BYTES + 1))),
        (json.dumps(json.loads(event()), indent=1).encode(), signed(event())),
    ],
    ids=[
        "wrong secret",
        "no header",
        "empty signature",
        "no moment",
        "no signature",
        "letters beyond ASCII",
        "another scheme",
        "empty body",
        "not text",
        "a list",
        "no fields",
        "another kind of event",
        "a huge body",
        "written anew",
    ],
)
def test_a_forged_event_is_refused(payload: bytes, header: str) -> None:
    with pytest.raises(ForgedEvent):
        read_event((SECRET,), payload, header)


@pytest.mark.parametrize(
    ("off", "is_believed"), [(-301, False), (-299, True), (299, True), (301, False)]
)
def test_a_signature_is_good_for_five_minutes(off: int, is_believed: bool) -> None:
    with clock.frozen(clock.now()):
        header = signed(event(), at=clock.unix() + off)
        if is_believed:
            assert read_event((SECRET,), event(), header).id == "evt_1"
        else:
            with pytest.raises(ForgedEvent, match="five minutes"):
                read_event((SECRET,), event(), header)


def test_age_is_measured_on_the_products_clock() -> None:
    header = signed(event())
    with clock.shifted(timedelta(minutes=10)), pytest.raises(ForgedEvent):
        read_event((SECRET,), event(), header)
