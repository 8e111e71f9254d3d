"""How a template would read in a contract of a real contact's."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.braces import Complaint
from onboarding.contacts.models import Contact
from onboarding.contracts.freezing import agreement_of
from onboarding.contracts.models import Contract
from onboarding.contracts.placeholders import complaints
from onboarding.gateways import prose
from onboarding.gateways.prose import Block
from onboarding.journey.models import Onboarding

# As many as a list can be chosen from: those with the newest estimates.
_MOST = 20


@dataclass(frozen=True)
class Person:
    """A job that a template can be looked at with."""

    onboarding_id: str
    estimate_id: str
    words: str


@dataclass(frozen=True)
class TemplatePreview:
    """`person` is whose names and sums were filled in; none where nobody has an estimate yet, and
    the placeholders stand as they are."""

    person: Person | None
    blocks: list[Block]
    complaints: tuple[Complaint, ...]


def people(db: Session) -> list[Person]:
    """The contacts with the newest contracts, each with the estimate that belongs to it."""
    newest = (
        select(Contract.onboarding_id, func.max(Contract.id).label("contract_id"))
        .group_by(Contract.onboarding_id)
        .order_by(func.max(Contract.id).desc())
        .limit(_MOST)
        .subquery()
    )
    rows = db.execute(
        select(Onboarding.id, Contract.estimate_id, Contact.name, Onboarding.title)
        .join(newest, newest.c.onboarding_id == Onboarding.id)
        .join(Contract, Contract.id == newest.c.contract_id)
        .join(Contact, Contact.id == Onboarding.contact_id)
        .where(Contact.archived_at.is_(None))
        .order_by(Contract.id.desc())
    )
    return [Person(job, estimate, f"{name} · {title}") for job, estimate, name, title in rows]


def preview(db: Session, body: str, known: list[Person], chosen: str = "") -> TemplatePreview:
    """The text merged as it would be at approval, for the job that was `chosen` among those that
    are `known`, else the first of them; nothing is kept."""
    person = next((one for one in known if one.onboarding_id == chosen), None)
    person = person or next(iter(known), None)
    text = _merged(db, body, person) if person else body
    return TemplatePreview(person, prose.blocks(text), tuple(complaints(body)))


def _merged(db: Session, body: str, person: Person) -> str:
    job = db.get_one(Onboarding, person.onboarding_id)
    unsaved = Contract(
        id="preview",
        contractor_id=job.contractor_id,
        onboarding_id=job.id,
        estimate_id=person.estimate_id,
        title="",
        template_body=body,
        terms="",
    )
    return agreement_of(db, job, unsaved, None).text
