"""Whose turn it is, where there is nothing for the contractor to press."""

from datetime import timedelta

from flask_babel import gettext as _

from onboarding import clock
from onboarding.journey.events import EventKind
from onboarding.journey.status import Detail, Standing, Status
from onboarding.record.queries import Job

_WRITTEN = {EventKind.INVITE_SENT, EventKind.INVITE_RESENT, EventKind.INVITE_NUDGED}


def whose_turn(standing: Standing) -> str:
    """In words; empty where the contractor has the next action."""
    if standing.action is not None:
        return ""
    elif Detail.NEW_ESTIMATE_SENT in standing.details:
        said = _("Waiting on customer")
    elif standing.status is Status.ONBOARDING_COMPLETE:
        said = _("Portal is active")
    elif standing.status is Status.ESTIMATE_APPROVED:
        is_signed = Detail.CONTRACT_SIGNED in standing.details
        said = _("Waiting on customer: card") if is_signed else _("Proceed to contract")
    else:
        said = _("Waiting on customer")
    return str(said)


def can_nudge(job: Job) -> bool:
    """It is the customer's turn, they have an account, and nobody wrote to them within a day."""
    facts, standing = job.onboarding.facts, job.standing
    if not facts.has_account or facts.is_complete or standing.action is not None:
        return False
    since = clock.now() - timedelta(days=1)
    return not any(event.kind in _WRITTEN and event.at > since for event in job.events)
