"""Keeps every customer's page in the order of the journey: nobody jumps ahead by address."""

from flask import g
from werkzeug.wrappers import Response

from onboarding.database import read
from onboarding.journey import queries
from onboarding.journey.status import Step
from onboarding.portal import steps
from onboarding.web import people
from onboarding.web.answers import redirect_to
from onboarding.web.gate import let_through


def keep_order(step: str) -> Response | None:
    """Lets the request through with its onboarding, or leads to the first unfinished step.

    A page without a step is any signed-in customer's; it still knows the onboarding.
    """
    who = people.person()
    onboarding = queries.current_of_contact(read(who.contractor_id), who.contact_id)
    g.onboarding_seen = onboarding
    let_through(onboarding)
    if not step:
        return None
    if onboarding is None:
        return redirect_to(steps.address_of(Step.NOTHING))
    if steps.has_reached(Step(step), onboarding.facts):
        return None
    return redirect_to(steps.next_address(onboarding.facts))
