"""What may happen to cards on file: default, auto-pay, replacement, removal. All in the caller's
transaction, with every onboarding of the contact locked. Stripe is told by a task afterwards."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.actor import Actor
from onboarding.contracts.confirming import confirm_if_ready
from onboarding.journey.actions import record
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.payments.models import CardHolder, Mandate, PaymentMethod
from onboarding.payments.queries import brand_name, methods_of, usable_of
from onboarding.payments.telling import tell_expired, tell_removed

TELL_TASK = "cards"


def make_default(db: Session, method: PaymentMethod) -> bool:
    """Makes this the one card that is charged first; False where it was already."""
    if method.is_default:
        return False
    for other in methods_of(db, method.contact_id):
        other.is_default = False
    # The old default steps down before the new one steps up: there is never more than one.
    db.flush()
    method.is_default = True
    db.flush()
    holder = db.scalars(
        select(CardHolder)
        .where(
            CardHolder.contact_id == method.contact_id,
            CardHolder.stripe_account == method.stripe_account,
        )
        .with_for_update()
    ).one()
    holder.default_count += 1
    return True


def end_auto_pay(db: Session, contact_id: str) -> PaymentMethod | None:
    """Ends the mandate in force, if there is one; the card that had it."""
    for method in methods_of(db, contact_id):
        if method.auto_pay:
            _end_mandate(db, method)
            return method
    return None


def end_auto_pay_of(db: Session, onboarding: Onboarding, by: Actor) -> None:
    """Ends auto-pay because the onboarding's contract was cancelled, unless another job of the same
    contact has a contract in force that the mandate may be for."""
    statement = select(Onboarding).where(
        Onboarding.contact_id == onboarding.contact_id, Onboarding.id != onboarding.id
    )
    if any(job.facts.is_signed and not job.facts.is_cancelled for job in db.scalars(statement)):
        return
    ended = end_auto_pay(db, onboarding.contact_id)
    if ended is not None:
        said = {"brand": brand_name(ended.brand), "last4": ended.last4}
        record(db, onboarding, EventKind.AUTO_PAY_OFF, by, said)


def hand_over(db: Session, old: PaymentMethod, new: PaymentMethod) -> None:
    """A replacement takes the old card's place; auto-pay goes along under the same mandate.

    The mandate names the card it was given for, and the replacement is the customer's own act.
    """
    if old.is_default:
        make_default(db, new)
    if old.auto_pay and not new.auto_pay:
        mandate_id = old.mandate_id
        old.auto_pay = False
        db.flush()
        new.mandate_id, new.auto_pay = mandate_id, True
        db.flush()


def take_off(
    db: Session,
    method: PaymentMethod,
    onboardings: Sequence[Onboarding],
    by: Actor,
    *,
    replaced_by: PaymentMethod | None = None,
) -> None:
    """Removes the card here; at Stripe it is detached under its key afterwards.

    Auto-pay never outlives its card. The contractor and the customer are told.
    """
    had_auto_pay = method.auto_pay
    if had_auto_pay:
        _end_mandate(db, method)
    was_default = method.is_default
    method.is_default = False
    method.removed_at = clock.now()
    db.flush()
    usable = usable_of(db, method.contact_id)
    left = usable or methods_of(db, method.contact_id)
    if was_default and left:
        make_default(db, left[0])
    said = {"brand": brand_name(method.brand), "last4": method.last4}
    for one in onboardings:
        if one.signed_version or one.has_card:
            if had_auto_pay:
                record(db, one, EventKind.AUTO_PAY_OFF, by, said)
            record(db, one, EventKind.CARD_REMOVED, by, said, has_card=bool(usable))
    tell_removed(db, method, onboardings[-1], ended_auto_pay=had_auto_pay, replaced_by=replaced_by)


def expire(
    db: Session, method: PaymentMethod, onboardings: Sequence[Onboarding], by: Actor
) -> None:
    """The card is past its last day: it stays on file to be replaced, and charges nothing.

    Auto-pay never goes on without a card that can be charged. Both parties are told.
    """
    had_auto_pay = method.auto_pay
    if had_auto_pay:
        _end_mandate(db, method)
    method.expired_at = clock.now()
    db.flush()
    usable = usable_of(db, method.contact_id)
    if method.is_default and usable:
        make_default(db, usable[0])
    said = {"brand": brand_name(method.brand), "last4": method.last4}
    for one in onboardings:
        if one.signed_version or one.has_card:
            if had_auto_pay:
                record(db, one, EventKind.AUTO_PAY_OFF, by, said)
            record(db, one, EventKind.CARD_EXPIRED, by, said, has_card=bool(usable))
    tell_expired(db, method, onboardings[-1], ended_auto_pay=had_auto_pay)


def revive(
    db: Session, method: PaymentMethod, onboardings: Sequence[Onboarding], by: Actor
) -> None:
    """The bank renewed a card that had expired here. Auto-pay stays off until it is asked for."""
    method.expired_at = None
    db.flush()
    said = {"brand": brand_name(method.brand), "last4": method.last4, "what": "renewed"}
    for one in onboardings:
        if one.signed_version:
            record(db, one, EventKind.CARD_UPDATED, by, said, has_card=True)
            confirm_if_ready(db, one)


def _end_mandate(db: Session, method: PaymentMethod) -> None:
    method.auto_pay = False
    mandate = db.get(Mandate, method.mandate_id) if method.mandate_id else None
    if mandate is not None:
        mandate.ended_at = mandate.ended_at or clock.now()
    db.flush()
