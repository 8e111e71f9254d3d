"""Reads of cards, setups and mandates."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.journey.models import Onboarding
from onboarding.payments import mandate
from onboarding.payments.models import (
    CardAccount,
    CardHolder,
    CardSetup,
    Mandate,
    PaymentMethod,
)

_BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


@dataclass(frozen=True)
class CardOnFile:
    """A card as it is shown to its owner and to the contractor: nothing more is known here.

    With auto-pay on, `auto_pay_since` says when it was agreed to, `agreed` which words.
    """

    id: str
    brand: str
    last4: str
    expires: str
    is_expired: bool
    is_default: bool
    auto_pay: bool
    added_at: datetime
    auto_pay_from: datetime | None = None
    holder_name: str = ""
    auto_pay_since: datetime | None = None
    agreed: tuple[str, ...] = ()
    agreed_version: str = ""

    @property
    def is_auto_pay_in_effect(self) -> bool:
        """Switched on, and no contract of this customer's can still be cancelled."""
        return self.auto_pay and self.auto_pay_from is None


def cards_of(db: Session, contact_id: str) -> list[CardOnFile]:
    """The contact's cards on file: the default first, then the newest.

    `auto_pay_from` is when auto-pay begins, where a contract can be cancelled until then.
    """
    cards = [shown(db, card) for card in methods_of(db, contact_id)]
    waits = auto_pay_waits(db, contact_id) if any(card.auto_pay for card in cards) else None
    return [replace(card, auto_pay_from=waits) if card.auto_pay else card for card in cards]


def auto_pay_waits(db: Session, contact_id: str) -> datetime | None:
    """Until when auto-pay is not in effect: the last moment to cancel a contract. None: it is."""
    statement = select(func.max(Onboarding.cancel_until)).where(
        Onboarding.contact_id == contact_id,
        Onboarding.cancel_until > clock.now(),
        Onboarding.cancelled_version != Onboarding.signed_version,
    )
    return db.scalar(statement)


def methods_of(db: Session, contact_id: str) -> list[PaymentMethod]:
    """The rows of the cards on file: the default first, then the newest."""
    statement = (
        select(PaymentMethod)
        .where(PaymentMethod.contact_id == contact_id, PaymentMethod.removed_at.is_(None))
        .order_by(PaymentMethod.is_default.desc(), PaymentMethod.id.desc())
    )
    return list(db.scalars(statement))


def usable_of(db: Session, contact_id: str) -> list[PaymentMethod]:
    """The cards on file that can be charged: those that have not expired."""
    return [card for card in methods_of(db, contact_id) if card.expired_at is None]


def method_of(
    db: Session, contact_id: str, card_id: str, *, on_file: bool = True
) -> PaymentMethod | None:
    """The contact's own card with this id; one that was removed only where that is asked for."""
    statement = select(PaymentMethod).where(
        PaymentMethod.id == card_id, PaymentMethod.contact_id == contact_id
    )
    if on_file:
        statement = statement.where(PaymentMethod.removed_at.is_(None))
    return db.scalars(statement).one_or_none()


def setup_of_session(db: Session, contact_id: str, session_id: str) -> CardSetup | None:
    """The contact's own visit to Stripe's page; nobody else's, whatever the address says."""
    statement = select(CardSetup).where(
        CardSetup.stripe_session == session_id, CardSetup.contact_id == contact_id
    )
    return db.scalars(statement).one_or_none()


def unfinished_setups(db: Session, contact_id: str) -> list[CardSetup]:
    """Visits to Stripe's page that have not ended, the newest first."""
    statement = select(CardSetup).where(
        CardSetup.contact_id == contact_id, CardSetup.state.in_(("new", "open"))
    )
    return list(db.scalars(statement.order_by(CardSetup.id.desc())))


def holder_of(db: Session, contact_id: str, account: str) -> CardHolder | None:
    """The contact's customer on one account at Stripe; the platform's where `account` is empty."""
    statement = select(CardHolder).where(
        CardHolder.contact_id == contact_id, CardHolder.stripe_account == account
    )
    return db.scalars(statement).one_or_none()


def account_in_use(db: Session, contractor_id: str) -> str:
    """Where the contractor's new cards go: its own account once that is ready, else (empty) the
    platform's."""
    statement = select(CardAccount.stripe_account).where(
        CardAccount.contractor_id == contractor_id,
        CardAccount.card_payments == "active",
        CardAccount.ended_at.is_(None),
    )
    return db.scalar(statement) or ""


def shown(db: Session, card: PaymentMethod) -> CardOnFile:
    is_on = card.auto_pay and not is_past(card)
    agreed = db.get(Mandate, card.mandate_id) if is_on and card.mandate_id else None
    return CardOnFile(
        id=card.id,
        brand=brand_name(card.brand),
        last4=card.last4,
        expires=f"{card.exp_month:02d}/{card.exp_year % 100:02d}",
        is_expired=card.expired_at is not None or is_past(card),
        is_default=card.is_default,
        auto_pay=is_on,
        added_at=card.created_at,
        holder_name=card.holder_name,
        auto_pay_since=agreed.at if agreed else None,
        agreed=mandate.paragraphs(agreed.text) if agreed else (),
        agreed_version=agreed.version if agreed else "",
    )


def brand_name(brand: str) -> str:
    """`visa` as `Visa`; a brand we do not know by its own name."""
    return _BRANDS.get(brand, brand.replace("_", " ").title() or "Card")


def is_past(card: PaymentMethod) -> bool:
    """A card is good through the last day of its month."""
    today = clock.now()
    return (card.exp_year, card.exp_month) < (today.year, today.month)
