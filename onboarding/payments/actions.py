"""Adding a card: keys are committed before Stripe is asked, and no transaction waits for Stripe."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from onboarding import clock, config, gateways, tokens
from onboarding.actor import Actor
from onboarding.contractors.models import Contractor
from onboarding.contracts.customers import customer_of, written_phone
from onboarding.database import read, transaction
from onboarding.gateways.cards import (
    AccountGone,
    CardsBroken,
    CardsRefused,
    CardsUnavailable,
    SetupPage,
    UnknownObject,
)
from onboarding.journey.actions import OnboardingMissing, lock_all_of_contact, require
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act
from onboarding.payments import declining, mandate
from onboarding.payments.connecting import check_account
from onboarding.payments.converging import converge
from onboarding.payments.models import CardHolder, CardSetup
from onboarding.payments.queries import (
    account_in_use,
    holder_of,
    method_of,
    unfinished_setups,
)
from onboarding.web import throttle

_DAY = timedelta(days=1)
# Stripe forgets an idempotency key, and closes its page, after a day.
_KEY_LIVES = timedelta(hours=23)
_MOST_BY_CONTACT, _MOST_BY_ADDRESS, _MOST_BY_CONTRACTOR = 15, 60, 300


class TooManySetups(Exception):
    """Stripe's page was asked for too often, or too many cards were turned down, until `until`
    (trust requirement R28)."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(f"no card page until {until:%Y-%m-%d %H:%M}")


@dataclass(frozen=True)
class Wish:
    """What the customer asked for: from which page, with auto-pay or not, for which old card."""

    came_from: str = "card"
    wants_auto_pay: bool = False
    replaces_id: str | None = None
    language: str = "en"


@dataclass(frozen=True)
class Started:
    """`url` is Stripe's page; None where a card turned out to be saved already."""

    setup_id: str
    url: str | None


def start_card_setup(onboarding_id: str, contact_id: str, wish: Wish, by: Actor) -> Started:
    """Stripe's page for one card, as the customer wishes; a page still open is offered again.

    Raises Refused, TooManySetups, CardsUnavailable, CardsRefused.
    """
    company = read(by.contractor_id).get_one(Contractor, by.contractor_id)
    # What was on the screen before the contractor stopped to offer it.
    wish = replace(wish, wants_auto_pay=wish.wants_auto_pay and company.offers_auto_pay)
    saved = _finish_what_is_open(contact_id, wish, by)
    if saved is not None:
        return Started(saved, None)
    with transaction(by.contractor_id) as db:
        setup, holder = _prepare(db, onboarding_id, contact_id, wish, by)
        if setup.url is not None:
            return Started(setup.id, setup.url)
    try:
        customer = holder.stripe_customer or _customer_at_stripe(holder)
        page = _page_at_stripe(setup, customer, holder)
    except AccountGone as gone:
        check_account(setup.contractor_id)
        _end(setup, "expired")
        raise CardsUnavailable("The account is gone at Stripe: try once more.") from gone
    with transaction(setup.contractor_id) as db:
        kept = db.get_one(CardSetup, setup.id, with_for_update=True)
        kept.stripe_session, kept.url = page.session_id, page.url
        kept.state = "open" if kept.state == "new" else kept.state
    return Started(setup.id, page.url)


def mandate_values(db: Session, onboarding: Onboarding, card: str) -> Mapping[str, str]:
    """What stands in the mandate's words for this contractor, this job and this card."""
    company = db.get_one(Contractor, onboarding.contractor_id)
    return {
        "company": company.name,
        "phone": written_phone(company.phone),
        "job": onboarding.title,
        "card": card,
    }


def _finish_what_is_open(contact_id: str, wish: Wish, by: Actor) -> str | None:
    """Asks Stripe what became of earlier pages: one whose card is saved answers this press too.

    A page that is open for another wish, or on an account that is no longer the one in use, is
    closed, so that two tabs do not make two cards.
    """
    db = read(by.contractor_id)
    account = account_in_use(db, str(by.contractor_id))
    for setup in unfinished_setups(db, contact_id):
        if setup.stripe_session is None:
            continue
        if converge(setup.id) == "complete":
            return setup.id
        if _wish_of(setup) != _kept(wish) or setup.stripe_account != account:
            gateways.current().cards.at(setup.stripe_account).expire_setup(setup.stripe_session)
            converge(setup.id)
    return None


def _prepare(
    db: Session, onboarding_id: str, contact_id: str, wish: Wish, by: Actor
) -> tuple[CardSetup, CardHolder]:
    onboarding = _job_of(db, onboarding_id, contact_id, wish, by)
    require(Act.ADD_CARD, onboarding, by)
    account = account_in_use(db, onboarding.contractor_id)
    holder = holder_of(db, contact_id, account) or _new_holder(db, onboarding, account)
    until = declining.stopped_until(db, onboarding.contractor_id, contact_id, onboarding.id, by.ip)
    if until is not None:
        raise TooManySetups(until)
    fresh = clock.now() - _KEY_LIVES
    for setup in unfinished_setups(db, contact_id):
        is_there = setup.stripe_account == account
        if _wish_of(setup) == _kept(wish) and setup.created_at > fresh and is_there:
            return setup, holder
    _count(db, contact_id, by)
    return _new_setup(db, onboarding, wish, by, account), holder


