"""What a worker makes good: setups whose end nobody told of, and what Stripe must still be told."""

import logging
from datetime import timedelta

from sqlalchemy import select

from onboarding import clock, gateways, jobs, tokens
from onboarding.database import Everyone, read, transaction
from onboarding.gateways.cards import CardsBroken, CardsRefused, CardsUnavailable, UnknownObject
from onboarding.payments.converging import converge
from onboarding.payments.methods import TELL_TASK
from onboarding.payments.models import CardHolder, CardSetup, PaymentMethod

RECONCILE_TASK = "card-setups"
_ANY = Everyone("the worker looks after the cards of every contractor")
_BATCH = 50
_FIRST_LOOK = timedelta(minutes=1)
_GIVEN_UP = timedelta(days=2)
_log = logging.getLogger(__name__)


@jobs.task(RECONCILE_TASK, every_seconds=60)
def reconcile() -> int:
    """Asks Stripe about setups that have not ended: more rarely the older they are. How many."""
    now = clock.now()
    statement = (
        select(CardSetup)
        .where(CardSetup.state.in_(("new", "open")), CardSetup.created_at < now - _FIRST_LOOK)
        .order_by(CardSetup.checked_at.nulls_first(), CardSetup.id)
        .limit(_BATCH)
    )
    due = [setup for setup in read(_ANY).scalars(statement) if _is_due(setup)]
    for setup in due:
        if setup.stripe_session is None or now - setup.created_at > _GIVEN_UP:
            _give_up(setup.id)
        else:
            _ask(setup.id)
    return len(due)


@jobs.task(TELL_TASK, every_seconds=30)
def tell_stripe() -> int:
    """Detaches what was removed here, sets what is the default here. How many were told."""
    db = read(_ANY)
    removed = db.scalars(
        select(PaymentMethod)
        .where(PaymentMethod.removed_at.is_not(None), PaymentMethod.detached_at.is_(None))
        .limit(_BATCH)
    ).all()
    untold = db.scalars(
        select(CardHolder).where(CardHolder.told_count < CardHolder.default_count).limit(_BATCH)
    ).all()
    return sum(map(_detach, removed)) + sum(map(_set_default, untold))


def _is_due(setup: CardSetup) -> bool:
    now = clock.now()
    if setup.stripe_session is None:
        return now - setup.created_at > timedelta(days=1)
    # A page that bore declines is looked at often: perhaps nobody tells us of the next ones.
    waited = _FIRST_LOOK if setup.declines else (now - setup.created_at) / 4
    return setup.checked_at is None or now - setup.checked_at > min(waited, timedelta(hours=2))


def _ask(setup_id: str) -> None:
    try:
        converge(setup_id)
    except (CardsUnavailable, CardsRefused) as failure:
        _log.warning("Stripe did not say what became of setup %s: %s", setup_id, failure)
        with transaction(_ANY) as db:
            db.get_one(CardSetup, setup_id, with_for_update=True).checked_at = clock.now()


def _give_up(setup_id: str) -> None:
    """Stripe's own page closes after a day: after two, nothing can come of it any more."""
    with transaction(_ANY) as db:
        setup = db.get_one(CardSetup, setup_id, with_for_update=True)
        if setup.state in ("new", "open"):
            setup.state, setup.ended_at = "expired", clock.now()


def _detach(method: PaymentMethod) -> bool:
    if method.detach_key is None:
        return False
    try:
        cards = gateways.current().cards.at(method.stripe_account)
        cards.detach_card(method.stripe_id, method.detach_key)
    except UnknownObject:
        _log.info("Card %s is gone at Stripe already", method.id)
    except CardsBroken as failure:
        _log.warning("Card %s is not detached yet: %s", method.id, failure)
        _renew_detach_key(method)
        return False
    except (CardsUnavailable, CardsRefused) as failure:
        _log.warning("Card %s is not detached yet: %s", method.id, failure)
        return False
    with transaction(_ANY) as db:
        kept = db.get_one(PaymentMethod, method.id, with_for_update=True)
        kept.detached_at = kept.detached_at or clock.now()
    return True


def _renew_detach_key(method: PaymentMethod) -> None:
    """The key answers with a failure for a day; detaching twice does no harm."""
    with transaction(_ANY) as db:
        kept = db.get_one(PaymentMethod, method.id, with_for_update=True)
        if kept.detach_key == method.detach_key:
            kept.detach_key = f"detach-{tokens.new_secret()}"


def _count_again(holder: CardHolder) -> None:
    with transaction(_ANY) as db:
        kept = db.get_one(CardHolder, holder.id, with_for_update=True)
        kept.default_count = max(kept.default_count, holder.default_count + 1)


def _set_default(holder: CardHolder) -> bool:
    """Each change is told under its own key: an old one would be answered with the old card."""
    card = (
        read(_ANY)
        .scalars(
            select(PaymentMethod).where(
                PaymentMethod.contact_id == holder.contact_id,
                PaymentMethod.stripe_account == holder.stripe_account,
                PaymentMethod.is_default,
                PaymentMethod.removed_at.is_(None),
            )
        )
        .one_or_none()
    )
    told = holder.default_count
    if card is not None and holder.stripe_customer is not None:
        key = f"default-{holder.id}-{told}-{card.id}"
        try:
            cards = gateways.current().cards.at(holder.stripe_account)
            cards.set_default(holder.stripe_customer, card.stripe_id, key)
        except UnknownObject:
            _log.info("The default card of holder %s is gone at Stripe", holder.id)
        except CardsBroken as failure:
            _log.warning("Holder %s has its old default at Stripe: %s", holder.id, failure)
            _count_again(holder)
            return False
        except (CardsUnavailable, CardsRefused) as failure:
            _log.warning("Holder %s has its old default at Stripe: %s", holder.id, failure)
            return False
    with transaction(_ANY) as db:
        kept = db.get_one(CardHolder, holder.id, with_for_update=True)
        kept.told_count = max(kept.told_count, told)
    return True
