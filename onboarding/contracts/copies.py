"""Copies of what was signed, where completion does not bring them: whoever signs gets one (R17,
16 CFR 429.1(a)), also when no card follows; and a late seal is not kept quiet."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock, config, jobs
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor
from onboarding.contracts.confirming import last_day_to_cancel, proof_of, sealed_copy
from onboarding.contracts.customers import customer_of
from onboarding.contracts.frozen import read as read_frozen
from onboarding.contracts.models import ContractSignature
from onboarding.contracts.parties import write_contractor, write_customer
from onboarding.database import Everyone, read, transaction
from onboarding.journey.actions import lock
from onboarding.journey.models import Onboarding
from onboarding.notifications.actions import notify
from onboarding.notifications.models import NotificationKind
from onboarding.notifications.wording_contracts import (
    ContractCopyContractorMessage,
    ContractCopyCustomerMessage,
)

PATIENCE = timedelta(minutes=30)
"""For the card to follow, and the confirmation with it: one signing, one mail."""
ALARM = timedelta(minutes=10)
_WORKER = Everyone("the worker looks after every contractor's signatures")


@jobs.task("copies", every_seconds=60)
def look_after_signatures() -> int:
    """Sends the copies that are due and tells of seals that are late; says how many it saw to."""
    db = read(_WORKER)
    late, due = _late(db), _due(db)
    db.rollback()
    return sum(_alarm(one) for one in late) + sum(_send_copy(one) for one in due)


def unsealed_for_long(db: Session) -> list[ContractSignature]:
    """Signed longer ago than a seal should take: for the doctor."""
    statement = select(ContractSignature).where(
        ContractSignature.sealed_at.is_(None), ContractSignature.at < clock.now() - ALARM
    )
    return list(db.scalars(statement.order_by(ContractSignature.at)))


def _late(db: Session) -> list[str]:
    return [one.id for one in unsealed_for_long(db) if one.alarmed_at is None]


def _due(db: Session) -> list[str]:
    statement = select(ContractSignature.id).where(
        ContractSignature.sealed_at < clock.now() - PATIENCE,
        ContractSignature.confirmation_sent_at.is_(None),
        ContractSignature.copy_sent_at.is_(None),
    )
    return list(db.scalars(statement))


def _alarm(signature_id: str) -> bool:
    with transaction(_WORKER) as db:
        signed, onboarding = _locked(db, signature_id)
        if signed.sealed_at is not None or signed.alarmed_at is not None:
            return False
        signed.alarmed_at = clock.now()
        notify(
            db,
            contractor_id=onboarding.contractor_id,
            contact_id=onboarding.contact_id,
            onboarding_id=onboarding.id,
            kind=NotificationKind.SEAL_LATE,
            told={"customer": signed.signer_name, "job": onboarding.title},
        )
        return True


def _send_copy(signature_id: str) -> bool:
    with transaction(_WORKER) as db:
        signed, onboarding = _locked(db, signature_id)
        if signed.copy_sent_at is not None or signed.confirmation_sent_at is not None:
            return False
        signed.copy_sent_at = clock.now()
        agreement = read_frozen(signed.frozen)
        company = db.get_one(Contractor, onboarding.contractor_id)
        base = config.current().base_url
        to_customer = ContractCopyCustomerMessage(
            company=letterhead(company),
            url=f"{base}/portal/{company.slug}/sign-in",
            first_name=customer_of(db, onboarding.contact_id).first_name,
            job_title=onboarding.title,
            has_pdf=not onboarding.wants_paper,
            proof=proof_of(signed),
            last_day_to_cancel=last_day_to_cancel(signed, agreement),
        )
        attached = sealed_copy(signed)
        files = () if onboarding.wants_paper else attached
        write_customer(db, onboarding, to_customer, signed.id, agreement.language, files)
        to_contractor = ContractCopyContractorMessage(
            company=letterhead(company),
            url=f"{base}/crm/contacts/{onboarding.contact_id}",
            customer_name=signed.signer_name,
            job_title=onboarding.title,
            proof=proof_of(signed),
            wants_paper=onboarding.wants_paper,
        )
        write_contractor(db, onboarding, to_contractor, signed.id, attached)
        return True


def _locked(db: Session, signature_id: str) -> tuple[ContractSignature, Onboarding]:
    signed = db.get_one(ContractSignature, signature_id)
    onboarding = lock(db, signed.onboarding_id)
    db.refresh(signed, with_for_update=True)
    return signed, onboarding
