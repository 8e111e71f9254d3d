"""Everything a contact record shows, read across the rooms in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from onboarding.contacts.models import Contact
from onboarding.contractors.models import Revision
from onboarding.contracts import frozen
from onboarding.contracts import queries as contracts
from onboarding.contracts.models import Contract, ContractSignature
from onboarding.estimates.margins import Margin, margin_of
from onboarding.estimates.models import Estimate, LineItem
from onboarding.estimates.pricing import totals
from onboarding.journey import queries as journey
from onboarding.journey.models import Event, Onboarding
from onboarding.journey.status import Standing, status_of
from onboarding.notifications import queries as notifications
from onboarding.notifications.models import Delivery
from onboarding.notifications.models_addresses import ClosedAddress
from onboarding.payments import queries as payments
from onboarding.payments.queries import CardOnFile


@dataclass(frozen=True)
class Job:
    """One onboarding with all that hangs on it."""

    onboarding: Onboarding
    standing: Standing
    events: Sequence[Event]
    deliveries: Sequence[Delivery]
    versions: Sequence[Estimate]
    contracts: Mapping[str, Contract]
    signatures: Mapping[str, ContractSignature]
    margin: Margin | None

    @property
    def draft(self) -> Estimate | None:
        return next((version for version in self.versions if version.sent_at is None), None)


@dataclass(frozen=True)
class Record:
    """A contact, the job shown, the others by name, the cards; `revision` is the board's when it
    was read."""

    contact: Contact
    job: Job | None
    others: Sequence[Onboarding]
    cards: Sequence[CardOnFile]
    closed: Sequence[ClosedAddress]
    revision: int

    @property
    def jobs(self) -> list[Onboarding]:
        """All of the contact's, the newest first."""
        shown = [self.job.onboarding] if self.job else []
        return sorted([*shown, *self.others], key=lambda row: row.id, reverse=True)

    @property
    def can_begin(self) -> bool:
        """Another job may begin: there is none, or all are complete or cancelled."""
        return self.job is None or all(
            _is_closed(row) for row in (self.job.onboarding, *self.others)
        )


def record(db: Session, contact_id: str, onboarding_id: str | None = None) -> Record | None:
    """The record, with the job that is asked for or the one the customer is busy with."""
    # Read before all else: what changes meanwhile comes with the next poll.
    seen = select(Revision.number).where(Revision.contractor_id == Contact.contractor_id)
    statement = select(Contact, seen.scalar_subquery()).where(Contact.id == contact_id)
    found = db.execute(statement).one_or_none()
    if found is None:
        return None
    contact, revision = found
    rows = journey.all_of_contact(db, contact_id)
    chosen = _chosen(rows, onboarding_id)
    return Record(
        contact=contact,
        job=_job(db, chosen) if chosen else None,
        others=[row for row in rows if row is not chosen],
        cards=payments.cards_of(db, contact_id),
        closed=notifications.closed_among(
            db, contact.contractor_id, (contact.email, contact.mobile)
        ),
        revision=revision or 0,
    )


def changed_since(db: Session, contact_id: str, revision: int) -> bool | None:
    """Whether this contact's record shows anything newer than the board's `revision`; None where
    the contractor has no such contact."""
    newest = db.scalar(
        select(Onboarding.revision)
        .where(Onboarding.contact_id == contact_id)
        .order_by(Onboarding.revision.desc())
        .limit(1)
    )
    own = db.scalar(select(Contact.revision).where(Contact.id == contact_id))
    return None if own is None else max(newest or 0, own) > revision


def _chosen(rows: Sequence[Onboarding], onboarding_id: str | None) -> Onboarding | None:
    """The one asked for, else the one that is open, else the newest."""
    asked = next((row for row in rows if row.id == onboarding_id), None)
    is_open = next((row for row in rows if not _is_closed(row)), None)
    return asked or is_open or next(iter(rows), None)


def _is_closed(row: Onboarding) -> bool:
    return row.facts.is_complete or row.facts.is_cancelled


def _versions(db: Session, onboarding_id: str) -> Sequence[Estimate]:
    """Every version, the newest first, with its lines: one statement for all."""
    statement = select(Estimate).where(Estimate.onboarding_id == onboarding_id)
    whole = statement.options(joinedload(Estimate.lines).lazyload(LineItem.photos))
    return db.scalars(whole.order_by(Estimate.version.desc())).unique().all()


def _job(db: Session, onboarding: Onboarding) -> Job:
    versions = _versions(db, onboarding.id)
    drawn_up = {one.estimate_id: one for one in contracts.contracts_of(db, onboarding.id)}
    return Job(
        onboarding=onboarding,
        standing=status_of(onboarding.facts),
        events=journey.events_of(db, onboarding.id),
        deliveries=notifications.deliveries_of(db, onboarding.id),
        versions=versions,
        contracts=drawn_up,
        signatures={
            signed.contract_id: signed for signed in contracts.signatures_of(db, onboarding.id)
        },
        margin=_margin(onboarding, versions, drawn_up),
    )


def _margin(
    onboarding: Onboarding, versions: Sequence[Estimate], drawn_up: Mapping[str, Contract]
) -> Margin | None:
    """What the version that is agreed to leaves, with the options chosen; else what the newest one
    would."""
    agreed = onboarding.facts.approved_version
    shown = next((one for one in versions if one.version == agreed), next(iter(versions), None))
    if shown is None:
        return None
    contract = drawn_up.get(shown.id)
    chosen = None
    if agreed and contract is not None and contract.frozen:
        lines = frozen.read(contract.frozen).estimate.lines
        chosen = {line.key for line in lines if line.is_chosen}
    return margin_of(shown, totals(shown, chosen))
