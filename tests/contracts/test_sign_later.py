"""Signing in a session that is older than half an hour: a code first, and nothing is lost (R48)."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from onboarding import clock
from onboarding.notifications.models import Delivery
from onboarding.notifications.payload import unsealed
from tests.deal import Deal, deal, now, points

HTMX = {"HX-Request": "true"}
ASK = "/portal/confirmation?then=contract"


@pytest.fixture
def consented(approved: Deal) -> Deal:
    approved.consent()
    return approved


def url(deal: Deal) -> str:
    return f"/portal/contract/{deal.contract.id}/signature"


def press_sign(deal: Deal, browser: FlaskClient, **more: object) -> TestResponse:
    given = {"way": "type", "typed": "Dana Q. Whitfield"} | more.pop("data", {})
    form = {"frozen_sha256": deal.contract.frozen_sha256} | given
    return browser.post(url(deal), data=form, **more)


def type_the_code(deal: Deal, browser: FlaskClient) -> TestResponse:
    assert browser.post(ASK).location == "/portal/code"
    sent = now(deal.company.id).scalars(
        select(Delivery).where(Delivery.is_code).order_by(Delivery.id.desc())
    )
    code = re.search(r"\b(\d{6})\b", unsealed(sent.first().payload).text)[1]
    return browser.post("/portal/code", data={"code": code})


def test_within_half_an_hour_nobody_is_asked(consented: Deal):
    browser = consented.browser()
    with clock.shifted(timedelta(minutes=29)):
        assert browser.get(url(consented)).status_code == 200
        assert press_sign(consented, browser).location == "/portal/next"
    assert consented.signature is not None


def test_later_the_page_asks_for_a_code_first_and_leads_back(consented: Deal):
    browser = consented.browser()
    with clock.shifted(timedelta(minutes=31)):
        assert browser.get(url(consented)).location == ASK
        page = browser.get(ASK)
        assert "What you entered is kept" not in page.text
        answer = type_the_code(consented, browser)
        assert answer.location == "/portal/contract"
        assert browser.get("/portal/contract").location == url(consented)
        assert browser.get(url(consented)).status_code == 200
        assert press_sign(consented, browser).location == "/portal/next"


def test_a_page_that_lay_open_signs_nothing_and_its_typed_name_is_kept(consented: Deal):
    browser = consented.browser()
    browser.get(url(consented))
    with clock.shifted(timedelta(minutes=31)):
        assert press_sign(consented, browser).location == ASK
        assert consented.signature is None
        assert "What you entered is kept" in browser.get(ASK).text
        type_the_code(consented, browser)
        page = browser.get(url(consented))
        assert 'value="Dana Q. Whitfield"' in page.text
        assert 'data-sign="type"' in page.text
        assert "Your signature is still here" in page.text
        assert consented.signature is None
        press_sign(consented, browser)
        assert consented.signature.typed_text == "Dana Q. Whitfield"


def test_a_drawing_is_kept_as_well(consented: Deal):
    browser, drawn = consented.browser(), points()
    with clock.shifted(timedelta(minutes=31)):
        press_sign(consented, browser, data={"way": "draw", "points": drawn, "typed": ""})
        type_the_code(consented, browser)
        page = browser.get(url(consented)).text
        assert 'data-sign="draw"' in page
        assert drawn.replace('"', "&#34;") in page


def test_through_htmx_the_whole_page_moves_and_nothing_is_signed(consented: Deal):
    browser = consented.browser()
    with clock.shifted(timedelta(minutes=31)):
        answer = press_sign(consented, browser, headers=HTMX)
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, ASK)
        assert consented.signature is None
        type_the_code(consented, browser)
        assert 'value="Dana Q. Whitfield"' in browser.get(url(consented)).text
        assert press_sign(consented, browser, headers=HTMX).headers["HX-Redirect"] == "/portal/next"


def test_an_unfinished_signature_is_looked_at_first(consented: Deal):
    browser = consented.browser()
    with clock.shifted(timedelta(minutes=31)):
        answer = press_sign(consented, browser, data={"typed": "..."})
        assert answer.status_code == 422
        assert "Type your full name" in answer.text


def test_what_was_kept_is_gone_half_an_hour_later(consented: Deal):
    browser = consented.browser()
    with clock.shifted(timedelta(minutes=31)):
        press_sign(consented, browser)
    with clock.shifted(timedelta(minutes=62)):
        type_the_code(consented, browser)
        assert "Dana Q. Whitfield" not in browser.get(url(consented)).text


def test_a_signature_is_never_kept_for_another_text(consented: Deal):
    browser = consented.browser()
    with clock.shifted(timedelta(minutes=31)):
        press_sign(consented, browser, data={"frozen_sha256": "0" * 64})
        type_the_code(consented, browser)
        assert "Dana Q. Whitfield" not in browser.get(url(consented)).text


def test_a_code_for_another_person_opens_nothing(consented: Deal):
    other = deal(consented.house, "Other Roofing", "Evan Stone")
    browser, stranger = consented.browser(), other.browser()
    with clock.shifted(timedelta(minutes=31)):
        stranger.post("/portal/confirmation")
        browser.post(ASK)
        browser.post("/portal/code", data={"code": "000000"})
        assert press_sign(consented, browser).location == ASK
    assert consented.signature is None


def test_the_way_back_from_the_code_leads_to_the_contract(consented: Deal):
    browser = consented.browser()
    with clock.shifted(timedelta(minutes=31)):
        browser.post(ASK)
        assert 'href="/portal/contract"' in browser.get("/portal/code").text
