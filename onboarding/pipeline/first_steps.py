"""What a company that has sent no invite yet does next: three steps, each told by one statement."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from onboarding.contacts.models import Contact
from onboarding.contracts.models import Contract
from onboarding.journey.models import Onboarding
from onboarding.pipeline.queries import Board


@dataclass(frozen=True)
class FirstSteps:
    """How far the newest contact's job has come. `contact_id` is empty where there is nobody yet,
    `onboarding_id` where nothing is written."""

    contact_id: str = ""
    name: str = ""
    onboarding_id: str = ""
    has_contract: bool = False


def first_steps(db: Session, board: Board) -> FirstSteps | None:
    """None as soon as an invite went out, ever."""
    if not board.is_beginning:
        return None
    drafted = exists().where(Contract.onboarding_id == Onboarding.id)
    rows = db.execute(
        select(Contact.id, Contact.name, Onboarding.id, drafted, Onboarding.sent_at)
        .outerjoin(Onboarding, Onboarding.contact_id == Contact.id)
        .where(Contact.archived_at.is_(None))
        .order_by(Onboarding.sent_at.is_(None), Onboarding.id.is_(None), Contact.id.desc())
        .limit(1)
    )
    newest = rows.one_or_none()
    if newest is None:
        return FirstSteps()
    if newest.sent_at is not None:
        return None
    return FirstSteps(newest[0], newest[1], newest[2] or "", bool(newest[2] and newest[3]))
