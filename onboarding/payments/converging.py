"""What stands at Stripe becomes what stands here, whoever says that something changed (R22, R26).

First the object is fetched from Stripe, outside of any transaction; then it is compared with what
was asked for, and written once. The customer's return, a webhook and the sweep all come this way.
"""

import logging
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock, gateways, jobs
from onboarding.actor import Actor, Kind
from onboarding.contracts.confirming import confirm_if_ready
from onboarding.contracts.customers import customer_of
from onboarding.database import Everyone, read, transaction
from onboarding.gateways.cards import AccountGone, Card, SetupResult
from onboarding.journey.actions import lock_all_of_contact, record
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act, permitted
from onboarding.payments import declining
from onboarding.payments.methods import (
    TELL_TASK,
    end_auto_pay,
    expire,
    hand_over,
    make_default,
    revive,
    take_off,
)
from onboarding.payments.models import CardSetup, Mandate, PaymentMethod
from onboarding.payments.queries import brand_name, holder_of, is_past

Outcome = Literal["complete", "open", "expired", "refused"]
_ANY = Everyone("what happens at Stripe names our rows, and they name their contractor")
_log = logging.getLogger(__name__)


def converge(setup_id: str) -> str:
    """Fetches one setup from Stripe and writes what came of it; answers with its state.

    Raises CardsUnavailable, CardsRefused.
    """
    setup = read(_ANY).get_one(CardSetup, setup_id)
    if setup.state not in ("new", "open") or setup.stripe_session is None:
        return setup.state
    cards = gateways.current().cards.at(setup.stripe_account)
    try:
        result = cards.fetch_setup(setup.stripe_session)
    except AccountGone:
        # The contractor took its account away: nothing of this page can be kept.
        with transaction(_ANY) as db:
            _end(db.get_one(CardSetup, setup_id, with_for_update=True), "expired")
        return "expired"
    with transaction(_ANY) as db:
        state = apply_setup(db, setup_id, result)
    jobs.wake(TELL_TASK)
    return close_if_spent(setup_id) if state == "open" else state


def close_if_spent(setup_id: str) -> str:
    """Closes a page on which enough cards were turned down; the setup's state.

    Asked again as often as the page still stands open. Raises CardsUnavailable, CardsRefused.
    """
    db = read(_ANY)
    setup = db.get_one(CardSetup, setup_id, populate_existing=True)
    if setup.stripe_session is None or not declining.is_to_close(db, setup):
        return setup.state
    cards = gateways.current().cards.at(setup.stripe_account)
    cards.expire_setup(setup.stripe_session)
    result = cards.fetch_setup(setup.stripe_session)
    with transaction(_ANY) as db:
        return apply_setup(db, setup_id, result)


def apply_setup(db: Session, setup_id: str, result: SetupResult) -> str:
    """Writes down what Stripe says of a setup, in the caller's transaction; once. Its state."""
    named = db.get_one(CardSetup, setup_id)
    onboardings = lock_all_of_contact(db, named.contact_id)
    setup = db.get_one(CardSetup, setup_id, with_for_update=True, populate_existing=True)
    setup.checked_at = clock.now()
    if setup.state not in ("new", "open"):
        return setup.state
    if not _is_ours(db, setup, result):
        _log.error("Session %s is not what setup %s asked for", result.session_id, setup_id)
        _end(setup, "refused")
        return setup.state
    job = next(one for one in onboardings if one.id == setup.onboarding_id)
    declining.note(db, setup, result.declines, job)
    if result.has_succeeded and result.payment_method is not None:
        _save(db, setup, result.payment_method, onboardings)
    elif result.status == "expired":
        _end(setup, "expired")
    return setup.state


def apply_card(db: Session, stripe_id: str, card: Card) -> None:
    """Writes down what Stripe says of a card, in the caller's transaction: detached, or renewed."""
    kept = db.scalars(
        select(PaymentMethod).where(PaymentMethod.stripe_id == stripe_id)
    ).one_or_none()
    if kept is None:
        return
    onboardings = lock_all_of_contact(db, kept.contact_id)
    db.refresh(kept, with_for_update=True)
    kept.checked_at = clock.now()
    by = Actor(Kind.SYSTEM, "system", "Stripe")
    if card.customer is None:
        kept.detached_at = kept.detached_at or clock.now()
        if kept.removed_at is None:
            take_off(db, kept, onboardings, by)
    else:
        _follow(db, kept, card, onboardings, by)


def _follow(
    db: Session, kept: PaymentMethod, card: Card, onboardings: list[Onboarding], by: Actor
) -> None:
    """Name and expiry as they stand at Stripe, and what follows from an expiry that moved."""
    stood = (kept.exp_month, kept.exp_year, kept.last4)
    kept.exp_month, kept.exp_year = card.exp_month, card.exp_year
    kept.last4, kept.brand = card.last4, card.brand
    kept.holder_name = card.holder_name
    if kept.removed_at is not None:
        return
    if is_past(kept):
        if kept.expired_at is None:
            expire(db, kept, onboardings, by)
    elif kept.expired_at is not None:
        revive(db, kept, onboardings, by)
    elif stood != (kept.exp_month, kept.exp_year, kept.last4):
        said = {"brand": brand_name(kept.brand), "last4": kept.last4, "what": "renewed"}
        for onboarding in _told(onboardings):
            record(db, onboarding, EventKind.CARD_UPDATED, by, said)


