"""The outbox's worker: claims a delivery, hands it over, marks what became of it.

Three separate steps. The claim is a transaction: a lease until a moment, and a fence, a number that
only grows. Handing over happens outside any transaction and ends well before the lease does. The
mark counts only under the claim's own fence: a worker that was frozen past its lease marks nothing.
A claim that finds somebody's lease run out knows that the message may have gone out already.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from onboarding import clock, jobs, tokens
from onboarding.database import Everyone, end_reads, read, transaction
from onboarding.gateways.refusals import NotSent, OptedOut, PermanentRefusal, TemporaryRefusal
from onboarding.notifications import addresses, caps, handing_over, outcomes, states
from onboarding.notifications.actions import TASK
from onboarding.notifications.models import Channel, Delivery, DeliveryState, Failure, Purpose
from onboarding.notifications.models_addresses import Why
from onboarding.notifications.outcomes import Later, Report

LEASE = timedelta(seconds=120)
PATIENCE_SECONDS = 60.0
_AT_ONCE = 25
_SPREAD_SECONDS = 120.0
_REPLIES = {Purpose.TEXTS_STOPPED, Purpose.TEXTS_STARTED, Purpose.TEXT_HELP}
_EVERYONE = Everyone("the worker sends for every contractor")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Again:
    """Not out yet: to be tried once more. `is_unsettled`: it may have gone out all the same."""

    answer: str
    at_least: float
    is_unsettled: bool
    put_off_to: datetime | None = None


@jobs.task(TASK, every_seconds=jobs.TICK_SECONDS)
def sweep() -> int:
    """Sends what is due, and what a crash left behind; says how many it took on."""
    for taken in range(_AT_ONCE):
        delivery = claim() if _is_any_due() else None
        if delivery is None:
            return taken
        mark(delivery, attempt(delivery))
    # The other tasks have their turn between two handfuls.
    jobs.wake(TASK)
    return _AT_ONCE


def claim() -> Delivery | None:
    """The next delivery that is due, leased to the caller; None where there is none."""
    with transaction(_EVERYONE) as db:
        now = clock.now()
        delivery = db.scalar(
            select(Delivery)
            .where(_is_due(now))
            # Somebody stands at a screen and waits for a code.
            .order_by(Delivery.is_code.desc(), Delivery.next_attempt_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if delivery is not None:
            if delivery.state == DeliveryState.SENDING:
                delivery.unsettled_since = delivery.unsettled_since or delivery.attempted_at
            delivery.state = DeliveryState.SENDING
            delivery.attempts += 1
            delivery.fence += 1
            delivery.attempted_at = now
            delivery.lease_until = now + LEASE
        return delivery


def attempt(delivery: Delivery) -> Report | Again:
    """Hands a claimed delivery over, unless it may be out already or must not go out any more."""
    deadline = clock.monotonic() + PATIENCE_SECONDS
    try:
        found = _found_again(delivery) or _no_longer(delivery) or _not_now(delivery)
        return found or handing_over.hand_over(delivery, deadline)
    except NotSent as refusal:
        return _after(delivery, refusal)
    except handing_over.Unreadable as unreadable:
        return Report(DeliveryState.FAILED, str(unreadable), failure=Failure.UNREADABLE)
    except Exception:
        # Ours to mend. It may have happened after the message was handed over.
        _log.exception("Delivery %s could not be handed over", delivery.id)
        return _after(delivery, NotSent("Something here broke while it was handed over."))


def mark(delivery: Delivery, result: Report | Again) -> bool:
    """Writes down what became of a claimed delivery; False where the lease was lost meanwhile."""
    with transaction(delivery.contractor_id) as db:
        held = db.scalar(
            select(Delivery)
            .where(Delivery.id == delivery.id, Delivery.fence == delivery.fence)
            .with_for_update()
        )
        if held is None:
            _log.warning("Delivery %s was taken on by another worker meanwhile", delivery.id)
        elif isinstance(result, Report):
            addresses.learn(db, held, result)
        elif held.state == DeliveryState.SENDING:
            _put_back(held, result)
            outcomes.announce(db, held)
        return held is not None


def _is_any_due() -> bool:
    """Asked first, so that a tick with nothing to do takes no lock."""
    due = select(Delivery.id).where(_is_due(clock.now())).limit(1)
    try:
        return read(_EVERYONE).scalar(due) is not None
    finally:
        end_reads()


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Delivery.state == DeliveryState.QUEUED, Delivery.next_attempt_at <= now),
        and_(Delivery.state == DeliveryState.SENDING, Delivery.lease_until < now),
    )


def _found_again(delivery: Delivery) -> Report | None:
    """A text that may have gone out is looked for at the provider before anything else."""
    if delivery.unsettled_since is None or delivery.channel != Channel.SMS:
        return None
    seen = handing_over.look_up(delivery, delivery.unsettled_since)
    fresh = [accepted for accepted in seen if not _is_known(accepted.provider_id)]
    if not fresh:
        return None
    return Report(DeliveryState.SENT, fresh[0].answer, provider_id=fresh[0].provider_id)


def _is_known(provider_id: str | None) -> bool:
    """The same words to the same number, sent earlier as another delivery."""
    db = read(_EVERYONE)
    return db.scalar(select(Delivery.id).where(Delivery.provider_id == provider_id)) is not None


def _no_longer(delivery: Delivery) -> Report | None:
    """Why it must not go out now, if it must not."""
    if delivery.is_code and delivery.unsettled_since is not None:
        answer = "It may have gone out, and a code is never sent twice."
        return Report(DeliveryState.FAILED, answer, failure=Failure.UNKNOWN)
    elif delivery.not_after is not None and delivery.not_after <= clock.now():
        answer = "It expired before it could be sent."
        return Report(DeliveryState.FAILED, answer, failure=Failure.EXPIRED)
    elif delivery.attempts > states.MOST_TRIES:
        answer = "Every try ended before anybody knew how."
        return Report(DeliveryState.FAILED, answer, failure=Failure.UNKNOWN)
    else:
        return addresses.barred(read(_EVERYONE), delivery)


def _not_now(delivery: Delivery) -> Report | Again | None:
    """What the room that sends it says at the last moment."""
    said = outcomes.asked_before(read(_EVERYONE), delivery)
    if said is None and delivery.channel == Channel.SMS and delivery.attempts == 1:
        said = _over_the_ceiling(delivery)
    if isinstance(said, Later):
        return Again(said.answer, 0, is_unsettled=False, put_off_to=said.at)
    return said


def _over_the_ceiling(delivery: Delivery) -> Later | None:
    """Counts a text that the contractor set off; codes and answers were counted when asked for."""
    if delivery.is_code or delivery.purpose in _REPLIES:
        return None
    end_reads()
    wanted = caps.Text(
        cause=caps.Cause.COMPANY, contractor_id=delivery.contractor_id, number=delivery.to
    )
    try:
        with transaction(delivery.contractor_id) as db:
            caps.count(db, wanted)
    except caps.Full as full:
        # Not all of them at the same second, when there is room for one.
        wait = timedelta(seconds=full.seconds + tokens.jitter(_SPREAD_SECONDS))
        return Later(clock.now() + wait, f"{full.cap.limit} texts are as many as go out at once.")
    return None


def _after(delivery: Delivery, refusal: NotSent) -> Report | Again:
    is_unsettled = not isinstance(refusal, TemporaryRefusal | PermanentRefusal)
    if isinstance(refusal, OptedOut):
        return Report(DeliveryState.OPTED_OUT, refusal.answer, closes=Why.STOPPED)
    elif isinstance(refusal, PermanentRefusal):
        return Report(DeliveryState.FAILED, refusal.answer, failure=Failure.REFUSED)
    elif is_unsettled and delivery.is_code and delivery.channel == Channel.EMAIL:
        return Report(DeliveryState.FAILED, refusal.answer, failure=Failure.UNKNOWN)
    elif delivery.attempts >= states.MOST_TRIES:
        is_open = is_unsettled or delivery.unsettled_since is not None
        failure = Failure.UNKNOWN if is_open else Failure.EXHAUSTED
        return Report(DeliveryState.FAILED, refusal.answer, failure=failure)
    else:
        return Again(refusal.answer, refusal.retry_after, is_unsettled)


def _put_back(delivery: Delivery, again: Again) -> None:
    if again.is_unsettled:
        delivery.unsettled_since = delivery.unsettled_since or delivery.attempted_at
    delivery.state = DeliveryState.QUEUED
    delivery.answer = again.answer[:500]
    delivery.lease_until = None
    if again.put_off_to is not None:
        # Nothing was tried.
        delivery.attempts -= 1
        delivery.next_attempt_at = again.put_off_to
        return
    delivery.next_attempt_at = states.next_try(clock.now(), delivery.attempts, again.at_least)
