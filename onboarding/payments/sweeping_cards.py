"""Each card on file is looked at once a day, whatever Stripe told of it meanwhile.

It finds what no event said: a card that was detached or renewed at Stripe, and the first of the
month that makes one expire (trust requirements R26, R29).
"""

import logging
from datetime import timedelta

from sqlalchemy import or_, select

from onboarding import clock, jobs
from onboarding.database import Everyone, read, transaction
from onboarding.gateways.cards import CardsRefused, CardsUnavailable
from onboarding.payments.connecting import CHECK_TASK
from onboarding.payments.converging import apply_card
from onboarding.payments.hearing import current
from onboarding.payments.methods import TELL_TASK
from onboarding.payments.models import PaymentMethod
from onboarding.payments.queries import is_past

_ANY = Everyone("the worker looks after the cards of every contractor")
_DAY = timedelta(days=1)
_BATCH = 50
_log = logging.getLogger(__name__)


@jobs.task(CHECK_TASK, every_seconds=600)
def check_cards() -> int:
    """Asks Stripe about the cards that were not looked at for a day. How many."""
    now = clock.now()
    today = now.year * 100 + now.month
    ends = PaymentMethod.exp_year * 100 + PaymentMethod.exp_month
    statement = (
        select(PaymentMethod)
        .where(
            PaymentMethod.removed_at.is_(None),
            or_(
                PaymentMethod.checked_at.is_(None),
                PaymentMethod.checked_at < now - _DAY,
                (ends < today)
                & PaymentMethod.expired_at.is_(None)
                & (PaymentMethod.checked_at < now - timedelta(minutes=5)),
            ),
        )
        .order_by(PaymentMethod.checked_at.nulls_first(), PaymentMethod.id)
        .limit(_BATCH)
    )
    due = read(_ANY).scalars(statement).all()
    for method in due:
        _check(method)
    if due:
        jobs.wake(TELL_TASK)
    return len(due)


def _check(method: PaymentMethod) -> None:
    try:
        card = current(method)
    except (CardsUnavailable, CardsRefused) as failure:
        _log.warning("Stripe did not say how card %s stands: %s", method.id, failure)
        _put_off(method.id)
        return
    with transaction(_ANY) as db:
        apply_card(db, method.stripe_id, card)


def _put_off(method_id: str) -> None:
    """Asked again soon where the card seems to have expired, tomorrow where it does not."""
    with transaction(_ANY) as db:
        kept = db.get_one(PaymentMethod, method_id, with_for_update=True)
        pause = timedelta(hours=23) if is_past(kept) else timedelta()
        kept.checked_at = clock.now() - pause
