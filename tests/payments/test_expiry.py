"""Cards that expire, are renewed, detached, replaced: told to both, auto-pay never alone."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from onboarding import clock
from onboarding.contracts import sealing
from onboarding.keeping.rederiving import differing_facts
from onboarding.notifications.models import Delivery, Notification
from onboarding.payments import actions, sweeping_cards
from onboarding.payments.actions import Wish
from onboarding.payments.models import Mandate, PaymentMethod
from tests.cards import CardWorld
from tests.deal import Deal, now
from tests.payments.till import add_card, cards, come_back, deliver, events_at_stripe, use

LATER = timedelta(days=365 * 5)


@pytest.fixture
def done(signed: Deal) -> Deal:
    """Complete, with one card and auto-pay on."""
    sealing.seal_due()
    add_card(signed, signed.browser(), auto_pay="y")
    return signed


def told(deal: Deal) -> tuple[list[str], list[str]]:
    """Notifications to the contractor, and letters, by kind."""
    db = now(deal.company.id)
    return list(db.scalars(select(Notification.kind))), list(db.scalars(select(Delivery.purpose)))


def renew(world: CardWorld, card: PaymentMethod, year: str) -> None:
    """As the bank does through Stripe's card account updater."""
    data = {"card[exp_year]": year, "billing_details[name]": "Dana W. Whitfield"}
    world.ask("POST", f"payment_methods/{card.stripe_id}", data=data)


def replace(deal: Deal, card: PaymentMethod, test_card: str) -> None:
    browser = deal.browser()
    answer = browser.post("/portal/payment-methods", data={"replaces_id": card.id})
    assert answer.status_code == 303, answer.text
    use(answer.headers["Location"], test_card)
    come_back(browser, answer.headers["Location"])


def test_an_expired_card_ends_auto_pay_and_both_are_told_once(done: Deal):
    with clock.shifted(LATER):
        assert sweeping_cards.check_cards() == 1
        assert sweeping_cards.check_cards() == 0
        (card,) = cards(done)
        assert (card.auto_pay, card.removed_at) == (False, None)
        assert card.expired_at is not None
        assert now(done.company.id).scalars(select(Mandate)).one().ended_at is not None
        assert "Card missing" in done.onboarding.details
        assert done.onboarding.status == "Onboarding Complete"
        kinds, purposes = told(done)
        assert (kinds.count("card_expired"), purposes.count("card_expired")) == (1, 1)
        assert done.events()[-2:] == ["payment.auto_pay_off", "payment.card_expired"]
        assert differing_facts(now(done.company.id)) == []
        page = done.browser().get("/portal/payment-methods").text
        assert "Expired" in page
        assert "Turn auto-pay on" not in page


def test_a_card_is_good_through_the_last_day_of_its_month(done: Deal):
    (card,) = cards(done)
    last = datetime(card.exp_year, card.exp_month, 28, tzinfo=clock.now().tzinfo)
    with clock.shifted(last + timedelta(days=3) - clock.now()):
        sweeping_cards.check_cards()
        assert cards(done)[0].auto_pay
    with clock.shifted(last + timedelta(days=5) - clock.now()):
        sweeping_cards.check_cards()
        assert not cards(done)[0].auto_pay


def test_auto_pay_cannot_be_switched_on_with_an_expired_card(done: Deal):
    (card,) = cards(done)
    with clock.shifted(LATER):
        sweeping_cards.check_cards()
        for act in ("auto-pay", "default"):
            answer = done.browser().post(f"/portal/payment-methods/{card.id}/{act}")
            assert answer.status_code == 409
            assert "has expired" in answer.text
        assert not cards(done)[0].auto_pay


def test_a_card_that_the_bank_renewed_goes_on_without_a_word(done: Deal, world: CardWorld):
    (card,) = cards(done)
    renew(world, card, "2049")
    with clock.shifted(LATER):
        sweeping_cards.check_cards()
        (card,) = cards(done)
    assert (card.auto_pay, card.exp_year, card.expired_at) == (True, 2049, None)
    assert card.holder_name == "Dana W. Whitfield"
    assert "card_expired" not in told(done)[0]


def test_a_card_renewed_after_it_expired_is_on_file_again_with_auto_pay_off(
    done: Deal, world: CardWorld
):
    (card,) = cards(done)
    with clock.shifted(LATER):
        sweeping_cards.check_cards()
        renew(world, card, "2049")
        for event in events_at_stripe(world):
            deliver(done.house.client(), event)
        (card,) = cards(done)
        assert (card.expired_at, card.auto_pay) == (None, False)
        assert "Card missing" not in done.onboarding.details
        assert differing_facts(now(done.company.id)) == []


def test_a_detached_card_that_no_event_told_of_is_found_within_a_day(done: Deal, world: CardWorld):
    (card,) = cards(done)
    world.cards.detach_card(card.stripe_id, "by-hand-in-the-dashboard")
    assert sweeping_cards.check_cards() == 0
    with clock.shifted(timedelta(hours=25)):
        assert sweeping_cards.check_cards() == 1
    assert cards(done)[0].removed_at is not None
    kinds, purposes = told(done)
    assert (kinds.count("card_removed"), purposes.count("card_removed")) == (1, 1)


def test_a_replaced_card_is_told_as_replaced_and_auto_pay_goes_along(done: Deal):
    (old,) = cards(done)
    replace(done, old, "mastercard")
    old, new = cards(done)
    assert (old.removed_at is not None, old.auto_pay, new.auto_pay) == (True, False, True)
    assert now(done.company.id).scalars(select(Mandate)).one().ended_at is None
    kinds, purposes = told(done)
    assert (kinds.count("card_replaced"), purposes.count("card_removed")) == (1, 1)


def test_an_expired_card_is_replaced_by_one_that_becomes_the_default(done: Deal):
    (old,) = cards(done)
    with clock.shifted(LATER):
        sweeping_cards.check_cards()
        replace(done, old, "mastercard")
        old, new = cards(done)
        assert (old.removed_at is not None, new.is_default, new.auto_pay) == (True, True, False)
        assert "Card missing" not in done.onboarding.details


def test_who_began_a_second_job_can_still_replace_an_expired_card(done: Deal):
    """The second job is not signed; the card belongs to the first, which is."""
    done.begin_another()
    assert done.onboarding.signed_version == 0
    (old,) = cards(done)
    with clock.shifted(LATER):
        sweeping_cards.check_cards()
        wish = Wish("methods", replaces_id=old.id)
        started = actions.start_card_setup(done.onboarding.id, done.contact.id, wish, done.customer)
        assert started.url is not None
        use(started.url, "mastercard")
        come_back(done.browser(), started.url)
        assert [card.removed_at is None for card in cards(done)] == [False, True]
        assert differing_facts(now(done.company.id)) == []
