"""What the customer's page *Cancel this contract* shows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.contracts.cancelling import cancellation_of, may_cancel
from onboarding.contracts.frozen import read
from onboarding.contracts.models import Cancellation, Contract, ContractSignature
from onboarding.contracts.queries import signature_of
from onboarding.journey.models import Onboarding


class CancelState(StrEnum):
    """Where the right to cancel stands; the words are the template's."""

    OPEN = "open"
    DONE = "done"
    OVER = "over"
    NONE = "none"
    REPLACED = "replaced"


@dataclass(frozen=True)
class CancelShown:
    """`last_day` is the last day to cancel at the job site, `starts_on` the first day after it."""

    contract_id: str
    state: CancelState
    until: datetime | None
    last_day: date | None
    zone: str
    made: Cancellation | None

    @property
    def starts_on(self) -> date | None:
        return self.last_day + timedelta(days=1) if self.last_day else None


def cancel_shown(db: Session, found: Contract) -> CancelShown | None:
    """None until the contract is signed."""
    signed = signature_of(db, found.id)
    if signed is None:
        return None
    zone = read(signed.frozen).time_zone
    made = cancellation_of(db, found.id)
    return CancelShown(
        contract_id=found.id,
        state=_state(db.get_one(Onboarding, found.onboarding_id), found, signed, made),
        until=signed.cancel_until,
        last_day=last_day_of(signed.cancel_until, zone) if signed.cancel_until else None,
        zone=zone,
        made=made,
    )


def last_day_of(until: datetime, zone: str) -> date:
    """The day that `until`, a midnight in `zone`, ends."""
    return clock.local(until - timedelta(seconds=1), zone).date()


def _state(
    onboarding: Onboarding, found: Contract, signed: ContractSignature, made: Cancellation | None
) -> CancelState:
    if made is not None:
        return CancelState.DONE
    elif found.frozen_version != onboarding.signed_version:
        return CancelState.REPLACED
    elif signed.cancel_until is None:
        return CancelState.NONE
    else:
        return CancelState.OPEN if may_cancel(signed) else CancelState.OVER
