"""The sandbox's API as Stripe's: fields, parameters, keys, idempotency, lists."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import stripe

from onboarding import clock
from onboarding.gateways.stripe_cards import API_VERSION
from onboarding.sandbox import stripe_objects
from onboarding.sandbox.stripe_routes import ROUTES
from onboarding.sandbox.stripe_sandbox import CardSandbox, SandboxInProduction
from tests.cards import KEY, SECRET, CardWorld, card_world

BEARER = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CardWorld]:
    with card_world(tmp_path) as made:
        yield made


@pytest.fixture
def sdk(world: CardWorld) -> stripe.StripeClient:
    return stripe.StripeClient(
        KEY, base_addresses={"api": world.served.api_url}, stripe_version=API_VERSION
    )


def misfits(sample: Any, answer: Any, path: str = "") -> list[str]:
    """Where the answer lacks a field of Stripe's sample, has one more, or another type."""
    if sample is None or answer is None:
        return []
    if isinstance(sample, dict) and sample and isinstance(answer, dict):
        faults = [f"{path}.{name}" for name in sample.keys() ^ answer.keys()]
        both = sample.keys() & answer.keys()
        return faults + [
            fault
            for name in both
            for fault in misfits(sample[name], answer[name], f"{path}.{name}")
        ]
    return [] if type(sample) is type(answer) else [f"{path} is {answer!r}, not like {sample!r}"]


# Fields whose inside depends on the kind of object or failure, so the sample's does not bind.
FREE = {
    "event": {".data.object", ".data.previous_attributes"},
    "mandate": {".payment_method_details.sepa_debit", ".payment_method_details.card"},
    "setup_intent": {".last_setup_error", ".next_action", ".payment_method_options"},
    "payment_method": {".metadata"},
    "checkout.session": set(),
    "customer": set(),
    "deleted_customer": set(),
}


def unlike_sample(kind: str, answer: dict[str, Any]) -> list[str]:
    faults = misfits(stripe_objects.sample(kind), answer)
    return [fault for fault in faults if not any(fault.startswith(free) for free in FREE[kind])]


def test_every_object_carries_the_fields_of_stripes_own_sample(world: CardWorld) -> None:
    customer = world.customer()
    open_page, used_page = world.setup(customer, "open"), world.setup(customer, "used")
    world.press(used_page, "declined")
    world.press(used_page, "india")
    intent = world.ask("GET", f"checkout/sessions/{used_page.session_id}").json()["setup_intent"]
    waiting = world.ask("GET", f"setup_intents/{intent}").json()
    assert waiting["next_action"]["type"] == "redirect_to_url"
    assert unlike_sample("setup_intent", waiting) == []
    world.answer_bank(used_page, "complete")
    done = world.ask("GET", f"setup_intents/{intent}").json()

    answers = {
        "customer": f"customers/{customer}",
        "payment_method": f"payment_methods/{done['payment_method']}",
        "mandate": f"mandates/{done['mandate']}",
        "setup_intent": f"setup_intents/{intent}",
    }
    for kind, address in answers.items():
        assert unlike_sample(kind, world.ask("GET", address).json()) == [], kind
    for page in (open_page, used_page):
        answer = world.ask("GET", f"checkout/sessions/{page.session_id}").json()
        assert unlike_sample("checkout.session", answer) == []
    deleted = world.ask("DELETE", f"customers/{customer}").json()
    assert unlike_sample("deleted_customer", deleted) == []
    for event in world.ask("GET", "events?limit=100").json()["data"]:
        assert unlike_sample("event", event) == []
        assert event["type"].split(".")[0] in (
            "customer",
            "payment_method",
            "setup_intent",
            "checkout",
        )
        assert unlike_sample(event["data"]["object"]["object"], event["data"]["object"]) == []


