"""What becomes of an invite by itself: its message arrives or does not, its 72 hours pass."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock, jobs
from onboarding.actor import SYSTEM
from onboarding.database import Everyone, read, transaction
from onboarding.invites import letters
from onboarding.invites.models import Invite, InviteLink
from onboarding.invites.queries import latest_invite, links_of, parties
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.status import Invite as InviteFact
from onboarding.notifications import actions as notifications
from onboarding.notifications import outcomes, states
from onboarding.notifications.models import (
    Delivery,
    DeliveryState,
    Failure,
    NotificationKind,
    Purpose,
)

TASK = "invites"
_SWEEP = Everyone("links of every contractor expire by the same clock")
# A mail server that takes an e-mail says nothing more; for a text the phone's receipt is awaited.
_ARRIVED = {
    ("email", DeliveryState.SENT),
    ("email", DeliveryState.DELIVERED),
    ("sms", DeliveryState.DELIVERED),
}
_LOST = states.LOST
# Given up because of what was done here, not because of the address.
_OURS = {Failure.WITHDRAWN, Failure.EXPIRED}


def on_delivery(db: Session, delivery: Delivery) -> None:
    """Notes that a message with a link arrived, or that none of the invite's could."""
    link = db.get(InviteLink, delivery.reference)
    if link is None or delivery.onboarding_id is None or delivery.failure in _OURS:
        return
    onboarding = journey.lock(db, delivery.onboarding_id)
    last = latest_invite(db, onboarding.id)
    if last is None or last.id != link.invite_id:
        return
    if (delivery.channel, delivery.state) in _ARRIVED:
        _note_arrived(db, onboarding, link)
    elif delivery.state in _LOST:
        _note_lost(db, onboarding, link, delivery.answer)


@jobs.task(TASK, every_seconds=30)
def expire_invites() -> int:
    """Notes on each invite whose 72 hours have passed that they have; says how many. The links were
    dead already: this is for the contractor's eyes."""
    due = read(_SWEEP).execute(
        select(Invite.id, Invite.contractor_id, Invite.onboarding_id).where(
            Invite.expires_at <= clock.now(),
            Invite.expired_at.is_(None),
            Invite.replaced_at.is_(None),
            Invite.revoked_at.is_(None),
        )
    )
    return sum(_expire(*each) for each in due.all())


def _note_arrived(db: Session, onboarding: Onboarding, link: InviteLink) -> None:
    is_news = onboarding.invite in (InviteFact.SENT, InviteFact.UNDELIVERED)
    journey.record(
        db,
        onboarding,
        EventKind.INVITE_DELIVERED,
        SYSTEM,
        {"channel": link.channel},
        **({"invite": InviteFact.DELIVERED.value} if is_news else {}),
    )


def _note_lost(db: Session, onboarding: Onboarding, link: InviteLink, answer: str) -> None:
    """The contractor is told of each lost message; the fact waits until none got through."""
    others = [each for each in links_of(db, link.invite_id) if each.id != link.id]
    is_hopeless = not any(_may_arrive(db, other) for other in others)
    is_waiting = onboarding.invite in (InviteFact.SENT, InviteFact.DELIVERED)
    is_news = is_hopeless and is_waiting
    journey.record(
        db,
        onboarding,
        EventKind.INVITE_UNDELIVERED,
        SYSTEM,
        {"channel": link.channel, "to": link.address, "answer": answer},
        **({"invite": InviteFact.UNDELIVERED.value} if is_news else {}),
    )
    invite = db.get_one(Invite, link.invite_id)
    who = parties(db, onboarding, invite.member_id)
    notifications.notify(
        db,
        contractor_id=onboarding.contractor_id,
        contact_id=onboarding.contact_id,
        onboarding_id=onboarding.id,
        kind=NotificationKind.DELIVERY_FAILED,
        told={"customer": who.contact.name, "address": link.address, "channel": link.channel},
    )
    notifications.queue(db, letters.delivery_failed(who, link, answer))


def _may_arrive(db: Session, link: InviteLink) -> bool:
    sent = db.get(Delivery, link.delivery_id) if link.delivery_id else None
    return sent is not None and sent.state not in _LOST


def _expire(invite_id: str, contractor_id: str, onboarding_id: str) -> bool:
    with transaction(contractor_id) as db:
        onboarding = journey.lock(db, onboarding_id)
        invite = db.get_one(Invite, invite_id, populate_existing=True)
        if invite.expired_at or invite.replaced_at or invite.revoked_at:
            return False
        invite.expired_at = clock.now()
        if not onboarding.has_account:
            journey.record(
                db,
                onboarding,
                EventKind.INVITE_EXPIRED,
                SYSTEM,
                invite=InviteFact.EXPIRED.value,
            )
        return True


for _purpose in (Purpose.INVITE, Purpose.INVITE_SIGN_IN):
    outcomes.on_outcome(_purpose, on_delivery)
