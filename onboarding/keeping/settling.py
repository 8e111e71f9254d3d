"""What a restored copy must not do: send again what went out since, or open a link that was used.

Between the backup and the fault that made it needed, messages were sent, links used, people signed
out. The copy knows none of it. So what waited in it is given up, visibly, and whatever opens a door
has ended: people ask for a new link, which is one press.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Column, Table, func, select, update
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.contracts.models import ContractSignature
from onboarding.database import Base, Everyone, transaction
from onboarding.journey.models import Onboarding
from onboarding.notifications.models import Delivery, DeliveryState, Failure

ANSWER = "Not sent: it waited in a backup that was restored."
# Moments by which something ends that opens no door -> why they stay.
STAYS: dict[str, str] = {}


@dataclass(frozen=True)
class Settled:
    """What was ended: messages that waited, and links, codes, sign-ins and visits."""

    messages: int
    confirmations: int
    doors: int


def settle() -> Settled:
    """In one transaction; a second time finds nothing to do."""
    with transaction(Everyone("a restored copy is settled as a whole")) as db:
        _hold_reminders(db)
        return Settled(_give_up_messages(db), _give_up_confirmations(db), _close_doors(db))


def _give_up_messages(db: Session) -> int:
    now = clock.now()
    waiting = Delivery.state.in_((DeliveryState.QUEUED, DeliveryState.SENDING))
    count = db.scalar(select(func.count()).select_from(Delivery).where(waiting)) or 0
    given_up = {
        "state": DeliveryState.FAILED,
        "failure": Failure.WITHDRAWN,
        "answer": ANSWER,
        "failed_at": now,
        "lease_until": None,
        "fence": Delivery.fence + 1,
    }
    db.execute(update(Delivery).where(waiting, Delivery.is_secret).values(payload=None))
    db.execute(update(Delivery).where(waiting).values(given_up))
    return count


def _give_up_confirmations(db: Session) -> int:
    """Nobody knows whether they went out; both parties find the copy in portal and record."""
    pending = ContractSignature.confirmation_sent_at.is_(None)
    count = db.scalar(select(func.count()).select_from(ContractSignature).where(pending)) or 0
    db.execute(update(ContractSignature).where(pending).values(confirmation_sent_at=clock.now()))
    return count


def _hold_reminders(db: Session) -> None:
    """One may have gone out since: nobody gets two within a day."""
    tomorrow = clock.now() + timedelta(days=1)
    soon = Onboarding.remind_at < tomorrow
    db.execute(update(Onboarding).where(soon).values(remind_at=tomorrow))


def _close_doors(db: Session) -> int:
    now, closed = clock.now(), 0
    for table, column in ends():
        open_yet = column > now
        count = db.scalar(select(func.count()).select_from(table).where(open_yet)) or 0
        db.execute(update(table).where(open_yet).values({column.name: now}))
        closed += count
    return closed


def ends() -> Iterator[tuple[Table, Column[object]]]:
    """Every moment by which a link, a code, a session or a visit ends."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name.endswith("expires_at") and f"{table.name}.{column.name}" not in STAYS:
                yield table, column
