"""Whoever agreed to sign electronically may take it back, and whoever wants paper gets it."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from onboarding import clock, gateways
from onboarding.contracts import sealing
from onboarding.contracts.models import Contract
from onboarding.database import transaction
from onboarding.journey.actions import Refused
from onboarding.journey.permissions import Refusal
from onboarding.journey.status import Detail, Step, next_step, status_of
from onboarding.notifications.models import Delivery, Notification
from tests.deal import Deal, deal, now
from tests.documents import judged


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


def scanned(deal: Deal, **fields: object) -> str:
    picture = BytesIO()
    Image.effect_mandelbrot((700, 900), (-2, -1.5, 1, 1.5), 60).save(picture, "PNG")
    today = clock.local(clock.now(), "America/Los_Angeles").date()
    sent = {"signed_on": today.isoformat(), "scan": (BytesIO(picture.getvalue()), "scan.png")}
    address = f"/crm/contracts/{deal.contract.id}/signature"
    return deal.members_browser().post(address, data=sent | fields, follow_redirects=True).text


def test_a_contract_signed_by_hand_has_the_same_record(approved: Deal, tmp_path: Path):
    ask(approved)
    assert "Recorded. The sealed copy is being made." in scanned(approved)
    assert sealing.seal_due() == 1
    signed = approved.signature
    assert signed is not None
    assert (signed.method, signed.consent_id) == ("paper", None)
    assert signed.cancel_until is not None
    assert next_step(approved.onboarding.facts) is Step.CARD
    assert approved.onboarding.wants_paper
    kept = gateways.current().documents
    pdf = kept.get(str(signed.sealed_sha256))
    assert kept.get(str(signed.scan_sha256)).startswith(b"\xff\xd8")
    said = "".join(judged(pdf, tmp_path, "pdftotext", "-raw", "FILE", "-").split())
    assert str(signed.scan_sha256) in said.replace("\u200b", "")
    assert "Byhand,onpaper" in said
    assert "contract.signed" in approved.events()
    scan = approved.members_browser().get(f"/crm/contracts/{signed.contract_id}/scan")
    assert scan.mimetype == "image/jpeg"


def test_what_is_no_picture_or_no_likely_day_is_not_recorded(approved: Deal):
    said = scanned(approved, scan=(BytesIO(b"%PDF-1.7"), "scan.pdf"))
    assert "Save it as one PDF, or as pictures." in said
    assert "That day is before the contract was fixed" in scanned(approved, signed_on="2020-01-01")
    assert "Choose the scan" in scanned(approved, signed_on="")
    assert approved.signature is None


def page_of_paper() -> bytes:
    picture = BytesIO()
    Image.effect_mandelbrot((700, 900), (-2, -1.5, 1, 1.5), 60).save(picture, "PNG")
    return picture.getvalue()


def pdf_of_paper() -> bytes:
    paper = BytesIO()
    Image.open(BytesIO(page_of_paper())).convert("L").save(paper, "PDF")
    return paper.getvalue()


def test_a_pdf_is_kept_as_it_came_and_both_sides_download_it(approved: Deal):
    paper = pdf_of_paper()
    assert "Recorded." in scanned(approved, scan=(BytesIO(paper), "scan.pdf"))
    assert sealing.seal_due() == 1
    address = f"/portal/contract/{approved.contract.id}"
    page = approved.browser().get(address).text
    assert f'href="{address}/scan?download=1"' in page
    assert "<img" not in page.split('id="signed"')[1].split("</section>")[0]
    for answer in (
        approved.browser().get(f"{address}/scan"),
        approved.members_browser().get(f"/crm/contracts/{approved.contract.id}/scan"),
    ):
        assert answer.data == paper
        assert answer.mimetype == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_pictures_of_several_pages_become_one_pdf(approved: Deal, tmp_path: Path):
    pages = [(BytesIO(page_of_paper()), f"{number}.png") for number in range(3)]
    assert "Recorded." in scanned(approved, scan=pages)
    kept = approved.browser().get(f"/portal/contract/{approved.contract.id}/scan").data
    assert "Pages:           3" in judged(kept, tmp_path, "pdfinfo", "FILE")


def test_one_picture_is_seen_and_downloaded_by_its_signer_alone(approved: Deal):
    scanned(approved)
    address = f"/portal/contract/{approved.contract.id}"
    assert f'src="{address}/scan"' in approved.browser().get(address).text
    seen = approved.browser().get(f"{address}/scan")
    assert seen.mimetype == "image/jpeg"
    assert seen.headers["Content-Disposition"].startswith("inline")
    saved = approved.browser().get(f"{address}/scan?download=1")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    other = deal(approved.house, "Plain Fences", "Theo Brandt")
    assert other.browser().get(f"{address}/scan").status_code == 404
    assert approved.house.client().get(f"{address}/scan").status_code in (302, 303)


def test_who_signed_on_a_screen_has_no_scan(approved: Deal):
    signed = approved.signed()
    address = f"/portal/contract/{signed.contract_id}"
    assert approved.browser().get(f"{address}/scan").status_code == 404
    assert f"{address}/scan" not in approved.browser().get(address).text


def test_scanned_twice_it_is_one_signature(approved: Deal):
    scanned(approved)
    scanned(approved)
    assert approved.events().count("contract.signed") == 1


def test_a_contract_on_paper_is_not_signed_here(approved: Deal):
    with transaction(approved.company.id) as db:
        db.get_one(Contract, approved.contract.id).is_on_paper = True
    address = f"/portal/contract/{approved.contract.id}"
    page = approved.browser().get(f"{address}/consent", follow_redirects=True).text
    assert "This contract is signed on paper" in page
    with pytest.raises(Refused) as refused:
        approved.consent()
    assert refused.value.refusal is Refusal.ON_PAPER