def _is_ours(db: Session, setup: CardSetup, result: SetupResult) -> bool:
    """Customer, metadata and reference are those of this very setup (R22)."""
    holder = holder_of(db, setup.contact_id, setup.stripe_account)
    expected = {
        "setup_id": setup.id,
        "contractor_id": setup.contractor_id,
        "contact_id": setup.contact_id,
    }
    return (
        result.session_id == setup.stripe_session
        and result.customer is not None
        and holder is not None
        and result.customer == holder.stripe_customer
        and result.reference == setup.id
        and all(result.metadata.get(name) == value for name, value in expected.items())
    )


def _save(db: Session, setup: CardSetup, card: Card, onboardings: list[Onboarding]) -> None:
    by = _owner(db, setup)
    method = _method(db, setup, card)
    onboarding = next(one for one in onboardings if one.id == setup.onboarding_id)
    refusal = permitted(Act.ADD_CARD, onboarding.facts, by)
    if refusal is not None:
        # Revoked while the customer was on Stripe's page: nothing of it may hold.
        method.removed_at = method.removed_at or clock.now()
        _end(setup, "refused")
        return
    _end(setup, "complete")
    if method.removed_at is not None:
        return
    replaced = _replaced(db, setup)
    if replaced is not None:
        hand_over(db, replaced, method)
    if setup.wants_auto_pay:
        _agree(db, setup, method, onboarding, by)
    if setup.wants_auto_pay or not _has_default(db, setup.contact_id):
        make_default(db, method)
    _tell_journey(db, method, onboarding, onboardings, by)
    if replaced is not None:
        take_off(db, replaced, onboardings, by, replaced_by=method)


def _method(db: Session, setup: CardSetup, card: Card) -> PaymentMethod:
    statement = select(PaymentMethod).where(PaymentMethod.stripe_id == card.id)
    kept = db.scalars(statement).one_or_none()
    if kept is not None:
        return kept
    method = PaymentMethod(
        contractor_id=setup.contractor_id,
        contact_id=setup.contact_id,
        setup_id=setup.id,
        stripe_account=setup.stripe_account,
        stripe_id=card.id,
        brand=card.brand,
        last4=card.last4,
        exp_month=card.exp_month,
        exp_year=card.exp_year,
        holder_name=card.holder_name,
        checked_at=clock.now(),
        is_default=False,
        auto_pay=False,
        detach_key=f"detach-{setup.once_key}",
    )
    db.add(method)
    db.flush()
    return method


def _agree(
    db: Session, setup: CardSetup, method: PaymentMethod, onboarding: Onboarding, by: Actor
) -> None:
    """Auto-pay takes effect now that the card has succeeded, under the words shown before it."""
    end_auto_pay(db, method.contact_id)
    agreed = Mandate(
        contractor_id=setup.contractor_id,
        contact_id=setup.contact_id,
        account_id=setup.account_id,
        version=setup.mandate_version,
        text=setup.mandate_text,
        at=setup.created_at,
        ip=setup.ip,
        user_agent=setup.user_agent,
    )
    db.add(agreed)
    db.flush()
    method.mandate_id, method.auto_pay = agreed.id, True
    said = {"mandate_id": agreed.id, "version": agreed.version, "last4": method.last4}
    record(db, onboarding, EventKind.AUTO_PAY_ON, by, said)


def _tell_journey(
    db: Session,
    method: PaymentMethod,
    onboarding: Onboarding,
    onboardings: list[Onboarding],
    by: Actor,
) -> None:
    """The fact on every job of the contact; whichever is complete by it is confirmed."""
    said = {"brand": brand_name(method.brand), "last4": method.last4}
    for one in onboardings:
        if one is onboarding or not one.has_card:
            record(db, one, EventKind.CARD_SAVED, by, said, has_card=True)
            confirm_if_ready(db, one)


def _owner(db: Session, setup: CardSetup) -> Actor:
    """The customer who went to Stripe's page, from where they did: a webhook acts for them."""
    name = customer_of(db, setup.contact_id).name
    return Actor(
        Kind.CUSTOMER, setup.account_id, name, setup.contractor_id, setup.ip, setup.user_agent
    )


def _replaced(db: Session, setup: CardSetup) -> PaymentMethod | None:
    if setup.replaces_id is None:
        return None
    old = db.get(PaymentMethod, setup.replaces_id, with_for_update=True)
    return old if old is not None and old.removed_at is None else None


def _has_default(db: Session, contact_id: str) -> bool:
    statement = select(PaymentMethod.id).where(
        PaymentMethod.contact_id == contact_id,
        PaymentMethod.is_default,
        PaymentMethod.removed_at.is_(None),
        PaymentMethod.expired_at.is_(None),
    )
    return db.scalar(statement) is not None


def _told(onboardings: list[Onboarding]) -> list[Onboarding]:
    """The jobs whose trail tells of cards: those with a signature, else the newest."""
    return [one for one in onboardings if one.signed_version] or onboardings[-1:]


def _end(setup: CardSetup, state: Outcome) -> None:
    setup.state, setup.ended_at = state, clock.now()
