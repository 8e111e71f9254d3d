"""Reads of templates, contracts, consents and signatures."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.braces import Complaint
from onboarding.contracts.models import Consent, Contract, ContractSignature, ContractTemplate
from onboarding.contracts.placeholders import complaints
from onboarding.journey.events import EventKind
from onboarding.journey.models import Event, Onboarding


def templates(db: Session, *, has_archived: bool = False) -> list[ContractTemplate]:
    """The contractor's templates, the oldest first; those put away only where they are wanted."""
    statement = select(ContractTemplate).order_by(ContractTemplate.id)
    offered = statement if has_archived else statement.where(ContractTemplate.archived_at.is_(None))
    return list(db.scalars(offered))


def template(db: Session, template_id: str) -> ContractTemplate | None:
    statement = select(ContractTemplate).where(ContractTemplate.id == template_id)
    return db.scalars(statement).one_or_none()


def contract(db: Session, contract_id: str) -> Contract | None:
    return db.scalars(select(Contract).where(Contract.id == contract_id)).one_or_none()


def contract_of_estimate(db: Session, estimate_id: str) -> Contract | None:
    return db.scalars(select(Contract).where(Contract.estimate_id == estimate_id)).one_or_none()


def contracts_of(db: Session, onboarding_id: str) -> list[Contract]:
    """Every contract of the onboarding, drafts too, the newest first."""
    statement = select(Contract).where(Contract.onboarding_id == onboarding_id)
    return list(db.scalars(statement.order_by(Contract.id.desc())))


def current_contract(db: Session, onboarding: Onboarding) -> Contract | None:
    """The frozen contract of the version whose approval is in force."""
    statement = select(Contract).where(
        Contract.onboarding_id == onboarding.id,
        Contract.frozen_version == onboarding.approved_version,
    )
    return db.scalars(statement).one_or_none()


def open_in_draft(db: Session, estimate_id: str) -> list[Complaint] | None:
    """What keeps the contract of an estimate from being sent; empty when it is ready, None where
    nothing was written yet."""
    draft = contract_of_estimate(db, estimate_id)
    if draft is None or not draft.template_body.strip():
        return None
    return complaints("\n".join((draft.title, draft.template_body, draft.terms)))


def signature_of(db: Session, contract_id: str) -> ContractSignature | None:
    statement = select(ContractSignature).where(ContractSignature.contract_id == contract_id)
    return db.scalars(statement).one_or_none()


def latest_signature(db: Session, onboarding_id: str) -> ContractSignature | None:
    """The signature made last in this onboarding."""
    statement = (
        select(ContractSignature)
        .where(ContractSignature.onboarding_id == onboarding_id)
        .order_by(ContractSignature.at.desc())
        .limit(1)
    )
    return db.scalars(statement).one_or_none()


def signatures_of(db: Session, onboarding_id: str) -> list[ContractSignature]:
    """Every signature of the onboarding, the newest first."""
    statement = select(ContractSignature).where(ContractSignature.onboarding_id == onboarding_id)
    return list(db.scalars(statement.order_by(ContractSignature.at.desc())))


def consent_for(db: Session, contract_id: str, frozen_sha256: str) -> Consent | None:
    """The newest agreement to sign exactly this text electronically."""
    statement = (
        select(Consent)
        .where(Consent.contract_id == contract_id, Consent.frozen_sha256 == frozen_sha256)
        .order_by(Consent.id.desc())
        .limit(1)
    )
    return db.scalars(statement).one_or_none()


def opening_of(db: Session, frozen: Contract) -> Event | None:
    """The event of the customer's having opened this very text as a PDF, the last one."""
    statement = (
        select(Event)
        .where(
            Event.onboarding_id == frozen.onboarding_id,
            Event.kind == EventKind.CONTRACT_OPENED.value,
        )
        .order_by(Event.seq.desc())
    )
    opened = db.scalars(statement)
    return next((e for e in opened if e.data.get("sha256") == frozen.frozen_sha256), None)


def lost_heads(db: Session) -> list[tuple[str, str]]:
    """Onboarding and chain head of each signature whose head no event bears: a chain that was cut
    below it, or replaced whole, and made to fit itself."""
    is_there = select(Event.id).where(
        Event.onboarding_id == ContractSignature.onboarding_id,
        Event.hash == ContractSignature.chain_head,
    )
    statement = select(ContractSignature.onboarding_id, ContractSignature.chain_head)
    rows = db.execute(statement.where(~is_there.exists()).order_by(ContractSignature.id))
    return [(onboarding_id, head) for onboarding_id, head in rows]


def events_of(db: Session, onboarding_id: str) -> list[Event]:
    """The audit trail, in order."""
    statement = select(Event).where(Event.onboarding_id == onboarding_id).order_by(Event.seq)
    return list(db.scalars(statement))
