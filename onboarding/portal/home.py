"""What the portal shows of a customer's jobs: papers to keep, cards, where to go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from onboarding.contacts.reach import reach
from onboarding.contractors.models import Member
from onboarding.contracts import queries as contracts
from onboarding.contracts.cancel_pages import CancelShown, cancel_shown
from onboarding.database import read
from onboarding.estimates import queries as estimates
from onboarding.journey import queries as journey
from onboarding.journey.models import Onboarding
from onboarding.journey.status import Answer, Step, next_step
from onboarding.messages import queries as messages
from onboarding.payments import queries as payments
from onboarding.payments.queries import CardOnFile
from onboarding.web.person import Person


@dataclass(frozen=True)
class Paper:
    """A document of the customer's. `kind` is 'estimate', 'contract' or 'signed'; `is_ready` is
    False while the seal is being made."""

    kind: str
    id: str
    title: str
    version: int
    at: datetime
    is_ready: bool


@dataclass(frozen=True)
class JobPapers:
    """A job with what was sent, approved and signed of it."""

    onboarding: Onboarding
    step: Step
    papers: Sequence[Paper]
    cancel: CancelShown | None = None

    @property
    def is_waiting(self) -> bool:
        """There is something left for the customer to do."""
        return self.step not in (Step.DONE, Step.NOTHING, Step.REVOKED)

    @property
    def has_new_version(self) -> bool:
        """A version was sent after the contract that is in force."""
        return self.onboarding.facts.has_newer_version

    @property
    def has_rejected_new_version(self) -> bool:
        return self.has_new_version and self.onboarding.facts.answer is Answer.REJECTED

    @property
    def may_open(self) -> bool:
        """The screens of the job can be read, not only its papers."""
        return self.step is not Step.REVOKED


@dataclass(frozen=True)
class PortalPage:
    """`current` is the job the customer is busy with; `jobs` every one that was sent, newest
    first. `sender` is the member who sends."""

    person: Person
    current: JobPapers | None
    jobs: Sequence[JobPapers]
    cards: Sequence[CardOnFile]
    unread: int
    sender: str
    copy_to: str


def portal_page(person: Person, current: Onboarding | None) -> PortalPage:
    """Everything of one customer's, from that customer on."""
    db = read(person.contractor_id)
    sent = [row for row in journey.all_of_contact(db, person.contact_id) if row.latest_version]
    jobs = [_job(db, row) for row in sent]
    sender = db.get(Member, current.member_id) if current is not None else None
    return PortalPage(
        person=person,
        current=next((job for job in jobs if current and job.onboarding.id == current.id), None),
        jobs=jobs,
        cards=payments.cards_of(db, person.contact_id),
        unread=messages.unread_for_customer(db, person.contact_id),
        sender=sender.name if sender else "",
        copy_to=_copy_to(db, person.contact_id),
    )


def _copy_to(db: Session, contact_id: str) -> str:
    found = reach(db, contact_id)
    return found.address if found and found.channel == "email" else ""


def _job(db: Session, onboarding: Onboarding) -> JobPapers:
    papers = [
        Paper("estimate", one.id, onboarding.title, one.version, one.sent_at, True)
        for one in estimates.versions(db, onboarding.id)
        if one.sent_at is not None and _is_readable(onboarding, one.version)
    ]
    signatures = {one.contract_id: one for one in contracts.signatures_of(db, onboarding.id)}
    for contract in contracts.contracts_of(db, onboarding.id):
        signed = signatures.get(contract.id)
        if signed is not None:
            papers.append(
                Paper(
                    "signed",
                    contract.id,
                    contract.title,
                    0,
                    signed.at,
                    signed.sealed_at is not None,
                )
            )
    return JobPapers(
        onboarding,
        next_step(onboarding.facts),
        sorted(papers, key=lambda p: p.at, reverse=True),
        _cancel(db, onboarding),
    )


def _cancel(db: Session, onboarding: Onboarding) -> CancelShown | None:
    """Of the contract that was signed last, while it can be cancelled or once it is."""
    signed = contracts.latest_signature(db, onboarding.id)
    if signed is None or onboarding.facts.signed_version != onboarding.facts.approved_version:
        return None
    found = contracts.contract(db, signed.contract_id)
    return cancel_shown(db, found) if found is not None else None


def _is_readable(onboarding: Onboarding, version: int) -> bool:
    """After a revocation only what was approved stays to be read."""
    facts = onboarding.facts
    return next_step(facts) is not Step.REVOKED or version == facts.approved_version
