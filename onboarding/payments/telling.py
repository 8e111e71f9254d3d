"""What both parties are told of cards: a notification and letters, in the caller's transaction."""

from sqlalchemy.orm import Session

from onboarding import config
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor, Member
from onboarding.contracts.customers import customer_of
from onboarding.journey.models import Onboarding
from onboarding.notifications.actions import Outgoing, notify, queue
from onboarding.notifications.models import Channel, NotificationKind
from onboarding.notifications.wording import Letter, render
from onboarding.notifications.wording_cards import (
    AutoPayOnMessage,
    CardExpiredMessage,
    CardRemovedMessage,
    CardsLockedMessage,
)
from onboarding.payments import evidence
from onboarding.payments.models import PaymentMethod
from onboarding.payments.queries import brand_name


def card_in_words(method: PaymentMethod) -> str:
    return f"{brand_name(method.brand)} ···· {method.last4}"


def tell_removed(
    db: Session,
    method: PaymentMethod,
    onboarding: Onboarding,
    *,
    ended_auto_pay: bool,
    replaced_by: PaymentMethod | None = None,
) -> None:
    """The card is off file: removed, detached at Stripe, or replaced by another."""
    card = card_in_words(method)
    new = card_in_words(replaced_by) if replaced_by is not None else ""
    kind = NotificationKind.CARD_REPLACED if new else NotificationKind.CARD_REMOVED
    _notify(db, onboarding, kind, card=card, new=new, ended_auto_pay=ended_auto_pay)
    company = db.get_one(Contractor, method.contractor_id)
    letter = CardRemovedMessage(
        company=letterhead(company),
        url=_methods_url(),
        first_name=customer_of(db, method.contact_id).first_name,
        card=card,
        new_card=new,
        ended_auto_pay=ended_auto_pay,
    )
    _to_customer(db, onboarding, company, letter, method.id)


def tell_expired(
    db: Session, method: PaymentMethod, onboarding: Onboarding, *, ended_auto_pay: bool
) -> None:
    """The card is past its last day: it is not charged any more."""
    card = card_in_words(method)
    kind = NotificationKind.CARD_EXPIRED
    _notify(db, onboarding, kind, card=card, ended_auto_pay=ended_auto_pay)
    company = db.get_one(Contractor, method.contractor_id)
    letter = CardExpiredMessage(
        company=letterhead(company),
        url=_methods_url(),
        first_name=customer_of(db, method.contact_id).first_name,
        card=card,
        ended_auto_pay=ended_auto_pay,
    )
    _to_customer(db, onboarding, company, letter, method.id)


def tell_auto_pay_on(db: Session, method: PaymentMethod, onboarding: Onboarding) -> None:
    """The words that the customer has just agreed to, for their own keeping (R23)."""
    company = db.get_one(Contractor, method.contractor_id)
    letter = AutoPayOnMessage(
        company=letterhead(company),
        url=_methods_url(),
        first_name=customer_of(db, method.contact_id).first_name,
        zone=onboarding.site_time_zone,
        **evidence.of_card(db, method).told(),
    )
    _to_customer(db, onboarding, company, letter, method.id)


def tell_locked(db: Session, onboarding: Onboarding, declines: int, lock_id: str) -> None:
    """Only the contractor is told: to whoever tries out cards it would say how far they got."""
    _notify(db, onboarding, NotificationKind.CARDS_LOCKED, number=declines)
    company = db.get_one(Contractor, onboarding.contractor_id)
    letter = CardsLockedMessage(
        company=letterhead(company),
        url=f"{config.current().base_url}/crm/contacts/{onboarding.contact_id}",
        customer_name=customer_of(db, onboarding.contact_id).name,
        job_title=onboarding.title,
        declines=declines,
    )
    member = db.get(Member, onboarding.member_id)
    addresses = [member.email] if member is not None and member.is_active else []
    if company.reply_to.lower() not in map(str.lower, addresses):
        addresses.append(company.reply_to)
    for address in addresses:
        _queue(db, onboarding, company, letter, lock_id, address, company.language)


def _notify(db: Session, onboarding: Onboarding, kind: NotificationKind, **told: str | int) -> None:
    customer = customer_of(db, onboarding.contact_id).name
    notify(
        db,
        contractor_id=onboarding.contractor_id,
        contact_id=onboarding.contact_id,
        onboarding_id=onboarding.id,
        kind=kind,
        told={"customer": customer, **told},
    )


def _to_customer(
    db: Session, onboarding: Onboarding, company: Contractor, letter: Letter, reference: str
) -> None:
    customer = customer_of(db, onboarding.contact_id)
    if customer.email:
        _queue(db, onboarding, company, letter, reference, customer.email, customer.language)


def _queue(
    db: Session,
    onboarding: Onboarding,
    company: Contractor,
    letter: Letter,
    reference: str,
    to: str,
    language: str,
) -> None:
    is_members = isinstance(letter, CardsLockedMessage)
    queue(
        db,
        Outgoing(
            contractor_id=onboarding.contractor_id,
            contact_id=onboarding.contact_id,
            onboarding_id=onboarding.id,
            purpose=letter.purpose,
            reference=reference,
            channel=Channel.EMAIL,
            to=to,
            from_name=company.name,
            reply_to=None if is_members else company.reply_to,
            message=render(letter, language),
        ),
    )


def _methods_url() -> str:
    return f"{config.current().base_url}/portal/payment-methods"
