"""Reads across the rows of the journey."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.journey.events import first_broken
from onboarding.journey.models import Event, Onboarding
from onboarding.journey.status import Status

_IS_CANCELLED = (Onboarding.cancelled_version > 0) & (
    Onboarding.cancelled_version == Onboarding.approved_version
)


def current_among(jobs: Sequence[Onboarding]) -> Onboarding | None:
    """The one that `current_of_contact` finds, among all of a contact's, newest first."""
    sent = [job for job in jobs if job.latest_version]
    busy = [
        job
        for job in sent
        if job.status != Status.ONBOARDING_COMPLETE and not job.facts.is_cancelled
    ]
    return busy[-1] if busy else next(iter(sent or jobs), None)


def current_of_contact(db: Session, contact_id: str) -> Onboarding | None:
    """The job the customer is busy with: the oldest one sent and not complete; else the newest
    one sent; else the newest."""
    return current_among(all_of_contact(db, contact_id))


def all_of_contact(db: Session, contact_id: str) -> Sequence[Onboarding]:
    """Every job of the contact, newest first."""
    statement = select(Onboarding).where(Onboarding.contact_id == contact_id)
    return db.scalars(statement.order_by(Onboarding.id.desc())).all()


def newest_of_contacts(db: Session, contact_ids: Sequence[str]) -> dict[str, Onboarding]:
    """Each contact's newest job, by the contact's id: one statement for all of them."""
    rows = db.scalars(
        select(Onboarding).where(Onboarding.contact_id.in_(contact_ids)).order_by(Onboarding.id)
    )
    return {row.contact_id: row for row in rows}


def open_of_contact(db: Session, contact_id: str) -> Onboarding | None:
    """The contact's job that is neither complete nor cancelled, drafted or sent: at most one."""
    return db.scalars(
        select(Onboarding)
        .where(
            Onboarding.contact_id == contact_id,
            Onboarding.status != Status.ONBOARDING_COMPLETE.value,
            ~_IS_CANCELLED,
        )
        .order_by(Onboarding.id.desc())
        .limit(1)
    ).one_or_none()


def events_of(db: Session, onboarding_id: str) -> Sequence[Event]:
    """The audit trail in order."""
    return db.scalars(
        select(Event).where(Event.onboarding_id == onboarding_id).order_by(Event.seq)
    ).all()


def broken_chains(db: Session) -> list[tuple[str, int]]:
    """Each onboarding whose events do not fit their chain, with the first that does not."""
    broken = []
    for onboarding in db.scalars(select(Onboarding).execution_options(yield_per=200)):
        first = first_broken(events_of(db, onboarding.id), onboarding.event_head)
        if first is not None:
            broken.append((onboarding.id, first))
    return broken
