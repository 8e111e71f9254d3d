"""Consent and signature, as a person meets them and as a second press does."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from onboarding.actor import Actor, Kind
from onboarding.contracts import consenting, signing
from onboarding.contracts.disclosure import ELEMENT_IDS
from onboarding.contracts.models import Consent, Contract, ContractSignature
from onboarding.contracts.signing import Signature, TextChanged
from onboarding.database import transaction
from onboarding.estimates.actions_answers import withdraw_approval
from onboarding.journey.actions import Refused
from onboarding.journey.permissions import Refusal
from onboarding.journey.status import Step, next_step
from tests.deal import Deal, deal, now, points


def consent_url(deal: Deal) -> str:
    return f"/portal/contract/{deal.contract.id}/consent"


def sign_url(deal: Deal) -> str:
    return f"/portal/contract/{deal.contract.id}/signature"


def consents(deal: Deal) -> int:
    return now(deal.company.id).scalar(select(func.count(Consent.id))) or 0


def signatures(deal: Deal) -> int:
    return now(deal.company.id).scalar(select(func.count(ContractSignature.id))) or 0


def test_after_approval_the_way_leads_to_the_consent_page(approved: Deal):
    browser = approved.browser()
    page = browser.get("/portal/contract", follow_redirects=True)
    assert page.status_code == 200
    assert page.request.path == consent_url(approved)
    assert all(f'id="{element}"' in page.text for element in ELEMENT_IDS)
    assert "checked" not in page.text.split('id="consent"')[1]


def test_without_a_tick_nothing_is_agreed(approved: Deal):
    browser = approved.browser()
    browser.post(f"/portal/contract/{approved.contract.id}/opening")
    answer = browser.post(
        consent_url(approved), data={"frozen_sha256": approved.contract.frozen_sha256}
    )
    assert answer.status_code == 422
    assert "Tick the box to agree" in answer.text
    assert consents(approved) == 0


def test_without_having_opened_the_pdf_nothing_is_agreed(approved: Deal):
    answer = approved.browser().post(
        consent_url(approved),
        data={"frozen_sha256": approved.contract.frozen_sha256, "agrees": "y"},
    )
    assert answer.status_code == 422
    assert "Open the PDF first" in answer.text
    assert consents(approved) == 0
    assert next_step(approved.onboarding.facts) is Step.CONSENT


def test_opening_the_pdf_is_recorded_once_and_shows_the_pdf(approved: Deal):
    browser = approved.browser()
    opening = f"/portal/contract/{approved.contract.id}/opening"
    for _ in range(3):
        answer = browser.post(opening, follow_redirects=True)
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF")
    assert approved.events().count("contract.opened") == 1
    assert "Opened" in browser.get(consent_url(approved)).text


def test_looking_at_the_pdf_by_its_address_writes_nothing(approved: Deal):
    before = approved.events()
    approved.browser().get(f"/portal/contract/{approved.contract.id}/contract.pdf")
    assert approved.events() == before


def test_consent_keeps_what_was_shown_and_leads_to_the_signature(approved: Deal):
    browser = approved.browser()
    browser.post(f"/portal/contract/{approved.contract.id}/opening")
    answer = browser.post(
        consent_url(approved),
        data={"frozen_sha256": approved.contract.frozen_sha256, "agrees": "y"},
        headers={"User-Agent": "Dana's phone"},
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == sign_url(approved)
    kept = now(approved.company.id).scalars(select(Consent)).one()
    assert all(f"[{element}]" in kept.disclosure_text for element in ELEMENT_IDS)
    assert kept.frozen_sha256 == approved.contract.frozen_sha256
    assert kept.user_agent == "Dana's phone"
    assert kept.ip
    assert kept.opened_event_id


def test_nobody_reaches_the_signature_without_consent(approved: Deal):
    browser = approved.browser()
    assert browser.get(sign_url(approved)).headers["Location"] == consent_url(approved)
    with pytest.raises(Refused) as refused:
        approved.sign()
    assert refused.value.refusal is Refusal.NO_CONSENT
    assert signatures(approved) == 0


def test_typing_a_name_signs(approved: Deal):
    approved.consent()
    answer = approved.browser().post(
        sign_url(approved),
        data={
            "frozen_sha256": approved.contract.frozen_sha256,
            "way": "type",
            "typed": "Dana Whitfield",
        },
    )
    assert answer.status_code == 303
    signed = approved.signature
    assert signed is not None
    assert (signed.method, signed.typed_text) == ("typed", "Dana Whitfield")
    assert signed.confirmed_address == "dana@example.com"
    assert next_step(approved.onboarding.facts) is Step.CARD


def test_drawing_signs_with_the_strokes_rebuilt_here(approved: Deal):
    approved.consent()
    answer = approved.browser().post(
        sign_url(approved),
        data={
            "frozen_sha256": approved.contract.frozen_sha256,
            "way": "draw",
            "points": points(),
        },
    )
    assert answer.status_code == 303
    signed = approved.signature
    assert signed is not None
    assert signed.method == "drawn"
    assert signed.svg is not None
    assert signed.svg.startswith("<svg")
    page = approved.browser().get(f"/portal/contract/{approved.contract.id}")
    assert "data:image/svg+xml;base64," in page.text


DOT = [[(10.0, 10.0, 0.5)]]
TINY = [[(10.0 + t / 10, 10.0, 0.5) for t in range(20)]]
FLAT = [[(10.0 + 5 * t, 10.0, 0.5) for t in range(40)]]


@pytest.mark.parametrize(
    "drawing",
    [
        "",
        "[]",
        "{}",
        "null",
        "[{}]",
        '[{"points": []}]',
        '[{"points": [{"x": "NaN", "y": 1}]}]',
        '[{"points": [{"x": 1e308, "y": 1}]}]',
        "[" * 5000,
        "<svg onload=alert(1)>",
        points(DOT),
        points(TINY),
        points(FLAT),
        points([[(0.0, 0.0, 0.5)] * 40]),
        json.dumps([{"points": [{"x": 1, "y": 1}] * 9000}]),
    ],
)
def test_a_blank_or_poor_drawing_gets_a_sentence_and_signs_nothing(approved: Deal, drawing: str):
    approved.consent()
    answer = approved.browser().post(
        sign_url(approved),
        data={
            "frozen_sha256": approved.contract.frozen_sha256,
            "way": "draw",
            "points": drawing,
        },
    )
    assert answer.status_code == 422
    assert 'id="points-error"' in answer.text
    assert signatures(approved) == 0


@pytest.mark.parametrize("typed", ["", "   ", "...", "12345"])
def test_a_signature_without_a_letter_in_it_is_no_name(approved: Deal, typed: str):
    approved.consent()
    answer = approved.browser().post(
        sign_url(approved),
        data={"frozen_sha256": approved.contract.frozen_sha256, "way": "type", "typed": typed},
    )
    assert answer.status_code == 422
    assert "Type your full name" in answer.text
    assert signatures(approved) == 0


def test_another_text_than_the_one_on_the_screen_is_never_signed(approved: Deal):
    approved.consent()
    answer = approved.browser().post(
        sign_url(approved),
        data={"frozen_sha256": "0" * 64, "way": "type", "typed": "Dana Whitfield"},
    )
    assert answer.status_code == 409
    assert "The contract changed while you were reading" in answer.text
    assert str(approved.contract.frozen_sha256) in answer.text
    assert signatures(approved) == 0


def test_an_approval_taken_back_and_given_again_asks_for_consent_anew(approved: Deal):
    approved.consent()
    before = str(approved.contract.frozen_sha256)
    withdraw_approval(approved.estimate.id, approved.customer)
    with pytest.raises(TextChanged):
        _sign_with(approved, before)
    approved.approve(())
    assert approved.contract.frozen_sha256 != before
    assert next_step(approved.onboarding.facts) is Step.CONSENT
    with pytest.raises(TextChanged):
        _sign_with(approved, before)
    with pytest.raises(Refused):
        approved.sign()


def _sign_with(deal: Deal, sha256: str) -> ContractSignature:
    contract = deal.contract
    return signing.sign_contract(
        contract.id, contract.onboarding_id, sha256, Signature(typed_text="Dana"), deal.customer
    )


def test_changing_company_template_and_draft_afterwards_changes_nothing_signed(approved: Deal):
    approved.consent()
    frozen = approved.contract.frozen
    with transaction(approved.company.id) as db:
        company = db.merge(approved.company)
        company.name = "Someone Else"
        db.get_one(Contract, approved.contract.id).template_body = "Another text"
    signed = approved.sign()
    assert signed.frozen == frozen
    assert "Ridgeline Roofing" in signed.frozen.decode()


def test_pressing_sign_twice_is_one_signature(approved: Deal):
    approved.consent()
    first, second = approved.sign(), approved.sign(Signature(typed_text="Somebody"))
    assert first.id == second.id
    assert signatures(approved) == 1
    assert approved.events().count("contract.signed") == 1


def test_twenty_devices_at_once_make_one_signature(approved: Deal):
    approved.consent()
    contract = approved.contract
    arguments = (contract.id, contract.onboarding_id, str(contract.frozen_sha256))

    def press(number: int) -> str:
        typed = Signature(typed_text=f"Dana {number}")
        return signing.sign_contract(*arguments, typed, approved.customer).id

    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(press, range(20)))
    assert len(ids) == 1
    assert signatures(approved) == 1
    assert approved.events().count("contract.signed") == 1


def test_nobody_signs_without_a_channel_of_their_own(approved: Deal):
    approved.consent()
    with transaction(approved.company.id) as db:
        db.merge(approved.account).email_confirmed_at = None
    with pytest.raises(signing.NoConfirmedChannel):
        approved.sign()
    assert signatures(approved) == 0


def test_support_and_the_contractor_sign_nothing(approved: Deal):
    approved.consent()
    agent = Actor(Kind.SUPPORT, "a" * 26, "Sam", approved.company.id, visited_as=Kind.CUSTOMER)
    for somebody in (agent, approved.member):
        approved.customer = somebody
        with pytest.raises(Refused):
            approved.sign()
    assert signatures(approved) == 0


def test_revoked_in_the_middle_nothing_can_be_signed(approved: Deal):
    approved.consent()
    approved.revoke()
    with pytest.raises(Refused) as refused:
        approved.sign()
    assert refused.value.refusal is Refusal.REVOKED


def test_a_stranger_sees_no_contract(approved: Deal):
    other = deal(approved.house, "Other Roofing", "Evan Stone")
    browser = other.browser()
    for path in ("", "/contract.pdf", "/signed.pdf"):
        assert browser.get(f"/portal/contract/{approved.contract.id}{path}").status_code == 404
    crm = other.members_browser()
    assert crm.get(f"/crm/contracts/{approved.contract.id}").status_code == 404
    assert crm.get(f"/crm/estimates/{approved.estimate.id}/contract").status_code == 404


def test_a_second_consent_is_the_first(approved: Deal):
    approved.consent()
    approved.consent()
    assert consents(approved) == 1
    assert approved.events().count("contract.consented") == 1


def test_consent_to_a_superseded_contract_is_refused(approved: Deal):
    old = approved.contract
    approved.revise()
    with pytest.raises((TextChanged, Refused)):
        consenting.open_pdf(old.id, old.onboarding_id, approved.customer)
