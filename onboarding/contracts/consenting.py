"""Opening the PDF and agreeing to sign electronically: two acts before the signature (R01, R02)."""

from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.actor import Actor
from onboarding.contractors.models import Contractor
from onboarding.contracts import disclosure
from onboarding.contracts.customers import written_phone
from onboarding.contracts.models import Consent, Contract
from onboarding.contracts.queries import consent_for, contract, current_contract, opening_of
from onboarding.database import transaction
from onboarding.journey.actions import Refused, lock, record, require
from onboarding.journey.events import EventKind
from onboarding.journey.models import Event, Onboarding
from onboarding.journey.permissions import Act, Refusal


class ContractGone(Exception):
    """No such contract of this customer, or not the one that is to be signed now."""


class NotOpened(Exception):
    """The customer has not opened the PDF, so it is not shown that they can."""


class TextChanged(Exception):
    """What was on the screen is no longer what is to be signed."""


def open_pdf(contract_id: str, onboarding_id: str, by: Actor) -> Event | None:
    """Records that the customer opened this very text as a PDF; once, however often they do.

    None where nothing is recorded, as when support looks. Raises ContractGone.
    """
    with transaction(by.contractor_id) as db:
        onboarding, frozen = lock_current(db, contract_id, onboarding_id)
        require(Act.CONSENT, onboarding, by)
        already = opening_of(db, frozen)
        if already is not None:
            return already
        frozen.opened_at = clock.now()
        return record(
            db,
            onboarding,
            EventKind.CONTRACT_OPENED,
            by,
            {"contract_id": frozen.id, "sha256": frozen.frozen_sha256},
        )


def give_consent(
    contract_id: str, onboarding_id: str, frozen_sha256: str, language: str, by: Actor
) -> Consent:
    """Agrees to sign this text electronically, with the disclosure kept as it was shown.

    Repeated, it is the same agreement. Raises ContractGone, TextChanged, NotOpened, Refused.
    """
    with transaction(by.contractor_id) as db:
        onboarding, frozen = lock_current(db, contract_id, onboarding_id)
        if frozen.frozen_sha256 != frozen_sha256:
            raise TextChanged
        given = consent_for(db, contract_id, frozen_sha256)
        if given is not None and onboarding.consented_version == frozen.frozen_version:
            return given
        require(Act.CONSENT, onboarding, by)
        if frozen.is_on_paper:
            raise Refused(Act.CONSENT, Refusal.ON_PAPER)
        opened = opening_of(db, frozen)
        if opened is None:
            raise NotOpened
        return _agree(db, onboarding, frozen, opened, language, by)


def lock_current(db: Session, contract_id: str, onboarding_id: str) -> tuple[Onboarding, Contract]:
    """The onboarding, locked, and its contract in force. Raises ContractGone for any other."""
    onboarding = lock(db, onboarding_id)
    frozen = current_contract(db, onboarding)
    if frozen is None or frozen.id != contract_id:
        known = contract(db, contract_id)
        if known is not None and known.onboarding_id == onboarding_id:
            raise TextChanged
        raise ContractGone
    return onboarding, frozen


def shown_disclosure(
    db: Session, onboarding: Onboarding, language: str
) -> tuple[disclosure.Element, ...]:
    """The seven elements for this contractor and this job."""
    company = db.get_one(Contractor, onboarding.contractor_id)
    values = {
        "company": company.name,
        "phone": written_phone(company.phone),
        "email": company.reply_to,
        "job": onboarding.title,
    }
    return disclosure.elements(language, values)


def _agree(
    db: Session, onboarding: Onboarding, frozen: Contract, opened: Event, language: str, by: Actor
) -> Consent:
    text = disclosure.snapshot(shown_disclosure(db, onboarding, language))
    consent = Consent(
        contractor_id=onboarding.contractor_id,
        contract_id=frozen.id,
        account_id=by.id,
        frozen_sha256=str(frozen.frozen_sha256),
        disclosure_version=disclosure.VERSION,
        disclosure_sha256=disclosure.sha256_of(text),
        disclosure_text=text,
        opened_event_id=opened.id,
        ip=by.ip,
        user_agent=by.user_agent[:400],
    )
    db.add(consent)
    db.flush()
    record(
        db,
        onboarding,
        EventKind.CONSENT_GIVEN,
        by,
        {
            "contract_id": frozen.id,
            "sha256": frozen.frozen_sha256,
            "consent_id": consent.id,
            "disclosure_version": consent.disclosure_version,
            "disclosure_sha256": consent.disclosure_sha256,
        },
        consented_version=onboarding.approved_version,
        wants_paper=False,
    )
    return consent
