"""Cards on file afterwards: default, auto-pay, replace, remove."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from onboarding import clock
from onboarding.contractors.models import Contractor
from onboarding.database import transaction
from onboarding.notifications.models import Delivery, Notification
from onboarding.payments import sweeping
from onboarding.payments.actions_methods import ChoiceNeeded, remove_card
from onboarding.payments.models import Mandate, PaymentMethod
from onboarding.payments.queries import cards_of
from onboarding.sandbox.stripe_faults import Fault
from tests.cards import CardWorld
from tests.deal import Deal, deal, now
from tests.payments.till import add_card, cards, come_back, press_add_card, use


@pytest.fixture
def done(signed: Deal) -> Deal:
    """Complete, with one card and auto-pay on."""
    add_card(signed, signed.browser(), auto_pay="y")
    return signed


def on_file(deal: Deal) -> list[PaymentMethod]:
    return [card for card in cards(deal) if card.removed_at is None]


def add_another(deal: Deal, test_card: str, **fields: str) -> None:
    browser = deal.browser()
    answer = browser.post("/portal/payment-methods", data=fields)
    assert answer.status_code == 303, answer.text
    use(answer.headers["Location"], test_card)
    assert (
        come_back(browser, answer.headers["Location"])
        .headers["Location"]
        .endswith("/portal/payment-methods")
    )


def url(card: PaymentMethod, act: str) -> str:
    return f"/portal/payment-methods/{card.id}/{act}"


def test_another_card_leaves_the_default_where_it_is(done: Deal):
    add_another(done, "mastercard")
    first, second = on_file(done)
    assert (first.is_default, second.is_default) == (True, False)
    assert "Mastercard" in done.browser().get("/portal/payment-methods").text


def test_one_card_is_the_default(done: Deal):
    add_another(done, "mastercard")
    _, second = on_file(done)
    for _ in range(2):
        assert done.browser().post(url(second, "default")).status_code == 303
    assert [card.is_default for card in on_file(done)] == [False, True]
    assert done.events().count("payment.card_updated") == 1


def test_auto_pay_off_ends_the_mandate_and_on_again_makes_another(done: Deal):
    (card,) = on_file(done)
    browser = done.browser()
    browser.post(url(card, "auto-pay-end"))
    browser.post(url(card, "auto-pay-end"))
    assert not on_file(done)[0].auto_pay
    browser.post(url(card, "auto-pay"))
    browser.post(url(card, "auto-pay"))
    first, second = now(done.company.id).scalars(select(Mandate).order_by(Mandate.id))
    assert first.ended_at is not None
    assert second.ended_at is None
    assert "4242" in second.text
    assert on_file(done)[0].mandate_id == second.id
    assert done.events().count("payment.auto_pay_on") == 2
    assert done.events().count("payment.auto_pay_off") == 1


def test_auto_pay_on_one_card_takes_it_off_the_other(done: Deal):
    add_another(done, "mastercard")
    _, second = on_file(done)
    done.browser().post(url(second, "auto-pay"))
    assert [card.auto_pay for card in on_file(done)] == [False, True]


def test_removing_the_card_with_auto_pay_asks_for_a_choice(done: Deal):
    (card,) = on_file(done)
    with pytest.raises(ChoiceNeeded):
        remove_card(done.contact.id, card.id, done.customer)
    answer = done.browser().post(url(card, "removal"))
    assert answer.status_code == 409
    assert "Replace the card" in answer.text
    assert on_file(done)[0].auto_pay


def test_removing_with_the_choice_made_ends_auto_pay_and_tells_everybody(
    done: Deal, world: CardWorld
):
    (card,) = on_file(done)
    for _ in range(2):
        answer = done.browser().post(url(card, "removal"), data={"ends_auto_pay": "y"})
        assert answer.status_code == 303
    assert on_file(done) == []
    assert not cards(done)[0].auto_pay
    assert done.onboarding.status == "Onboarding Complete"
    assert "Card missing" in done.onboarding.details
    assert done.events().count("payment.card_removed") == 1
    kinds = now(done.company.id).scalars(select(Notification.kind)).all()
    assert "card_removed" in kinds
    purposes = now(done.company.id).scalars(select(Delivery.purpose)).all()
    assert purposes.count("card_removed") == 1
    sweeping.tell_stripe()
    assert world.cards.fetch_card(card.stripe_id).customer is None


def test_with_stripe_down_a_removal_holds_here_and_is_told_later(done: Deal, world: CardWorld):
    (card,) = on_file(done)
    sweeping.tell_stripe()
    world.faults.plan(Fault.FAIL, path="detach", times=1)
    done.browser().post(url(card, "removal"), data={"ends_auto_pay": "y"})
    assert sweeping.tell_stripe() == 0
    assert on_file(done) == []
    assert sweeping.tell_stripe() == 1
    assert world.cards.fetch_card(card.stripe_id).customer is None


def test_a_lost_answer_to_a_removal_is_asked_again_under_the_same_key(done: Deal, world: CardWorld):
    (card,) = on_file(done)
    sweeping.tell_stripe()
    world.faults.plan(Fault.CUT_AFTER, path="detach")
    done.browser().post(url(card, "removal"), data={"ends_auto_pay": "y"})
    assert sweeping.tell_stripe() == 0
    assert sweeping.tell_stripe() == 1
    assert sweeping.tell_stripe() == 0


def test_a_replacement_takes_default_and_auto_pay_and_the_old_card_goes_after_it(
    done: Deal, world: CardWorld
):
    (old,) = on_file(done)
    add_another(done, "mastercard", replaces_id=old.id)
    (new,) = on_file(done)
    assert (new.brand, new.is_default, new.auto_pay) == ("mastercard", True, True)
    assert done.onboarding.has_card
    sweeping.tell_stripe()
    assert world.cards.fetch_card(old.stripe_id).customer is None
    assert world.cards.fetch_card(new.stripe_id).customer is not None


def test_a_replacement_that_is_declined_leaves_the_old_card(done: Deal):
    (old,) = on_file(done)
    browser = done.browser()
    page = browser.post("/portal/payment-methods", data={"replaces_id": old.id}).headers["Location"]
    use(page, "declined")
    come_back(browser, page)
    assert [card.id for card in on_file(done)] == [old.id]
    assert on_file(done)[0].auto_pay


def test_removing_the_default_makes_the_other_one_the_default(done: Deal):
    add_another(done, "mastercard")
    first, second = on_file(done)
    done.browser().post(url(first, "removal"), data={"ends_auto_pay": "y"})
    (left,) = on_file(done)
    assert (left.id, left.is_default) == (second.id, True)
    assert done.onboarding.has_card


def test_nobody_touches_another_customers_card(done: Deal):
    other = deal(done.house, "Other Roofing", "Evan Stone")
    other.signed()
    (card,) = on_file(done)
    for act in ("default", "auto-pay", "auto-pay-end", "removal"):
        answer = other.browser().post(url(card, act), data={"ends_auto_pay": "y"})
        assert answer.status_code == 404, act
    assert on_file(done)[0].auto_pay


def test_the_contractor_sees_brand_digits_and_expiry_and_nothing_more(done: Deal):
    (shown,) = cards_of(now(done.company.id), done.contact.id)
    assert (shown.brand, shown.last4, shown.auto_pay, shown.is_default) == (
        "Visa",
        "4242",
        True,
        True,
    )


def test_auto_pay_is_switched_on_only_by_somebody_who_was_confirmed_lately(done: Deal):
    (card,) = on_file(done)
    browser = done.browser()
    browser.post(url(card, "auto-pay-end"))
    with clock.shifted(timedelta(minutes=31)):
        answer = browser.post(url(card, "auto-pay"))
        assert answer.location == "/portal/confirmation?then=auto-pay"
        assert not on_file(done)[0].auto_pay
        browser.post(answer.location)
        assert 'href="/portal/payment-methods"' in browser.get("/portal/code").text


def test_a_card_without_auto_pay_needs_no_code_and_with_it_the_tick_is_kept(signed: Deal):
    browser = signed.browser()
    with clock.shifted(timedelta(minutes=31)):
        answer = browser.post("/portal/card", data={"auto_pay": "y"})
        assert answer.location == "/portal/confirmation?then=card"
        assert "checked" in browser.get("/portal/card").text
        assert "checked" not in signed.browser().get("/portal/card").text
        assert "confirmation" not in press_add_card(browser)


def offers_no_auto_pay(deal: Deal) -> None:
    with transaction(deal.company.id) as db:
        db.get_one(Contractor, deal.company.id).offers_auto_pay = False


def test_where_the_contractor_offers_no_auto_pay_none_begins_and_none_ends(done: Deal):
    """What runs already goes on, and can be ended."""
    offers_no_auto_pay(done)
    (card,) = on_file(done)
    assert card.auto_pay
    assert "Turn auto-pay off" in done.browser().get("/portal/payment-methods").text
    done.browser().post(url(card, "auto-pay-end"))
    page = done.browser().get("/portal/payment-methods").text
    assert "Turn auto-pay on" not in page
    answer = done.browser().post(url(card, "auto-pay"))
    assert answer.status_code == 409
    assert "Auto-pay is not offered for now." in answer.text
    assert not on_file(done)[0].auto_pay


def test_a_first_card_comes_without_auto_pay_where_none_is_offered(signed: Deal):
    offers_no_auto_pay(signed)
    assert "Auto-pay" not in signed.browser().get("/portal/card").text
    add_card(signed, signed.browser(), auto_pay="y")
    (card,) = cards(signed)
    assert not card.auto_pay
    assert now(signed.company.id).scalars(select(Mandate)).all() == []
