from flask import Blueprint, Response

from onboarding.journey.models import Onboarding
from onboarding.journey.status import Step
from onboarding.portal import home as home_page
from onboarding.portal import steps
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.gate import gated

blueprint = Blueprint("portal", __name__, url_prefix="/portal")


@blueprint.get("/next")
@access.customer
def go_on() -> Response:
    """The first unfinished step, whatever it is."""
    onboarding: Onboarding | None = gated()
    if onboarding is None:
        return redirect_to(steps.address_of(Step.NOTHING))
    return redirect_to(steps.next_address(onboarding.facts))


@blueprint.get("")
@access.customer
def home() -> Response:
    return render("portal/home.html", page=home_page.portal_page(people.person(), gated()))


@blueprint.get("/done")
@access.customer_at("done")
def done() -> Response:
    return render("portal/done.html", page=home_page.portal_page(people.person(), gated()))


@blueprint.get("/revoked")
@access.customer
def revoked() -> Response:
    return render("portal/revoked.html", page=home_page.portal_page(people.person(), gated()))