def test_every_address_is_one_that_the_sdk_knows() -> None:
    services = Path(stripe.__file__).parent
    text = "".join(path.read_text() for path in services.rglob("*_service.py"))
    known = {line.strip().strip('",') for line in text.splitlines() if "/v1/" in line}
    known = {address.split('"')[0] for address in known}
    for _, address, _, _ in ROUTES:
        parts = address.split("*")
        assert any(
            all(part in one for part in parts) and one.count("{") == address.count("*")
            for one in known
        ), address


@pytest.mark.parametrize(
    ("address", "data", "param", "code"),
    [
        ("customers", {"nickname": "x"}, "nickname", "parameter_unknown"),
        ("customers", {"address[planet]": "x"}, "address[planet]", "parameter_unknown"),
        ("customers", {"idempotency_key": "x"}, "idempotency_key", "parameter_unknown"),
        ("customers", {"phone[a]": "x"}, "phone", "parameter_invalid_string"),
        ("customers", {"shipping[name]": "x"}, "shipping[address]", "parameter_missing"),
        ("customers", {"balance": "much"}, "balance", "parameter_invalid_integer"),
        ("customers", {"balance": "5"}, "balance", None),
        ("customers", {"tax_exempt": "maybe"}, "tax_exempt", None),
        (
            "checkout/sessions",
            {"mode": "setup", "success_url": "https://a.test"},
            "currency",
            "parameter_missing",
        ),
        (
            "checkout/sessions",
            {"payment_method_types[]": "card"},
            "payment_method_types",
            "parameter_unknown",
        ),
        ("checkout/sessions", {"mode": "payment"}, "mode", None),
        (
            "checkout/sessions",
            {"mode": "setup", "currency": "usd"},
            "success_url",
            "parameter_missing",
        ),
        (
            "checkout/sessions",
            {"mode": "setup", "currency": "usd", "success_url": "javascript:alert(1)"},
            "success_url",
            "url_invalid",
        ),
        (
            "checkout/sessions",
            {
                "mode": "setup",
                "currency": "usd",
                "success_url": "https://a.test",
                "customer": "cus_x",
            },
            "customer",
            "resource_missing",
        ),
        (
            "checkout/sessions",
            {
                "mode": "setup",
                "currency": "usd",
                "success_url": "https://a.test",
                "expires_at": "9",
            },
            "expires_at",
            None,
        ),
        ("setup_intents", {"confirm": "true"}, "confirm", None),
        ("setup_intents", {"confirm": "yes"}, "confirm", None),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    world: CardWorld, address: str, data: dict[str, str], param: str, code: str | None
) -> None:
    answer = world.ask("POST", address, data=data)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["type"], error["param"]) == ("invalid_request_error", param)
    assert error.get("code") == code
    assert error["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer sk_test_other"},
        {"Authorization": "Basic !"},
        {"Authorization": KEY},
    ],
)
def test_without_the_key_nothing_is_told(world: CardWorld, headers: dict[str, str]) -> None:
    customer = world.customer()
    answer = world.ask("GET", f"customers/{customer}", headers=headers)
    assert answer.status_code == 401
    assert "ana@example.test" not in answer.text


def test_the_key_may_be_a_users_name(world: CardWorld) -> None:
    assert world.ask("GET", "customers", headers={}, auth=(KEY, "")).status_code == 200


def test_an_unknown_address_is_refused(world: CardWorld) -> None:
    answer = world.ask("POST", "charges", data={"amount": "100"})
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "Unrecognized request URL (POST: /v1/charges)."


def test_headers_are_those_that_stripe_sends(world: CardWorld) -> None:
    headers = BEARER | {"Idempotency-Key": "key-1", "Stripe-Version": API_VERSION}
    first = world.ask("POST", "customers", headers=headers, data={"name": "Ana"})
    again = world.ask("POST", "customers", headers=headers, data={"name": "Ana"})
    for answer in (first, again):
        assert answer.headers["Request-Id"].startswith("req_")
        assert answer.headers["Stripe-Version"] == API_VERSION
        assert answer.headers["Idempotency-Key"] == "key-1"
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()


