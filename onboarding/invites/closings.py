"""An address of a contact was closed or opened again: it stands on the record, and the contractor
is told what to do instead."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.actor import SYSTEM
from onboarding.contacts.models import Contact
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.queries import current_of_contact
from onboarding.notifications import actions as notifications
from onboarding.notifications import addresses
from onboarding.notifications.models import Channel, Notification, NotificationKind
from onboarding.notifications.models_addresses import ClosedAddress, Why


def on_change(db: Session, closed: ClosedAddress) -> None:
    """Writes it into the trail of each job it concerns; a closed address is told, an opened one is
    only noted."""
    for contact in _contacts_at(db, closed):
        _note(db, contact, closed)
        is_told = closed.opened_at is not None or closed.why == Why.NO_REMINDERS
        if not is_told and not _is_told_already(db, contact, closed.address):
            notifications.notify(
                db,
                contractor_id=closed.contractor_id,
                contact_id=contact.id,
                onboarding_id=None,
                kind=NotificationKind.ADDRESS_CLOSED,
                told={
                    "customer": contact.name,
                    "address": closed.address,
                    "channel": closed.channel,
                    "why": closed.why,
                },
            )


def _contacts_at(db: Session, closed: ClosedAddress) -> list[Contact]:
    column = Contact.mobile if closed.channel == Channel.SMS else func.lower(Contact.email)
    found = select(Contact).where(
        Contact.contractor_id == closed.contractor_id, column == closed.address
    )
    return list(db.scalars(found.order_by(Contact.id)))


def _note(db: Session, contact: Contact, closed: ClosedAddress) -> None:
    current = current_of_contact(db, contact.id)
    if current is None:
        return
    onboarding = journey.lock(db, current.id)
    kind = EventKind.ADDRESS_CLOSED if closed.opened_at is None else EventKind.ADDRESS_OPENED
    said = {"address": closed.address, "channel": closed.channel, "why": closed.why}
    journey.record(db, onboarding, kind, SYSTEM, said)


def _is_told_already(db: Session, contact: Contact, address: str) -> bool:
    """That the invite did not reach them there was said a moment ago."""
    unread = select(Notification).where(
        Notification.contractor_id == contact.contractor_id,
        Notification.contact_id == contact.id,
        Notification.kind == NotificationKind.DELIVERY_FAILED,
        Notification.read_at.is_(None),
    )
    return any(told.told.get("address", "").lower() == address for told in db.scalars(unread))


addresses.on_change(on_change)
