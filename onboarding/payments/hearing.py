"""Stripe's events: each says where to look, never what is so, and counts once (R24, R25, R26)."""

import logging
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from onboarding import gateways, jobs
from onboarding.database import Everyone, read, transaction
from onboarding.gateways.cards import (
    AccountGone,
    AccountState,
    Card,
    CardsRefused,
    CardsUnavailable,
    SetupResult,
    StripeEvent,
    UnknownObject,
)
from onboarding.payments.connecting import CHECK_TASK, apply_account, look
from onboarding.payments.converging import apply_card, apply_setup, close_if_spent
from onboarding.payments.methods import TELL_TASK
from onboarding.payments.models import CardAccount, CardHolder, CardSetup, PaymentMethod
from onboarding.payments.models import StripeEvent as HeardEvent

_log = logging.getLogger(__name__)
_ANY = Everyone("an event names no contractor: the rows it leads to do")


@dataclass(frozen=True)
class Seen:
    """What stood at Stripe when it was looked at because of an event."""

    setups: tuple[tuple[str, SetupResult], ...] = ()
    cards: tuple[tuple[str, Card], ...] = ()
    accounts: tuple[tuple[str, AccountState | None], ...] = ()


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
            for name, state in seen.accounts:
                apply_account(db, name, state)
    except IntegrityError:
        if _is_heard(read(_ANY), event):
            return False
        raise
    jobs.wake(CHECK_TASK if seen.accounts else TELL_TASK)
    _close_spent(seen)
    return True


def _close_spent(seen: Seen) -> None:
    """The event is stored by now: what fails here is tried again by the sweep."""
    for setup_id, _result in seen.setups:
        try:
            close_if_spent(setup_id)
        except (CardsUnavailable, CardsRefused) as failure:
            _log.warning("The page of setup %s is still open: %s", setup_id, failure)


def _is_heard(db: Session, event: StripeEvent) -> bool:
    statement = select(HeardEvent.id).where(HeardEvent.stripe_id == event.id)
    return db.scalar(statement) is not None


def _look(event: StripeEvent) -> Seen:
    subject = event.type.partition(".")[0]
    if event.livemode != (gateways.current().cards.mode == "live"):
        # A test's event at a live installation, or the other way round: nothing here is meant.
        return Seen()
    if subject in ("checkout", "setup_intent"):
        return Seen(setups=_setups(event))
    elif subject == "payment_method":
        return Seen(cards=_cards([event.object_id]))
    elif event.type == "customer.deleted":
        return Seen(cards=_cards(_cards_of(event.object_id)))
    elif subject == "account":
        return Seen(accounts=_accounts(event))
    else:
        return Seen()


def _accounts(event: StripeEvent) -> tuple[tuple[str, AccountState | None], ...]:
    """Only an account that is kept here is looked at; withdrawn access counts as gone."""
    named = [name for name in (event.account, event.object_id) if name.startswith("acct_")]
    statement = select(CardAccount.stripe_account).where(CardAccount.stripe_account.in_(named))
    return tuple((name, look(name)) for name in read(_ANY).scalars(statement) if name)


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
    return tuple((setup.id, _fetched(setup)) for setup in named)


def _fetched(setup: CardSetup) -> SetupResult:
    cards = gateways.current().cards.at(setup.stripe_account)
    return cards.fetch_setup(str(setup.stripe_session))


def _cards(stripe_ids: list[str]) -> tuple[tuple[str, Card], ...]:
    """Only cards that are kept here are looked at; one that is gone counts as detached."""
    db = read(_ANY)
    kept = db.scalars(select(PaymentMethod).where(PaymentMethod.stripe_id.in_(stripe_ids))).all()
    return tuple((method.stripe_id, current(method)) for method in kept)


def current(method: PaymentMethod) -> Card:
    """The card as it stands at Stripe; one that is gone there counts as detached."""
    try:
        return gateways.current().cards.at(method.stripe_account).fetch_card(method.stripe_id)
    except (UnknownObject, AccountGone):
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
