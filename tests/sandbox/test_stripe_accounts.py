"""Connected accounts at the sandbox: each on shelves of its own, opened on a hosted page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from onboarding.gateways.cards import AccountGone, UnknownObject
from onboarding.sandbox import stripe_accounts
from tests.cards import CardWorld, card_world

BACK = "http://portal.test/crm/settings/payments"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CardWorld]:
    with card_world(tmp_path) as made:
        yield made


def an_account(world: CardWorld, key: str = "account-1") -> str:
    return world.cards.create_account(
        idempotency_key=key, contractor_id="contractor-1", email="maria@example.test"
    )


def page_of(world: CardWorld, account: str) -> str:
    return world.cards.account_page(account, return_url=BACK, refresh_url=f"{BACK}/refresh")


def press(page: str, answer: str) -> str:
    answered = requests.post(page, data={"answer": answer}, allow_redirects=False, timeout=10)
    return answered.headers["Location"]


def test_an_owner_opens_an_account_and_comes_back(world: CardWorld) -> None:
    account = an_account(world)
    assert an_account(world) == account
    assert not world.cards.fetch_account(account).is_ready
    page = page_of(world, account)
    assert "Open your card account" in requests.get(page, timeout=10).text
    assert press(page, "complete") == BACK
    opened = world.cards.fetch_account(account)
    assert (opened.is_ready, opened.has_told_all, opened.due) == (True, True, ())


def test_a_page_that_was_used_leads_to_the_address_that_makes_another(world: CardWorld) -> None:
    page = page_of(world, an_account(world))
    assert press(page, "later") == BACK
    assert press(page, "complete") == f"{BACK}/refresh"
    gone = requests.get(page, allow_redirects=False, timeout=10)
    assert gone.headers["Location"] == f"{BACK}/refresh"
    assert requests.get(f"{page}z", timeout=10).status_code == 404


def test_an_account_with_a_question_open_says_what_is_due(world: CardWorld) -> None:
    account = an_account(world)
    press(page_of(world, account), "restrict")
    state = world.cards.fetch_account(account)
    assert not state.is_ready
    assert state.due == ("individual.verification.document",)
    assert state.disabled_reason == "requirements.past_due"


def test_what_stands_on_one_account_is_not_there_on_another(world: CardWorld) -> None:
    account = an_account(world)
    there = world.cards.at(account)
    customer = there.create_customer(
        idempotency_key="customer-1", contractor_id="c", contact_id="d", name="Ana", email=""
    )
    page = there.start_setup(
        idempotency_key="setup-1",
        customer=customer,
        success_url="http://portal.test/back",
        cancel_url="http://portal.test/card",
        metadata={},
    )
    world.press(page, "visa")
    assert there.fetch_setup(page.session_id).has_succeeded
    assert len(there.list_cards(customer)) == 1
    with pytest.raises(UnknownObject):
        world.cards.fetch_setup(page.session_id)
    assert world.customer("customer-1") != customer


def test_events_of_an_account_name_it(world: CardWorld) -> None:
    account = an_account(world)
    press(page_of(world, account), "complete")
    headers = {"Authorization": "Bearer sk_test_sandbox_for_tests", "Stripe-Account": account}
    (event,) = world.ask("GET", "events", headers=headers).json()["data"]
    assert (event["type"], event["account"]) == ("account.updated", account)
    assert world.ask("GET", "events").json()["data"] == []


def test_an_account_that_took_its_access_back_is_gone(world: CardWorld) -> None:
    account = an_account(world)
    with world.served.sandbox.store.transaction() as shelf:
        desk = world.served.sandbox.desk(shelf)
        stripe_accounts.withdraw(desk, desk.fetch("account", account))
    with pytest.raises(AccountGone):
        world.cards.at(account).list_cards("cus_1")


def test_a_platform_and_a_sandbox_are_told_apart(world: CardWorld) -> None:
    assert world.cards.mode == "sandbox"
