"""Visits whose thirty minutes passed: they are over by themselves; here it is written down."""

from sqlalchemy import select

from onboarding import clock, jobs
from onboarding.actor import SYSTEM
from onboarding.database import Everyone, read
from onboarding.support.actions import end_visit
from onboarding.support.models import Visit

_ACROSS = Everyone("visits run out whoever the contractor is")


@jobs.task("support visits that ran out", every_seconds=30)
def end_run_out() -> None:
    """Ends every visit that is older than its thirty minutes."""
    statement = select(Visit.id).where(Visit.ended_at.is_(None), Visit.expires_at <= clock.now())
    for visit_id in read(_ACROSS).scalars(statement.limit(100)).all():
        end_visit(visit_id, SYSTEM, "time was up")
