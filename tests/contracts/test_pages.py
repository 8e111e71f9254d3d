"""Every page of the room is sound HTML in each of its states: the client that fetches it checks."""

from pathlib import Path

import pytest

from onboarding import tokens
from onboarding.contracts import sealing
from onboarding.contracts.signing import Signature
from onboarding.estimates import actions as estimates
from tests.deal import WAVE, Deal
from tests.documents import text_of
from tests.html.client import ReadingClient

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def reading(approved: Deal) -> None:
    approved.house.app.test_client_class = ReadingClient


def test_the_consent_page_before_and_after_the_pdf_was_opened(approved: Deal):
    browser, contract = approved.browser(), approved.contract
    url = f"/portal/contract/{contract.id}"
    assert browser.get(f"{url}/consent").status_code == 200
    assert browser.post(f"{url}/consent").status_code == 422
    browser.post(f"{url}/opening")
    assert "Opened" in browser.get(f"{url}/opening", headers=HTMX).text
    assert browser.get(f"{url}/consent").status_code == 200
    stale = {"frozen_sha256": "0" * 64, "agrees": "y"}
    assert browser.post(f"{url}/consent", data=stale).status_code == 409


def test_the_signature_page_and_what_it_refuses(approved: Deal):
    approved.consent()
    browser, url = approved.browser(), f"/portal/contract/{approved.contract.id}/signature"
    assert browser.get(url).status_code == 200
    for way in ("draw", "type"):
        assert browser.post(url, data={"way": way}).status_code == 422


TYPED, DRAWN = Signature(typed_text="<b>Dana</b>"), Signature((tuple(WAVE),))


@pytest.mark.parametrize("signature", [TYPED, DRAWN])
def test_the_contract_to_read_before_and_after_signing(approved: Deal, signature: Signature):
    browser, url = approved.browser(), f"/portal/contract/{approved.contract.id}"
    member, crm = approved.members_browser(), f"/crm/contracts/{approved.contract.id}"
    assert browser.get(url).status_code == member.get(crm).status_code == 200
    approved.consent()
    approved.sign(signature)
    for person, address in ((browser, url), (member, crm)):
        assert person.get(address).status_code == 200
        assert person.get(f"{address}/signed.pdf").mimetype == "text/html"
    sealing.seal_due()
    assert browser.get(f"{url}/signed.pdf").mimetype == "application/pdf"


def test_the_editor_and_the_templates(approved: Deal):
    contact = approved.house.contact(approved.company, "Nina Park")
    estimate = estimates.draft_estimate(contact.id, "Bathroom", approved.member)
    member, url = approved.members_browser(), f"/crm/estimates/{estimate.id}/contract"
    typed = {"title": "Contract", "body": "For {totl}\n\n- one\n- two", "revision": "0"}
    assert member.get(url).status_code == 200
    assert member.post(url).status_code == 422
    assert member.post(f"{url}/preview", data=typed).status_code == 200
    assert member.post(f"{url}/preview", data=typed, headers=HTMX).status_code == 200
    assert member.post(url, data=typed).status_code == 303
    assert member.post(url, data=typed | {"body": "Mine"}).status_code == 409
    assert member.get(f"{url}?saved=1").status_code == 200
    assert member.get("/crm/templates").status_code == 200
    assert member.get("/crm/templates/new").status_code == 200
    assert member.post(f"/crm/templates/new/{tokens.new_id()}").status_code == 422


def test_the_pdf_to_be_signed_holds_the_lines_of_the_estimate(approved: Deal, tmp_path: Path):
    answer = approved.browser().get(f"/portal/contract/{approved.contract.id}/contract.pdf")
    text = text_of(answer.data, tmp_path)
    for words in (
        "Approved estimate",
        "Version 1 · Roof replacement",
        "Tear-off and disposal 28 squares $149.29 $4,180.12",
        "Optional, chosen",
        "Painting of the fascia",
        "Total",
    ):
        assert words in text, words
