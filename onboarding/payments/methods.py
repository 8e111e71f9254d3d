"""What may happen to cards on file: default, auto-pay, replacement, removal. All in the caller's
transaction, with every onboarding of the contact locked. Stripe is told by a task afterwards."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock, config
from onboarding.actor import Actor
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor
from onboarding.contracts.customers import customer_of
from onboarding.journey.actions import record
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.notifications.actions import Outgoing, notify, queue
from onboarding.notifications.models import Channel, NotificationKind
from onboarding.notifications.wording import CardRemovedMessage, render
from onboarding.payments.models import CardHolder, Mandate, PaymentMethod
from onboarding.payments.queries import brand_name, methods_of

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
        select(CardHolder).where(CardHolder.contact_id == method.contact_id).with_for_update()
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
    db: Session, method: PaymentMethod, onboardings: Sequence[Onboarding], by: Actor
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
    left = methods_of(db, method.contact_id)
    if was_default and left:
        make_default(db, left[0])
    said = {"brand": brand_name(method.brand), "last4": method.last4}
    for one in onboardings:
        if one.signed_version or one.has_card:
            if had_auto_pay:
                record(db, one, EventKind.AUTO_PAY_OFF, by, said)
            record(db, one, EventKind.CARD_REMOVED, by, said, has_card=bool(left))
    _tell(db, method, onboardings[-1])


def _end_mandate(db: Session, method: PaymentMethod) -> None:
    method.auto_pay = False
    mandate = db.get(Mandate, method.mandate_id) if method.mandate_id else None
    if mandate is not None:
        mandate.ended_at = mandate.ended_at or clock.now()
    db.flush()


def _tell(db: Session, method: PaymentMethod, onboarding: Onboarding) -> None:
    company = db.get_one(Contractor, method.contractor_id)
    customer = customer_of(db, method.contact_id)
    card = f"{brand_name(method.brand)} ···· {method.last4}"
    notify(
        db,
        contractor_id=method.contractor_id,
        contact_id=method.contact_id,
        onboarding_id=onboarding.id,
        kind=NotificationKind.CARD_REMOVED,
        told={"customer": customer.name, "card": card},
    )
    if not customer.email:
        return
    letter = CardRemovedMessage(
        company=letterhead(company),
        url=f"{config.current().base_url}/portal/payment-methods",
        first_name=customer.first_name,
        card=card,
    )
    queue(
        db,
        Outgoing(
            contractor_id=method.contractor_id,
            contact_id=method.contact_id,
            onboarding_id=onboarding.id,
            purpose=letter.purpose,
            reference=method.id,
            channel=Channel.EMAIL,
            to=customer.email,
            from_name=company.name,
            reply_to=company.reply_to,
            message=render(letter, customer.language),
        ),
    )
