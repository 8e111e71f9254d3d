"""What a member does on the record that belongs to no other room."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.actor import Actor, Kind
from onboarding.contractors import revisions
from onboarding.database import transaction
from onboarding.journey import actions as journey
from onboarding.notifications import actions as notifications
from onboarding.notifications import addresses
from onboarding.notifications.models import Delivery
from onboarding.notifications.models_addresses import ClosedAddress, Why

_MAY_BE_OPENED = (Why.BOUNCED, Why.COMPLAINED)


def mark_notifications_read(by: Actor) -> None:
    """All of the contractor's notifications; every open board's bell hears of it. A support agent
    who looks leaves them unread."""
    if by.kind is not Kind.MEMBER:
        return
    with transaction(by.contractor_id) as db:
        notifications.mark_all_read(db)
        revisions.move_on(db, by.contractor_id)


def send_now(delivery_id: str, by: Actor) -> str | None:
    """What waits for the morning goes out at once. The contact whose it is; None where there is no
    such delivery. Repeated, it changes nothing."""
    with transaction(by.contractor_id) as db:
        delivery = _to_customer(db, delivery_id)
        if delivery is None:
            return None
        if notifications.send_now(db, delivery) and delivery.onboarding_id:
            journey.show_again(db, delivery.onboarding_id)
        return delivery.contact_id


def send_again(delivery_id: str, by: Actor) -> str | None:
    """What was given up is sent once more, as it was; what carried a link or arrived is not. The
    contact whose it is; None where there is no such delivery."""
    with transaction(by.contractor_id) as db:
        delivery = _to_customer(db, delivery_id)
        if delivery is None:
            return None
        try:
            notifications.retry(db, delivery)
        except notifications.CannotRetry:
            return delivery.contact_id
        if delivery.onboarding_id:
            journey.show_again(db, delivery.onboarding_id)
        return delivery.contact_id


def open_address(closed_id: str, by: Actor) -> bool:
    """Messages go to a dead or complaining address again: the member says that it lives. STOP ends
    by START alone. False where there is no such address."""
    with transaction(by.contractor_id) as db:
        closed = db.scalar(
            select(ClosedAddress).where(ClosedAddress.id == closed_id).with_for_update()
        )
        if closed is None:
            return False
        if closed.why in _MAY_BE_OPENED:
            addresses.open_again(db, closed)
        return True


def _to_customer(db: Session, delivery_id: str) -> Delivery | None:
    return db.scalar(
        select(Delivery)
        .where(Delivery.id == delivery_id, Delivery.contact_id.is_not(None))
        .with_for_update()
    )
