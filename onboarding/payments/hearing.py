"""Stripe's events: each says where to look, never what is so, and counts once (R24, R25, R26)."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from onboarding import gateways, jobs
from onboarding.database import Everyone, read, transaction
from onboarding.gateways.cards import Card, SetupResult, StripeEvent, UnknownObject
from onboarding.payments.converging import apply_card, apply_setup
from onboarding.payments.methods import TELL_TASK
from onboarding.payments.models import CardHolder, CardSetup, PaymentMethod
from onboarding.payments.models import StripeEvent as HeardEvent

_ANY = Everyone("an event names no contractor: the rows it leads to do")


@dataclass(frozen=True)
class Seen:
    """What stood at Stripe when it was looked at because of an event."""

    setups: tuple[tuple[str, SetupResult], ...] = ()
    cards: tuple[tuple[str, Card], ...] = ()


def hear(event: StripeEvent) -> bool:
    """Looks at Stripe where the event points, and writes down what stands there together with the
    event's id. False where this event was heard before.

    Raises CardsUnavailable, with nothing stored: Stripe sends it again.
    """
    if _is_heard(read(_ANY), event):
        return False
    seen = _look(event)
    try:
        with transaction(_ANY) as db:
            if _is_heard(db, event):
                return False
            db.add(HeardEvent(stripe_id=event.id, type=event.type, object_id=event.object_id))
            db.flush()
            for setup_id, result in seen.setups:
                apply_setup(db, setup_id, result)
            for stripe_id, card in seen.cards:
                apply_card(db, stripe_id, card)
    except IntegrityError:
        if _is_heard(read(_ANY), event):
            return False
        raise
    jobs.wake(TELL_TASK)
    return True


def _is_heard(db: Session, event: StripeEvent) -> bool:
    statement = select(HeardEvent.id).where(HeardEvent.stripe_id == event.id)
    return db.scalar(statement) is not None


def _look(event: StripeEvent) -> Seen:
    subject = event.type.partition(".")[0]
    if subject in ("checkout", "setup_intent"):
        return Seen(setups=_setups(event))
    elif subject == "payment_method":
        return Seen(cards=_cards([event.object_id]))
    elif event.type == "customer.deleted":
        return Seen(cards=_cards(_cards_of(event.object_id)))
    else:
        return Seen()


def _setups(event: StripeEvent) -> tuple[tuple[str, SetupResult], ...]:
    """The setup that the event is about; by its customer where the object is not one we keep."""
    db = read(_ANY)
    unfinished = select(CardSetup).where(
        CardSetup.state.in_(("new", "open")), CardSetup.stripe_session.is_not(None)
    )
    named = db.scalars(unfinished.where(CardSetup.stripe_session == event.object_id)).all()
    if not named and event.customer:
        contact = select(CardHolder.contact_id).where(CardHolder.stripe_customer == event.customer)
        named = db.scalars(unfinished.where(CardSetup.contact_id.in_(contact))).all()
    cards = gateways.current().cards
    return tuple((setup.id, cards.fetch_setup(str(setup.stripe_session))) for setup in named)


def _cards(stripe_ids: list[str]) -> tuple[tuple[str, Card], ...]:
    """Only cards that are kept here are looked at; one that is gone counts as detached."""
    db = read(_ANY)
    kept = db.scalars(select(PaymentMethod).where(PaymentMethod.stripe_id.in_(stripe_ids))).all()
    return tuple((method.stripe_id, _current(method)) for method in kept)


def _current(method: PaymentMethod) -> Card:
    try:
        return gateways.current().cards.fetch_card(method.stripe_id)
    except UnknownObject:
        return Card(
            id=method.stripe_id,
            customer=None,
            brand=method.brand,
            last4=method.last4,
            exp_month=method.exp_month,
            exp_year=method.exp_year,
            funding="",
            country="",
            fingerprint="",
            created=method.created_at,
        )


def _cards_of(stripe_customer: str) -> list[str]:
    contact = select(CardHolder.contact_id).where(CardHolder.stripe_customer == stripe_customer)
    statement = select(PaymentMethod.stripe_id).where(PaymentMethod.contact_id.in_(contact))
    return list(read(_ANY).scalars(statement))
