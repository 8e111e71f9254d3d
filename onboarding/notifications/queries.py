from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.notifications.models import (
    Channel,
    Delivery,
    DeliveryState,
    Notification,
    Purpose,
)
from onboarding.notifications.models_addresses import ClosedAddress, TextAlarm, Why

_ENDED = (DeliveryState.FAILED, DeliveryState.OPTED_OUT, DeliveryState.BOUNCED)


def unread_count(db: Session) -> int:
    """How many notifications the contractor in scope has not read."""
    unread = select(func.count(Notification.id)).where(Notification.read_at.is_(None))
    return db.scalar(unread) or 0


def latest_notifications(db: Session, most: int = 50) -> Sequence[Notification]:
    """Unread ones first, then the newest."""
    return db.scalars(
        select(Notification)
        .order_by(Notification.read_at.is_(None).desc(), Notification.id.desc())
        .limit(most)
    ).all()


def deliveries_of(db: Session, onboarding_id: str) -> Sequence[Delivery]:
    """Everything sent or on its way for one onboarding, in the order of time."""
    return db.scalars(
        select(Delivery).where(Delivery.onboarding_id == onboarding_id).order_by(Delivery.id)
    ).all()


def deliveries_about(
    db: Session, purpose: Purpose, references: Sequence[str]
) -> Sequence[Delivery]:
    """The deliveries with this purpose and any of these references, in the order of time."""
    return db.scalars(
        select(Delivery)
        .where(Delivery.purpose == purpose, Delivery.reference.in_(references))
        .order_by(Delivery.id)
    ).all()


def trouble_of(db: Session, delivery_id: str) -> str:
    """What keeps a message from somebody who waits for it: 'late' while it is tried again, 'failed'
    once it is not; '' where nothing is known to be wrong."""
    row = db.execute(
        select(Delivery.state, Delivery.attempts).where(Delivery.id == delivery_id)
    ).one_or_none()
    if row is None:
        return ""
    state, attempts = row
    is_late = state == DeliveryState.QUEUED and attempts > 0
    return "failed" if state in _ENDED else "late" if is_late else ""


def why_closed(
    db: Session, contractor_id: str, channel: str, address: str, *, for_reminder: bool = False
) -> Why | None:
    """Why the contractor does not write there any more; None where nothing stands in the way."""
    plain = address.lower() if channel == Channel.EMAIL else address
    found = db.scalars(
        select(ClosedAddress.why).where(
            ClosedAddress.contractor_id == contractor_id,
            ClosedAddress.channel == channel,
            ClosedAddress.address == plain,
            ClosedAddress.opened_at.is_(None),
        )
    ).all()
    reasons = sorted(Why(why) for why in found if for_reminder or why != Why.NO_REMINDERS)
    return reasons[0] if reasons else None


def alarms_since(db: Session, since: datetime, most: int = 20) -> Sequence[TextAlarm]:
    """Where texts were stopped because there were too many of them, the newest first."""
    recent = select(TextAlarm).where(TextAlarm.at > since)
    return db.scalars(recent.order_by(TextAlarm.at.desc()).limit(most)).all()


def closed_among(
    db: Session, contractor_id: str, addresses: Sequence[str | None]
) -> Sequence[ClosedAddress]:
    """Which of these addresses the contractor does not write to any more, reminders apart."""
    plain = {address.lower() for address in addresses if address}
    return db.scalars(
        select(ClosedAddress)
        .where(
            ClosedAddress.contractor_id == contractor_id,
            ClosedAddress.address.in_(plain),
            ClosedAddress.opened_at.is_(None),
            ClosedAddress.why != Why.NO_REMINDERS,
        )
        .order_by(ClosedAddress.at)
    ).all()
