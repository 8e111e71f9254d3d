"""Addresses that a contractor no longer writes to: closed by STOP, a bounce or a complaint.

Closing takes effect at once: what waits is given up in the same transaction, and what a worker
holds is looked at once more just before it is handed over.
"""

import logging
from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.notifications import outcomes
from onboarding.notifications.models import Channel, Delivery, DeliveryState, Failure, Purpose
from onboarding.notifications.models_addresses import ClosedAddress, Why
from onboarding.notifications.outcomes import Report
from onboarding.notifications.queries import why_closed

Handler = Callable[[Session, ClosedAddress], None]

# The answers that are owed to whoever writes STOP or HELP; mail within the house.
_ALWAYS = {Purpose.TEXTS_STOPPED, Purpose.TEXT_HELP, Purpose.MEMBER_RESET, Purpose.SUPPORT_LINK}
_WORDS = {
    Why.STOPPED: "STOP came from this number: it gets no texts.",
    Why.BOUNCED: "Mail to this address came back before.",
    Why.COMPLAINED: "A message to this address was marked as spam.",
    Why.NO_REMINDERS: "No more reminders were asked for.",
}
_handlers: list[Handler] = []
_log = logging.getLogger(__name__)


def on_change(handler: Handler) -> None:
    """From now on `handler(db, closed)` is called when an address is closed or opened again, in the
    same transaction. Registering the same handler again changes nothing."""
    if handler not in _handlers:
        _handlers.append(handler)


def close(db: Session, contractor_id: str, channel: str, address: str, why: Why) -> bool:
    """From now on the contractor does not write there; False where that was so already."""
    closed = _row(db, contractor_id, channel, spelled(channel, address), why)
    if closed is None:
        return False
    if why is not Why.NO_REMINDERS:
        _give_up_waiting(db, closed)
    _tell(db, closed)
    return True


def open_again(db: Session, closed: ClosedAddress) -> bool:
    """Messages go there again; False where they did already."""
    if closed.opened_at is not None:
        return False
    closed.opened_at = clock.now()
    _tell(db, closed)
    return True


def learn(db: Session, delivery: Delivery, report: Report) -> bool:
    """Settles a locked delivery, and closes its address where the report says so."""
    has_moved = outcomes.settle(db, delivery, report)
    if report.closes is not None and delivery.purpose not in _ALWAYS:
        close(db, delivery.contractor_id, delivery.channel, delivery.to, report.closes)
    return has_moved


def barred(db: Session, delivery: Delivery) -> Report | None:
    """Why a delivery must not go to its address, if it must not."""
    if delivery.purpose in _ALWAYS:
        return None
    why = why_closed(
        db,
        delivery.contractor_id,
        delivery.channel,
        delivery.to,
        for_reminder=delivery.purpose == Purpose.REMINDER,
    )
    if why is Why.COMPLAINED and _is_owed(delivery):
        return None
    return _given_up(why) if why is not None else None


def _is_owed(delivery: Delivery) -> bool:
    """What the person at the address has just asked for, and their copy of what they signed."""
    return delivery.is_code or delivery.purpose == Purpose.ONBOARDING_COMPLETED_CUSTOMER


def spelled(channel: str, address: str) -> str:
    """As it is kept and compared."""
    return address.lower() if channel == Channel.EMAIL else address


def _given_up(why: Why) -> Report:
    if why in {Why.STOPPED, Why.NO_REMINDERS}:
        return Report(DeliveryState.OPTED_OUT, _WORDS[why])
    return Report(DeliveryState.FAILED, _WORDS[why], failure=Failure.CLOSED)


def _row(
    db: Session, contractor_id: str, channel: str, address: str, why: Why
) -> ClosedAddress | None:
    """The row, closed just now; None where it was closed before."""
    found = db.scalar(
        select(ClosedAddress)
        .where(
            ClosedAddress.contractor_id == contractor_id,
            ClosedAddress.channel == channel,
            ClosedAddress.address == address,
            ClosedAddress.why == why,
        )
        .with_for_update()
    )
    if found is None:
        return _added(db, contractor_id, channel, address, why)
    elif found.opened_at is None:
        return None
    found.at, found.opened_at = clock.now(), None
    return found


def _added(
    db: Session, contractor_id: str, channel: str, address: str, why: Why
) -> ClosedAddress | None:
    closed = ClosedAddress(contractor_id=contractor_id, channel=channel, address=address, why=why)
    try:
        with db.begin_nested():
            db.add(closed)
    except IntegrityError:
        # Another report of the same thing was a moment quicker.
        return None
    return closed


def _give_up_waiting(db: Session, closed: ClosedAddress) -> None:
    """What a worker holds at this moment it finds barred itself, just before it hands it over."""
    waiting = db.scalars(
        select(Delivery)
        .where(
            Delivery.contractor_id == closed.contractor_id,
            Delivery.channel == closed.channel,
            func.lower(Delivery.to) == closed.address,
            Delivery.state == DeliveryState.QUEUED,
            Delivery.purpose.not_in(_ALWAYS),
        )
        .order_by(Delivery.id)
        .with_for_update(skip_locked=True)
    ).all()
    for delivery in waiting:
        outcomes.settle(db, delivery, _given_up(Why(closed.why)))


def _tell(db: Session, closed: ClosedAddress) -> None:
    db.flush()
    for handler in _handlers:
        try:
            with db.begin_nested():
                handler(db, closed)
        except Exception:
            # That nothing goes there any more must hold whoever fails to hear of it.
            _log.exception("A handler failed for the closed address %s", closed.id)
