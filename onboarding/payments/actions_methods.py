"""What a customer does with the cards on file: make default, auto-pay on and off, remove."""

from sqlalchemy.orm import Session

from onboarding import jobs
from onboarding.actor import Actor
from onboarding.contractors.models import Contractor
from onboarding.database import transaction
from onboarding.journey.actions import lock_all_of_contact, record, require
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act
from onboarding.payments import mandate
from onboarding.payments.actions import mandate_values
from onboarding.payments.methods import TELL_TASK, end_auto_pay, make_default, take_off
from onboarding.payments.models import Mandate, PaymentMethod
from onboarding.payments.queries import brand_name, is_past, method_of
from onboarding.payments.telling import tell_auto_pay_on


class CardMissing(Exception):
    """No such card of this customer on file."""


class NotOffered(Exception):
    """The contractor offers no auto-pay; where it is on, it stays on."""


class ChoiceNeeded(Exception):
    """Auto-pay is on with this card: replace the card, or switch auto-pay off with it (R29)."""


class CardExpired(Exception):
    """The card is past its last day: it cannot be charged, only replaced or removed."""


def choose_default(contact_id: str, card_id: str, by: Actor) -> None:
    """Makes this card the one that is charged first. Raises CardMissing, CardExpired, Refused."""
    with transaction(by.contractor_id) as db:
        onboardings, method = _lock(db, contact_id, card_id, by)
        _require_usable(method)
        if make_default(db, method):
            _note(db, onboardings, EventKind.CARD_UPDATED, method, by, what="default")
    jobs.wake(TELL_TASK)


def switch_auto_pay_on(contact_id: str, card_id: str, language: str, by: Actor) -> None:
    """Auto-pay with this card, under the mandate's words in `language`, which were on the screen.

    The card becomes the default; auto-pay on another card ends. Raises CardMissing, CardExpired,
    NotOffered, Refused.
    """
    with transaction(by.contractor_id) as db:
        onboardings, method = _lock(db, contact_id, card_id, by)
        _require_usable(method)
        if method.auto_pay:
            return
        if not db.get_one(Contractor, by.contractor_id).offers_auto_pay:
            raise NotOffered
        end_auto_pay(db, contact_id)
        card = mandate.known_card(language, brand_name(method.brand), method.last4)
        said = mandate.elements(language, mandate_values(db, onboardings[-1], card))
        agreed = Mandate(
            contractor_id=method.contractor_id,
            contact_id=contact_id,
            account_id=by.id,
            version=mandate.VERSION,
            text=mandate.snapshot(said),
            ip=by.ip,
            user_agent=by.user_agent[:400],
        )
        db.add(agreed)
        db.flush()
        method.mandate_id, method.auto_pay = agreed.id, True
        make_default(db, method)
        _note(db, onboardings, EventKind.AUTO_PAY_ON, method, by, mandate_id=agreed.id)
        tell_auto_pay_on(db, method, onboardings[-1])
    jobs.wake(TELL_TASK)


def switch_auto_pay_off(contact_id: str, card_id: str, by: Actor) -> None:
    """Ends auto-pay with this card at once; the card stays. Raises CardMissing, Refused."""
    with transaction(by.contractor_id) as db:
        onboardings, method = _lock(db, contact_id, card_id, by)
        if method.auto_pay:
            end_auto_pay(db, contact_id)
            _note(db, onboardings, EventKind.AUTO_PAY_OFF, method, by)


def remove_card(contact_id: str, card_id: str, by: Actor, *, ends_auto_pay: bool = False) -> None:
    """Removes the card; asked twice, it is removed once. Raises CardMissing, Refused; ChoiceNeeded
    where auto-pay is on with it and the customer has not said that it ends."""
    with transaction(by.contractor_id) as db:
        onboardings, method = _lock(db, contact_id, card_id, by, on_file=False)
        if method.removed_at is not None:
            return
        if method.auto_pay and not ends_auto_pay:
            raise ChoiceNeeded
        take_off(db, method, onboardings, by)
    jobs.wake(TELL_TASK)


def _lock(
    db: Session, contact_id: str, card_id: str, by: Actor, *, on_file: bool = True
) -> tuple[list[Onboarding], PaymentMethod]:
    onboardings = lock_all_of_contact(db, contact_id)
    if not onboardings:
        raise CardMissing
    require(Act.MANAGE_CARDS, onboardings[-1], by)
    method = method_of(db, contact_id, card_id, on_file=on_file)
    if method is None:
        raise CardMissing
    return onboardings, method


def _require_usable(method: PaymentMethod) -> None:
    if method.expired_at is not None or is_past(method):
        raise CardExpired


def _note(
    db: Session,
    onboardings: list[Onboarding],
    kind: EventKind,
    method: PaymentMethod,
    by: Actor,
    **more: str,
) -> None:
    """On every job that has a signature, else on the newest: where the card matters."""
    said = {"brand": brand_name(method.brand), "last4": method.last4, **more}
    for one in [job for job in onboardings if job.signed_version] or onboardings[-1:]:
        record(db, one, kind, by, said)
