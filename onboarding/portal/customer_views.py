from flask import Blueprint, Response, url_for

from onboarding.accounts.actions_profile import choose_language as keep_language
from onboarding.journey.models import Onboarding
from onboarding.journey.status import Step
from onboarding.portal import home as home_page
from onboarding.portal import steps
from onboarding.portal.forms import LanguageForm
from onboarding.web import access, languages, people
from onboarding.web.answers import is_local_path, redirect_to, render
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


@blueprint.get("/offline")
@access.public
def offline() -> Response:
    """What a phone keeps for a time without a connection; the same for everybody."""
    return render("portal/offline.html")


@blueprint.get("/done")
@access.customer_at("done")
def done() -> Response:
    return render("portal/done.html", page=home_page.portal_page(people.person(), gated()))


@blueprint.get("/revoked")
@access.customer
def revoked() -> Response:
    return render("portal/revoked.html", page=home_page.portal_page(people.person(), gated()))


@blueprint.post("/language")
@access.public
def choose_language() -> Response:
    """The page they were on, in the other language; an account remembers it."""
    form = LanguageForm()
    if form.validate():
        languages.choose(form.language.data)
        if people.is_signed_in():
            keep_language(people.person().id, form.language.data, people.actor())
    way_back = form.way_back.data or ""
    return redirect_to(way_back if is_local_path(way_back) else url_for("portal.home"))
