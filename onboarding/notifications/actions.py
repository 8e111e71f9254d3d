from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from onboarding import clock, config, jobs, tokens
from onboarding.database import Everyone, read, transaction
from onboarding.notifications import addresses, outcomes, states
from onboarding.notifications.models import (
    Channel,
    Delivery,
    DeliveryState,
    Failure,
    Notification,
    NotificationKind,
    Purpose,
)
from onboarding.notifications.payload import Attachment, Payload, sealed
from onboarding.notifications.typesetting import Message

TASK = "deliveries"


class CannotRetry(Exception):
    """It is under way, it arrived, or the link or code it carried is gone."""


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message to one person by one channel.

    `is_secret`: it carries a link or a code, and its words are wiped once it is out. `is_code`: it
    is never sent a second time when nobody knows whether the first arrived. Before `not_before` it
    is not tried, after `not_after` it is given up unsent. `reference` is the sender's own: outcomes
    come back with it. Reminders alone have an `unsubscribe_url`.
    """

    contractor_id: str
    contact_id: str | None
    onboarding_id: str | None
    purpose: Purpose
    reference: str | None
    channel: Channel
    to: str
    from_name: str
    reply_to: str | None
    message: Message
    attachments: tuple[Attachment, ...] = ()
    is_secret: bool = False
    is_code: bool = False
    not_after: datetime | None = None
    not_before: datetime | None = None
    unsubscribe_url: str = ""


def queue(db: Session, outgoing: Outgoing) -> Delivery:
    """Writes the delivery in the caller's transaction; it goes out once that is committed."""
    text = outgoing.message.text if outgoing.channel == Channel.EMAIL else outgoing.message.sms
    if text is None:
        raise ValueError(f"{outgoing.purpose} is never sent as a text.")
    words = Payload(
        subject=outgoing.message.subject,
        text=text,
        html=outgoing.message.html if outgoing.channel == Channel.EMAIL else "",
        attachments=outgoing.attachments,
        unsubscribe_url=outgoing.unsubscribe_url,
    )
    delivery = Delivery(
        id=(delivery_id := tokens.new_id()),
        contractor_id=outgoing.contractor_id,
        contact_id=outgoing.contact_id,
        onboarding_id=outgoing.onboarding_id,
        purpose=outgoing.purpose,
        reference=outgoing.reference,
        channel=outgoing.channel,
        to=outgoing.to,
        from_name=outgoing.from_name,
        reply_to=outgoing.reply_to,
        # The subject of a code carries the code.
        subject="" if outgoing.is_code else outgoing.message.subject,
        message_id=_message_id(delivery_id),
        payload=sealed(words),
        is_secret=outgoing.is_secret or outgoing.is_code,
        is_code=outgoing.is_code,
        not_after=outgoing.not_after,
        next_attempt_at=outgoing.not_before or clock.now(),
    )
    return _enter(db, delivery)


def send_now(db: Session, delivery: Delivery) -> bool:
    """What waits for its hour goes out at once; False where it is under way or settled."""
    if not delivery.is_waiting:
        return False
    delivery.next_attempt_at = clock.now()
    event.listen(db, "after_commit", _wake)
    return True


def retry(db: Session, delivery: Delivery) -> Delivery:
    """Sends what was given up once more, as a delivery of its own. Asked twice, it is one.

    Raises CannotRetry; an invite is resent instead, with a new link.
    """
    already = db.scalar(select(Delivery).where(Delivery.retry_of == delivery.id))
    if already is not None:
        return already
    elif delivery.payload is None or delivery.state not in states.LOST:
        raise CannotRetry
    again = Delivery(
        id=(delivery_id := tokens.new_id()),
        retry_of=delivery.id,
        message_id=_message_id(delivery_id),
        **{name: getattr(delivery, name) for name in _KEPT},
    )
    return _enter(db, again)


_KEPT = (
    *("contractor_id", "contact_id", "onboarding_id", "purpose", "reference", "channel", "to"),
    *("from_name", "reply_to", "subject", "payload", "is_secret", "is_code", "not_after"),
)


