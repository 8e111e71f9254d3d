"""Whatever is cut, lost, repeated or out of order: one customer and one card at Stripe, the same
here, and every setup as Stripe has it."""

import itertools
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import select

from onboarding import clock
from onboarding.config import Settings
from onboarding.keeping.rederiving import differing_facts
from onboarding.payments import sweeping, sweeping_cards
from onboarding.payments.models import CardHolder
from onboarding.sandbox.stripe_faults import Fault
from tests.cards import CardWorld
from tests.deal import Deal, deal, now
from tests.payments.till import cards, deliver, events_at_stripe, press_add_card, setups, use

ROOT = Path(__file__).parents[2]
CUTS = (Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.FAIL, Fault.TOO_MANY)
PATHS = ("customers", "checkout/sessions", "payment_methods", "detach")
_numbers = itertools.count(1)
faults = strategies.lists(
    strategies.tuples(strategies.sampled_from(CUTS), strategies.sampled_from(PATHS)), max_size=3
)
deliveries = strategies.lists(strategies.integers(0, 11), max_size=10)
pages = strategies.lists(strategies.sampled_from(["declined", "visa", "authenticate"]), max_size=3)


def press(one: Deal, auto_pay: bool) -> str | None:
    """*Add card*, again and again while Stripe does not answer; None with a card on file."""
    for _ in range(6):
        fields = {"auto_pay": "y"} if auto_pay else {}
        answer = one.browser().post("/portal/card", data=fields)
        if answer.status_code == 303:
            address = answer.headers["Location"]
            return address if "/checkout/" in address else None
        assert answer.status_code == 503, answer.text
    raise AssertionError("Stripe never answered")


def settle(world: CardWorld) -> None:
    """What the worker does in the days after, with nothing in its way any more."""
    world.faults.clear()
    for later in (timedelta(minutes=5), timedelta(hours=26), timedelta(days=3)):
        with clock.shifted(later):
            sweeping.reconcile()
            sweeping_cards.check_cards()
            sweeping.tell_stripe()


def assert_same_as_stripe(one: Deal, world: CardWorld) -> None:
    mine = [
        body
        for body in world.ask("GET", "customers?limit=100").json()["data"]
        if body["metadata"]["contact_id"] == one.contact.id
    ]
    kept = now(one.company.id).scalars(
        select(CardHolder).where(CardHolder.contact_id == one.contact.id)
    )
    assert [body["id"] for body in mine] == [holder.stripe_customer for holder in kept]
    attached = {card.id for body in mine for card in world.cards.list_cards(body["id"])}
    on_file = [card for card in cards(one) if card.removed_at is None]
    assert attached == {card.stripe_id for card in on_file}
    for setup in setups(one):
        if setup.stripe_session is not None:
            stands = world.cards.fetch_setup(setup.stripe_session)
            assert (setup.state == "complete") == stands.has_succeeded
            assert setup.declines == stands.declines or stands.has_succeeded
    assert differing_facts(now(one.company.id)) == []
    for card in cards(one):
        assert not card.auto_pay or (card.removed_at is None and card.expired_at is None)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    before=faults, during=faults, tried=pages, arrive=deliveries, comes_back=strategies.booleans(),
    auto_pay=strategies.booleans(),
)  # fmt: skip
def test_any_events_in_any_order_with_any_cut_end_as_it_stands_at_stripe(
    house: Any,
    world: CardWorld,
    before: list[tuple[Fault, str]],
    during: list[tuple[Fault, str]],
    tried: list[str],
    arrive: list[int],
    comes_back: bool,
    auto_pay: bool,
):
    one = deal(house, f"Roofing {next(_numbers)}", "Dana Whitfield")
    one.signed()
    for fault, path in before:
        world.faults.plan(fault, path=path)
    url = press(one, auto_pay)
    assert url is not None
    for test_card in tried:
        use(url, test_card)
    world.faults.clear()
    events = [event for event in events_at_stripe(world) if one.contact.id in str(event)]
    for fault, path in during:
        world.faults.plan(fault, path=path)
    for number in arrive:
        deliver(house.client(), events[number % len(events)])
    if comes_back:
        session = url.rpartition("/")[2]
        one.browser().post("/portal/card/return", data={"session_id": session})
    settle(world)
    assert_same_as_stripe(one, world)
    assert len([card for card in cards(one) if card.removed_at is None]) == int("visa" in tried)


@pytest.mark.parametrize("call", ["create_customer", "start_setup", "fetch_setup", "set_default"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_killed_around_a_call_to_stripe_leaves_one_customer_and_one_card(
    signed: Deal, world: CardWorld, settings: Settings, moment: str, call: str
):
    if call in ("fetch_setup", "set_default"):
        url = press_add_card(signed.browser(), auto_pay="y")
        use(url)
        if call == "set_default":
            with clock.shifted(timedelta(minutes=5)):
                sweeping.reconcile()
    where = [str(settings.data_dir), settings.database_url, world.served.api_url]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.payments.killed", *where, moment, call,
         signed.onboarding.id, signed.account.id],
        cwd=ROOT, timeout=60, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    if call in ("create_customer", "start_setup"):
        again = press(signed, auto_pay=True)
        assert again is not None
        use(again)
    settle(world)
    assert_same_as_stripe(signed, world)
    (card,) = cards(signed)
    assert card.auto_pay
    assert len(world.ask("GET", "customers").json()["data"]) == 1
    assert len(world.ask("GET", "checkout/sessions").json()["data"]) == 1
    assert signed.events().count("payment.card_saved") == 1
