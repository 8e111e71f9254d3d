"""A contractor's own account at Stripe: opened on Stripe's page, cards on it, and its end."""

from datetime import timedelta

import pytest
import requests
from sqlalchemy import inspect, select, text

from onboarding import clock, database
from onboarding.contracts import sealing
from onboarding.keeping.rederiving import differing_facts
from onboarding.payments import connecting, sweeping, sweeping_cards
from onboarding.payments.models import CardAccount, CardHolder
from onboarding.sandbox import stripe_accounts
from onboarding.sandbox.stripe_faults import Fault
from tests.cards import KEY, CardWorld
from tests.deal import Deal, now
from tests.payments.till import (
    add_card,
    cards,
    come_back,
    deliver,
    press_add_card,
    setups,
    use,
)

SETTINGS = "/crm/settings/payments"


def account(deal: Deal) -> CardAccount | None:
    return now(deal.company.id).scalars(select(CardAccount)).one_or_none()


def open_page(deal: Deal) -> str:
    answer = deal.members_browser().post(f"{SETTINGS}/account")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def tell_stripe(page: str, answer: str) -> str:
    told = requests.post(page, data={"answer": answer}, allow_redirects=False, timeout=10)
    return told.headers["Location"].removeprefix("http://localhost")


@pytest.fixture
def own(signed: Deal) -> Deal:
    """A contractor with an account that is ready."""
    sealing.seal_due()
    tell_stripe(open_page(signed), "complete")
    signed.members_browser().post(f"{SETTINGS}/check")
    return signed


def withdraw(world: CardWorld, name: str) -> None:
    """The contractor takes the platform's access back in Stripe's dashboard."""
    with world.served.sandbox.store.transaction() as shelf:
        desk = world.served.sandbox.desk(shelf)
        stripe_accounts.withdraw(desk, desk.fetch("account", name))


def test_an_owner_opens_an_account_comes_back_and_sees_it_ready(signed: Deal):
    browser = signed.members_browser()
    assert "Open a Stripe account" in browser.get(SETTINGS).text
    back = tell_stripe(open_page(signed), "complete")
    assert back == f"{SETTINGS}?state=back"
    kept = account(signed)
    assert kept is not None
    assert kept.card_payments == "inactive"
    page = browser.get(back).text
    assert 'data-hx-trigger="load"' in page
    assert account(signed).card_payments == "inactive"  # type: ignore[union-attr]
    assert browser.post(f"{SETTINGS}/check").status_code == 303
    shown = browser.get(SETTINGS).text
    assert "Ready." in shown
    assert str(kept.stripe_account) in shown
    assert "Sandbox" in shown


def test_a_visit_left_half_way_is_gone_on_with(signed: Deal):
    page = open_page(signed)
    tell_stripe(page, "later")
    assert tell_stripe(page, "complete") == f"{SETTINGS}?state=closed"
    browser = signed.members_browser()
    assert "had closed" in browser.get(f"{SETTINGS}?state=closed").text
    first = account(signed)
    tell_stripe(open_page(signed), "restrict")
    browser.post(f"{SETTINGS}/check")
    assert "still wants to know" in browser.get(SETTINGS).text
    kept = account(signed)
    assert kept is not None
    assert first is not None
    assert kept.stripe_account == first.stripe_account


def test_a_lost_answer_makes_no_second_account(signed: Deal, world: CardWorld):
    for fault in (Fault.CUT_AFTER, Fault.CUT_BEFORE):
        world.faults.plan(fault, path="accounts")
        answer = signed.members_browser().post(f"{SETTINGS}/account")
        assert answer.status_code == 503
        assert "does not answer right now" in answer.text
    open_page(signed)
    with world.served.sandbox.store.transaction() as shelf:
        assert len(shelf.newest_first("account", None)) == 1


