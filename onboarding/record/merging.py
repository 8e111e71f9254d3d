"""Two records of one person become one: everything that hung on the other hangs on the kept one.

The record with a portal account is the one that stays, for its owner signs in to it. Two accounts
are two sign-ins with their own cards: which of them the person means, nobody but they can say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.accounts.models import Account, Challenge
from onboarding.actor import Actor, Kind
from onboarding.contacts import actions as contacts
from onboarding.contacts import folding
from onboarding.contacts.models import Contact, ContactListing, Shelf
from onboarding.contractors import revisions
from onboarding.database import transaction
from onboarding.invites.models import Invite
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.messages.models import Message
from onboarding.notifications.models import Delivery, Notification

_ADDRESS = ("address_line1", "address_line2", "city", "state", "postal_code")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "email": ("email",),
    "mobile": ("mobile",),
    "address": _ADDRESS,
    "preferred_channel": ("preferred_channel",),
    "language": ("language",),
}
"""What is taken from one record or the other, with the columns that go together."""
# So long may somebody who pressed Get started go on to make the account.
_BEGUN = timedelta(minutes=60)
_MOVED = (Invite, Message, Delivery, Notification)


class Obstacle(StrEnum):
    """Why two records stay two."""

    SAME = "same"
    MERGED = "merged"
    TWO_ACCOUNTS = "two accounts"
    OTHER_HAS_ACCOUNT = "other has account"
    TWO_OPEN_JOBS = "two open jobs"
    BEGUN = "begun"


WORDS: Mapping[Obstacle, Any] = {
    Obstacle.SAME: _l("These are one record already."),
    Obstacle.MERGED: _l("One of them was merged with another record before."),
    Obstacle.TWO_ACCOUNTS: _l(
        "Both have a portal account of their own, each with its own sign-in and cards. They stay"
        " two records: archive the one that is no longer used."
    ),
    Obstacle.OTHER_HAS_ACCOUNT: _l(
        "The other record has the portal account, so it is the one to keep."
    ),
    Obstacle.TWO_OPEN_JOBS: _l(
        "Both have a job under way, and a contact has one at a time. Merge them once one of the"
        " two is complete."
    ),
    Obstacle.BEGUN: _l(
        "The customer of the other record is making an account right now. Try again in an hour."
    ),
}


class CannotMerge(Exception):
    """`obstacle` says why; nothing was changed."""

    def __init__(self, obstacle: Obstacle) -> None:
        self.obstacle = obstacle
        super().__init__(obstacle)


def merge(kept_id: str, other_id: str, from_other: Sequence[str], by: Actor) -> Contact:
    """Puts the other record's jobs, messages and deliveries onto the kept one, with what of
    `from_other` (names of CHOICES) it takes over, in one transaction. Harmless when repeated.

    Raises CannotMerge, contacts.ContactMissing, contacts.NotForVisitors.
    """
    if by.kind is not Kind.MEMBER:
        raise contacts.NotForVisitors
    with transaction(by.contractor_id) as db:
        kept, other = _both(db, kept_id, other_id)
        if other.merged_into_id == kept.id:
            return kept
        jobs = journey.lock_all_of_contact(db, kept.id)
        coming = journey.lock_all_of_contact(db, other.id)
        hindered = obstacle(db, kept, other)
        if hindered is not None:
            raise CannotMerge(hindered)
        told = {"name": other.name, "email": other.email or "", "mobile": other.mobile or ""}
        _take_over(kept, other, from_other)
        _move(db, kept, other)
        _note(db, kept, jobs, coming, told, by)
        other.merged_into_id = kept.id
        for record in (kept, other):
            record.version += 1
            record.revision = revisions.move_on(db, record.contractor_id)
        return kept


def obstacle(db: Session, kept: Contact, other: Contact) -> Obstacle | None:
    """What hinders it, the gravest first."""
    if kept.id == other.id:
        return Obstacle.SAME
    elif kept.merged_into_id is not None or other.merged_into_id is not None:
        return Obstacle.MERGED
    held = set(
        db.scalars(select(Account.contact_id).where(Account.contact_id.in_([kept.id, other.id])))
    )
    if len(held) == 2:
        return Obstacle.TWO_ACCOUNTS
    elif other.id in held:
        return Obstacle.OTHER_HAS_ACCOUNT
    elif _has_open_job(db, kept.id) and _has_open_job(db, other.id):
        return Obstacle.TWO_OPEN_JOBS
    return Obstacle.BEGUN if _is_begun(db, other.id) else None


def perhaps_the_same(db: Session, contact: Contact, most: int = 10) -> Sequence[Contact]:
    """Other records with the same address, number or name."""
    alike = [ContactListing.name_key == folding.name_key(contact.name)]
    if contact.email:
        alike.append(ContactListing.email_key == folding.email_key(contact.email))
    if contact.mobile:
        alike.append(Contact.mobile == contact.mobile)
    statement = (
        select(Contact)
        .join(ContactListing, ContactListing.contact_id == Contact.id)
        .where(Contact.id != contact.id, ContactListing.shelf != Shelf.MERGED.value, or_(*alike))
    )
    return db.scalars(statement.order_by(Contact.id).limit(most)).all()


@dataclass(frozen=True)
class Side:
    """A choice, and what each record says of it."""

    name: str
    kept: str
    other: str

    @property
    def differs(self) -> bool:
        return bool(self.kept and self.other) and self.kept != self.other


def side_by_side(kept: Contact, other: Contact) -> list[Side]:
    """Every choice, with what both records say, in one line each."""
    return [
        Side(name, _line(kept, columns), _line(other, columns)) for name, columns in CHOICES.items()
    ]


def counts(db: Session, contact_id: str) -> tuple[int, int, bool]:
    """How many jobs and messages hang on a record, and whether it has a portal account."""
    jobs, messages, accounts = db.execute(
        select(
            *(
                select(func.count(model.id)).where(model.contact_id == contact_id).scalar_subquery()
                for model in (Onboarding, Message, Account)
            )
        )
    ).one()
    return jobs, messages, bool(accounts)


def _line(contact: Contact, columns: Sequence[str]) -> str:
    return ", ".join(filter(None, (getattr(contact, column) for column in columns)))


def _both(db: Session, kept_id: str, other_id: str) -> tuple[Contact, Contact]:
    """Locked in one order, whichever is kept: two who merge crosswise wait for each other once."""
    locked = {one: contacts.lock(db, one) for one in sorted({kept_id, other_id})}
    return locked[kept_id], locked[other_id]


def _has_open_job(db: Session, contact_id: str) -> bool:
    rows = db.scalars(select(Onboarding).where(Onboarding.contact_id == contact_id))
    return any(not row.facts.is_complete for row in rows)


def _is_begun(db: Session, contact_id: str) -> bool:
    pressed = select(Invite.id).where(
        Invite.contact_id == contact_id, Invite.started_at > clock.now() - _BEGUN
    )
    return db.scalar(pressed.limit(1)) is not None


def _take_over(kept: Contact, other: Contact, from_other: Sequence[str]) -> None:
    """What was chosen, and whatever the kept record lacks altogether."""
    for choice, columns in CHOICES.items():
        is_empty = not any(getattr(kept, column) for column in columns)
        if choice in from_other or is_empty:
            for column in columns:
                setattr(kept, column, getattr(other, column))
    notes = dict.fromkeys(filter(None, (kept.notes, other.notes)))
    kept.notes = "\n\n".join(notes)


def _move(db: Session, kept: Contact, other: Contact) -> None:
    for model in _MOVED:
        db.execute(update(model).where(model.contact_id == other.id).values(contact_id=kept.id))
    db.execute(
        update(Challenge)
        .where(Challenge.contact_id == other.id, Challenge.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def _note(
    db: Session,
    kept: Contact,
    jobs: Sequence[Onboarding],
    coming: Sequence[Onboarding],
    told: dict[str, str],
    by: Actor,
) -> None:
    """A line in the timeline of each job of both; what comes finds the account and the cards."""
    for job in jobs:
        journey.record(db, job, EventKind.CONTACT_MERGED, by, told)
    newest = jobs[-1] if jobs else None
    for job in coming:
        job.contact_id = kept.id
        found = (
            {
                "has_account": newest.has_account,
                "has_profile": newest.has_profile,
                "has_card": newest.has_card,
            }
            if newest is not None
            else {}
        )
        journey.record(db, job, EventKind.CONTACT_MERGED, by, told, **found)