def test_a_refused_parameter_does_not_use_up_the_key(world: CardWorld) -> None:
    headers = BEARER | {"Idempotency-Key": "key-1"}
    assert world.ask("POST", "customers", headers=headers, data={"nome": "Ana"}).status_code == 400
    assert world.ask("POST", "customers", headers=headers, data={"name": "Ana"}).status_code == 200


def test_a_key_is_forgotten_after_a_day(world: CardWorld) -> None:
    first = world.customer()
    with clock.shifted(timedelta(hours=24, seconds=1)):
        assert world.customer() != first


def test_ten_presses_at_once_make_one_customer(world: CardWorld) -> None:
    with ThreadPoolExecutor(10) as people:
        made = set(people.map(lambda _: world.customer(), range(10)))
    assert len(made) == 1
    types = [one["type"] for one in world.ask("GET", "events").json()["data"]]
    assert types == ["customer.created"]


def test_what_was_saved_is_there_after_a_restart(tmp_path: Path) -> None:
    with card_world(tmp_path) as world:
        customer = world.customer()
        page = world.setup(customer)
        world.press(page, "visa")
    with card_world(tmp_path) as world:
        assert world.cards.fetch_setup(page.session_id).has_succeeded
        assert world.customer() == customer


def test_lists_are_cut_into_pages_both_ways(world: CardWorld, sdk: stripe.StripeClient) -> None:
    made = [world.customer(f"customer-{number}") for number in range(5)]
    newest_first = made[::-1]
    page = sdk.v1.customers.list({"limit": 2})
    assert [one.id for one in page.data] == newest_first[:2]
    assert page.has_more
    assert [one.id for one in page.auto_paging_iter()] == newest_first
    before = sdk.v1.customers.list({"limit": 2, "ending_before": newest_first[3]})
    assert [one.id for one in before.data] == newest_first[1:3]
    assert before.has_more
    with pytest.raises(stripe.InvalidRequestError, match="between 1 and 100"):
        sdk.v1.customers.list({"limit": 101})
    with pytest.raises(stripe.InvalidRequestError, match="No such object"):
        sdk.v1.customers.list({"starting_after": "cus_gone"})


def test_customers_are_edited_and_deleted(world: CardWorld, sdk: stripe.StripeClient) -> None:
    customer = world.customer()
    edited = sdk.v1.customers.update(
        customer, {"name": "Ana Maria", "metadata": {"contact_id": "", "note": "x"}}
    )
    assert edited.to_dict()["metadata"] == {"contractor_id": "contractor-1", "note": "x"}
    event = sdk.v1.events.list({"type": "customer.updated"}).data[0]
    assert event.data.to_dict()["previous_attributes"]["name"] == "Ana Ruiz"
    world.press(world.setup(customer), "visa")
    (card,) = world.cards.list_cards(customer)
    assert sdk.v1.customers.delete(customer).to_dict()["deleted"] is True
    assert sdk.v1.customers.retrieve(customer).to_dict()["deleted"] is True
    assert world.cards.fetch_card(card.id).customer is None
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        sdk.v1.customers.update(customer, {"name": "Ana"})


def test_cards_are_attached_once_and_never_after_detaching(
    world: CardWorld, sdk: stripe.StripeClient
) -> None:
    customer = world.customer()
    card = sdk.v1.payment_methods.attach("pm_card_mastercard", {"customer": customer})
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        sdk.v1.payment_methods.attach(card.id, {"customer": customer})
    sdk.v1.payment_methods.update(card.id, {"card": {"exp_year": 2041}})
    assert world.cards.fetch_card(card.id).exp_year == 2041
    sdk.v1.payment_methods.detach(card.id)
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        sdk.v1.payment_methods.attach(card.id, {"customer": customer})
    with pytest.raises(stripe.CardError) as declined:
        sdk.v1.payment_methods.attach("pm_card_chargeDeclined", {"customer": customer})
    assert (declined.value.http_status, declined.value.code) == (402, "card_declined")


