"""Every page of the room is sound HTML in each of its states: the client that fetches it checks."""

import pytest

from onboarding.sandbox.stripe_faults import Fault
from tests.cards import CardWorld
from tests.deal import Deal
from tests.html.client import ReadingClient
from tests.payments.till import add_card, cards


@pytest.fixture(autouse=True)
def reading(signed: Deal) -> None:
    signed.house.app.test_client_class = ReadingClient


@pytest.mark.parametrize(
    "query", ["", "?back=1", "?state=expired", "?state=refused", "?state=waiting", "?state=junk"]
)
def test_the_card_page_in_every_state(signed: Deal, query: str):
    assert signed.browser().get(f"/portal/card{query}").status_code == 200


def test_the_card_page_while_stripe_is_down(signed: Deal, world: CardWorld):
    world.faults.plan(Fault.CUT_BEFORE)
    assert signed.browser().post("/portal/card", data={"auto_pay": "y"}).status_code == 503


def test_the_return_page(signed: Deal):
    page = signed.browser().get("/portal/card/return?session_id=%22%3E%3Cscript%3E")
    assert page.status_code == 200
    assert "<script>" not in page.text.replace('<script src="', "")


def test_the_payment_methods_with_none_one_and_two(signed: Deal, world: CardWorld):
    browser = signed.browser()
    assert "No card on file" in browser.get("/portal/payment-methods").text
    add_card(signed, browser, auto_pay="y")
    assert "Turn auto-pay off" in browser.get("/portal/payment-methods").text
    add_card(signed, browser, "mastercard")
    assert "Make default" in browser.get("/portal/payment-methods").text
    (first, _) = cards(signed)
    assert browser.post(f"/portal/payment-methods/{first.id}/removal").status_code == 409
    world.faults.plan(Fault.CUT_BEFORE)
    assert browser.post("/portal/payment-methods").status_code == 503
