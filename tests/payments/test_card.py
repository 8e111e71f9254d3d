"""Adding a card: off to the card page, and back by whatever way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from sqlalchemy import select

from onboarding import clock
from onboarding.contracts import sealing
from onboarding.database import transaction
from onboarding.journey.actions import Refused
from onboarding.journey.permissions import Refusal
from onboarding.journey.status import Step, next_step
from onboarding.notifications.models import Delivery
from onboarding.payments import actions, sweeping
from onboarding.payments.actions import Wish
from onboarding.payments.converging import converge
from onboarding.payments.mandate import ELEMENT_IDS
from onboarding.payments.models import CardSetup, Mandate
from onboarding.sandbox.stripe_faults import Fault
from tests.cards import CardWorld
from tests.deal import Deal, deal, now
from tests.payments.till import (
    add_card,
    cards,
    come_back,
    press_add_card,
    session_of,
    settle,
    setups,
    use,
)


def test_the_card_page_says_what_auto_pay_means_and_leaves_it_off(signed: Deal):
    page = signed.browser().get("/portal/card")
    assert page.status_code == 200
    assert all(f'id="{element}"' in page.text for element in ELEMENT_IDS)
    assert "checked" not in page.text


def test_a_card_completes_the_onboarding(signed: Deal):
    browser = signed.browser()
    add_card(signed, browser)
    (card,) = cards(signed)
    assert (card.brand, card.last4, card.is_default, card.auto_pay) == ("visa", "4242", True, False)
    assert signed.onboarding.status == "Onboarding Complete"
    assert next_step(signed.onboarding.facts) is Step.DONE
    assert signed.events()[-2:] == ["payment.card_saved", "onboarding.completed"]


def test_looking_at_the_return_page_changes_nothing_and_its_form_goes_off_by_itself(signed: Deal):
    browser = signed.browser()
    url = press_add_card(browser)
    use(url)
    before = signed.events()
    page = browser.get(f"/portal/card/return?session_id={session_of(url)}")
    assert 'data-hx-trigger="load' in page.text
    assert "Continue" in page.text
    assert signed.events() == before
    assert cards(signed) == []


def test_a_return_without_its_session_leads_on_instead_of_nowhere(signed: Deal):
    browser = signed.browser()
    assert browser.get("/portal/card/return").status_code == 200
    answer = browser.post("/portal/card/return", data={"session_id": ""})
    assert answer.headers["Location"].endswith("/portal/next")
    add_card(signed, browser)
    assert browser.post("/portal/card/return").status_code == 303
    assert len(cards(signed)) == 1


def test_after_an_abandoned_three_d_secure_another_card_works_at_once(signed: Deal):
    browser = signed.browser()
    url = press_add_card(browser)
    use(url, "authenticate")
    assert press_add_card(signed.browser()) == url
    page = requests.get(url, timeout=10)
    assert "Go on with your bank" in page.text
    use(url, "visa")
    come_back(browser, url)
    assert [card.last4 for card in cards(signed)] == ["4242"]


def test_an_htmx_return_moves_the_whole_page(signed: Deal):
    browser = signed.browser()
    url = press_add_card(browser)
    use(url)
    answer = browser.post(
        "/portal/card/return",
        data={"session_id": session_of(url)},
        headers={"HX-Request": "true"},
    )
    assert answer.headers["HX-Redirect"].endswith("/portal/next")


def test_ten_returns_at_once_are_one_card(signed: Deal):
    url = press_add_card(signed.browser())
    use(url)
    (setup,) = setups(signed)
    with ThreadPoolExecutor(10) as pool:
        states = set(pool.map(lambda _: settle(setup.id), range(10)))
    assert states == {"complete"}
    assert len(cards(signed)) == 1
    assert signed.events().count("payment.card_saved") == 1
    assert signed.events().count("onboarding.completed") == 1


def test_auto_pay_takes_effect_with_the_card_and_keeps_its_words(signed: Deal):
    browser = signed.browser()
    url = press_add_card(browser, auto_pay="y")
    assert now(signed.company.id).scalars(select(Mandate)).all() == []
    use(url)
    come_back(browser, url)
    (card,) = cards(signed)
    agreed = now(signed.company.id).scalars(select(Mandate)).one()
    assert card.auto_pay
    assert card.mandate_id == agreed.id
    assert all(f"[{element}]" in agreed.text for element in ELEMENT_IDS)
    assert "Ridgeline Roofing" in agreed.text
    assert agreed.ip


@pytest.mark.parametrize("test_card", ["declined", "insufficient_funds", "expired"])
def test_after_a_decline_the_card_page_is_clear_and_another_card_works(
    signed: Deal, test_card: str
):
    browser = signed.browser()
    url = press_add_card(browser)
    assert use(url, test_card).status_code != 303
    back = browser.get("/portal/card?back=1")
    assert "No card was added yet" in back.text
    assert cards(signed) == []
    assert press_add_card(browser) == url
    use(url)
    come_back(browser, url)
    assert len(cards(signed)) == 1


def test_three_d_secure_is_confirmed_on_the_card_page(signed: Deal, world: CardWorld):
    browser = signed.browser()
    url = press_add_card(browser)
    use(url, "authenticate")
    assert come_back(browser, url).headers["Location"].endswith("/portal/card?state=open")
    requests.post(
        f"{url}/authentication", data={"answer": "complete"}, allow_redirects=False, timeout=10
    )
    come_back(browser, url)
    assert [card.last4 for card in cards(signed)] == ["3184"]


def test_a_card_page_left_open_is_offered_again(signed: Deal):
    browser = signed.browser()
    assert press_add_card(browser) == press_add_card(browser)
    assert len(setups(signed)) == 1


def test_changing_the_mind_about_auto_pay_closes_the_first_card_page(signed: Deal):
    browser = signed.browser()
    first = press_add_card(browser)
    second = press_add_card(browser, auto_pay="y")
    assert first != second
    assert [setup.state for setup in setups(signed)] == ["expired", "open"]
    assert use(first).status_code != 303


def test_a_card_saved_while_the_customer_was_away_is_found_at_the_next_press(signed: Deal):
    browser = signed.browser()
    use(press_add_card(browser))
    answer = browser.post("/portal/card")
    assert answer.headers["Location"].endswith("/portal/next")
    assert len(cards(signed)) == 1


def test_an_expired_card_page_leads_to_a_new_one(signed: Deal):
    browser = signed.browser()
    first = press_add_card(browser)
    with clock.shifted(timedelta(hours=25)):
        browser = signed.browser()
        assert come_back(browser, first).headers["Location"].endswith("state=expired")
        assert "had closed" in browser.get("/portal/card?state=expired").text
        add_card(signed, browser)
    assert len(cards(signed)) == 1


@pytest.mark.parametrize("fault", [Fault.FAIL, Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.TOO_MANY])
@pytest.mark.parametrize("path", ["customers", "checkout/sessions"])
def test_with_stripe_down_the_page_says_so_and_the_signature_is_safe(
    signed: Deal, world: CardWorld, fault: Fault, path: str
):
    browser = signed.browser()
    world.faults.plan(fault, path=path)
    answer = browser.post("/portal/card", data={"auto_pay": "y"})
    assert answer.status_code == 503
    assert "does not answer right now" in answer.text
    assert "checked" in answer.text
    assert signed.onboarding.facts.is_signed
    add_card(signed, browser)
    assert len(cards(signed)) == 1


@pytest.mark.parametrize("path", ["customers", "checkout/sessions"])
def test_an_answer_that_was_lost_makes_nothing_twice(signed: Deal, world: CardWorld, path: str):
    browser = signed.browser()
    world.faults.plan(Fault.CUT_AFTER, path=path)
    assert browser.post("/portal/card").status_code == 503
    add_card(signed, browser)
    assert len(world.ask("GET", "customers").json()["data"]) == 1
    assert len(world.ask("GET", "checkout/sessions").json()["data"]) == 1
    assert len(cards(signed)) == 1


def test_stripe_down_at_the_return_is_said_and_made_good_by_the_sweep(
    signed: Deal, world: CardWorld
):
    browser = signed.browser()
    url = press_add_card(browser)
    use(url)
    world.faults.plan(Fault.FAIL, path="checkout/sessions")
    assert come_back(browser, url).headers["Location"].endswith("state=waiting")
    assert "waiting for word" in browser.get("/portal/card?state=waiting").text
    with clock.shifted(timedelta(minutes=2)):
        assert sweeping.reconcile() == 1
    assert len(cards(signed)) == 1
    assert signed.onboarding.facts.is_complete


def test_nobody_adds_a_card_before_signing(world: CardWorld, signed: Deal):
    other = deal(signed.house, "Other Roofing", "Evan Stone")
    other.approve()
    assert other.browser().post("/portal/card").status_code == 303
    assert setups(other) == []
    with pytest.raises(Refused) as refused:
        actions.start_card_setup(other.onboarding.id, other.contact.id, Wish(), other.customer)
    assert refused.value.refusal is Refusal.NOT_SIGNED


def test_another_customers_session_is_not_there(signed: Deal):
    other = deal(signed.house, "Other Roofing", "Evan Stone")
    other.signed()
    url = press_add_card(other.browser())
    use(url)
    assert come_back(signed.browser(), url).status_code == 404
    assert cards(signed) == []
    assert cards(other) == []


def test_a_session_of_another_customer_at_stripe_is_never_believed(signed: Deal, world: CardWorld):
    """Whatever our row says: customer, metadata and reference must be those of this setup."""
    url = press_add_card(signed.browser())
    foreign = world.setup(world.customer("foreign"), "foreign-setup")
    world.press(foreign, "visa")
    (setup,) = setups(signed)
    with transaction(signed.company.id) as db:
        db.get_one(CardSetup, setup.id).stripe_session = foreign.session_id
    assert converge(setup.id) == "refused"
    assert cards(signed) == []
    assert url


def test_revoked_while_on_the_card_page_no_card_is_kept(signed: Deal, world: CardWorld):
    url = press_add_card(signed.browser())
    signed.revoke()
    use(url)
    (setup,) = setups(signed)
    assert converge(setup.id) == "refused"
    assert not signed.onboarding.has_card
    sweeping.tell_stripe()
    (card,) = cards(signed)
    assert card.removed_at is not None
    assert world.cards.fetch_card(card.stripe_id).customer is None


def test_too_many_card_pages_in_a_day_are_refused(signed: Deal):
    browser = signed.browser()
    for _ in range(7):
        press_add_card(browser)
        press_add_card(browser, auto_pay="y")
    press_add_card(browser)
    answer = browser.post("/portal/card", data={"auto_pay": "y"})
    assert answer.status_code == 429
    assert "many times today" in answer.text


def test_the_confirmation_goes_out_once_the_card_is_there(signed: Deal):
    sealing.seal_due()
    add_card(signed, signed.browser())
    purposes = now(signed.company.id).scalars(select(Delivery.purpose)).all()
    assert "onboarding_completed_customer" in purposes
    assert "onboarding_completed_contractor" in purposes


def test_the_default_card_is_told_to_stripe_once(signed: Deal, world: CardWorld):
    add_card(signed, signed.browser())
    sweeping.tell_stripe()
    (customer,) = world.ask("GET", "customers").json()["data"]
    assert customer["invoice_settings"]["default_payment_method"] == cards(signed)[0].stripe_id
    assert sweeping.tell_stripe() == 0