def _job_of(db: Session, onboarding_id: str, contact_id: str, wish: Wish, by: Actor) -> Onboarding:
    """The job that the card is asked for under.

    At the card step it is the present one. Among the payment methods any that was signed once will
    do: who has begun a second job must be able to replace a card that expired.
    """
    onboardings = lock_all_of_contact(db, contact_id)
    present = next((one for one in onboardings if one.id == onboarding_id), None)
    if present is None:
        raise OnboardingMissing(onboarding_id)
    if wish.came_from == "card" or present.signed_version:
        return present
    require(Act.MANAGE_CARDS, present, by)
    return next((one for one in reversed(onboardings) if one.signed_version), present)


def _count(db: Session, contact_id: str, by: Actor) -> None:
    allowed = (
        throttle.take(db, f"cards:contact:{contact_id}", limit=_MOST_BY_CONTACT, within=_DAY)
        and throttle.take(db, f"cards:ip:{by.ip}", limit=_MOST_BY_ADDRESS, within=_DAY)
        and throttle.take(
            db, f"cards:contractor:{by.contractor_id}", limit=_MOST_BY_CONTRACTOR, within=_DAY
        )
    )
    if not allowed:
        raise TooManySetups(clock.now() + _DAY)


def _new_holder(db: Session, onboarding: Onboarding, account: str) -> CardHolder:
    customer = customer_of(db, onboarding.contact_id)
    holder = CardHolder(
        contractor_id=onboarding.contractor_id,
        contact_id=onboarding.contact_id,
        stripe_account=account,
        once_key=f"customer-{tokens.new_secret()}",
        name=customer.name,
        email=customer.email or "",
        default_count=0,
        told_count=0,
    )
    db.add(holder)
    db.flush()
    return holder


def _new_setup(
    db: Session, onboarding: Onboarding, wish: Wish, by: Actor, account: str
) -> CardSetup:
    replaced = method_of(db, onboarding.contact_id, wish.replaces_id or "")
    said = mandate.elements(
        wish.language, mandate_values(db, onboarding, mandate.coming_card(wish.language))
    )
    setup = CardSetup(
        contractor_id=onboarding.contractor_id,
        contact_id=onboarding.contact_id,
        onboarding_id=onboarding.id,
        account_id=by.id,
        stripe_account=account,
        once_key=f"setup-{tokens.new_secret()}",
        wants_auto_pay=wish.wants_auto_pay,
        mandate_version=mandate.VERSION if wish.wants_auto_pay else "",
        mandate_text=mandate.snapshot(said) if wish.wants_auto_pay else "",
        replaces_id=replaced.id if replaced else None,
        came_from=wish.came_from,
        state="new",
        ip=by.ip,
        user_agent=by.user_agent[:400],
    )
    db.add(setup)
    db.flush()
    return setup


def _customer_at_stripe(holder: CardHolder) -> str:
    try:
        made = (
            gateways.current()
            .cards.at(holder.stripe_account)
            .create_customer(
                idempotency_key=holder.once_key,
                contractor_id=holder.contractor_id,
                contact_id=holder.contact_id,
                name=holder.name,
                email=holder.email,
            )
        )
    except CardsBroken:
        _renew_key(holder)
        raise
    with transaction(holder.contractor_id) as db:
        kept = db.get_one(CardHolder, holder.id, with_for_update=True)
        kept.stripe_customer = kept.stripe_customer or made
        return kept.stripe_customer


def _page_at_stripe(setup: CardSetup, customer: str, holder: CardHolder) -> SetupPage:
    base = config.current().base_url
    back = {"card": "/portal/card?back=1", "methods": "/portal/payment-methods?back=1"}
    try:
        return (
            gateways.current()
            .cards.at(setup.stripe_account)
            .start_setup(
                idempotency_key=setup.once_key,
                customer=customer,
                success_url=f"{base}/portal/card/return?session_id={{CHECKOUT_SESSION_ID}}",
                cancel_url=base + back[setup.came_from],
                metadata={
                    "setup_id": setup.id,
                    "contractor_id": setup.contractor_id,
                    "contact_id": setup.contact_id,
                },
                reference=setup.id,
            )
        )
    except UnknownObject as gone:
        _renew_key(holder)
        _end(setup, "expired")
        raise CardsUnavailable("The customer is gone at Stripe: try once more.") from gone
    except CardsBroken:
        # Should a page have been made after all: nobody knows its address.
        _end(setup, "expired")
        raise
    except CardsRefused:
        _end(setup, "refused")
        raise


def _renew_key(holder: CardHolder) -> None:
    """The customer is gone at Stripe, or its key answers with a failure: another is made."""
    with transaction(holder.contractor_id) as db:
        kept = db.get_one(CardHolder, holder.id, with_for_update=True)
        if kept.once_key == holder.once_key:
            kept.stripe_customer = None
            kept.once_key = f"customer-{tokens.new_secret()}"


def _end(setup: CardSetup, state: str) -> None:
    with transaction(setup.contractor_id) as db:
        kept = db.get_one(CardSetup, setup.id, with_for_update=True)
        kept.state, kept.ended_at = state, clock.now()


def _wish_of(setup: CardSetup) -> tuple[str, bool, str | None]:
    return setup.came_from, setup.wants_auto_pay, setup.replaces_id


def _kept(wish: Wish) -> tuple[str, bool, str | None]:
    return wish.came_from, wish.wants_auto_pay, wish.replaces_id
