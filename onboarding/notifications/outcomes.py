"""What becomes of deliveries, and who else must know.

`settle` is the one way in which a delivery moves on once something is known of it: sent, delivered,
failed, bounced. It tells whoever registered for the delivery's purpose, in the same transaction.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.notifications import states
from onboarding.notifications.models import Delivery, DeliveryState, Failure, Purpose
from onboarding.notifications.models_addresses import Why

Handler = Callable[[Session, Delivery], None]

_handlers: defaultdict[str, list[Handler]] = defaultdict(list)
_watchers: list[Handler] = []
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Report:
    """Something learned about a delivery; `answer` in the provider's or our own words. `closes`:
    nothing more is sent to its address, for this reason."""

    state: DeliveryState
    answer: str
    provider_id: str | None = None
    failure: Failure | None = None
    closes: Why | None = None


def on_outcome(purpose: Purpose, handler: Handler) -> None:
    """From now on `handler(db, delivery)` is called whenever a delivery with this purpose moves on
    to sent, delivered, failed or bounced. Registering the same handler again changes nothing.
    """
    if handler not in _handlers[purpose]:
        _handlers[purpose].append(handler)


def on_every_move(handler: Handler) -> None:
    """From now on `handler(db, delivery)` is called whenever what a sender sees of any delivery
    changes, before whoever waits for its outcome hears. Registered again, it changes nothing."""
    if handler not in _watchers:
        _watchers.append(handler)


def announce(db: Session, delivery: Delivery) -> None:
    """What a sender sees of the delivery has changed."""
    db.flush()
    _call(db, delivery, _watchers)


@dataclass(frozen=True)
class Later:
    """Not now: at `at` it may go out."""

    at: datetime
    answer: str


Check = Callable[[Session, Delivery], "Report | Later | None"]
_checks: dict[str, Check] = {}


def before_handing_over(purpose: Purpose, check: Check) -> None:
    """From now on `check(db, delivery)` is asked just before such a delivery is handed over: None
    lets it go, a Report ends it unsent, Later puts it off."""
    _checks[purpose] = check


def asked_before(db: Session, delivery: Delivery) -> "Report | Later | None":
    check = _checks.get(delivery.purpose)
    return check(db, delivery) if check is not None else None


def settle(db: Session, delivery: Delivery, report: Report) -> bool:
    """Moves a locked delivery on to what was reported; says whether it moved."""
    before = delivery.state
    delivery.state = states.further(before, report.state)
    delivery.provider_id = delivery.provider_id or report.provider_id
    if delivery.state == before:
        return False
    delivery.answer = report.answer[:500]
    delivery.failure = report.failure
    delivery.lease_until = None
    _stamp(delivery)
    if delivery.is_secret and states.is_out(delivery.state):
        delivery.payload = None
    _tell(db, delivery)
    return True


def _stamp(delivery: Delivery) -> None:
    now = clock.now()
    if delivery.state in {DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.BOUNCED}:
        delivery.sent_at = delivery.sent_at or now
    if delivery.state == DeliveryState.DELIVERED:
        delivery.delivered_at = now
    elif delivery.state in states.LOST:
        delivery.failed_at = now


def _tell(db: Session, delivery: Delivery) -> None:
    announce(db, delivery)
    _call(db, delivery, _handlers[delivery.purpose])


def _call(db: Session, delivery: Delivery, handlers: Sequence[Handler]) -> None:
    for handler in handlers:
        try:
            with db.begin_nested():
                handler(db, delivery)
        except Exception:
            # What happened to the message is a fact whoever fails to hear of it: undoing the mark
            # would send the message again.
            _log.exception("A handler failed for delivery %s (%s)", delivery.id, delivery.purpose)
