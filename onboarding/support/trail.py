"""What stands in the audit trail of a visit: its start, each page, each refusal, its end.

A page that is about one onboarding stands in that onboarding's trail, between a start and an end of
its own; every page stands in the visit's list, which the contractor reads.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.actor import Actor
from onboarding.database import transaction
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.support.models import Visit, VisitPage


@dataclass(frozen=True)
class Look:
    """One page as it was asked for; `onboarding_id` where it is about one. `title` is empty for
    what was refused."""

    path: str
    title: str = ""
    onboarding_id: str | None = None
    is_refused: bool = False


def note(visit_id: str, look: Look, by: Actor) -> None:
    """Writes down a page that was shown, or an act that was refused."""
    with transaction(by.contractor_id) as db:
        visit = db.scalars(select(Visit).where(Visit.id == visit_id)).one()
        onboarding = _locked(db, look.onboarding_id)
        if onboarding is not None:
            if onboarding.id not in _touched(db, visit):
                _record_start(db, onboarding, visit, by)
            kind = EventKind.SUPPORT_REFUSED if look.is_refused else EventKind.SUPPORT_PAGE
            data = {"visit": visit.id, "page": look.title or look.path, "path": look.path}
            journey.record(db, onboarding, kind, by, data)
        db.add(_page(visit, look, onboarding))


def note_started(db: Session, visit: Visit, by: Actor) -> None:
    """The start, in the trail of the job that the visited customer is busy with."""
    onboarding = _locked(db, visit.onboarding_id)
    if onboarding is not None:
        _record_start(db, onboarding, visit, by)


def note_ended(db: Session, visit: Visit, by: Actor, how: str) -> None:
    """The end, in every trail that the visit stands in."""
    for onboarding_id in sorted(_touched(db, visit)):
        onboarding = journey.lock(db, onboarding_id)
        journey.record(db, onboarding, EventKind.SUPPORT_ENDED, by, {"visit": visit.id, "how": how})


def _locked(db: Session, onboarding_id: str | None) -> Onboarding | None:
    return journey.lock(db, onboarding_id) if onboarding_id else None


def _record_start(db: Session, onboarding: Onboarding, visit: Visit, by: Actor) -> None:
    data = {"visit": visit.id, "person": visit.target_name, "reason": visit.reason}
    journey.record(db, onboarding, EventKind.SUPPORT_STARTED, by, data)


def _touched(db: Session, visit: Visit) -> set[str]:
    pages = select(VisitPage.onboarding_id).where(
        VisitPage.visit_id == visit.id, VisitPage.onboarding_id.is_not(None)
    )
    touched = {id_ for id_ in db.scalars(pages.distinct()) if id_}
    return touched | ({visit.onboarding_id} if visit.onboarding_id else set())


def _page(visit: Visit, look: Look, onboarding: Onboarding | None) -> VisitPage:
    return VisitPage(
        contractor_id=visit.contractor_id,
        visit_id=visit.id,
        onboarding_id=onboarding.id if onboarding else None,
        path=look.path[:500],
        title=look.title[:200],
        is_refused=look.is_refused,
    )
