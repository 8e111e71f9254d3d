"""What the customer's card screens show, read in one go."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from onboarding import gateways
from onboarding.contractors.models import Contractor
from onboarding.contracts.pages import SignatureShown, signature_shown
from onboarding.contracts.queries import latest_signature
from onboarding.journey.models import Onboarding
from onboarding.payments import mandate
from onboarding.payments.actions import mandate_values
from onboarding.payments.queries import CardOnFile, auto_pay_waits, cards_of


@dataclass(frozen=True)
class CardPage:
    """Before a card is added: what was just signed, and the words of the mandate for auto-pay."""

    company_name: str
    job_title: str
    mandate: tuple[mandate.Element, ...]
    cards: tuple[CardOnFile, ...]
    offers_auto_pay: bool
    contract_id: str | None
    signature: SignatureShown | None
    auto_pay_from: datetime | None
    zone: str
    is_test: bool


@dataclass(frozen=True)
class MethodShown:
    """A card on file, with the words under which auto-pay would be switched on for it."""

    card: CardOnFile
    mandate: tuple[mandate.Element, ...]


@dataclass(frozen=True)
class MethodsPage:
    company_name: str
    offers_auto_pay: bool
    methods: tuple[MethodShown, ...]


def card_page(db: Session, onboarding: Onboarding, language: str) -> CardPage:
    values = mandate_values(db, onboarding, mandate.coming_card(language))
    signed = latest_signature(db, onboarding.id)
    company = db.get_one(Contractor, onboarding.contractor_id)
    return CardPage(
        company_name=company.name,
        offers_auto_pay=company.offers_auto_pay,
        job_title=onboarding.title,
        mandate=mandate.elements(language, values),
        cards=tuple(cards_of(db, onboarding.contact_id)),
        contract_id=signed.contract_id if signed is not None else None,
        signature=signature_shown(signed) if signed is not None else None,
        auto_pay_from=auto_pay_waits(db, onboarding.contact_id),
        zone=onboarding.site_time_zone,
        is_test=gateways.current().cards.mode == "test",
    )


def methods_page(db: Session, onboarding: Onboarding, language: str) -> MethodsPage:
    company = db.get_one(Contractor, onboarding.contractor_id)
    return MethodsPage(
        company_name=company.name,
        offers_auto_pay=company.offers_auto_pay,
        methods=tuple(
            MethodShown(card, _mandate(db, onboarding, card, language))
            for card in cards_of(db, onboarding.contact_id)
        ),
    )


def _mandate(
    db: Session, onboarding: Onboarding, card: CardOnFile, language: str
) -> tuple[mandate.Element, ...]:
    known = mandate.known_card(language, card.brand, card.last4)
    return mandate.elements(language, mandate_values(db, onboarding, known))
