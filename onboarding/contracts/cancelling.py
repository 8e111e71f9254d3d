"""Cancelling a signed contract within its time: by the customer in the portal, or by a notice on
paper that a member records (16 CFR 429.1; trust requirement R14)."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.actor import Actor
from onboarding.contracts import business_days, cancel_letters
from onboarding.contracts.consenting import ContractGone
from onboarding.contracts.frozen import Agreement, read
from onboarding.contracts.models import Cancellation, Contract, ContractSignature
from onboarding.contracts.queries import contract as find_contract
from onboarding.contracts.queries import signature_of
from onboarding.database import transaction
from onboarding.journey.actions import Refused, lock, record, require
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act, Refusal

REFUND_DAYS = 10
"""Business days, as the notice says."""

AutoPayEnd = Callable[[Session, Onboarding, Actor], None]
_end_auto_pay: AutoPayEnd | None = None


class NoticeTooLate(Exception):
    """The notice on paper was sent after the last day, or on a day that is still to come."""


def use_auto_pay_end(end: AutoPayEnd) -> None:
    """Payments lean on contracts, so what ends auto-pay comes through this door, opened once."""
    global _end_auto_pay
    _end_auto_pay = end


def cancel_contract(contract_id: str, contact_id: str, by: Actor) -> Cancellation:
    """The customer cancels, here and now. Pressed again, it is the same cancellation.

    Raises ContractGone, Refused.
    """
    with transaction(by.contractor_id) as db:
        found = _found(db, contract_id)
        onboarding = lock(db, found.onboarding_id)
        if onboarding.contact_id != contact_id:
            raise ContractGone
        already = cancellation_of(db, contract_id)
        if already is not None:
            return already
        require(Act.CANCEL, onboarding, by)
        signed = _signed(db, contract_id)
        if found.frozen_version != onboarding.signed_version:
            raise ContractGone
        if signed.cancel_until is None or clock.now() >= signed.cancel_until:
            raise Refused(Act.CANCEL, Refusal.CANCEL_OVER)
        today = clock.local(clock.now(), read(signed.frozen).time_zone).date()
        return _cancel(db, onboarding, found, signed, "portal", today, by)


def record_cancellation(contract_id: str, noticed_on: date, by: Actor) -> Cancellation:
    """A member writes down a notice that came on paper, mailed or handed over on `noticed_on`.

    Raises ContractGone, Refused, NoticeTooLate.
    """
    with transaction(by.contractor_id) as db:
        found = _found(db, contract_id)
        onboarding = lock(db, found.onboarding_id)
        already = cancellation_of(db, contract_id)
        if already is not None:
            return already
        require(Act.RECORD_CANCELLATION, onboarding, by)
        signed = _signed(db, contract_id)
        zone = read(signed.frozen).time_zone
        is_past = noticed_on <= clock.local(clock.now(), zone).date()
        if signed.cancel_until is None or not is_past:
            raise NoticeTooLate
        if business_days.end_of(noticed_on, zone) > signed.cancel_until:
            raise NoticeTooLate
        return _cancel(db, onboarding, found, signed, "paper", noticed_on, by)


def cancellation_of(db: Session, contract_id: str) -> Cancellation | None:
    statement = select(Cancellation).where(Cancellation.contract_id == contract_id)
    return db.scalars(statement).one_or_none()


def may_cancel(signed: ContractSignature) -> bool:
    """The time that the contract gives is not over."""
    return signed.cancel_until is not None and clock.now() < signed.cancel_until


def _found(db: Session, contract_id: str) -> Contract:
    found = find_contract(db, contract_id)
    if found is None:
        raise ContractGone
    return found


def _signed(db: Session, contract_id: str) -> ContractSignature:
    signed = signature_of(db, contract_id)
    if signed is None:
        raise Refused(Act.CANCEL, Refusal.NOT_SIGNED)
    return signed


def _cancel(
    db: Session,
    onboarding: Onboarding,
    found: Contract,
    signed: ContractSignature,
    way: str,
    noticed_on: date,
    by: Actor,
) -> Cancellation:
    agreement = read(signed.frozen)
    made = Cancellation(
        contractor_id=onboarding.contractor_id,
        onboarding_id=onboarding.id,
        contract_id=found.id,
        way=way,
        noticed_on=noticed_on,
        refund_by=business_days.business_day_after(_today(agreement), REFUND_DAYS),
        actor_kind=by.kind.value,
        actor_id=by.id,
        ip=by.ip,
        user_agent=by.user_agent[:400],
    )
    db.add(made)
    db.flush()
    record(
        db,
        onboarding,
        EventKind.CONTRACT_CANCELLED,
        by,
        _said(made, signed),
        cancelled_version=found.frozen_version,
    )
    if _end_auto_pay is not None:
        _end_auto_pay(db, onboarding, by)
    cancel_letters.tell(db, onboarding, signed, agreement, made)
    return made


def _said(made: Cancellation, signed: ContractSignature) -> dict[str, str]:
    return {
        "contract_id": made.contract_id,
        "sha256": signed.frozen_sha256,
        "way": made.way,
        "noticed_on": made.noticed_on.isoformat(),
        "refund_by": made.refund_by.isoformat(),
    }


def _today(agreement: Agreement) -> date:
    return clock.local(clock.now(), agreement.time_zone).date()
