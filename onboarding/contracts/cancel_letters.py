"""Both parties are told in writing that a contract was cancelled, with the duty to refund."""

from typing import Any

from sqlalchemy.orm import Session

from onboarding import config
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor
from onboarding.contracts.customers import customer_of
from onboarding.contracts.frozen import Agreement
from onboarding.contracts.models import Cancellation, ContractSignature
from onboarding.contracts.parties import write_contractor, write_customer
from onboarding.journey.models import Onboarding
from onboarding.notifications.actions import notify
from onboarding.notifications.models import NotificationKind
from onboarding.notifications.wording_contracts import (
    ContractCancelledContractorMessage,
    ContractCancelledCustomerMessage,
)


def tell(
    db: Session,
    onboarding: Onboarding,
    signed: ContractSignature,
    agreement: Agreement,
    made: Cancellation,
) -> None:
    """In the transaction that cancels. `reference` is the cancellation: one pair of letters."""
    company = db.get_one(Contractor, onboarding.contractor_id)
    base = config.current().base_url
    what: dict[str, Any] = {
        "company": letterhead(company),
        "job_title": onboarding.title,
        "contract_title": agreement.title,
        "at": made.at,
        "zone": agreement.time_zone,
        "refund_by": made.refund_by,
    }
    to_customer = ContractCancelledCustomerMessage(
        url=f"{base}/portal/{company.slug}/sign-in",
        first_name=customer_of(db, onboarding.contact_id).first_name,
        **what,
    )
    write_customer(db, onboarding, to_customer, made.id, agreement.language)
    to_contractor = ContractCancelledContractorMessage(
        url=f"{base}/crm/contacts/{onboarding.contact_id}",
        customer_name=signed.signer_name,
        **what,
    )
    write_contractor(db, onboarding, to_contractor, made.id)
    _notify(db, onboarding, signed, made)


def _notify(
    db: Session, onboarding: Onboarding, signed: ContractSignature, made: Cancellation
) -> None:
    notify(
        db,
        contractor_id=onboarding.contractor_id,
        contact_id=onboarding.contact_id,
        onboarding_id=onboarding.id,
        kind=NotificationKind.CONTRACT_CANCELLED,
        told={
            "customer": signed.signer_name,
            "job": onboarding.title,
            "refund_by": made.refund_by.isoformat(),
        },
    )
