"""Writing to many customers at once: what will happen is shown before, and happens once.

Resend is for those who have no account yet; a nudge is for anybody whose turn it is, with a fresh
way in at the step where they stopped. Nobody is written to twice within a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.actor import Actor
from onboarding.contacts.models import Contact
from onboarding.contacts.reach import reach
from onboarding.database import transaction
from onboarding.invites.actions import invite
from onboarding.invites.models import Invite
from onboarding.invites.queries import (
    address_for,
    channels_of,
    latest_invite,
    links_of,
    parties,
)
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act, permitted
from onboarding.journey.status import Detail, Facts, status_of
from onboarding.journey.status import Invite as InviteFact
from onboarding.notifications.models import Channel

MOST_CARDS = 100
_DAY = timedelta(days=1)


class Reminder(StrEnum):
    """What a member sends to those they chose."""

    RESEND = "resend"
    NUDGE = "nudge"


class Hindrance(StrEnum):
    """Why somebody gets nothing, in the order in which it is looked at."""

    GONE = "gone"
    COMPLETE = "complete"
    REVOKED = "revoked"
    NOT_INVITED = "not invited"
    HAS_ACCOUNT = "has account"
    YOUR_TURN = "your turn"
    NO_ADDRESS = "no address"
    RECENT = "recent"


@dataclass(frozen=True)
class Plan:
    """What would happen to one card; `hindrance` is why nothing would."""

    onboarding_id: str
    contact_id: str
    name: str
    title: str
    hindrance: Hindrance | None


@dataclass(frozen=True)
class Outcome:
    sent: int
    left_out: int


def plan(db: Session, which: Reminder, onboarding_ids: Sequence[str], by: Actor) -> list[Plan]:
    """What would happen to each of them, in the order asked for; at most MOST_CARDS."""
    asked = list(dict.fromkeys(onboarding_ids))[:MOST_CARDS]
    rows = db.execute(
        select(Onboarding, Contact)
        .join(Contact, Contact.id == Onboarding.contact_id)
        .where(Onboarding.id.in_(asked), Contact.archived_at.is_(None))
    )
    found = {job.id: (job, contact) for job, contact in rows}
    written = _last_written(db, [contact.id for _job, contact in found.values()])
    return [
        Plan(
            job.id,
            contact.id,
            contact.name,
            job.title,
            _hindrance(which, job.facts, contact, written.get(contact.id), by),
        )
        for job, contact in (found[one] for one in asked if one in found)
    ]


def remind(which: Reminder, onboarding_ids: Sequence[str], by: Actor) -> Outcome:
    """Sends to those of them who may be written to, each in a transaction of its own.

    Repeated, it sends nothing: who got something was written to within a day.
    """
    asked = list(dict.fromkeys(onboarding_ids))[:MOST_CARDS]
    hindrances = [_remind_one(which, one, by) for one in asked]
    sent = sum(hindrance is None for hindrance in hindrances)
    return Outcome(sent, len(asked) - sent)


def _remind_one(which: Reminder, onboarding_id: str, by: Actor) -> Hindrance | None:
    with transaction(by.contractor_id) as db:
        job = db.get(Onboarding, onboarding_id)
        if job is None:
            return Hindrance.GONE
        # Two of the contact's jobs at once would be two reminders.
        journey.lock_all_of_contact(db, job.contact_id)
        db.refresh(job)
        contact = db.get_one(Contact, job.contact_id)
        written = _last_written(db, [contact.id]).get(contact.id)
        hindrance = _hindrance(which, job.facts, contact, written, by)
        if hindrance is None:
            who = parties(db, job, by.id)
            invite(db, who, _addresses(db, job, contact), by, _KINDS[which])
        return hindrance


_KINDS = {
    Reminder.RESEND: EventKind.INVITE_RESENT,
    Reminder.NUDGE: EventKind.INVITE_NUDGED,
}


def _hindrance(
    which: Reminder, facts: Facts, contact: Contact, written: datetime | None, by: Actor
) -> Hindrance | None:
    standing = status_of(facts)
    is_lost = Detail.NOT_DELIVERED in standing.details
    checks = (
        (contact.archived_at is not None, Hindrance.GONE),
        (facts.is_complete, Hindrance.COMPLETE),
        (facts.is_revoked, Hindrance.REVOKED),
        (
            facts.invite is InviteFact.NONE or facts.latest_version == 0,
            Hindrance.NOT_INVITED,
        ),
        (
            which is Reminder.RESEND and permitted(Act.RESEND, facts, by) is not None,
            Hindrance.HAS_ACCOUNT,
        ),
        (facts.has_account and standing.action is not None, Hindrance.YOUR_TURN),
        (not channels_of(contact) and not facts.has_account, Hindrance.NO_ADDRESS),
        (
            written is not None and clock.now() - written < _DAY and not is_lost,
            Hindrance.RECENT,
        ),
    )
    return next((hindrance for is_so, hindrance in checks if is_so), None)


def _last_written(db: Session, contact_ids: Sequence[str]) -> dict[str, datetime]:
    """When each contact was last sent a way in, for whatever job."""
    rows = db.execute(
        select(Onboarding.contact_id, func.max(Invite.created_at).label("at"))
        .join(Invite, Invite.onboarding_id == Onboarding.id)
        .where(Onboarding.contact_id.in_(contact_ids))
        .group_by(Onboarding.contact_id)
    )
    return {row.contact_id: row.at for row in rows}


def _addresses(db: Session, job: Onboarding, contact: Contact) -> dict[Channel, str]:
    """Where somebody with an account wants to be reached; else as the last invite went."""
    to = reach(db, contact.id) if job.has_account else None
    if to is not None:
        return {Channel(to.channel): to.address}
    last = latest_invite(db, job.id)
    used = {link.channel for link in links_of(db, last.id)} if last else set()
    reachable = channels_of(contact)
    again = [channel for channel in reachable if channel.value in used] or reachable
    return {channel: address_for(contact, channel) or "" for channel in again}
