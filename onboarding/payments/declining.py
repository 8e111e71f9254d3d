"""Cards that were turned down: whoever tries out stolen ones gets few tries and learns nothing.

Stripe counts the tries on its own page, and says so when it is asked; what is counted here stands
in rows, so it holds across processes and restarts (trust requirement R28). The first few are free:
people mistype. Then the page closes with each decline and a new one is given out only after a wait
that doubles, and at last none for a day, of which the contractor is told.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.actor import Actor, Kind
from onboarding.journey.actions import record
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.payments.models import CardLock, CardSetup
from onboarding.payments.telling import tell_locked
from onboarding.web import throttle

FREE = 4
MOST_BY_CONTACT = 10
MOST_BY_CONTRACT = 20
MOST_BY_ADDRESS = 30
MOST_BY_CONTRACTOR = 150
_DAY = timedelta(days=1)
_MONTH = timedelta(days=30)
_FIRST_WAIT = timedelta(minutes=1)


def note(db: Session, setup: CardSetup, declines: int, onboarding: Onboarding) -> None:
    """Counts what Stripe says was turned down on the setup's page; locks where it is too much.

    In the caller's transaction, with every onboarding of the contact locked.
    """
    fresh = declines - setup.declines
    if fresh <= 0:
        return
    setup.declines, setup.declined_at = declines, clock.now()
    db.flush()
    for _ in range(min(fresh, MOST_BY_ADDRESS)):
        throttle.take(db, _address(setup.ip), limit=MOST_BY_ADDRESS, within=_DAY)
    if _is_over(db, setup.contact_id, setup.onboarding_id) and not _lock(db, setup.contact_id):
        _lock_out(db, setup, onboarding)


def stopped_until(
    db: Session, contractor_id: str, contact_id: str, onboarding_id: str, ip: str
) -> datetime | None:
    """Until when no card page is given out to this customer; None where one may be."""
    held = _lock(db, contact_id)
    if held is not None:
        return held.until
    now = clock.now()
    if _is_over(db, contact_id, onboarding_id):
        return now + _DAY
    if throttle.is_full(db, _address(ip), limit=MOST_BY_ADDRESS, within=_DAY):
        return now + timedelta(seconds=throttle.seconds_left(db, _address(ip), within=_DAY))
    if _count(db, CardSetup.contractor_id == contractor_id, _DAY) >= MOST_BY_CONTRACTOR:
        return now + _DAY
    until = _waits_until(db, contact_id)
    return until if until is not None and until > now else None


def is_to_close(db: Session, setup: CardSetup) -> bool:
    """The setup's page bore declines, and none would be given out now: no more are tried on it."""
    if setup.state != "open" or setup.declines == 0:
        return False
    until = stopped_until(db, setup.contractor_id, setup.contact_id, setup.onboarding_id, setup.ip)
    return until is not None or _count(db, _of_contact(setup.contact_id), _DAY) >= FREE


def _is_over(db: Session, contact_id: str, onboarding_id: str) -> bool:
    by_contract = CardSetup.onboarding_id == onboarding_id
    return (
        _count(db, _of_contact(contact_id), _DAY) >= MOST_BY_CONTACT
        or _count(db, by_contract, _MONTH) >= MOST_BY_CONTRACT
    )


def _waits_until(db: Session, contact_id: str) -> datetime | None:
    """The wait doubles with each card that is turned down after the free ones."""
    count = _count(db, _of_contact(contact_id), _DAY)
    if count < FREE:
        return None
    last = db.scalar(select(func.max(CardSetup.declined_at)).where(_of_contact(contact_id)))
    return last + _FIRST_WAIT * 2 ** (count - FREE) if last is not None else None


def _count(db: Session, of: ColumnElement[bool], within: timedelta) -> int:
    statement = select(func.sum(CardSetup.declines)).where(
        of, CardSetup.declined_at > clock.now() - within
    )
    return db.scalar(statement) or 0


def _of_contact(contact_id: str) -> ColumnElement[bool]:
    return CardSetup.contact_id == contact_id


def _lock(db: Session, contact_id: str) -> CardLock | None:
    statement = select(CardLock).where(
        CardLock.contact_id == contact_id, CardLock.until > clock.now()
    )
    return db.scalars(statement.order_by(CardLock.until.desc()).limit(1)).one_or_none()


def _lock_out(db: Session, setup: CardSetup, onboarding: Onboarding) -> None:
    count = _count(db, _of_contact(setup.contact_id), _DAY)
    held = CardLock(
        contractor_id=setup.contractor_id,
        contact_id=setup.contact_id,
        onboarding_id=setup.onboarding_id,
        declines=count,
        until=clock.now() + _DAY,
    )
    db.add(held)
    db.flush()
    record(db, onboarding, EventKind.CARDS_LOCKED, Actor(Kind.SYSTEM, "system", "Stripe"))
    tell_locked(db, onboarding, count, held.id)


def _address(ip: str) -> str:
    return f"declined:ip:{ip}"
