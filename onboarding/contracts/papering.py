"""The customer takes the agreement to sign electronically back, or asks for paper: at any time,
before or after signing (ESIGN 101(c)(1)(B); trust requirement R03). What was signed stays valid."""

from sqlalchemy.orm import Session

from onboarding import config
from onboarding.actor import Actor
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor
from onboarding.contracts.consenting import ContractGone
from onboarding.contracts.customers import customer_of
from onboarding.contracts.parties import write_contractor
from onboarding.contracts.queries import contract
from onboarding.database import transaction
from onboarding.journey.actions import lock, record, require
from onboarding.journey.events import EventKind
from onboarding.journey.models import Event, Onboarding
from onboarding.journey.permissions import Act
from onboarding.notifications.actions import notify
from onboarding.notifications.models import NotificationKind
from onboarding.notifications.wording_contracts import PaperWantedMessage


def want_paper(contract_id: str, contact_id: str, by: Actor) -> bool:
    """Ends electronic signing and delivery for this job; says whether it was not so already.

    An agreement given before is taken back with it: signing here needs a new one. Raises
    ContractGone, Refused.
    """
    with transaction(by.contractor_id) as db:
        found = contract(db, contract_id)
        if found is None:
            raise ContractGone
        onboarding = lock(db, found.onboarding_id)
        if onboarding.contact_id != contact_id:
            raise ContractGone
        if onboarding.wants_paper:
            return False
        require(Act.WANT_PAPER, onboarding, by)
        is_signed = onboarding.facts.is_signed
        said = {"contract_id": found.id, "sha256": found.frozen_sha256, "is_signed": is_signed}
        # What was agreed to for a signature that is made stands as it was.
        kept = onboarding.consented_version if is_signed else 0
        wanted = record(
            db,
            onboarding,
            EventKind.PAPER_WANTED,
            by,
            said,
            wants_paper=True,
            consented_version=kept,
        )
        _tell(db, onboarding, wanted)
        return True


def _tell(db: Session, onboarding: Onboarding, wanted: Event) -> None:
    """The contractor, by mail and in the portal: somebody has to print and post."""
    company = db.get_one(Contractor, onboarding.contractor_id)
    name = customer_of(db, onboarding.contact_id).name
    letter = PaperWantedMessage(
        company=letterhead(company),
        url=f"{config.current().base_url}/crm/contacts/{onboarding.contact_id}",
        customer_name=name,
        job_title=onboarding.title,
        is_signed=onboarding.facts.is_signed,
    )
    write_contractor(db, onboarding, letter, wanted.id)
    notify(
        db,
        contractor_id=onboarding.contractor_id,
        contact_id=onboarding.contact_id,
        onboarding_id=onboarding.id,
        kind=NotificationKind.PAPER_WANTED,
        told={"customer": name, "job": onboarding.title},
    )
