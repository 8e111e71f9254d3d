"""Whoever agreed to sign electronically may take it back, and whoever wants paper gets it."""

from sqlalchemy import select

from onboarding.contracts import sealing
from onboarding.journey.status import Detail, Step, next_step, status_of
from onboarding.notifications.models import Delivery, Notification
from tests.deal import Deal, now


def ask(deal: Deal) -> str:
    address = f"/portal/contract/{deal.contract.id}/paper"
    return deal.browser().post(address, follow_redirects=True).text


def told(deal: Deal) -> tuple[list[str], list[str]]:
    db = now(deal.company.id)
    mails = select(Delivery.to).where(Delivery.purpose == "paper_wanted")
    notices = select(Notification.kind).where(Notification.kind == "paper_wanted")
    return list(db.scalars(mails)), list(db.scalars(notices))


def test_an_agreement_taken_back_is_none_until_it_is_given_again(approved: Deal):
    approved.consent()
    assert next_step(approved.onboarding.facts) is Step.SIGN
    assert "You asked for paper" in ask(approved)
    facts = approved.onboarding.facts
    assert next_step(facts) is Step.CONSENT
    assert Detail.WANTS_PAPER in status_of(facts).details
    browser = approved.browser()
    address = f"/portal/contract/{approved.contract.id}/signature"
    assert browser.get(address).status_code == 303
    approved.consent()
    assert next_step(approved.onboarding.facts) is Step.SIGN
    assert not approved.onboarding.wants_paper
    assert browser.get(address).status_code == 200


def test_the_contractor_is_told_once_however_often_it_is_asked(approved: Deal):
    for _ in range(3):
        ask(approved)
    mails, notices = told(approved)
    assert len(mails) == len(set(mails)) >= 1
    assert notices == ["paper_wanted"]
    assert approved.events().count("contract.paper_wanted") == 1
    record = approved.members_browser().get(f"/crm/contacts/{approved.contact.id}").text
    assert "Wants paper" in record


def test_after_signing_the_contract_stays_as_it_was_signed(approved: Deal):
    signed = approved.signed()
    sealing.seal_due()
    before = approved.signature
    assert before is not None
    page = ask(approved)
    assert "The contract you signed stays valid." in page
    after = approved.signature
    assert after is not None
    assert after.sealed_sha256 == before.sealed_sha256
    assert next_step(approved.onboarding.facts) is Step.CARD
    copy = approved.browser().get(f"/portal/contract/{signed.contract_id}/signed.pdf")
    assert copy.data.startswith(b"%PDF")


def test_the_way_to_paper_stands_where_one_agrees_and_where_one_reads(approved: Deal):
    address = f"/portal/contract/{approved.contract.id}"
    browser = approved.browser()
    for page in (f"{address}/consent", address):
        assert f'href="{address}/paper"' in browser.get(page).text


def test_somebody_whose_access_was_revoked_may_still_ask(approved: Deal):
    approved.signed()
    approved.revoke()
    assert "You asked for paper" in ask(approved)
