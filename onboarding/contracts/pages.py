"""What the customer's contract screens show, read in one go."""

import base64
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.contracts import frozen as frozen_text
from onboarding.contracts.cancel_pages import CancelShown, cancel_shown
from onboarding.contracts.consenting import ContractGone, shown_disclosure
from onboarding.contracts.disclosure import Element
from onboarding.contracts.freezing import agreement_of
from onboarding.contracts.frozen import Agreement
from onboarding.contracts.models import Contract, ContractSignature
from onboarding.contracts.papers import cancel_form
from onboarding.contracts.queries import (
    consent_for,
    contract,
    current_contract,
    opening_of,
    signature_of,
)
from onboarding.gateways import prose
from onboarding.gateways.documents import CancelForm
from onboarding.gateways.prose import Block
from onboarding.journey.models import Onboarding


@dataclass(frozen=True)
class SignatureShown:
    """`image` is a data address of the drawn signature; `typed` stands where it was typed."""

    name: str
    at: datetime
    image: str | None
    typed: str | None
    is_sealed: bool
    is_on_paper: bool
    has_picture: bool


@dataclass(frozen=True)
class ContractPage:
    """A frozen contract as the customer reads it. `opened_at`: when they opened it as a PDF."""

    id: str
    onboarding_id: str
    sha256: str
    agreement: Agreement
    signature: SignatureShown | None
    opened_at: datetime | None
    has_consent: bool
    cancel_form: CancelForm | None
    cancel: CancelShown | None
    is_on_paper: bool

    @property
    def blocks(self) -> list[Block]:
        """The contract's text as headings, paragraphs and lists."""
        return prose.blocks(self.agreement.text)

    @property
    def scope_blocks(self) -> list[Block]:
        return prose.blocks(self.agreement.estimate.scope)

    @property
    def total_cents(self) -> int:
        return self.agreement.estimate.total_cents

    @property
    def currency(self) -> str:
        return self.agreement.estimate.currency


def page_of(db: Session, contact_id: str, contract_id: str) -> ContractPage:
    """The customer's own contract, signed or to be signed. Raises ContractGone for any other."""
    found = contract(db, contract_id)
    if found is None or found.frozen is None or not _is_of(db, found, contact_id):
        raise ContractGone
    return _page(db, found)


def page_to_sign(db: Session, onboarding: Onboarding, contract_id: str) -> ContractPage:
    """The contract that is to be consented to and signed now. Raises ContractGone for any other."""
    found = current_contract(db, onboarding)
    if found is None or found.id != contract_id:
        raise ContractGone
    return _page(db, found)


def current_page(db: Session, onboarding: Onboarding) -> ContractPage | None:
    """The contract in force, whatever was on the screen."""
    found = current_contract(db, onboarding)
    return _page(db, found) if found is not None else None


@dataclass(frozen=True)
class ContractorsPage:
    """A contract that was sent, as a member reads it: frozen, or as it would freeze now."""

    id: str
    sha256: str | None
    agreement: Agreement
    signature: SignatureShown | None
    opened_at: datetime | None
    consented_at: datetime | None
    cancel_form: CancelForm | None
    cancel: CancelShown | None

    @property
    def blocks(self) -> list[Block]:
        return prose.blocks(self.agreement.text)

    @property
    def scope_blocks(self) -> list[Block]:
        return prose.blocks(self.agreement.estimate.scope)

    @property
    def currency(self) -> str:
        return self.agreement.estimate.currency


def contractors_page(db: Session, found: Contract) -> ContractorsPage:
    """The contract as a member reads it."""
    signed = signature_of(db, found.id)
    text = signed.frozen if signed is not None else found.frozen
    consent = consent_for(db, found.id, found.frozen_sha256 or "")
    if text is not None:
        agreement = frozen_text.read(text)
    else:
        onboarding = db.get_one(Onboarding, found.onboarding_id)
        agreement = agreement_of(db, onboarding, found, None)
    return ContractorsPage(
        id=found.id,
        sha256=found.frozen_sha256,
        agreement=agreement,
        signature=signature_shown(signed) if signed is not None else None,
        opened_at=found.opened_at,
        consented_at=consent.at if consent is not None else None,
        cancel_form=_form(agreement, signed),
        cancel=cancel_shown(db, found),
    )


def elements(db: Session, onboarding: Onboarding, language: str) -> tuple[Element, ...]:
    """The disclosure in the page's language."""
    return shown_disclosure(db, onboarding, language)


def signature_shown(signed: ContractSignature) -> SignatureShown:
    """A signature as it stands on the document."""
    drawn = base64.b64encode(signed.svg.encode()).decode() if signed.svg else ""
    return SignatureShown(
        name=signed.signer_name,
        at=signed.at,
        image=f"data:image/svg+xml;base64,{drawn}" if drawn else None,
        typed=signed.typed_text,
        is_sealed=signed.sealed_at is not None,
        is_on_paper=signed.scan_sha256 is not None,
        has_picture=signed.scan_type.startswith("image/"),
    )


def _page(db: Session, found: Contract) -> ContractPage:
    """What was signed is shown from the signature's own copy of the bytes."""
    signed = signature_of(db, found.id)
    text = signed.frozen if signed is not None else found.frozen
    sha256 = signed.frozen_sha256 if signed is not None else found.frozen_sha256
    if text is None or sha256 is None:
        raise ContractGone
    opened = opening_of(db, found)
    agreement = frozen_text.read(text)
    agreed = db.get_one(Onboarding, found.onboarding_id).consented_version
    return ContractPage(
        id=found.id,
        onboarding_id=found.onboarding_id,
        sha256=sha256,
        agreement=agreement,
        signature=signature_shown(signed) if signed is not None else None,
        opened_at=opened.at if opened is not None else None,
        # An agreement that was taken back is kept, and is none any more.
        has_consent=agreed == found.frozen_version
        and consent_for(db, found.id, sha256) is not None,
        cancel_form=_form(agreement, signed),
        cancel=cancel_shown(db, found),
        is_on_paper=found.is_on_paper,
    )


def _form(agreement: Agreement, signed: ContractSignature | None) -> CancelForm | None:
    """Filled in for the day of the signature; for a signature today while there is none."""
    at = signed.at if signed is not None else clock.now()
    day = signed.signed_on if signed is not None else None
    return cancel_form(agreement, day or clock.local(at, agreement.time_zone).date())


def _is_of(db: Session, found: Contract, contact_id: str) -> bool:
    return db.get_one(Onboarding, found.onboarding_id).contact_id == contact_id