def test_cards_go_to_the_account_once_it_is_ready(signed: Deal, world: CardWorld):
    page = open_page(signed)
    first = press_add_card(signed.browser())
    assert setups(signed)[0].stripe_account == ""
    tell_stripe(page, "complete")
    signed.members_browser().post(f"{SETTINGS}/check")
    add_card(signed, signed.browser(), auto_pay="y")
    name = str(account(signed).stripe_account)  # type: ignore[union-attr]
    (card,) = cards(signed)
    assert card.stripe_account == name
    assert use(first).status_code != 303
    sweeping.tell_stripe()
    holder = (
        now(signed.company.id)
        .scalars(select(CardHolder).where(CardHolder.stripe_account == name))
        .one()
    )
    headers = {"Authorization": f"Bearer {KEY}", "Stripe-Account": name}
    (there,) = world.ask("GET", "customers", headers=headers).json()["data"]
    assert there["id"] == holder.stripe_customer
    assert there["invoice_settings"]["default_payment_method"] == card.stripe_id
    assert world.cards.at(name).fetch_card(card.stripe_id).customer == holder.stripe_customer


def test_events_of_the_account_save_the_card_and_follow_it(own: Deal, world: CardWorld):
    use(press_add_card(own.browser()))
    name = str(account(own).stripe_account)  # type: ignore[union-attr]
    headers = {"Authorization": f"Bearer {KEY}", "Stripe-Account": name}
    for event in world.ask("GET", "events?limit=100", headers=headers).json()["data"]:
        assert event["account"] == name
        assert deliver(own.house.client(), event) == 200
    (card,) = cards(own)
    assert card.stripe_account == name


def test_a_card_of_the_platform_stays_there_and_is_replaced_on_the_account(
    signed: Deal, world: CardWorld
):
    sealing.seal_due()
    add_card(signed, signed.browser(), auto_pay="y")
    tell_stripe(open_page(signed), "complete")
    signed.members_browser().post(f"{SETTINGS}/check")
    (old,) = cards(signed)
    browser = signed.browser()
    answer = browser.post("/portal/payment-methods", data={"replaces_id": old.id})
    use(answer.headers["Location"], "mastercard")
    come_back(browser, answer.headers["Location"])
    sweeping.tell_stripe()
    old, new = cards(signed)
    assert (old.stripe_account, old.detached_at is not None) == ("", True)
    assert (new.stripe_account != "", new.auto_pay, new.is_default) == (True, True, True)


def test_an_account_that_is_withdrawn_ends_its_cards_and_the_platform_takes_over(
    own: Deal, world: CardWorld
):
    add_card(own, own.browser(), auto_pay="y")
    name = str(account(own).stripe_account)  # type: ignore[union-attr]
    open_url = own.browser().post("/portal/payment-methods").headers["Location"]
    withdraw(world, name)
    with world.served.sandbox.store.transaction() as shelf:
        gone = shelf.on(name).newest_first("event", None)[0]
    assert gone["type"] == "account.application.deauthorized"
    assert deliver(own.house.client(), gone) == 200
    assert "Open a Stripe account" in own.members_browser().get(SETTINGS).text
    assert sweeping_cards.check_cards() == 1
    (card,) = cards(own)
    assert (card.removed_at is not None, card.auto_pay) == (True, False)
    assert "Card missing" in own.onboarding.details
    assert differing_facts(now(own.company.id)) == []
    come_back(own.browser(), open_url)
    answer = own.browser().post("/portal/payment-methods")
    use(answer.headers["Location"])
    come_back(own.browser(), answer.headers["Location"])
    assert [one.stripe_account for one in cards(own)] == [name, ""]


def test_an_account_withdrawn_without_a_word_is_found(own: Deal, world: CardWorld):
    withdraw(world, str(account(own).stripe_account))  # type: ignore[union-attr]
    assert own.browser().post("/portal/card").status_code == 503
    assert own.browser().post("/portal/card").status_code == 303
    assert setups(own)[-1].stripe_account == ""


def test_the_worker_follows_an_account_that_nobody_looks_at(signed: Deal, world: CardWorld):
    tell_stripe(open_page(signed), "complete")
    assert connecting.check_accounts() == 1
    assert connecting.check_accounts() == 0
    assert account(signed).card_payments == "active"  # type: ignore[union-attr]
    with clock.shifted(timedelta(hours=25)):
        assert connecting.check_accounts() == 1


def test_no_key_of_a_contractor_is_kept(own: Deal):
    engine = database.engine()
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                assert not any("sk_" in str(value) or "rk_" in str(value) for value in row)


def test_staff_do_not_open_accounts(signed: Deal):
    assert signed.browser().post(f"{SETTINGS}/account").status_code in (302, 303)
    assert account(signed) is None