def withdraw(db: Session, *, purpose: Purpose, reference: str) -> int:
    """Gives up what is not on its way yet, as when its link was revoked; says how many.

    What a worker holds at this moment goes out: it may have been handed over already.
    """
    waiting = db.scalars(
        select(Delivery)
        .where(
            Delivery.purpose == purpose,
            Delivery.reference == reference,
            Delivery.state == DeliveryState.QUEUED,
        )
        # Without waiting: whoever holds the row may be waiting for the caller's onboarding.
        .with_for_update(skip_locked=True)
    ).all()
    for delivery in waiting:
        delivery.state = DeliveryState.FAILED
        delivery.failure = Failure.WITHDRAWN
        delivery.failed_at = clock.now()
        delivery.payload = None if delivery.is_secret else delivery.payload
    return len(waiting)


def notify(
    db: Session,
    *,
    contractor_id: str,
    contact_id: str | None,
    onboarding_id: str | None,
    kind: NotificationKind,
    told: Mapping[str, str | int],
) -> Notification:
    """Tells the contractor's members something in the CRM, in the caller's transaction.

    Which words each kind takes from `told` stands in record/notices.py.
    """
    notification = Notification(
        contractor_id=contractor_id,
        contact_id=contact_id,
        onboarding_id=onboarding_id,
        kind=kind,
        told=dict(told),
    )
    db.add(notification)
    db.flush()
    return notification


def mark_read(db: Session, notification_id: str) -> Notification | None:
    """The notification, now read; None where this contractor has none of that id."""
    notification = db.scalar(select(Notification).where(Notification.id == notification_id))
    if notification is not None:
        notification.read_at = notification.read_at or clock.now()
    return notification


def mark_told_again(db: Session, onboarding_id: str, kind: NotificationKind) -> None:
    """What a fuller notification of the same thing is about to say counts as read."""
    told = select(Notification).where(
        Notification.onboarding_id == onboarding_id,
        Notification.kind == kind,
        Notification.read_at.is_(None),
    )
    for notification in db.scalars(told):
        notification.read_at = clock.now()


def mark_all_read(db: Session) -> None:
    for notification in db.scalars(select(Notification).where(Notification.read_at.is_(None))):
        notification.read_at = clock.now()


def receive_receipt(
    *, provider_id: str, delivery_id: str | None, report: outcomes.Report
) -> Delivery | None:
    """Takes what a provider reports of a message, in any order and any number of times.

    A receipt may come before the send returned: then only `delivery_id` tells whose it is. None
    where no delivery fits.
    """
    whose = _addressee_of(provider_id, delivery_id)
    if whose is None:
        return None
    with transaction(whose.contractor_id) as db:
        delivery = db.scalars(
            select(Delivery).where(Delivery.id == whose.id).with_for_update()
        ).one()
        if delivery.provider_id not in {None, provider_id}:
            return None
        addresses.learn(db, delivery, replace(report, provider_id=provider_id))
        return delivery


def _addressee_of(provider_id: str, delivery_id: str | None) -> Delivery | None:
    db = read(Everyone("a provider's receipt names no contractor"))
    known = db.scalar(select(Delivery).where(Delivery.provider_id == provider_id))
    if known is None and delivery_id:
        known = db.scalar(select(Delivery).where(Delivery.id == delivery_id))
    return known


def _enter(db: Session, delivery: Delivery) -> Delivery:
    db.add(delivery)
    db.flush()
    # SQLAlchemy keeps one listener of a kind: however many are queued, the commit wakes once.
    event.listen(db, "after_commit", _wake)
    return delivery


def _wake(db: Session) -> None:
    # A savepoint's release is announced as a commit too, and nobody can see the row yet.
    if not db.in_nested_transaction():
        jobs.wake(TASK)


def _message_id(delivery_id: str) -> str:
    domain = config.current().mail_from.rpartition("@")[2]
    return f"<{delivery_id}@{domain}>"
