"""Stripe's events: twice, late, out of order, forged, alone or together with the return."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest
from sqlalchemy import func, select

from onboarding.database import Everyone
from onboarding.payments.models import StripeEvent
from onboarding.sandbox.stripe_faults import Fault
from tests.cards import CardWorld
from tests.deal import Deal, now
from tests.payments.till import (
    add_card,
    cards,
    come_back,
    deliver,
    events_at_stripe,
    press_add_card,
    setups,
    use,
)

ANYONE = Everyone("a test counts events")


def stored() -> int:
    return now(ANYONE).scalar(select(func.count(StripeEvent.id))) or 0


def test_an_event_alone_saves_the_card_of_somebody_who_never_came_back(
    signed: Deal, world: CardWorld
):
    use(press_add_card(signed.browser()))
    browser = signed.house.client()
    for event in events_at_stripe(world):
        assert deliver(browser, event) == 200
    assert len(cards(signed)) == 1
    assert signed.onboarding.facts.is_complete


@pytest.mark.parametrize("returns_at", range(4))
def test_return_and_events_in_any_order_are_one_card(
    signed: Deal, world: CardWorld, returns_at: int
):
    browser = signed.browser()
    url = press_add_card(browser)
    use(url)
    events = [
        event
        for event in events_at_stripe(world)
        if event["type"]
        in ("checkout.session.completed", "setup_intent.succeeded", "payment_method.attached")
    ]
    for number, event in enumerate([*events, None]):
        if number == returns_at:
            come_back(browser, url)
        if event is not None:
            assert deliver(browser, event) == 200
    assert len(cards(signed)) == 1
    assert signed.events().count("payment.card_saved") == 1


def test_every_order_of_the_events_ends_the_same(signed: Deal, world: CardWorld):
    use(press_add_card(signed.browser()))
    browser = signed.house.client()
    events = events_at_stripe(world)[-3:]
    for order in permutations(events):
        for event in order:
            assert deliver(browser, event) == 200
    assert len(cards(signed)) == 1
    assert stored() == len(events)


def test_the_same_event_from_eight_threads_counts_once(signed: Deal, world: CardWorld):
    use(press_add_card(signed.browser()))
    event = events_at_stripe(world)[-1]
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: deliver(signed.house.client(), event), range(8)))
    assert answers == {200}
    assert stored() == 1
    assert len(cards(signed)) <= 1


def test_a_forged_event_is_refused_and_nothing_is_stored(signed: Deal, world: CardWorld):
    use(press_add_card(signed.browser()))
    browser = signed.house.client()
    event = events_at_stripe(world)[-1]
    assert deliver(browser, event, secret="whsec_other") == 400
    assert deliver(browser, event, late=3600) == 400
    assert deliver(browser, event, late=-3600) == 400
    assert browser.post("/webhooks/stripe", data=b"").status_code == 400
    assert browser.post("/webhooks/stripe", data=json.dumps(event)).status_code == 400
    assert stored() == 0
    assert cards(signed) == []


def test_an_event_of_an_unknown_type_is_stored(signed: Deal, world: CardWorld):
    press_add_card(signed.browser())
    event = events_at_stripe(world)[0] | {"id": "evt_unknown", "type": "invoice.paid"}
    assert deliver(signed.house.client(), event) == 200
    assert stored() == 1


def test_a_live_event_at_a_test_installation_is_stored_and_changes_nothing(
    signed: Deal, world: CardWorld
):
    use(press_add_card(signed.browser()))
    for event in events_at_stripe(world):
        assert deliver(signed.house.client(), event | {"livemode": True}) == 200
    assert stored() == len(events_at_stripe(world))
    assert cards(signed) == []


def test_an_event_while_stripe_is_down_is_asked_for_again(signed: Deal, world: CardWorld):
    use(press_add_card(signed.browser()))
    event = next(
        one for one in events_at_stripe(world) if one["type"] == "checkout.session.completed"
    )
    world.faults.plan(Fault.FAIL, path="checkout/sessions")
    assert deliver(signed.house.client(), event) == 503
    assert stored() == 0
    assert deliver(signed.house.client(), event) == 200
    assert len(cards(signed)) == 1


def test_a_card_detached_at_stripe_is_removed_here(signed: Deal, world: CardWorld):
    add_card(signed, signed.browser(), auto_pay="y")
    (card,) = cards(signed)
    world.cards.detach_card(card.stripe_id, "by-hand-in-the-dashboard")
    for event in events_at_stripe(world):
        deliver(signed.house.client(), event)
    (card,) = cards(signed)
    assert card.removed_at is not None
    assert not card.auto_pay
    assert not signed.onboarding.has_card
    assert signed.onboarding.status == "Onboarding Complete"
    assert "Card missing" in signed.onboarding.details


def test_a_renewed_card_shows_its_new_expiry(signed: Deal, world: CardWorld):
    add_card(signed, signed.browser())
    (card,) = cards(signed)
    world.ask(
        "POST",
        f"payment_methods/{card.stripe_id}",
        data={"card[exp_month]": "11", "card[exp_year]": "2041"},
    )
    for event in events_at_stripe(world):
        deliver(signed.house.client(), event)
    (card,) = cards(signed)
    assert (card.exp_month, card.exp_year) == (11, 2041)


def test_an_event_before_our_row_knows_its_session_is_harmless(signed: Deal, world: CardWorld):
    world.faults.plan(Fault.CUT_AFTER, path="checkout/sessions")
    browser = signed.browser()
    assert browser.post("/portal/card").status_code == 503
    for event in events_at_stripe(world):
        assert deliver(browser, event) == 200
    assert [setup.state for setup in setups(signed)] == ["new"]
    add_card(signed, browser)
    assert len(cards(signed)) == 1
