"""What the contractor may point to: which card is on file, and under which words it is charged."""

from sqlalchemy.orm import Session

from onboarding.contracts.evidence import CardEvidence
from onboarding.payments.models import PaymentMethod
from onboarding.payments.queries import methods_of, shown


def of_contact(db: Session, contact_id: str) -> CardEvidence | None:
    """Of the card with auto-pay, else of the default; None where none is on file."""
    on_file = methods_of(db, contact_id)
    chosen = next((card for card in on_file if card.auto_pay), next(iter(on_file), None))
    return None if chosen is None else of_card(db, chosen)


def of_card(db: Session, method: PaymentMethod) -> CardEvidence:
    card = shown(db, method)
    return CardEvidence(
        card=f"{card.brand} ···· {card.last4}",
        expires=card.expires,
        auto_pay_since=card.auto_pay_since,
        agreed="\n".join(card.agreed),
    )
