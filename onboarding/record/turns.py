"""Whose turn it is, where there is nothing for the contractor to press."""

from flask_babel import gettext as _

from onboarding.journey.status import Detail, Standing, Status


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