def test_a_default_card_that_is_detached_is_no_default(world: CardWorld) -> None:
    customer = world.customer()
    world.press(world.setup(customer), "visa")
    (card,) = world.cards.list_cards(customer)
    world.cards.set_default(customer, card.id, "default-1")
    world.cards.detach_card(card.id, "detach-1")
    settings = world.ask("GET", f"customers/{customer}").json()["invoice_settings"]
    assert settings["default_payment_method"] is None


def test_another_customers_card_is_not_found_under_ones_own(world: CardWorld) -> None:
    ana, ben = world.customer("ana"), world.customer("ben")
    world.press(world.setup(ana), "visa")
    (card,) = world.cards.list_cards(ana)
    assert world.ask("GET", f"customers/{ana}/payment_methods/{card.id}").status_code == 200
    assert world.ask("GET", f"customers/{ben}/payment_methods/{card.id}").status_code == 400
    assert world.ask("GET", f"customers/{ben}/payment_methods").json()["data"] == []
    assert world.ask("GET", f"customers/{ana}/payment_methods").json()["data"][0]["id"] == card.id


def test_objects_stand_in_the_place_of_identifiers_when_asked(
    world: CardWorld, sdk: stripe.StripeClient
) -> None:
    customer = world.customer()
    page = world.setup(customer)
    session = sdk.v1.checkout.sessions.retrieve(
        page.session_id, {"expand": ["customer", "setup_intent.payment_method"]}
    )
    assert session.to_dict()["customer"]["email"] == "ana@example.test"
    listed = sdk.v1.setup_intents.list({"customer": customer, "expand": ["data.customer"]})
    assert listed.data[0].to_dict()["customer"]["id"] == customer
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        sdk.v1.checkout.sessions.retrieve(page.session_id, {"expand": ["status"]})


def test_setup_intents_and_sessions_are_found_again(
    world: CardWorld, sdk: stripe.StripeClient
) -> None:
    customer = world.customer()
    made = sdk.v1.setup_intents.create({"customer": customer, "usage": "on_session"})
    assert (made.status, made.usage) == ("requires_payment_method", "on_session")
    page = world.setup(customer)
    world.press(page, "visa")
    complete = sdk.v1.checkout.sessions.list({"customer": customer, "status": "complete"})
    assert [one.id for one in complete.data] == [page.session_id]
    (card,) = world.cards.list_cards(customer)
    found = sdk.v1.setup_intents.list({"payment_method": card.id})
    assert [one.status for one in found.data] == ["succeeded"]


def test_events_are_found_by_kind_and_time(world: CardWorld, sdk: stripe.StripeClient) -> None:
    world.press(world.setup(world.customer()), "visa")
    types = [one.type for one in sdk.v1.events.list().data]
    assert types == [
        "checkout.session.completed",
        "setup_intent.succeeded",
        "payment_method.attached",
        "setup_intent.created",
        "customer.created",
    ]
    wanted = sdk.v1.events.list({"types": ["setup_intent.succeeded"]}).data
    assert [sdk.v1.events.retrieve(one.id).type for one in wanted] == ["setup_intent.succeeded"]
    assert sdk.v1.events.list({"created": {"gt": clock.unix() + 5}}).data == []
    assert len(sdk.v1.events.list({"created": {"gte": clock.unix() - 60}}).data) == 5


def test_production_has_no_sandbox(tmp_path: Path) -> None:
    with pytest.raises(SandboxInProduction):
        CardSandbox(
            path=tmp_path / "x.db", mode="production", secret_key=KEY, webhook_secret=SECRET
        )
    assert list(tmp_path.iterdir()) == []


def test_its_state_is_a_file_of_its_own(world: CardWorld, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "card-sandbox.db") as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()
    assert {"objects", "answers", "deliveries"} <= names
