"""Card testing (R28): few tries, growing waits, a lock, and answers that help nobody."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from onboarding import clock
from onboarding.config import Settings
from onboarding.notifications.models import Delivery, Notification
from onboarding.payments import declining, sweeping
from onboarding.payments.models import CardLock
from onboarding.sandbox.stripe_faults import Fault
from tests.cards import CardWorld
from tests.deal import Deal, deal, now
from tests.payments.till import (
    cards,
    come_back,
    deliver,
    events_at_stripe,
    press_add_card,
    setups,
    signature,
    use,
)

ROOT = Path(__file__).parents[2]
TELLTALES = ("insufficient", "stolen", "lost card", "cvc", "generic", "decline")


def tried(world: CardWorld) -> int:
    """How many cards were turned down at Stripe."""
    return sum(one["type"] == "setup_intent.setup_failed" for one in events_at_stripe(world))


def tell(deal: Deal, world: CardWorld) -> None:
    """Stripe's newest event arrives."""
    assert deliver(deal.house.client(), events_at_stripe(world)[-1]) == 200


def decline_once(signed: Deal, world: CardWorld) -> None:
    use(press_add_card(signed.browser()), "stolen")
    tell(signed, world)


def locks(deal: Deal) -> list[CardLock]:
    return list(now(deal.company.id).scalars(select(CardLock)))


def test_a_few_mistyped_cards_cost_no_wait(signed: Deal, world: CardWorld):
    for _ in range(declining.FREE - 1):
        decline_once(signed, world)
    browser = signed.browser()
    url = press_add_card(browser)
    use(url)
    come_back(browser, url)
    assert len(cards(signed)) == 1


def test_who_stays_on_the_card_page_finds_it_closed(signed: Deal, world: CardWorld):
    url = press_add_card(signed.browser())
    for _ in range(50):
        use(url, "declined")
        tell(signed, world)
    assert tried(world) == declining.FREE
    assert [setup.state for setup in setups(signed)] == ["expired"]


def test_each_further_decline_doubles_the_wait_and_the_tenth_locks_for_a_day(
    signed: Deal, world: CardWorld
):
    waits, elapsed = [], timedelta()
    for _ in range(50):
        with clock.shifted(elapsed):
            answer = signed.browser().post("/portal/card")
            if answer.status_code == 429:
                waits.append(int(answer.headers["Retry-After"]))
                elapsed += timedelta(seconds=waits[-1] + 1)
                if waits[-1] > 3600:
                    break
                continue
            use(answer.headers["Location"], "stolen")
            tell(signed, world)
    assert tried(world) == declining.MOST_BY_CONTACT
    assert [round(wait / 60) for wait in waits] == [1, 2, 4, 8, 16, 32, 24 * 60]
    assert len(locks(signed)) == 1
    kinds = list(now(signed.company.id).scalars(select(Notification.kind)))
    assert kinds.count("cards_locked") == 1
    letters = now(signed.company.id).scalars(
        select(Delivery).where(Delivery.purpose == "cards_locked")
    )
    assert signed.contact.email not in {letter.to for letter in letters}
    assert signed.events().count("payment.cards_locked") == 1
    with clock.shifted(elapsed):
        assert signed.browser().post("/portal/card").status_code == 303


def test_the_answers_say_nothing_that_helps_who_tries_out_cards(signed: Deal, world: CardWorld):
    said = set()
    for test_card in ("stolen", "insufficient_funds", "incorrect_cvc", "lost"):
        browser = signed.browser()
        url = press_add_card(browser)
        use(url, test_card)
        back = come_back(browser, url)
        said.add((back.headers["Location"], browser.get(back.headers["Location"]).text))
    waits = signed.browser().post("/portal/card")
    assert waits.status_code == 429
    for text in (waits.text, *(page for _, page in said)):
        assert not any(telltale in text.lower() for telltale in TELLTALES)
    assert len({address for address, _ in said}) <= 2


def test_a_page_that_could_not_be_closed_is_closed_by_the_sweep(signed: Deal, world: CardWorld):
    url = press_add_card(signed.browser())
    for _ in range(declining.FREE):
        use(url, "declined")
    world.faults.plan(Fault.FAIL, path="expire")
    tell(signed, world)
    assert [setup.state for setup in setups(signed)] == ["open"]
    with clock.shifted(timedelta(minutes=3)):
        sweeping.reconcile()
    assert [setup.state for setup in setups(signed)] == ["expired"]


def test_declines_are_counted_by_contract_and_address_too(
    signed: Deal, world: CardWorld, monkeypatch: pytest.MonkeyPatch
):
    other = deal(signed.house, "Other Roofing", "Evan Stone")
    other.signed()
    monkeypatch.setattr(declining, "MOST_BY_ADDRESS", 3)
    for _ in range(3):
        decline_once(signed, world)
    assert other.browser().post("/portal/card").status_code == 429
    with clock.shifted(timedelta(days=1, minutes=1)):
        assert other.browser().post("/portal/card").status_code == 303
        monkeypatch.setattr(declining, "MOST_BY_CONTRACT", 4)
        decline_once(signed, world)
    assert len(locks(signed)) == 1


@contextmanager
def web_process(settings: Settings, world: CardWorld) -> Iterator[str]:
    """The address of the product in a process of its own; killed in the end, as by a crash."""
    command = [sys.executable, "-m", "tests.payments.process"]
    with subprocess.Popen(
        [*command, str(settings.data_dir), settings.database_url, world.served.api_url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://localhost:{process.stdout.readline().strip()}"
        finally:
            process.kill()


def test_fifty_declines_stop_at_the_cap_in_two_processes_and_through_a_restart(
    signed: Deal, world: CardWorld, settings: Settings
):
    cookie = signed.browser().get_cookie("portal")
    assert cookie is not None
    told: set[str] = set()

    def attack(first: str, second: str, times: int) -> None:
        for number in range(times):
            asked, telling = (first, second) if number % 2 else (second, first)
            answer = requests.post(
                f"{asked}/portal/card",
                headers={"Host": "localhost"},
                cookies={"portal": cookie.value},
                allow_redirects=False,
                timeout=30,
            )
            if answer.status_code == 303:
                use(answer.headers["Location"], "declined")
            else:
                assert answer.status_code == 429, answer.text
            for event in events_at_stripe(world):
                if event["id"] not in told:
                    told.add(event["id"])
                    payload, headers = signature(event)
                    address = f"{telling}/webhooks/stripe"
                    headers |= {"Host": "localhost"}
                    heard = requests.post(address, data=payload, headers=headers, timeout=30)
                    assert heard.status_code == 200

    with web_process(settings, world) as first, web_process(settings, world) as second:
        attack(first, second, 25)
    with web_process(settings, world) as first, web_process(settings, world) as second:
        attack(first, second, 25)
    assert tried(world) == declining.FREE
    assert sum(setup.declines for setup in setups(signed)) == declining.FREE
