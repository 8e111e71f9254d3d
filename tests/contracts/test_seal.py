"""The sealed copy and the confirmation to both parties: each once, whatever goes wrong."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from onboarding import clock, gateways
from onboarding.contracts import sealing
from onboarding.contracts.confirming import confirm_if_ready
from onboarding.contracts.frozen import sha256_of
from onboarding.contracts.signing import Signature
from onboarding.database import transaction
from onboarding.gateways.documents import SealingFailed
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.notifications.models import Delivery, Notification
from onboarding.notifications.payload import unsealed
from tests.deal import WAVE, Deal, now
from tests.documents import judged, text_of


def deliveries(deal: Deal) -> list[Delivery]:
    statement = select(Delivery).where(Delivery.purpose.like("onboarding_completed%"))
    return list(now(deal.company.id).scalars(statement.order_by(Delivery.id)))


def add_card(deal: Deal) -> None:
    """A card on file, as the payments room records it."""
    with transaction(deal.company.id) as db:
        onboarding = journey.lock(db, deal.estimate.onboarding_id)
        journey.record(db, onboarding, EventKind.CARD_SAVED, deal.customer, has_card=True)
        confirm_if_ready(db, onboarding)


def sealed(deal: Deal) -> bytes:
    signed = deal.signature
    assert signed is not None
    return gateways.current().documents.get(str(signed.sealed_sha256))


def test_the_sealed_copy_holds_text_price_signature_and_proof(approved: Deal, tmp_path):
    approved.consent()
    signed = approved.sign(Signature(strokes=(tuple(WAVE),)))
    assert sealing.seal_due() == 1
    text = text_of(sealed(approved), tmp_path)
    for words in (
        "Dana Whitfield pays $",
        "Work begins in May.",
        "Gutter guards",
        "Painting of the fascia",
        signed.frozen_sha256,
        signed.chain_head,
        "203.0.113.7",
        "A phone",
        "d···@example.com",
    ):
        assert words in text or words in text.replace(" ", ""), words
    assert gateways.current().sealer.verify(sealed(approved)).found == "authentic"
    said = judged(sealed(approved), tmp_path, "pdfsig", "FILE")
    assert "Signature is Valid" in said
    assert "Total document signed" in said


def test_a_second_run_seals_nothing_again(approved: Deal):
    approved.consent()
    approved.sign()
    assert sealing.seal_due() == 1
    assert sealing.seal_due() == 0
    assert approved.events().count("contract.sealed") == 1


def test_eight_workers_seal_once(approved: Deal):
    approved.consent()
    approved.sign()
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: sealing.seal_due(), range(8))) == 1
    assert approved.events().count("contract.sealed") == 1


def test_a_worker_that_lost_its_lease_marks_nothing(approved: Deal):
    approved.consent()
    approved.sign()
    slow = sealing._claim()
    assert slow is not None
    with clock.shifted(sealing.LEASE + timedelta(seconds=1)):
        assert sealing.seal_due() == 1
        assert sealing._mark(slow, "f" * 64) is False
    assert sha256_of(sealed(approved)) == approved.signature.sealed_sha256


class NoSeal:
    """A sealer whose key is gone."""

    def seal(self, *_: object) -> bytes:
        raise SealingFailed("The key could not be read.")


def test_a_seal_that_fails_is_put_off_and_tried_again(approved: Deal):
    approved.consent()
    approved.sign()
    working = gateways.current()
    gateways.use(replace(working, sealer=NoSeal()))
    assert sealing.seal_due() == 0
    assert approved.signature.seal_failure == "The key could not be read."
    gateways.use(working)
    assert sealing.seal_due() == 0
    with clock.shifted(timedelta(hours=2)):
        assert sealing.seal_due() == 1
    assert approved.signature.seal_failure == ""


def test_nobody_is_told_before_card_and_seal_are_both_there(approved: Deal):
    approved.consent()
    approved.sign()
    sealing.seal_due()
    assert deliveries(approved) == []
    add_card(approved)
    assert len(deliveries(approved)) == 2 + 1


def test_the_seal_may_come_last(approved: Deal):
    approved.consent()
    approved.sign()
    add_card(approved)
    assert deliveries(approved) == []
    sealing.seal_due()
    assert len(deliveries(approved)) == 3
    add_card(approved)
    assert len(deliveries(approved)) == 3


def test_both_parties_get_the_same_sealed_copy(approved: Deal):
    approved.consent()
    approved.sign()
    add_card(approved)
    sealing.seal_due()
    mails = [delivery for delivery in deliveries(approved) if delivery.channel == "email"]
    attached = [unsealed(str(mail.payload)).attachments for mail in mails]
    assert {one.sha256 for files in attached for one in files} == {approved.signature.sealed_sha256}
    assert {mail.to for mail in mails} == {
        "dana@example.com",
        "maria@ridgeline-roofing.test",
        "office@ridgeline.test",
    }


def test_whoever_prefers_texts_gets_a_text_and_the_copy_by_mail(approved: Deal):
    with transaction(approved.company.id) as db:
        account = db.merge(approved.account)
        account.preferred_channel = "sms"
        account.phone, account.phone_confirmed_at = "+15035550188", clock.now()
    approved.consent()
    approved.sign()
    add_card(approved)
    sealing.seal_due()
    to_customer = {
        (one.channel, one.to)
        for one in deliveries(approved)
        if one.purpose == "onboarding_completed_customer"
    }
    assert to_customer == {("sms", "+15035550188"), ("email", "dana@example.com")}


def test_members_are_notified_once(approved: Deal):
    approved.consent()
    approved.sign()
    add_card(approved)
    sealing.seal_due()
    told = now(approved.company.id).scalars(
        select(Notification.told).where(Notification.kind == "onboarding_completed")
    )
    assert list(told) == [{"customer": "Dana Whitfield", "job": "Roof replacement"}]


def test_until_it_is_sealed_a_page_says_so_and_then_it_is_the_pdf(approved: Deal):
    approved.consent()
    approved.sign()
    customer, member = approved.browser(), approved.members_browser()
    addresses = (
        (customer, f"/portal/contract/{approved.contract.id}/signed.pdf"),
        (member, f"/crm/contracts/{approved.contract.id}/signed.pdf"),
    )
    looking_again = {"HX-Request": "true"}
    for browser, address in addresses:
        assert "seal" in browser.get(address).text
        assert browser.get(address, headers=looking_again).status_code == 204
    sealing.seal_due()
    for browser, address in addresses:
        assert browser.get(address).data == sealed(approved)
        moved = browser.get(address, headers=looking_again)
        assert moved.headers["HX-Redirect"] == address.removesuffix("/signed.pdf")


def test_four_hundred_days_later_the_copy_is_still_there(approved: Deal):
    approved.consent()
    approved.sign()
    sealing.seal_due()
    with clock.shifted(timedelta(days=400)):
        address = f"/portal/contract/{approved.contract.id}/signed.pdf?download=1"
        answer = approved.browser().get(address)
    assert answer.data == sealed(approved)
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.fixture(autouse=True)
def own_mailbox(approved: Deal) -> None:
    """The company's mailbox is another one than its owner's."""
    with transaction(approved.company.id) as db:
        db.merge(approved.company).reply_to = "office@ridgeline.test"
