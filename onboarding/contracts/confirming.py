"""The confirmation to both parties: once, when everything is done and the sealed copy is there."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock, config
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor
from onboarding.contracts.customers import Customer, customer_of
from onboarding.contracts.evidence import CardEvidence, card_of
from onboarding.contracts.frozen import Agreement, read
from onboarding.contracts.models import Contract, ContractSignature
from onboarding.contracts.parties import mailboxes_of
from onboarding.journey.models import Onboarding
from onboarding.notifications.actions import Outgoing, notify, queue
from onboarding.notifications.models import Channel, NotificationKind
from onboarding.notifications.payload import Attachment
from onboarding.notifications.wording import render
from onboarding.notifications.wording_contracts import (
    OnboardingCompletedContractorMessage,
    OnboardingCompletedCustomerMessage,
    Proof,
)


def confirm_if_ready(db: Session, onboarding: Onboarding) -> bool:
    """Queues the confirmations when the onboarding is complete and its signature sealed.

    In the caller's transaction, the onboarding locked. Called after the seal and after a card:
    whichever comes last confirms, and only once. Says whether it did.
    """
    signed = _signature_in_force(db, onboarding)
    if signed is None or signed.sealed_at is None or signed.confirmation_sent_at is not None:
        return False
    signed.confirmation_sent_at = clock.now()
    company = db.get_one(Contractor, onboarding.contractor_id)
    customer = customer_of(db, onboarding.contact_id)
    agreement = read(signed.frozen)
    card = card_of(db, onboarding.contact_id)
    for outgoing in (
        *_to_customer(onboarding, signed, agreement, company, customer, card),
        *_to_contractor(db, onboarding, signed, agreement, company, card),
    ):
        queue(db, outgoing)
    notify(
        db,
        contractor_id=onboarding.contractor_id,
        contact_id=onboarding.contact_id,
        onboarding_id=onboarding.id,
        kind=NotificationKind.ONBOARDING_COMPLETED,
        told={"customer": signed.signer_name, "job": onboarding.title},
    )
    return True


def _signature_in_force(db: Session, onboarding: Onboarding) -> ContractSignature | None:
    """The signature that completed the onboarding, held until the transaction ends."""
    if not onboarding.facts.is_complete or onboarding.facts.is_cancelled:
        return None
    statement = (
        select(ContractSignature)
        .join(Contract, Contract.id == ContractSignature.contract_id)
        .where(
            ContractSignature.onboarding_id == onboarding.id,
            Contract.frozen_version == onboarding.completed_version,
        )
        .with_for_update(of=ContractSignature)
    )
    return db.scalars(statement).one_or_none()


def _to_customer(
    onboarding: Onboarding,
    signed: ContractSignature,
    agreement: Agreement,
    company: Contractor,
    customer: Customer,
    card: CardEvidence,
) -> list[Outgoing]:
    """By the channel they prefer, and the copy by e-mail wherever an address is known (R17)."""
    letter = OnboardingCompletedCustomerMessage(
        company=letterhead(company),
        url=f"{config.current().base_url}/portal/{company.slug}/sign-in",
        first_name=customer.first_name,
        job_title=onboarding.title,
        has_pdf=not onboarding.wants_paper,
        proof=proof_of(signed),
        last_day_to_cancel=last_day_to_cancel(signed, agreement),
        zone=onboarding.site_time_zone,
        **card.told(),
    )
    wants_text = customer.preferred_channel == Channel.SMS or not customer.email
    sent = []
    if wants_text and customer.mobile:
        sent.append((Channel.SMS, customer.mobile))
    if customer.email:
        sent.append((Channel.EMAIL, customer.email))
    return [
        _outgoing(onboarding, signed, agreement, letter, company, channel, to)
        for channel, to in sent
    ]


def _to_contractor(
    db: Session,
    onboarding: Onboarding,
    signed: ContractSignature,
    agreement: Agreement,
    company: Contractor,
    card: CardEvidence,
) -> list[Outgoing]:
    """To the member whose job it is, and to the company's own mailbox; once where they are one."""
    letter = OnboardingCompletedContractorMessage(
        company=letterhead(company),
        url=f"{config.current().base_url}/crm/contacts/{onboarding.contact_id}",
        customer_name=signed.signer_name,
        job_title=onboarding.title,
        total_cents=agreement.estimate.total_cents,
        currency=agreement.estimate.currency,
        has_pdf=True,
        proof=proof_of(signed),
        wants_paper=onboarding.wants_paper,
        last_day_to_cancel=last_day_to_cancel(signed, agreement),
        zone=company.time_zone,
        **card.told(),
    )
    return [
        _outgoing(onboarding, signed, agreement, letter, company, Channel.EMAIL, to)
        for to in mailboxes_of(db, onboarding, company)
    ]


def _outgoing(
    onboarding: Onboarding,
    signed: ContractSignature,
    agreement: Agreement,
    letter: OnboardingCompletedCustomerMessage | OnboardingCompletedContractorMessage,
    company: Contractor,
    channel: Channel,
    to: str,
) -> Outgoing:
    is_customers = isinstance(letter, OnboardingCompletedCustomerMessage)
    return Outgoing(
        contractor_id=onboarding.contractor_id,
        contact_id=onboarding.contact_id,
        onboarding_id=onboarding.id,
        purpose=letter.purpose,
        reference=signed.id,
        channel=channel,
        to=to,
        from_name=company.name,
        reply_to=company.reply_to if is_customers else None,
        message=render(letter, agreement.language if is_customers else company.language),
        attachments=sealed_copy(signed) if channel is Channel.EMAIL and letter.has_pdf else (),
    )


def sealed_copy(signed: ContractSignature) -> tuple[Attachment, ...]:
    """The same bytes for both parties."""
    return (Attachment("signed-contract.pdf", "application/pdf", str(signed.sealed_sha256)),)


def proof_of(signed: ContractSignature) -> Proof:
    """What both mails say of a sealed copy, so that a cut chain or another file shows later."""
    return Proof(
        sealed_sha256=str(signed.sealed_sha256),
        chain_head=signed.chain_head,
    )


def last_day_to_cancel(signed: ContractSignature, agreement: Agreement) -> date | None:
    """None where the contract gives no such right, or the time is over."""
    if signed.cancel_until is None or clock.now() >= signed.cancel_until:
        return None
    before_midnight = signed.cancel_until - timedelta(seconds=1)
    return clock.local(before_midnight, agreement.time_zone).date()
