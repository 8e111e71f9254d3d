"""What watches for card numbers sees them; and a whole way to a card leaves none anywhere."""

import logging
from pathlib import Path

import pytest
import requests

from onboarding.payments import sweeping, sweeping_cards
from tests.card_numbers import CardNumberSeen, refuse, refuse_files, refuse_requests
from tests.cards import GOOD_CARD, CardWorld
from tests.deal import Deal
from tests.payments.till import cards, come_back, deliver, events_at_stripe, press_add_card


@pytest.mark.parametrize("typed", [GOOD_CARD, "4242-4242-4242-4242", "a=4242424242424242&b"])
def test_a_number_is_seen_however_it_is_written(typed: str):
    with pytest.raises(CardNumberSeen):
        refuse(typed.encode(), "a test")


def test_a_number_in_a_log_line_a_request_or_a_file_is_seen(signed: Deal, tmp_path: Path):
    with pytest.raises(CardNumberSeen):
        logging.getLogger("onboarding").error("it was %s", GOOD_CARD)
    signed.browser().post("/portal/card", data={"number": GOOD_CARD})
    with pytest.raises(CardNumberSeen):
        refuse_requests(signed.house.app)
    kept = tmp_path / "kept.bin"
    kept.write_bytes(b"\0" + GOOD_CARD.encode())
    with pytest.raises(CardNumberSeen):
        refuse_files(tmp_path)
    kept.unlink()


def test_a_card_typed_by_its_number_leaves_no_trace_of_it(
    signed: Deal, world: CardWorld, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    browser = signed.browser()
    url = press_add_card(browser, auto_pay="y")
    for number in ("4000000000000002", GOOD_CARD):
        typed = {"number": number, "expiry": "12/40", "cvc": "123", "postal_code": "10001"}
        requests.post(url, data=typed, allow_redirects=False, timeout=10)
    for event in events_at_stripe(world):
        deliver(browser, event)
    come_back(browser, url)
    assert [card.last4 for card in cards(signed)] == ["4242"]
    sweeping.tell_stripe()
    sweeping_cards.check_cards()
    refuse(caplog.text.encode(), "the log")
    refuse_files(tmp_path)
